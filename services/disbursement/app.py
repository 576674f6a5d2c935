"""The composition root of disbursement: the only module that knows all its parts."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import FastAPI

from services.disbursement import api, reactions
from services.disbursement.events import TYPES
from services.disbursement.words import WORDS
from services.kernel.consumer import Subscription
from services.kernel.service import Running, running
from services.kernel.settings import ServiceSettings
from services.kernel.web.service_app import service_app

MIGRATIONS = Path(__file__).parent / "migrations"


def build(settings: ServiceSettings) -> FastAPI:
    """Disbursement on these settings; it pays by name and account, so it reads personal data."""
    subscription = Subscription(reactions.TOPICS, reactions.TYPES, reactions.apply, personal=True)

    def start(wanted: ServiceSettings) -> AbstractAsyncContextManager[Running]:
        return running(wanted, TYPES, [MIGRATIONS], subscription)

    return service_app(settings, start, [api.router], WORDS)

"""The composition root of onboarding."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import FastAPI

from services.disbursement.events import TOPIC as DISBURSEMENT_TOPIC
from services.kernel.consumer import Subscription
from services.kernel.service import Running, running
from services.kernel.settings import ServiceSettings
from services.kernel.web.service_app import service_app
from services.onboarding import bank_topic, pages_accounts, pages_person, pages_results, reactions, tasks
from services.onboarding.api import router
from services.onboarding.events import TYPES
from services.onboarding.words import WORDS
from services.registry.events import TOPIC as REGISTRY_TOPIC

MIGRATIONS = Path(__file__).parent / "migrations"
PAGES = (pages_accounts, pages_results, pages_person)


def _subscription() -> Subscription:
    return Subscription(
        topics=[REGISTRY_TOPIC, DISBURSEMENT_TOPIC, bank_topic.TOPIC],
        types=reactions.TYPES,
        apply=reactions.apply,
        personal=True,
        readers={bank_topic.TOPIC: bank_topic.read},
    )


def _start(settings: ServiceSettings) -> AbstractAsyncContextManager[Running]:
    return running(settings, TYPES, [MIGRATIONS], _subscription(), tasks.count)


def build(settings: ServiceSettings) -> FastAPI:
    """The HTTP application of onboarding."""
    return service_app(settings, _start, [router], WORDS, [one.router for one in PAGES], pages_results.LONG_WORK)

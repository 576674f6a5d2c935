"""The composition root of disbursement: the only module that knows all its parts."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import FastAPI

from services.disbursement import (
    api,
    api_answers,
    api_papers,
    bank_topic,
    pages_answers,
    pages_cash,
    pages_decisions,
    pages_files,
    pages_money,
    pages_payments,
    pages_runs,
    reactions,
    tasks,
)
from services.disbursement.events import TYPES
from services.disbursement.words import WORDS
from services.kernel.commands import Work
from services.kernel.consumer import Subscription
from services.kernel.envelope import Received
from services.kernel.service import Running, running
from services.kernel.settings import ServiceSettings
from services.kernel.web.service_app import service_app

# In this order, for `/chi-tra/ket-qua` or `/chi-tra/can-doi` is no run's address.
PAGES = (pages_answers, pages_money, pages_payments, pages_decisions, pages_files, pages_runs, pages_cash)
LONG_WORK = {**pages_answers.LONG_WORK, **pages_decisions.LONG_WORK, **pages_runs.LONG_WORK}
MIGRATIONS = Path(__file__).parent / "migrations"


def subscription() -> Subscription:
    """What disbursement reads: it pays by name and account, so personal data too."""
    return Subscription(
        topics=[*reactions.TOPICS, bank_topic.TOPIC],
        types=reactions.TYPES,
        apply=_apply,
        personal=True,
        readers={bank_topic.TOPIC: bank_topic.read},
    )


async def _apply(work: Work, received: Sequence[Received]) -> None:
    await reactions.apply(work, received)
    await bank_topic.apply(work, received)


def build(settings: ServiceSettings) -> FastAPI:
    """Disbursement on these settings."""

    def start(wanted: ServiceSettings) -> AbstractAsyncContextManager[Running]:
        return running(wanted, TYPES, [MIGRATIONS], subscription(), tasks.count)

    routers = [api.router, api_answers.router, api_papers.router]
    return service_app(settings, start, routers, WORDS, [one.router for one in PAGES], LONG_WORK)

"""The composition root of registry: the only module that knows all its parts."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import FastAPI

from services.kernel.consumer import Subscription
from services.kernel.service import Running, running
from services.kernel.settings import ServiceSettings
from services.kernel.web.service_app import service_app
from services.registry import (
    api,
    api_levels,
    api_people,
    pages_approve,
    pages_catalogue,
    pages_list,
    pages_lists,
    pages_people,
    pages_reviews,
    pages_roll,
    pages_rows,
    reactions,
    tasks,
)
from services.registry.events import TYPES
from services.registry.words import WORDS

MIGRATIONS = Path(__file__).parent / "migrations"
# Addresses of lists that are words come before those that are a list's id.
LISTS = (pages_lists, pages_roll, pages_list, pages_rows, pages_approve)
LONG_WORK = {**pages_lists.LONG_WORK, **pages_list.LONG_WORK, **pages_approve.LONG_WORK, **pages_roll.LONG_WORK}
PAGES = [one.router for one in (*LISTS, pages_people, pages_reviews, pages_catalogue)]


def build(settings: ServiceSettings) -> FastAPI:
    """Registry on these settings; it reads from disbursement whose cash stayed behind."""

    subscription = Subscription(reactions.TOPICS, reactions.TYPES, reactions.apply)

    def start(wanted: ServiceSettings) -> AbstractAsyncContextManager[Running]:
        return running(wanted, TYPES, [MIGRATIONS], subscription, tasks.count)

    return service_app(settings, start, [api.router, api_people.router, api_levels.router], WORDS, PAGES, LONG_WORK)

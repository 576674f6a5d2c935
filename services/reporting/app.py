"""The composition root of reporting."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import FastAPI

from services.kernel.consumer import Subscription
from services.kernel.projection import Projection
from services.kernel.service import Running, running
from services.kernel.settings import ServiceSettings
from services.kernel.web.service_app import Words, service_app
from services.reporting import pages_forms, pages_reports, pages_submit, reactions, tasks
from services.reporting.api import router
from services.reporting.events import TYPES
from services.reporting.same_facts import SameFacts

MIGRATIONS = Path(__file__).parent / "migrations"
PAGES = [one.router for one in (pages_reports, pages_submit, pages_forms)]
# All facts come from others' topics; what reporting itself decided (submissions) is no projection and stays.
PROJECTION = Projection(
    tables=tuple(reactions.TABLES),
    subscription=Subscription(reactions.TOPICS, reactions.TYPES, reactions.apply),
    migrations=[MIGRATIONS],
)
WORDS: Words = {
    "no-such-area": (
        422,
        "Tháng {period} không có đơn vị mã {area}: hãy chọn đơn vị có trong tháng đó.",
        "There was no area {area} in {period}; choose one that existed in that month.",
    ),
}


def _start(settings: ServiceSettings) -> AbstractAsyncContextManager[Running]:
    return running(settings, TYPES, PROJECTION.migrations, PROJECTION.subscription, tasks.count)


def build(settings: ServiceSettings) -> FastAPI:
    """The HTTP application of reporting."""
    app = service_app(settings, _start, [router], WORDS, PAGES)
    app.state.same_facts = SameFacts()
    return app

"""The composition root of the portal: the home page, for now, and what every service has."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import FastAPI

from services.kernel.event_types import EventTypes
from services.kernel.service import Running, running
from services.kernel.settings import ServiceSettings
from services.kernel.web.service_app import service_app
from services.portal import pages, pages_guide, pages_home, tasks

MIGRATIONS = Path(__file__).parent / "migrations"


def _start(settings: ServiceSettings) -> AbstractAsyncContextManager[Running]:
    return running(settings, EventTypes([]), [MIGRATIONS], tasks.subscription())


def build(settings: ServiceSettings) -> FastAPI:
    """The HTTP application of the portal."""
    return service_app(settings, _start, [], {}, [pages.router, pages_home.router, pages_guide.router])

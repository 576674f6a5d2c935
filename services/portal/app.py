"""The composition root of the portal."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import FastAPI

from services.kernel.event_types import EventTypes
from services.kernel.service import Running, running
from services.kernel.settings import ServiceSettings
from services.kernel.web.service_app import service_app
from services.portal import (
    api_users,
    pages,
    pages_guide,
    pages_home,
    pages_oidc,
    pages_operations,
    pages_record,
    pages_settings,
    pages_sign_in,
    pages_users,
    tasks,
)
from services.portal.oidc import Provider
from services.portal.oidc_settings import oidc_settings
from services.portal.words import WORDS

MIGRATIONS = Path(__file__).parent / "migrations"
PAGES = (
    pages,
    pages_home,
    pages_guide,
    pages_sign_in,
    pages_oidc,
    pages_operations,
    pages_record,
    pages_settings,
    pages_users,
)


def _start(settings: ServiceSettings) -> AbstractAsyncContextManager[Running]:
    return running(settings, EventTypes([]), [MIGRATIONS], tasks.subscription())


def build(settings: ServiceSettings) -> FastAPI:
    """The HTTP application of the portal. Raises OidcMisconfigured."""
    app = service_app(settings, _start, [api_users.router], WORDS, [one.router for one in PAGES])
    named = oidc_settings()
    app.state.provider = Provider(named) if named else None
    return app

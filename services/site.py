"""Who owns which address: one table, and the one application that holds all services under it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from services.disbursement.app import build as build_disbursement
from services.kernel.settings import ServiceSettings
from services.kernel.web.problems import on_http
from services.onboarding.app import build as build_onboarding
from services.portal.app import build as build_portal
from services.registry.app import build as build_registry
from services.reporting.app import build as build_reporting

Build = Callable[[ServiceSettings], FastAPI]

# Address → who answers there. The portal comes last: it has the root and whatever nobody else has.
ADDRESSES: dict[str, Build] = {
    "registry": build_registry,
    "onboarding": build_onboarding,
    "disbursement": build_disbursement,
    "reporting": build_reporting,
    "portal": build_portal,
}


def site(settings: Mapping[str, ServiceSettings]) -> FastAPI:
    """One application with the named services, each under its own address, the portal also at the root."""
    apps = {name: ADDRESSES[name](settings[name]) for name in ADDRESSES if name in settings}

    @asynccontextmanager
    async def lifespan(_root: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            for app in apps.values():
                await running.enter_async_context(app.router.lifespan_context(app))
            yield

    root = FastAPI(lifespan=lifespan, openapi_url=None)
    # An address that no service can have (a line break in it) is answered here.
    root.add_exception_handler(HTTPException, on_http)
    for name, app in apps.items():
        root.mount(f"/{name}", app)
    if "portal" in apps:
        root.mount("/", apps["portal"])
    return root

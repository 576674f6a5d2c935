"""Who owns which address: one table, and the one application that holds all services under it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from services.disbursement import app as disbursement
from services.kernel.settings import ServiceSettings
from services.onboarding import app as onboarding
from services.portal import app as portal
from services.registry import app as registry
from services.reporting import app as reporting

Build = Callable[[ServiceSettings], FastAPI]

# Address → who answers there. The portal comes last: it has the root and whatever nobody else has.
ADDRESSES: dict[str, Build] = {
    "registry": registry.build,
    "onboarding": onboarding.build,
    "disbursement": disbursement.build,
    "reporting": reporting.build,
    "portal": portal.build,
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
    for name, app in apps.items():
        root.mount(f"/{name}", app)
    if "portal" in apps:
        root.mount("/", apps["portal"])
    return root

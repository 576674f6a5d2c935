"""Who owns which address and entry of the navigation: one table, and the one application that holds all services."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from services.disbursement.app import build as build_disbursement
from services.kernel.settings import ServiceSettings
from services.kernel.web.pages import long_work, looks_page, static
from services.kernel.web.problems import on_http
from services.navigation import SITE
from services.onboarding.app import build as build_onboarding
from services.portal.app import build as build_portal
from services.portal.sample_months import Fill
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
# First part of a page's address → whose page it is. What is not named here is the portal's.
PREFIXES: dict[str, str] = {
    "danh-sach": "registry",
    "doi-tuong": "registry",
    "ra-soat": "registry",
    "xac-thuc": "registry",
    "danh-muc": "registry",
    "tai-khoan": "onboarding",
    "chi-tra": "disbursement",
    "tien-mat": "disbursement",
    "lenh-chi": "disbursement",
    "du-toan": "disbursement",
    "bao-cao": "reporting",
}
# `/van-hanh/registry` is the registry's own part of that page.
OPERATIONS = "van-hanh"
PARTED = (OPERATIONS, looks_page.PREFIX, long_work.PREFIX)


def owner_of(path: str) -> str:
    """The service whose page stands at a path."""
    first, _, rest = path.strip("/").partition("/")
    if first in PARTED and rest.partition("/")[0] in ADDRESSES:
        return rest.partition("/")[0]
    return PREFIXES.get(first, "portal")


class _PagesOfAll:
    """Hands each page's address to the service that owns it; static files are the same everywhere."""

    def __init__(self, apps: Mapping[str, FastAPI]) -> None:
        self._pages = {name: app.state.pages for name, app in apps.items()}
        self._any = next(iter(self._pages.values()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith(f"/{static.PREFIX}/"):
            await self._any(scope, receive, send)
        else:
            # A service alone answers for the others' addresses that there is no such page here.
            await self._pages.get(owner_of(path), self._any)(scope, receive, send)


def site(settings: Mapping[str, ServiceSettings], fill: Fill | None = None) -> FastAPI:
    """One application with the named services: each one's API under its name, its pages at their own addresses.

    `fill`: fills a new system with made-up months, where that is offered.
    """
    apps = {name: ADDRESSES[name](settings[name]) for name in ADDRESSES if name in settings}
    for app in apps.values():
        app.state.site = SITE
        app.state.fill = fill

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
    root.mount("/", _PagesOfAll(apps))
    return root

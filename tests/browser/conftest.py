"""A real Chromium, and people who find their way by what stands on the page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from infra.stack import Connections
from services.kernel import clock, task_publisher
from services.portal import user_handlers
from services.portal.store import in_portal
from services.portal.user_handlers import First
from tests.browser.visitor import CHROMIUM, Visitor
from tests.examples.fresh import Systems, systems

Newcomer = Callable[..., Awaitable[Visitor]]

collect_ignore_glob = [] if CHROMIUM else ["test_*.py"]
# The probe's flags: in a container there is no sandbox below us, and nothing is fetched from outside.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


@pytest.fixture(scope="session", autouse=True)
def _counted_soon() -> Iterator[None]:
    """A system made as new in mid-run counts at once what waits, and not when its minute is over."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(task_publisher, "PATIENCE_SECONDS", 5.0)
        yield


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
async def shared(stack: Connections) -> AsyncIterator[Systems]:
    async with systems(stack) as found:
        yield found


@pytest.fixture
async def newcomer(shared: Systems, stack: Connections, chromium: Browser, pictures: Path) -> AsyncIterator[Newcomer]:
    """Makes a user of a role and an area and signs them in, in a browser of their own."""
    people = []

    async def enter(role: str, area: str | None = None) -> Visitor:
        login = f"u{clock.new_id()[:12]}"
        async with in_portal(stack.dsn["portal"]) as connection:
            made = await user_handlers.add(connection, "test", f"Người {login}", login, role, area)
        assert isinstance(made, First)
        visitor = await Visitor.enter(chromium, shared.base, made.user.name, pictures)
        people.append(visitor)
        await visitor.sign_in(login, made.password)
        return visitor

    yield enter
    for one in people:
        await one.leave()


@pytest.fixture(scope="session")
def pictures(repository: Path) -> Path:
    """Where the screenshots go."""
    folder = repository / "out" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    return folder

"""A real Chromium, and people who find their way by what stands on the page."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from services.kernel import task_publisher
from tests.browser.visitor import CHROMIUM

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


@pytest.fixture(scope="session")
def pictures(repository: Path) -> Path:
    """Where the screenshots go."""
    folder = repository / "out" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    return folder

"""A person at a browser: signs in, follows links and presses buttons by their words, and is shown no broken page."""

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Download, Page, Response

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
LONG_WORK = re.compile(r"/dang-chay/\w+/\w+")
# A form as printed and tables of figures scroll in their own boxes; a table that folds has nothing to scroll for.
WIDER = """() => [document.documentElement, ...[...document.querySelectorAll('.fold')].map(one => one.parentElement)]
    .filter(one => one.scrollWidth > one.clientWidth).map(one => `${one.tagName} ${one.scrollWidth}/${one.clientWidth}`)
"""
PASSWORD = "mot mat khau rat dai 7"


@dataclass
class Visitor:
    """One person in a browser of their own; `script`: whether JavaScript runs."""

    name: str
    base: str
    context: BrowserContext
    page: Page
    pictures: Path
    script: bool
    wrong: list[str] = field(default_factory=list)

    @classmethod
    async def enter(cls, browser: Browser, base: str, name: str, pictures: Path, script: bool = True) -> "Visitor":
        context = await browser.new_context(
            base_url=base, viewport=WIDE, java_script_enabled=script, accept_downloads=True
        )
        page = await context.new_page()
        found = cls(name, base, context, page, pictures, script)
        page.on("response", found._heard)
        page.on("pageerror", lambda why: found.wrong.append(f"script: {why}"))
        return found

    def _heard(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status} {response.url}")

    async def leave(self) -> None:
        await self.context.close()
        assert not self.wrong, f"{self.name}: " + "\n".join(self.wrong)

    # Signing in

    async def sign_in(self, login: str, password: str) -> None:
        """With a first password, then with one's own."""
        await self.page.goto("/")
        await self.fill({"login": login, "password": password})
        await self.press("Đăng nhập")
        if "/dang-nhap/mat-khau" in self.page.url:
            await self.fill({"present": password, "new": PASSWORD, "repeated": PASSWORD})
            await self.press("Đổi mật khẩu")
        assert await self.page.locator("h1").inner_text() == "Việc cần làm"

    # Finding one's way

    async def section(self, name: str) -> None:
        """Opens an entry of the navigation."""
        await self.page.locator(".sections ul a", has_text=name).first.click()
        await self.settled()

    async def home(self) -> None:
        await self.section("Việc cần làm")

    async def follow(self, words: str) -> None:
        await self.page.locator("main a", has_text=words).first.click()
        await self.settled()

    async def press(self, words: str) -> None:
        """Presses a button of the page."""
        await self.page.locator("main button, main input[type=submit]", has_text=words).first.click()
        await self.settled()

    async def fill(self, fields: dict[str, str]) -> None:
        for name, value in fields.items():
            await self.page.locator(f"main [name='{name}']").first.fill(value)

    async def choose_file(self, file: Path) -> None:
        await self.page.locator("main input[type=file]").first.set_input_files(file)

    async def tick(self, selector: str) -> None:
        for box in await self.page.locator(selector).all():
            await box.check()

    async def download(self, words: str) -> bytes:
        """Follows a link that gives a file."""
        async with self.page.expect_download() as coming:
            await self.page.locator("main a", has_text=words).first.click()
        came: Download = await coming.value
        return Path(await came.path()).read_bytes()

    async def settled(self) -> None:
        """Waits for what was asked for, also where it takes so long that a page says how far it is."""
        await self._loaded()
        if LONG_WORK.search(self.page.url):
            await self.page.wait_for_url(lambda url: not LONG_WORK.search(url))
            await self._loaded()

    async def _loaded(self) -> None:
        """The page, and where script runs the parts that it draws in place."""
        await self.page.wait_for_load_state("load")
        if self.script:
            await self.page.wait_for_selector(".htmx-request", state="detached")

    async def words(self) -> str:
        return " ".join((await self.page.locator("main").inner_text()).split())

    async def sees(self, *wanted: str) -> None:
        found = await self.words()
        lacking = [one for one in wanted if one not in found]
        assert not lacking, f"{self.name} at {self.page.url} does not see {lacking} in: {found[:1500]}"

    # Looking closely

    async def look(self, name: str) -> None:
        """Takes the page's picture, wide and narrow; where script runs, axe goes over it.

        What it finds is told when the person leaves: one walk finds the faults of all pages. In the dark every page is
        examined by tests/pages/test_every_page.py.
        """
        await self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
        if not self.script:
            return
        await self.page.screenshot(path=self.pictures / f"{name}-view.png")
        await self.page.set_viewport_size(NARROW)
        await self.page.screenshot(path=self.pictures / f"{name}-narrow.png", full_page=True)
        await self.page.set_viewport_size(WIDE)
        await self.search(name, dark=False)

    async def examine(self, name: str) -> None:
        """Has axe go over the page in both themes, and looks whether anything is wider than a telephone."""
        await self.search(name)
        await self.page.set_viewport_size(NARROW)
        for wider in await self.page.evaluate(WIDER):
            self.wrong.append(f"{name} is wider than a narrow screen: {wider}")
        await self.page.set_viewport_size(WIDE)

    async def search(self, name: str, dark: bool = True) -> None:
        """Lets axe go over the page as it stands; in the dark only over its colours, for all else is the same."""
        found = (await Axe().run(self.page)).response["violations"]
        if dark:
            await self.page.emulate_media(color_scheme="dark")
            found += (await Axe().run(self.page, options={"runOnly": ["color-contrast"]})).response["violations"]
            await self.page.emulate_media(color_scheme="light")
        if found:
            self.wrong.append(f"{name}: {_told(found)}")


def _told(violations: list[dict[str, Any]]) -> str:
    return json.dumps([(one["id"], one["nodes"][0]["html"][:200]) for one in violations], ensure_ascii=False)

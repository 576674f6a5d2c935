"""Every page that there is, as somebody who may see it: no fault in the browser, none that axe finds (WCAG 2.2 AA) in
light and dark, and nothing wider than a telephone. What a page says after a press is the matter of the walks.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from services.kernel.web.auth import TOKEN_COOKIE
from services.reference import access
from services.site import ADDRESSES
from tests.browser.conftest import chromium, pictures
from tests.browser.visitor import CHROMIUM, Visitor
from tests.pages.conftest import Office
from tests.pages.test_zz_roles import HOME, ROWS, filled, things

__all__ = ["chromium", "pictures", "things"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

# Files, parts of other pages, and pages of things that this office has none of.
NO_PAGE = re.compile(r"\.(xlsx|csv|xml)$|{suffix}|^/viec/")
OPEN = ("/dang-nhap", "/huong-dan", *(f"/huong-dan/{role}" for role in access.ROLES))
SIGNED_IN = ("/dang-nhap/mat-khau", "/dang-nhap/lai", "/khong-co-trang-nay")


def pages() -> Iterator[tuple[str, str]]:
    """Each page's address as the table of roles has it, and the first role that is let in."""
    for row in ROWS:
        address, seen_by = row["address"], [role for role in access.ROLES if row[role] == "yes"]
        is_call = address.startswith(tuple(f"/{name}/" for name in ADDRESSES))
        if row["method"] == "GET" and seen_by and not is_call and not NO_PAGE.search(address):
            yield address, seen_by[0]
    yield from ((address, "") for address in OPEN)
    yield from ((address, access.DISTRICT_OFFICER) for address in SIGNED_IN)


@pytest.mark.parametrize(("address", "role"), list(pages()))
async def test_a_page_has_no_fault(
    office: Office,
    things: dict[str, dict[str, str]],
    chromium: Browser,
    pictures: Path,
    address: str,
    role: str,
) -> None:
    visitor = await Visitor.enter(chromium, office.base, address, pictures)
    if role:
        token = office.token(role, HOME if role == access.COMMUNE_OFFICER else None)
        await visitor.context.add_cookies([{"name": TOKEN_COOKIE, "value": token, "url": office.base}])
    await visitor.page.goto(filled(address, things["home"]))
    if await visitor.page.locator("[hx-trigger]").count():
        await visitor.settled()
    await visitor.examine(address)
    await visitor.leave()


async def test_form_1_prints_on_one_landscape_page(
    office: Office,
    chromium: Browser,
    pictures: Path,
) -> None:
    visitor = await Visitor.enter(chromium, office.base, "printer", pictures)
    token = office.token(access.DISTRICT_OFFICER)
    await visitor.context.add_cookies([{"name": TOKEN_COOKIE, "value": token, "url": office.base}])
    await visitor.page.goto("/bao-cao/bieu-1?period=2023-12&area=278")
    paper = await visitor.page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert len(re.findall(rb"/Type /Page\b", paper)) == 1
    assert [float(width) > float(height) for width, height in boxes] == [True]
    await visitor.leave()

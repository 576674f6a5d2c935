"""Every role's first page and the addresses of its navigation."""

import re
from pathlib import Path

import pytest

from services.navigation import ENTRIES
from tests.pages.conftest import Office, text_of

FIRST_PAGE_BYTES = 100_000
CSS_BYTES = 30_000
AREA = {"commune-officer": "10114"}


@pytest.mark.parametrize("role", ENTRIES)
async def test_the_first_page_shows_who_one_is_and_leads_on(office: Office, role: str) -> None:
    page = await office.browser(role, AREA.get(role)).get("/")
    assert page.status_code == 200
    words = text_of(page)
    assert "Việc cần làm" in words
    assert all(entry.vi in words for entry in ENTRIES[role])


@pytest.mark.parametrize("role", ["district-officer", "commune-officer"])
async def test_the_first_page_with_all_it_loads_comes_over_a_slow_line(office: Office, role: str) -> None:
    browser = office.browser(role, AREA.get(role))
    page = await browser.get("/")
    weight = len(page.content)
    for address in re.findall(r'(?:href|src)="(/tinh/[^"]+)"', page.text):
        async with browser.stream("GET", address, headers={"accept-encoding": "gzip"}) as file:
            weight += sum([len(part) async for part in file.aiter_raw()])
            assert file.headers["content-encoding"] == "gzip"
    assert 15_000 < weight < FIRST_PAGE_BYTES


def test_the_style_sheet_stays_small(repository: Path) -> None:
    assert (repository / "services/kernel/web/pages/static/ansinh.css").stat().st_size < CSS_BYTES

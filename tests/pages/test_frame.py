"""Every role's first page and the addresses of its navigation."""

import pytest

from services.navigation import ENTRIES
from tests.pages.conftest import Office, text_of

AREA = {"commune-officer": "10114"}


@pytest.mark.parametrize("role", ENTRIES)
async def test_the_first_page_shows_who_one_is_and_leads_on(office: Office, role: str) -> None:
    page = await office.browser(role, AREA.get(role)).get("/")
    assert page.status_code == 200
    words = text_of(page)
    assert "Việc cần làm" in words
    assert all(entry.vi in words for entry in ENTRIES[role])

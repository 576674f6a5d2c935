"""Vận hành over all services: who sees it, what the services' rows say, and that it can be stopped."""

import re

import pytest

from services.kernel.web.pages.session import TOKEN_COOKIE
from tests.pages.conftest import Office, text_of

SERVICES = ("registry", "onboarding", "disbursement", "reporting")
ASKED_BY_THE_PAGE = {"hx-request": "true"}


@pytest.mark.parametrize(
    ("role", "status"),
    [("admin", 200), ("auditor", 200), ("district-officer", 200), ("district-approver", 403), ("commune-officer", 403)],
)
async def test_who_runs_the_system_sees_it(office: Office, role: str, status: int) -> None:
    browser = office.browser(role, "10114" if role == "commune-officer" else None)
    for address in ("/van-hanh", "/van-hanh/registry", "/van-hanh/portal"):
        assert (await browser.get(address)).status_code == status
    assert (await browser.get("/van-hanh/khong-co")).status_code == 404


async def test_each_service_draws_its_own_row_and_has_a_page_without_script(office: Office) -> None:
    await office.client.quiet()
    browser = office.browser("admin")
    page = await browser.get("/van-hanh")
    assert re.findall(r'<tr id="van-hanh-(\w+)" hx-get', page.text) == list(SERVICES)
    assert "Không có bản tin không xử lý được" in text_of(page)
    for service in SERVICES:
        assert f'href="/van-hanh/{service}"' in page.text
        row = (await browser.get(f"/van-hanh/{service}", headers=ASKED_BY_THE_PAGE)).text
        assert f'<tr id="van-hanh-{service}"' in row
        assert 'data-waiting="0"' in row
        assert "Chạy tốt" in row
        alone = text_of(await browser.get(f"/van-hanh/{service}"))
        assert "Theo kịp, không còn sự kiện chờ" in alone
        assert "Vừa khởi động" in alone or "Đo mỗi phút từ" in alone


async def test_refreshing_can_be_stopped(office: Office) -> None:
    browser = office.browser("admin")
    assert "/van-hanh?dung=1" in (await browser.get("/van-hanh")).text
    stopped = await browser.get("/van-hanh", params={"dung": "1"})
    assert "/van-hanh/registry?dung=1" in stopped.text
    row = await browser.get("/van-hanh/registry", params={"dung": "1"}, headers=ASKED_BY_THE_PAGE)
    assert "every 10s" not in row.text


async def test_no_way_leads_to_money_for_whom_it_would_be_refused(office: Office) -> None:
    assert 'href="/chi-tra?' not in (await office.browser("admin").get("/van-hanh")).text
    assert 'href="/chi-tra?' in (await office.browser("auditor").get("/van-hanh")).text


async def test_operations_speak_english_by_choice(office: Office) -> None:
    browser = office.browser("admin")
    cookie = {"cookie": f"ansinh_ngon_ngu=en; {TOKEN_COOKIE}={browser.cookies[TOKEN_COOKIE]}"}
    for address in ("/van-hanh", "/van-hanh/disbursement"):
        words = text_of(await browser.get(address, headers=cookie))
        assert "Operations" in words
        assert "Dịch vụ" not in words
        assert "Bản tin" not in words

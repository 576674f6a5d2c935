"""Việc cần làm of each role, after two months, against what waits in the services."""

import asyncio

import httpx

from tests.pages.conftest import Office, text_of


async def _home(browser: httpx.AsyncClient, *wanted: str) -> str:
    """The page's words once the counts have come (they are published a moment after what they count)."""
    async with asyncio.timeout(30):
        while True:
            words = text_of(await browser.get("/"))
            if all(one in words for one in wanted):
                return words
            await asyncio.sleep(0.2)


async def test_the_office_sees_what_holds_up_the_month_and_its_communes(office: Office) -> None:
    words = await _home(office.browser("district-officer"), "21 Danh sách kỳ 01/2024", "21 Đơn vị chưa nộp")
    assert "Còn 2 ngày" in words
    assert "1 Sổ đối tượng kỳ 01/2024 chưa khóa" in words
    assert "21 xã, thị trấn" in words
    assert "Nộp danh sách 0/21 xã" in words


async def test_a_commune_sees_its_own_work_and_nothing_of_others(office: Office) -> None:
    words = await _home(office.browser("commune-officer", "10114"), "1 Danh sách kỳ 01/2024", "2 Biểu kỳ 12/2023")
    assert "Cự Khê" not in words


async def test_the_numbers_of_the_sections_come_to_every_page(office: Office) -> None:
    browser = office.browser("commune-officer", "10114")
    await _home(browser, "1 Danh sách kỳ 01/2024 chưa nộp")
    part = await browser.get("/viec/so-luong", params={"trang": "/danh-sach"})
    assert "<html" not in part.text
    assert "Danh sách 1 việc" in text_of(part)
    assert 'aria-current="page">Danh sách' in part.text


async def test_who_has_nothing_to_do_is_told_what_comes_next(office: Office) -> None:
    words = text_of(await office.browser("treasury").get("/"))
    assert "Hôm nay không có việc chờ" in words
    assert "khi Phòng chuyển lệnh" in words


async def test_each_role_has_a_guide_and_anybody_may_read_it(office: Office) -> None:
    own = text_of(await office.browser("bank").get("/huong-dan"))
    assert "Hướng dẫn: Ngân hàng" in own
    assert "Trả lời lệnh chi" in own
    async with httpx.AsyncClient(base_url=office.base) as nobody:
        assert "Lập danh sách" in text_of(await nobody.get("/huong-dan"))
        assert (await nobody.get("/huong-dan/nobody")).status_code == 404
        assert (await nobody.get("/huong-dan/hinh/..%2f..%2fapp.py")).status_code == 404


async def test_language_theme_and_keys_are_chosen_without_signing_in_and_kept(office: Office) -> None:
    async with httpx.AsyncClient(base_url=office.base) as nobody:
        for field, value in (("ngon_ngu", "en"), ("giao_dien", "dark"), ("phim_tat", "off")):
            answer = await nobody.post("/giao-dien", data={"ve": "/huong-dan", field: value})
            assert (answer.status_code, answer.headers["location"]) == (303, "/huong-dan")
        page = await nobody.get("/huong-dan")
    assert '<html lang="en" data-keys="off">' in page.text
    assert 'dark.css"' in page.text
    assert "prefers-color-scheme" not in page.text

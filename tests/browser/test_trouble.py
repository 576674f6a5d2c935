"""What goes wrong at a browser: two hands on one list, a lost line, a doubled click, the back button, a session's end.

A clear message each time, nothing lost, nothing done twice.
"""

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from infra.sandbox import population, workbooks
from infra.stack import Connections
from services.kernel import clock, jobs, progress
from services.kernel.period import Period
from services.kernel.web.pages import long_work
from services.kernel.web.problems import Problem
from services.reference import access
from services.registry import parsing
from services.registry.spreadsheet import ParsedList
from tests.browser.conftest import Newcomer
from tests.browser.visitor import Visitor
from tests.examples.fresh import Systems

PERIOD = Period("2023-11")
HOME = "10114"


@dataclass
class Desk:
    """A commune's officer and an officer of the district with a draft of the commune open."""

    system: Systems
    stack: Connections
    commune: Visitor
    office: Visitor
    file: Path
    address: str

    async def events(self) -> list[str]:
        """What happened to the list."""
        connection = await asyncpg.connect(self.stack.owner_dsn["registry"])
        try:
            rows = await connection.fetch(
                "select type from registry.events where stream_id = $1 order by version",
                f"change-list-{self.address.rsplit('/', 1)[1]}",
            )
        finally:
            await connection.close()
        return [row["type"] for row in rows]


@pytest.fixture
async def desk(shared: Systems, stack: Connections, newcomer: Newcomer, tmp_path: Path) -> Desk:
    await shared.fresh()
    clock.set_today(date(2023, 11, 3))
    workbooks.write(tmp_path, population.make(60, 3, PERIOD), PERIOD)
    commune, office = await newcomer(access.COMMUNE_OFFICER, HOME), await newcomer(access.DISTRICT_OFFICER)
    file = tmp_path / f"tang-{HOME}-2023-11.xlsx"
    await commune.section("Danh sách")
    await commune.choose_file(file)
    await commune.press("Tải lên và kiểm tra")
    address = commune.page.url.partition("?")[0]
    return Desk(shared, stack, commune, office, file, address)


async def test_two_officers_at_one_row_see_both_versions_and_lose_nothing(desk: Desk) -> None:
    for one in (desk.commune, desk.office):
        await one.page.goto(f"{desk.address}/dong/2")
    await desk.office.page.locator("main [name=phone]").first.fill("0911111111")
    await desk.office.press("Lưu dòng 2")
    await desk.commune.page.locator("main [name=phone]").first.fill("0922222222")
    await desk.commune.press("Lưu dòng 2")
    assert await desk.commune.page.locator("main [name=phone]").first.input_value() == "0922222222"
    await desk.commune.sees("0911111111")
    assert (await desk.events()).count("ListMended") == 1
    await desk.commune.look("trouble-two-officers")


async def test_a_line_lost_in_mid_upload_keeps_nothing_half_and_the_file_goes_up_again(desk: Desk) -> None:
    await desk.commune.page.goto(f"{desk.address}/tep")
    await desk.commune.choose_file(desk.file)
    await desk.commune.page.route("**/tep", lambda route: route.abort("connectionreset"))
    await desk.commune.page.locator("main button.go").first.click()
    await desk.commune.page.wait_for_timeout(500)
    assert (await desk.events()) == ["ListOpened"]
    await desk.commune.page.unroute("**/tep")
    await desk.commune.page.goto(f"{desk.address}/tep")
    await desk.commune.choose_file(desk.file)
    await desk.commune.press("Thay")
    await desk.commune.sees("Tệp này đã tải lên trước đó")


async def test_work_that_takes_long_is_left_and_found_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commune looks at other pages meanwhile; the line about its work leads back to it and to the result."""
    go_on, commune, page = asyncio.Event(), desk.commune, desk.commune.page
    read = parsing.read

    async def slowly(content: bytes, period: Period) -> ParsedList:
        progress.begin("checking", 13_463).done = 8_390
        await go_on.wait()
        return await read(content, period)

    monkeypatch.setattr(parsing, "read", slowly)
    monkeypatch.setattr(long_work, "PATIENCE_SECONDS", 0.1)
    await page.goto("/danh-sach/moi?period=2023-12")
    await commune.choose_file(desk.file)
    await page.locator("main button", has_text="Tải lên và kiểm tra").click()
    await page.wait_for_url("**/dang-chay/registry/*")
    at = page.url
    await page.get_by_text("Đã kiểm tra 8.390 trên 13.463 dòng").wait_for()
    await commune.look("long-work")
    # The line about it comes to other pages within a sweep of the jobs.
    await page.wait_for_timeout(2_000 * jobs.SWEEP_SECONDS)
    await page.goto("/doi-tuong")
    await page.locator("main .job a", has_text="Tải danh sách lên và kiểm tra, 8.390/13.463").click()
    assert page.url == at
    go_on.set()
    await page.wait_for_url("**/danh-sach/*da=list_uploaded*")
    await commune.sees("Đã tải lên và kiểm tra")
    assert await page.locator("main .job").count() == 0


async def test_work_that_was_left_tells_what_came_of_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuses(_content: bytes, _period: Period) -> ParsedList:
        await asyncio.sleep(1)
        raise Problem(422, "file-broken", "Không đọc được tệp. Lưu lại dạng .xlsx rồi tải lên.")

    monkeypatch.setattr(parsing, "read", refuses)
    monkeypatch.setattr(long_work, "PATIENCE_SECONDS", 0.1)
    commune, page = desk.commune, desk.commune.page
    await page.goto("/danh-sach/moi?period=2023-12")
    await commune.choose_file(desk.file)
    await page.locator("main button", has_text="Tải lên và kiểm tra").click()
    await page.wait_for_url("**/dang-chay/registry/*")
    await page.goto("/doi-tuong")
    await page.wait_for_timeout(5_000)
    await page.reload()
    await page.locator("main .job a", has_text="Không xong").click()
    await commune.sees("Không làm được", "Không đọc được tệp. Lưu lại dạng .xlsx rồi tải lên.", "Chưa có gì được ghi")
    await commune.look("long-work-refused")
    await commune.follow("Về trang trước")
    assert "/danh-sach/moi?period=2023-12" in page.url
    assert await page.locator("main .job").count() == 0


async def test_a_doubled_click_hands_in_once(desk: Desk) -> None:
    await desk.commune.page.goto(desk.address)
    await desk.commune.page.locator("main .bar button.go").dblclick()
    await desk.commune.page.wait_for_url("**da=*")
    await desk.commune.settled()
    await desk.commune.sees("Đã nộp danh sách")
    assert (await desk.events()).count("ListSubmitted") == 1


async def test_back_after_handing_in_and_pressing_again_does_it_once(desk: Desk) -> None:
    page = desk.commune.page
    await page.goto(desk.address)
    await desk.commune.press("Nộp danh sách")
    await page.go_back()
    await desk.commune.settled()
    button = page.locator("main .bar button.go")
    if await button.count():
        await button.click()
        await desk.commune.settled()
    await page.goto(desk.address)
    await desk.commune.sees("Chờ duyệt")
    assert (await desk.events()).count("ListSubmitted") == 1


async def test_a_token_that_ran_out_in_a_half_filled_form_is_not_noticed(desk: Desk) -> None:
    page = desk.commune.page
    await page.goto(f"{desk.address}/dong/2")
    await page.locator("main [name=phone]").first.fill("0933333333")
    await desk.commune.context.clear_cookies(name="ansinh_token")
    await desk.commune.press("Lưu dòng 2")
    assert (await desk.events()).count("ListMended") == 1
    await page.goto(f"{desk.address}/dong/2")
    assert await page.locator("main [name=phone]").first.input_value() == "0933333333"


async def test_a_session_that_ended_in_a_half_filled_form_keeps_what_was_typed(desk: Desk) -> None:
    page = desk.commune.page
    await page.goto(f"{desk.address}/dong/2")
    await page.locator("main [name=phone]").first.fill("0944444444")
    cookies = await desk.commune.context.cookies()
    await desk.commune.context.clear_cookies()
    await desk.commune.press("Lưu dòng 2")
    await desk.commune.sees("Phiên đăng nhập đã hết", "chưa được gửi")
    await desk.commune.look("trouble-session-over")
    assert (await desk.events()) == ["ListOpened"]
    # Signing in beside it, in another tab of the same browser.
    await desk.commune.context.add_cookies(cookies)
    await desk.commune.press("Gửi lại")
    await desk.commune.sees("Phiên đăng nhập đã đổi")
    await desk.commune.press("Gửi")
    assert (await desk.events()).count("ListMended") == 1

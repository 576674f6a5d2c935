"""Wrong rows mended where they stand in their list, by the keyboard alone; what was typed is not lost on the way."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.async_api import Page

from infra.sandbox import population, workbooks
from services.kernel import clock
from services.kernel.period import Period
from services.reference import access
from tests.browser.conftest import Newcomer
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.examples.fresh import Systems

PERIOD = Period("2023-11")
HOME = "10114"
FIRST, SECOND = 2, 4


@dataclass
class Desk:
    """A commune's officer with a draft open in which two rows have too short a number; `numbers`: the right ones."""

    officer: Visitor
    numbers: dict[int, str]

    @property
    def page(self) -> Page:
        return self.officer.page

    async def has_focus(self, number: int) -> None:
        """Waits until the wrong field of a row opened in the list has the focus."""
        await self.page.locator(f"#d{number}.open input[name=citizen_id]:focus").wait_for()


@pytest.fixture
async def desk(shared: Systems, newcomer: Newcomer, tmp_path: Path) -> Desk:
    await shared.fresh()
    clock.set_today(date(2023, 11, 3))
    workbooks.write(tmp_path, population.make(160, 3, PERIOD), PERIOD)
    file = tmp_path / f"tang-{HOME}-2023-11.xlsx"
    numbers = {row: _spoil(file, row) for row in (FIRST, SECOND)}
    officer = await newcomer(access.COMMUNE_OFFICER, HOME)
    await officer.section("Danh sách")
    await officer.choose_file(file)
    await officer.press("Tải lên và kiểm tra")
    return Desk(officer, numbers)


def _spoil(file: Path, row: int) -> str:
    """Cuts three digits off a person's number; answers the right one."""
    book = openpyxl.load_workbook(file)
    sheet = book.active
    column = next(cell.column for cell in sheet[1] if cell.value == "Số định danh")
    right = str(sheet.cell(row, column).value)
    sheet.cell(row, column).value = right[:9]
    book.save(file)
    return right


async def test_wrong_rows_are_mended_in_place_by_the_keyboard_one_after_the_other(desk: Desk) -> None:
    page, keys = desk.page, desk.page.keyboard
    await page.locator(f"#sua-{FIRST}").focus()
    await keys.press("Enter")
    await desk.has_focus(FIRST)
    assert "/dong/" not in page.url
    await desk.officer.look("row-in-place")
    await page.set_viewport_size(NARROW)
    await page.locator(":focus").blur()
    await page.locator(f"#d{FIRST} [name=citizen_id]").focus()
    await page.screenshot(path=desk.officer.pictures / "row-in-place-narrow-view.png")
    await desk.officer.search("row-in-place, narrow")
    await page.set_viewport_size(WIDE)
    await page.locator(f"#d{FIRST} [name=citizen_id]").focus()
    await keys.press("Control+A")
    await keys.type(desk.numbers[FIRST])
    await keys.press("Enter")
    await desk.has_focus(SECOND)
    await desk.officer.sees(f"Đã lưu dòng {FIRST}.", "Còn 1 dòng phải sửa trước khi nộp")
    await keys.press("Control+A")
    await keys.type(desk.numbers[SECOND][:11])
    await keys.press("Enter")
    await page.wait_for_url("**da=row_still_wrong**")
    await desk.has_focus(SECOND)
    assert await page.locator(":focus").input_value() == desk.numbers[SECOND][:11]
    await keys.press("End")
    await keys.type(desk.numbers[SECOND][11:])
    await keys.press("Enter")
    await page.wait_for_url("**da=row_saved**")
    await desk.officer.press("Nộp danh sách")
    await desk.officer.sees("Đã nộp danh sách")


async def test_what_was_typed_into_one_row_is_not_lost_by_opening_another(desk: Desk) -> None:
    page = desk.page
    await page.locator(f"#sua-{FIRST}").click()
    await desk.has_focus(FIRST)
    await page.locator(f"#sua-{SECOND}").click()
    await desk.has_focus(SECOND)
    await page.locator(f"#d{FIRST}:not(.open)").wait_for()
    await page.keyboard.type("1")
    await page.locator(f"#sua-{FIRST}").click()
    await desk.has_focus(SECOND)
    await desk.officer.sees("Lưu dòng này hoặc bấm Thôi trước.")
    await page.locator(f"#d{FIRST} button").click()
    await desk.has_focus(SECOND)
    await page.locator(f"#d{SECOND}.open", has_text="Thôi").get_by_text("Thôi", exact=True).click()
    await page.locator(f"#sua-{SECOND}[data-mend]:focus").wait_for()
    await page.locator("tr.open").wait_for(state="detached")


async def test_a_row_that_does_not_open_says_so_in_its_place(desk: Desk) -> None:
    await desk.page.route("**/dong/*", lambda route: route.abort("connectionreset"))
    await desk.page.locator(f"#sua-{FIRST}").click()
    await desk.page.locator(f"#d{FIRST}", has_text="Chưa lấy được phần này.").get_by_text("Thử lại").wait_for()


async def test_a_token_that_ran_out_in_an_opened_row_is_not_noticed(desk: Desk) -> None:
    await desk.page.locator(f"#sua-{FIRST}").click()
    await desk.has_focus(FIRST)
    await desk.page.keyboard.press("Control+A")
    await desk.page.keyboard.type(desk.numbers[FIRST])
    await desk.officer.context.clear_cookies(name="ansinh_token")
    await desk.page.keyboard.press("Enter")
    await desk.has_focus(SECOND)
    await desk.officer.sees(f"Đã lưu dòng {FIRST}.")

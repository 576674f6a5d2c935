"""The workbooks, read back with another library."""

import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from services.kernel.period import Period
from services.reporting.layout import NATIONAL_HEADING, Figures, Printed, layout
from services.reporting.print_xlsx import form_xlsx

FORM_1: Figures = {
    "I": {"4": 13463, "5": 10818, "6": 61, "7": 2391, "8": 4, "9": 254, "10": 0},
    "I.1": {"4": 10818, "5": 10818, "6": 61},
    "I.2": {"4": 2391, "7": 2391, "8": 4},
    "I.3": {"4": 254, "9": 254, "10": 0},
    "II": {},
    "II.1": {"4": 12271, "5": 9702, "6": 1846, "7": 2318, "8": 406, "9": 251, "10": 38},
    "II.2": {"4": 10267, "5": 7934, "6": 342, "7": 2107, "8": 58, "9": 226, "10": 7},
    "III": {},
    "III.1": {"4": 9917, "5": 7611, "6": 7578, "7": 2082, "8": 2079, "9": 224, "10": 224},
    "III.2": {"4": 12345678, "5": 18214880, "6": -1541, "7": 19301705, "8": 4885650, "9": 1072640, "10": 0},
}


def form_1(place: str = "Thanh Oai", area_name: str = "Huyện Thanh Oai") -> Printed:
    return Printed("form-1", "278", area_name, "district", Period("2023-10"), place, date(2023, 11, 4), FORM_1)


def form_2() -> Printed:
    rows: Figures = {row.id: {} for row in layout("form-2").rows}
    rows["1"] = {"3": 7, "4": 0, "5": 6, "6": 5, "7": 4, "8": 3}
    rows["18"] = {"3": 1234, "8": -2}
    return Printed("form-2", "10126", "Xã Bích Hòa", "commune", Period("2024-01"), "Bích Hòa", None, rows)


def sheet_of(printed: Printed) -> Any:
    return openpyxl.load_workbook(BytesIO(form_xlsx(printed))).active


def values(sheet: Any, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]


def test_form_1_has_every_figure_as_a_number_in_its_cell() -> None:
    sheet = sheet_of(form_1())
    none = None
    assert [values(sheet, row)[3:] for row in range(11, 21)] == [
        [13463, 10818, 61, 2391, 4, 254, 0],
        [10818, 10818, 61, none, none, none, none],
        [2391, none, none, 2391, 4, none, none],
        [254, none, none, none, none, 254, 0],
        [none] * 7,
        [12271, 9702, 1846, 2318, 406, 251, 38],
        [10267, 7934, 342, 2107, 58, 226, 7],
        [none] * 7,
        [9917, 7611, 7578, 2082, 2079, 224, 224],
        [12345678, 18214880, -1541, 19301705, 4885650, 1072640, 0],
    ]
    assert values(sheet, 20)[:3] == ["2", "Số tiền thực hiện chi trả qua tài khoản", "1000 đồng"]


def test_form_2_has_its_figures_beside_its_item_numbers() -> None:
    sheet = sheet_of(form_2())
    assert values(sheet, 11) == ["1", "Người hoạt động cách mạng trước ngày 01 tháng 01 năm 1945", 7, 0, 6, 5, 4, 3]
    assert values(sheet, 26)[0] == "18"
    assert values(sheet, 26)[2:] == [1234, None, None, None, None, -2]
    assert values(sheet, 28)[3] == "Bích Hòa, ngày ….. tháng ….. năm …….."


def test_head_of_form_1_is_merged_and_numbered_as_in_the_plan() -> None:
    sheet = sheet_of(form_1())
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    assert merged >= {"A8:A9", "B8:B9", "C8:C9", "D8:D9", "E8:F8", "G8:H8", "I8:J8"}
    assert [sheet[cell].value for cell in ("A8", "D8", "E8", "G8", "I8", "E9", "J9")] == [
        "TT",
        "Tổng số",
        "Bảo trợ xã hội",
        "Người có công",
        "Đối tượng khác",
        "Tổng lũy kế đến kỳ báo cáo",
        "Trong kỳ",
    ]
    assert values(sheet, 10) == ["1", "2", "3", "4=5+7+9", "5", "6", "7", "8", "9", "10"]


def test_page_around_the_table_follows_decree_30() -> None:
    sheet = sheet_of(replace(form_1(), national=NATIONAL_HEADING))
    assert [sheet[cell].value for cell in ("A1", "A2", "E1", "E2")] == [
        "UBND HUYỆN THANH OAI",
        "PHÒNG LAO ĐỘNG – THƯƠNG BINH VÀ XÃ HỘI",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert [sheet.cell(row, 1).value for row in (4, 5, 6)] == [
        "TỔNG HỢP BÁO CÁO CHI TRẢ KHÔNG DÙNG TIỀN MẶT",
        "Kỳ báo cáo: Tháng 10 năm 2023",
        "(Đính kèm công văn số …)",
    ]
    assert sheet["E22"].value == "Thanh Oai, ngày 04 tháng 11 năm 2023"
    assert [sheet[cell].value for cell in ("A23", "E23", "A24", "E24")] == [
        "NGƯỜI LẬP BIỂU",
        "THỦ TRƯỞNG ĐƠN VỊ",
        "(Ký, ghi rõ họ tên)",
        "(Ký tên, đóng dấu)",
    ]


def test_form_1_prints_on_one_landscape_page_and_form_2_one_page_wide_with_its_head_repeated() -> None:
    one, two = sheet_of(form_1()), sheet_of(form_2())
    for sheet in (one, two):
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what the file format means by nothing
    assert one.page_setup.fitToHeight in (None, 1)
    assert two.page_setup.fitToHeight == 0
    assert two.print_title_rows == "$8:$9"


def test_cells_are_in_times_with_borders_and_main_rows_bold() -> None:
    sheet = sheet_of(form_1())
    assert (sheet["B12"].font.name, sheet["B12"].font.size) == ("Times New Roman", 13)
    assert [sheet.cell(row, 2).font.bold for row in (11, 12, 15, 20)] == [True, False, True, False]
    assert sheet["H12"].border.left.style == "thin"  # empty, and ruled all the same


def test_dots_between_thousands_do_not_depend_on_the_readers_computer() -> None:
    sheet = sheet_of(form_1())
    (rules,) = list(sheet.conditional_formatting)
    shapes = [
        (rule.formula, rule.dxf.numFmt.formatCode) for rule in sorted(rules.rules, key=lambda rule: rule.priority)
    ]
    assert str(rules.sqref) == "D11:J20"
    assert shapes == [
        (["ABS(D11)>=1000000000"], r"#\.###\.###\.##0"),
        (["ABS(D11)>=1000000"], r"#\.###\.##0"),
        (["ABS(D11)>=1000"], r"#\.##0"),
    ]
    assert sheet["D11"].number_format == "#,##0"


@pytest.mark.parametrize("start", ["=1+1 ", "+84 ", "-cmd ", "@SUM ", "http://x "])
def test_text_that_looks_like_a_formula_or_a_link_stays_text(start: str) -> None:
    sheet = sheet_of(form_1(place=start))
    assert sheet["E22"].value == f"{start}, ngày 04 tháng 11 năm 2023"
    assert sheet["E22"].data_type == "s"
    assert sheet["E22"].hyperlink is None


def test_same_form_gives_the_same_bytes_dated_by_its_month() -> None:
    first = form_xlsx(form_1())
    assert form_xlsx(form_1()) == first
    assert openpyxl.load_workbook(BytesIO(first)).properties.created == datetime(2023, 10, 31)
    assert {entry.date_time for entry in zipfile.ZipFile(BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_without_the_setting_the_form_has_no_national_heading() -> None:
    sheet = sheet_of(form_1())
    assert [sheet[cell].value for cell in ("A1", "A2", "E1", "E2")] == [
        "UBND HUYỆN THANH OAI",
        "PHÒNG LAO ĐỘNG – THƯƠNG BINH VÀ XÃ HỘI",
        None,
        None,
    ]

"""The layouts read from data/forms.json, and the figures that may stand in them."""

from datetime import date

import pytest

from services.kernel.period import Period
from services.reporting.layout import Figures, Printed, layout, number

EMPTY_FORM_1: Figures = {row: {} for row in ("I", "I.1", "I.2", "I.3", "II", "II.1", "II.2", "III", "III.1", "III.2")}


def printed(rows: Figures, form_id: str = "form-1", level: str = "commune") -> Printed:
    return Printed(form_id, "10126", "Xã Bích Hòa", level, Period("2023-10"), "Bích Hòa", None, rows)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.000"),
        (1_234_567, "1.234.567"),
        (12_345_678, "12.345.678"),
        (-1_541, "-1.541"),
        (-5, "-5"),
        (None, ""),
    ],
)
def test_numbers_have_dots_between_thousands_and_nothing_for_nothing(value: int | None, text: str) -> None:
    assert number(value) == text


def test_form_1_has_its_ten_columns_and_ten_rows() -> None:
    form = layout("form-1")
    assert form.name == "Biểu 1"
    assert form.width == 10
    assert form.first_column == 3
    assert form.columns == ("4", "5", "6", "7", "8", "9", "10")
    assert form.numbering == ("1", "2", "3", "4=5+7+9", "5", "6", "7", "8", "9", "10")
    assert [row.id for row in form.rows] == list(EMPTY_FORM_1)
    assert [row.tt for row in form.rows] == ["I", "1", "2", "3", "II", "1", "2", "III", "1", "2"]
    assert [row.id for row in form.rows if row.heading] == ["II", "III"]
    assert [row.id for row in form.rows if row.bold] == ["I", "II", "III"]
    assert form.rows[9].label == "Số tiền thực hiện chi trả qua tài khoản"
    assert form.rows[9].unit == "1000 đồng"


def test_form_2_keeps_the_printed_item_numbers_and_has_no_units() -> None:
    form = layout("form-2")
    assert form.width == 8
    assert form.first_column == 2
    assert form.columns == ("3", "4", "5", "6", "7", "8")
    assert form.numbering == ()
    assert not form.has_unit
    assert [row.tt for row in form.rows] == ["I", *map(str, range(1, 13)), "II", "16", "17", "18"]
    assert [row.id for row in form.rows if row.bold] == ["I", "II"]


def test_second_line_of_the_head_begins_beside_the_cells_that_span_two_lines() -> None:
    cells = layout("form-1").header
    places = {(cell.row, cell.column, cell.rowspan, cell.colspan): cell.text for cell in cells}
    assert places[0, 3, 2, 1] == "Tổng số"
    assert places[0, 6, 1, 2] == "Người có công"
    assert places[1, 4, 1, 1] == "Tổng lũy kế đến kỳ báo cáo"
    assert places[1, 9, 1, 1] == "Trong kỳ"
    assert len(cells) == 13


def test_issuer_is_named_by_level_with_its_superior_first() -> None:
    form = layout("form-1")
    assert form.issuer("commune", "Xã Bích Hòa") == ["UBND XÃ BÍCH HÒA"]
    assert form.issuer("district", "Huyện Thanh Oai") == [
        "UBND HUYỆN THANH OAI",
        "PHÒNG LAO ĐỘNG – THƯƠNG BINH VÀ XÃ HỘI",
    ]


def test_place_line_writes_days_and_first_months_as_decree_30_does_and_dots_when_unsigned() -> None:
    form = layout("form-2")
    assert form.place_line("Thanh Oai", date(2024, 2, 5)) == "Thanh Oai, ngày 05 tháng 02 năm 2024"
    assert form.place_line("Thanh Oai", date(2024, 3, 5)) == "Thanh Oai, ngày 05 tháng 3 năm 2024"
    assert form.place_line("Thanh Oai", None) == "Thanh Oai, ngày ….. tháng ….. năm …….."


def test_subtitle_names_the_month_of_the_report() -> None:
    assert layout("form-1").subtitle(Period("2023-10")) == ["Kỳ báo cáo: Tháng 10 năm 2023", "(Đính kèm công văn số …)"]


def test_unknown_form_is_refused() -> None:
    with pytest.raises(KeyError):
        layout("form-3")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({**EMPTY_FORM_1, "IV": {}}, "IV"),
        ({row: {} for row in EMPTY_FORM_1 if row != "III.2"}, "III.2"),
        ({**EMPTY_FORM_1, "I": {"11": 1}}, "11"),
        ({**EMPTY_FORM_1, "II": {"4": 1}}, "row II "),
    ],
    ids=["unknown row", "row left out", "unknown column", "figure in a heading"],
)
def test_figures_that_would_not_be_printed_are_refused(rows: Figures, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        printed(rows)


def test_level_without_issuer_is_refused() -> None:
    with pytest.raises(ValueError, match="hamlet"):
        printed(EMPTY_FORM_1, level="hamlet")

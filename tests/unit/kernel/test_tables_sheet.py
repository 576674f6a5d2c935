"""Cells of one worksheet: what is stored, what is a day, what is wrong, what is blank."""

import io
from datetime import date
from decimal import Decimal

import pytest

from services.kernel.tables.sheet import SheetContext, day_of, read_sheet
from services.kernel.tables.strings import read_shared_strings
from services.kernel.tables.styles import is_date_format, read_date_styles
from services.kernel.tables.table import NO_STORED_VALUE, Cell, CellError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def only_cell(xml: str) -> Cell | None:
    """What the cell B2 is read as; style 1 is a day, shared string 1 is "Lê An"."""
    sheet = f"<worksheet xmlns='{MAIN}'><sheetData><row r='2'>{xml}</row></sheetData></worksheet>"
    context = SheetContext(["", "Lê An"], frozenset({1}), from_1904=False)
    return read_sheet(io.BytesIO(sheet.encode()), "S", context).rows.get(2, {}).get(2)


@pytest.mark.parametrize(
    ("xml", "cell"),
    [
        ('<c r="B2"><v>1040146715</v></c>', 1040146715),
        ('<c r="B2"><v>1.040146715E9</v></c>', 1040146715),
        ('<c r="B2"><v>440000.0</v></c>', 440000),
        ('<c r="B2"><v>396000.00000000006</v></c>', 396000),
        ('<c r="B2"><v>-440000</v></c>', -440000),
        ('<c r="B2"><v>1.5</v></c>', Decimal("1.5")),
        ('<c r="B2" t="s"><v>1</v></c>', "Lê An"),
        ('<c r="B2" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="B2" t="d"><v>1941-03-12T00:00:00</v></c>', date(1941, 3, 12)),
        ('<c r="B2" s="1"><v>15047</v></c>', date(1941, 3, 12)),
        ('<c r="B2" s="1"><v>1948</v></c>', date(1905, 5, 1)),
        ('<c r="B2" t="str"><f>A1</f><v>An</v></c>', "An"),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="B2" t="inlineStr"><is><t>a_x000D_b_x005F_</t></is></c>', "a\rb_"),
        ('<c r="B2" t="inlineStr"><is><r><t>Lê </t></r><r><t>An</t></r><rPh><t>x</t></rPh></is></c>', "Lê An"),
    ],
)
def test_cells_have_their_stored_value(xml: str, cell: Cell) -> None:
    assert only_cell(xml) == cell


@pytest.mark.parametrize(
    "xml",
    [
        '<c r="B2"/>',
        '<c r="B2" s="0"><v></v></c>',
        '<c r="B2" t="s"><v>0</v></c>',
        '<c r="B2" t="str"><f>""</f><v></v></c>',
        '<c r="B2" t="inlineStr"><is><t xml:space="preserve"> &#160;</t></is></c>',
        '<c r="B2" t="inlineStr"><is><t>&#x200B;</t></is></c>',
    ],
)
def test_blank_cells_are_absent(xml: str) -> None:
    assert only_cell(xml) is None


@pytest.mark.parametrize(
    ("xml", "word"),
    [
        ('<c r="B2" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="B2" t="e"><f>VLOOKUP(1,2,3)</f><v>#REF!</v></c>', "#REF!"),
        ('<c r="B2" t="e"><v>Err:502</v></c>', "#VALUE!"),
        ('<c r="B2"><f>VLOOKUP(1,2,3)</f></c>', NO_STORED_VALUE),
        ('<c r="B2"><f>VLOOKUP(1,2,3)</f><v/></c>', NO_STORED_VALUE),
        ('<c r="B2" t="str"><f t="shared" si="0"/></c>', NO_STORED_VALUE),
    ],
)
def test_errors_and_formulas_without_value_are_told_from_empty_cells(xml: str, word: str) -> None:
    assert only_cell(xml) == CellError(word)


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (1, date(1900, 1, 1)),
        (59, date(1900, 2, 28)),
        (60, None),
        (61, date(1900, 3, 1)),
        (15047.75, date(1941, 3, 12)),
        (0.5, None),
        (-1, None),
        (1e9, None),
    ],
)
def test_days_count_from_1900_with_the_day_that_never_was(serial: float, day: date | None) -> None:
    assert day_of(serial, from_1904=False) == day


def test_days_count_from_1904_without_it() -> None:
    assert day_of(60, from_1904=True) == date(1904, 3, 1)
    assert day_of(13585, from_1904=True) == date(1941, 3, 12)


@pytest.mark.parametrize("code", ["#,##0\\ [$đ-42A]", '0" đồng/tháng"', "0.00E+00", "@", "General", "[Red]0"])
def test_formats_of_numbers_make_no_days(code: str) -> None:
    assert not is_date_format(code)


@pytest.mark.parametrize("code", ["[$-42A]dd/mm/yyyy;@", 'mm"/"yyyy', "d\\-m\\-yyyy", "yyyy/mm/dd hh:mm:ss.000"])
def test_formats_of_days_make_days(code: str) -> None:
    assert is_date_format(code)


def test_only_styles_of_cells_count_and_own_formats_go_before_built_in_ones() -> None:
    styles = (
        f"<styleSheet xmlns='{MAIN}'><numFmts><numFmt numFmtId='170' formatCode='dd/mm/yyyy'/>"
        "<numFmt numFmtId='15' formatCode='0.0'/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
        "<cellXfs><xf numFmtId='0'/><xf numFmtId='170'/><xf numFmtId='14'/><xf numFmtId='15'/></cellXfs></styleSheet>"
    )
    assert read_date_styles(io.BytesIO(styles.encode())) == {1, 2}


def test_runs_of_a_shared_string_are_joined_without_reading_aids() -> None:
    strings = (
        f"<sst xmlns='{MAIN}'><si><t>Lê</t></si><si><r><t>Lê </t></r><r><t>An</t></r><rPh><t>x</t></rPh></si></sst>"
    )
    assert read_shared_strings(io.BytesIO(strings.encode())) == ["Lê", "Lê An"]

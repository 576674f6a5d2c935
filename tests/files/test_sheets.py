"""Where in a workbook the list stands: sheets, headings, rows, and how far its cells reach."""

import re

import pytest

from services.registry.headings import HEADINGS, REQUIRED
from tests.files.lists import SINH, head, row_of, sheet_of
from tests.files.office import Finding, Office
from tests.files.workbooks import DATE, Sheet, Value, Xml, book, number, row

FULL = {heading: SINH.get(heading, "") for heading in HEADINGS}
NOTES = Sheet(row(1, ["Ghi chú", "Loại"]) + row(2, ["x", "TĂNG"]), "Ghi chú")
LOWER = Sheet(row(1, ["DANH SÁCH ĐỐI TƯỢNG"]) + head(3) + row_of(4, SINH), "Bản cũ")
UPPER = tuple(f" {heading.upper()}\u200b".replace(" ", "\xa0\n") for heading in HEADINGS)
DECOMPOSED = "Họ va\u0300 te\u0302n"
TWO_TIERS = Sheet(
    row(1, ["Loại", "Người hưởng", *[None] * 6, *HEADINGS[8:]]) + row(2, [None, *HEADINGS[1:8]]) + row_of(3, SINH),
    after="<mergeCells><mergeCell ref='B1:H1'/></mergeCells>",
)
FAR = "<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>{}</t></is></c></row>"


def renamed(**names: str) -> list[str]:
    """The headings with some of them written otherwise (by position `h1`, `h2` …)."""
    return [names.get(f"h{at}", heading) for at, heading in enumerate(HEADINGS, 1)]


@pytest.mark.parametrize(
    ("content", "slug", "words"),
    [
        (book(NOTES), "headings-missing", ["“Ghi chú”", "“Họ và tên”"]),
        (book(NOTES, Sheet("", "Trống")), "headings-missing", ["“Ghi chú”"]),
        (book(Sheet(row(1, ["a"]), "Một"), Sheet(row(1, ["b"]), "Hai")), "headings-missing", ["“Một”", "“Hai”"]),
        (book(sheet_of(SINH, name="Một"), sheet_of(SINH, name="Hai")), "several-sheets", ["“Một”, “Hai”"]),
        (book(sheet_of(SINH, name="Mới"), LOWER), "several-sheets", ["“Mới”, “Bản cũ”"]),
        (book(sheet_of(SINH, state="hidden"), NOTES), "headings-missing", ["“Ghi chú”"]),
        (book(sheet_of(SINH, state="veryHidden")), "no-cells", ["đang hiện"]),
        (book(LOWER), "headings-missing", ["“Loại”", "dòng 1", "dòng 3", "xóa các dòng phía trên"]),
        (book(TWO_TIERS), "headings-missing", ["“Họ và tên”", "“Địa chỉ”", "dòng 2"]),
        (book(Sheet(head(1, renamed(h2="Tên")) + row_of(2, SINH))), "headings-missing", ["“Họ và tên”"]),
        (book(Sheet(head(1, [*HEADINGS, "loại"]) + row_of(2, SINH))), "headings-doubled", ["“Loại”", "dòng 1"]),
        (book(Sheet(head())), "no-rows", ["no_change"]),
        (book(Sheet(head() + row(2, [" ", "\u200b", None, "_x000D_"]))), "no-rows", ["no_change"]),
        (book(Sheet("")), "no-cells", ["mẫu"]),
        (book(Sheet(head() + row_of(2, SINH) + FAR.format("x"))), "table-too-large", ["20.000 dòng × 100 cột"]),
        (book(Sheet(head() + row_of(2, SINH) + row(20_001, ["x"]))), "table-too-large", ["“Danh sách”"]),
        (book(Sheet(head() + row(2, ["x"], first=101))), "table-too-large", ["100 cột"]),
        (book(sheet_of(SINH), Sheet(row(1, [1]) + row(30_000, [1]), "Xa")), "table-too-large", ["“Xa”"]),
    ],
)
async def test_refused_naming_what_stands_where(office: Office, content: bytes, slug: str, words: list[str]) -> None:
    problem = await office.refuse(content)
    assert problem["type"] == f"/problems/{slug}"
    assert problem["status"] == (413 if slug == "table-too-large" else 422)
    for word in words:
        assert word in problem["detail"]


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        (book(NOTES, sheet_of(SINH)), [2]),
        (book(sheet_of(SINH), sheet_of(SINH, SINH, name="Ẩn", state="hidden")), [2]),
        (book(Sheet(head(3) + row_of(7, SINH))), [7]),
        (book(Sheet(head(5, first=4) + row_of(6, SINH, first=4))), [6]),
        (book(Sheet(row(1, [" ", "\xa0"]) + head(2) + row_of(3, SINH))), [3]),
        (book(Sheet(head(1, UPPER) + row_of(2, SINH))), [2]),
        (book(Sheet(head(1, renamed(h2=DECOMPOSED)) + row_of(2, SINH))), [2]),
        (book(Sheet(head(1, [*REQUIRED, "Ghi chú"]) + row_of(2, {**SINH, "Số quyết định": "\xa0"}))), [2]),
        (book(Sheet(head(1048000) + row_of(1048576, SINH))), [1048576]),
        (book(Sheet(head() + row_of(2, SINH) + FAR.format(" "))), [2]),
        (book(Sheet(head() + row_of(2, SINH) + "<row r='1048576'><c r='A1048576' s='1'/></row>")), [2]),
        (book(Sheet(head() + row_of(2, SINH, "spans='1:20' hidden='0'"))), [2]),
        (book(Sheet(row_of(2, SINH) + head())), [2]),
        (book(Sheet(re.sub(" r='[A-Z]*[0-9]'", "", head() + row_of(2, FULL)))), [2]),
    ],
)
async def test_rows_keep_the_numbers_of_the_sheet(office: Office, content: bytes, numbers: list[int]) -> None:
    taken = await office.take(content)
    assert list(taken.rows) == numbers
    assert taken.errors == []
    assert all(cells["Họ và tên"] == "Phan Văn Sinh" for cells in taken.rows.values())


async def test_an_error_far_down_names_the_row_of_the_sheet(office: Office) -> None:
    taken = await office.take(book(Sheet(head(3) + row_of(5, SINH) + row_of(900, {**SINH, "Giới tính": "Nam nữ"}))))
    assert taken.errors == [(900, "Giới tính", "word-unknown"), (900, "Số định danh", "row-doubled")]
    assert "dòng 5" in taken.messages[900, "Số định danh", "row-doubled"]


async def test_a_hidden_row_is_read_with_a_warning(office: Office) -> None:
    other = {**SINH, "Số định danh": "001040146716", "Họ và tên": "Lê Văn Hai"}
    taken = await office.take(book(Sheet(head() + row_of(2, SINH, "hidden='1'") + row_of(3, other))))
    assert list(taken.rows) == [2, 3]
    assert taken.errors == []
    assert taken.warnings == [(2, "Loại", "row-hidden")]


def strange(*values: Value) -> bytes:
    return book(Sheet(head() + row_of(2, SINH) + row(3, values)))


@pytest.mark.parametrize(
    ("content", "errors"),
    [
        (strange(None, "Tổng cộng: 1 người"), [(3, "Loại", "cell-missing")]),
        (strange(*[None] * 11, 440000), [(3, "Loại", "cell-missing")]),
        (strange(*[None] * 30, "Người lập biểu"), [(3, "Loại", "cell-missing")]),
        (strange("Tổng cộng"), [(3, "Loại", "word-unknown")]),
        (strange(None, Xml("t='e'", "<v>#N/A</v>")), [(3, "Loại", "cell-missing")]),
    ],
)
async def test_totals_and_signatures_are_errors_of_their_rows(
    office: Office, content: bytes, errors: list[Finding]
) -> None:
    taken = await office.take(content)
    assert taken.errors == errors


@pytest.mark.parametrize(
    ("serial", "birth"), [(13209, "01/03/1940"), ("13209.75", "01/03/1940"), (0, "01/01/1904"), (1461, "01/01/1908")]
)
async def test_days_that_count_from_1904(office: Office, serial: object, birth: str) -> None:
    sheet = sheet_of({**SINH, "Số định danh": None, "Ngày sinh": number(str(serial), DATE)})
    taken = await office.take(book(sheet, properties="<workbookPr date1904='1'/>"))
    assert taken.errors == []
    assert taken.rows[2]["Ngày sinh"] == birth


async def test_a_formula_with_a_stored_inline_text_counts_by_it(office: Office) -> None:
    stored = Xml("t='inlineStr'", '<f>"Na"&amp;"m"</f><is><t>Nam</t></is>')
    assert (await office.take(book(sheet_of({**SINH, "Giới tính": stored})))).errors == []


async def test_strings_shared_in_runs_and_with_reading_aids_are_joined(office: Office) -> None:
    shared = "<si><r><t>Phan </t></r><r><t>Văn Sinh</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>"
    sheet = sheet_of({**SINH, "Họ và tên": Xml("t='s'", "<v>0</v>")})
    taken = await office.take(book(sheet, shared=shared))
    assert taken.errors == []
    assert taken.rows[2]["Họ và tên"] == "Phan Văn Sinh"


async def test_merged_cells_count_where_their_value_stands(office: Office) -> None:
    second = {**SINH, "Loại": None, "Số định danh": "001040146716", "Họ và tên": "Lê Văn Hai"}
    sheet = Sheet(
        head() + row_of(2, SINH) + row_of(3, second), after="<mergeCells><mergeCell ref='A2:A3'/></mergeCells>"
    )
    assert (await office.take(book(sheet))).errors == [(3, "Loại", "cell-missing")]


async def test_a_full_list_of_20000_rows_is_the_largest(office: Office) -> None:
    blank = "".join(row(at, ["\u200b"]) for at in range(20_001, 30_000))
    taken = await office.take(book(Sheet(head() + row_of(20_000, SINH) + blank)))
    assert list(taken.rows) == [20_000]

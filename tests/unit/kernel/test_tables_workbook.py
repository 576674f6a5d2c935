"""XLSX files as they really come, built by hand so that every trap is in them."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import pytest
import xlsxwriter

from services.kernel.tables.read import read_table
from services.kernel.tables.table import NO_STORED_VALUE, CellError, Table, UnreadableTable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADINGS = ("Loại", "Họ và tên", "Ngày sinh")
HEAD = '<row r="1">{}</row>'.format(
    "".join(f'<c r="{at}1" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in zip("ABC", HEADINGS, strict=True))
)


def workbook(
    sheets: Mapping[str, str], *, states: Mapping[str, str] | None = None, namespace: str = MAIN, **parts: str
) -> bytes:
    """A package with the given `sheetData` by sheet name; `parts`: strings, styles, properties as XML."""
    names = list(sheets)
    listed = "".join(
        f"<sheet name={quoteattr(name)} sheetId='{at}' r:id='r{at}' state='{(states or {}).get(name, 'visible')}'/>"
        for at, name in enumerate(names, 1)
    )
    related = "".join(
        f"<Relationship Id='r{at}' Type='{RELATIONS}/worksheet' Target='worksheets/sheet{at}.xml'/>"
        for at in range(1, len(names) + 1)
    )
    for part in ("sharedStrings", "styles"):
        if part in parts:
            related += f"<Relationship Id='{part}' Type='{RELATIONS}/{part}' Target='/xl/{part}.xml'/>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        root = f"<Relationship Id='w' Type='{RELATIONS}/officeDocument' Target='xl/workbook.xml'/>"
        package.writestr("_rels/.rels", f"<Relationships xmlns='{PACKAGE}'>{root}</Relationships>")
        package.writestr(
            "xl/workbook.xml",
            f"<workbook xmlns='{namespace}' xmlns:r='{RELATIONS}'>{parts.get('properties', '')}"
            f"<sheets>{listed}</sheets></workbook>",
        )
        package.writestr("xl/_rels/workbook.xml.rels", f"<Relationships xmlns='{PACKAGE}'>{related}</Relationships>")
        for at, name in enumerate(names, 1):
            data = f"<worksheet xmlns='{namespace}'><sheetData>{sheets[name]}</sheetData></worksheet>"
            package.writestr(f"xl/worksheets/sheet{at}.xml", data)
        for part in ("sharedStrings", "styles"):
            if part in parts:
                package.writestr(f"xl/{part}.xml", parts[part])
    return buffer.getvalue()


def text(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def read(content: bytes) -> Table:
    return read_table(content, HEADINGS, ("Ghi chú",))


def refusal(content: bytes) -> UnreadableTable:
    with pytest.raises(UnreadableTable) as refused:
        read(content)
    return refused.value


def test_an_ordinary_workbook_is_read() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Tháng 11")
    sheet.write_row(0, 0, ["Ngày sinh", "Họ và tên", "Loại", "Khác"])
    sheet.write_row(1, 0, ["1940", "Nguyễn Văn An", "TĂNG", "x"])
    sheet.write_datetime(2, 0, date(1941, 3, 12), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_row(2, 1, ["Lê Thị Bé", "GIẢM"])
    book.close()
    table = read(buffer.getvalue())
    assert table.columns == {"Loại": 3, "Họ và tên": 2, "Ngày sinh": 1}
    assert [(row.number, dict(row.cells)) for row in table.rows] == [
        (2, {"Ngày sinh": "1940", "Họ và tên": "Nguyễn Văn An", "Loại": "TĂNG"}),
        (3, {"Ngày sinh": date(1941, 3, 12), "Họ và tên": "Lê Thị Bé", "Loại": "GIẢM"}),
    ]


def test_a_workbook_of_another_writer_is_read_the_same() -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append(["TĂNG", "Nguyễn Văn An", date(1941, 3, 12)])
    book.active.append(["TĂNG", "=A2&1", 1940])
    buffer = io.BytesIO()
    book.save(buffer)
    rows = read(buffer.getvalue()).rows
    assert rows[0].cells["Ngày sinh"] == date(1941, 3, 12)
    assert rows[1].cells == {"Loại": "TĂNG", "Họ và tên": CellError(NO_STORED_VALUE), "Ngày sinh": 1940}


def test_leading_empty_rows_and_columns_do_not_shift_row_numbers() -> None:
    rows = '<row r="4">{}</row><row r="6">{}</row>'.format(
        "".join(text(f"{column}4", heading) for column, heading in zip("DEF", HEADINGS, strict=True)),
        text("D6", "TĂNG") + text("E6", "An"),
    )
    table = read(workbook({"Sheet1": rows}))
    assert table.columns == {"Loại": 4, "Họ và tên": 5, "Ngày sinh": 6}
    assert [row.number for row in table.rows] == [6]


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    styles = f"<styleSheet xmlns='{MAIN}'><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"
    sheets = {"Sheet1": f'{HEAD}<row r="2"><c r="C2" s="1"><v>13585</v></c></row>'}
    content = workbook(sheets, styles=styles, properties="<workbookPr date1904='1'/>")
    assert read(content).rows[0].cells["Ngày sinh"] == date(1941, 3, 12)


def test_rows_and_cells_without_references_follow_each_other() -> None:
    bare = HEAD.replace('r="1"', "").replace(' r="A1"', "").replace(' r="B1"', "").replace(' r="C1"', "")
    row = '<row><c t="inlineStr"><is><t>TĂNG</t></is></c><c/><c><v>1940</v></c></row>'
    (only,) = read(workbook({"Sheet1": bare + row})).rows
    assert (only.number, only.cells) == (2, {"Loại": "TĂNG", "Ngày sinh": 1940})


def test_strict_open_xml_and_shared_strings_are_read() -> None:
    strings = (
        f"<sst xmlns='{STRICT}'><si><t>Lê</t></si><si><r><t>Lê </t></r><r><t>An</t></r><rPh><t>x</t></rPh></si></sst>"
    )
    content = workbook(
        {"Sheet1": f'{HEAD}<row r="2">{text("A2", "TĂNG")}<c r="B2" t="s"><v>1</v></c></row>'},
        namespace=STRICT,
        sharedStrings=strings,
    )
    assert read(content).rows[0].cells["Họ và tên"] == "Lê An"


def test_a_shared_string_that_is_not_there_means_damage() -> None:
    assert refusal(workbook({"S": f'{HEAD}<row r="2"><c r="B2" t="s"><v>7</v></c></row>'})).code == "workbook-broken"


def test_hidden_sheets_are_not_read_and_visible_ones_are_found_wherever_they_stand() -> None:
    row = f'{HEAD}<row r="2">{text("A2", "TĂNG")}</row>'
    sheets = {"Danh mục": f'<row r="1">{text("A1", "BTXH.05C")}</row>', "Cũ": row, "Rất cũ": row, "Danh sách": row}
    table = read(workbook(sheets, states={"Cũ": "hidden", "Rất cũ": "veryHidden"}))
    assert len(table.rows) == 1


def test_several_sheets_with_the_headings_are_named() -> None:
    refused = refusal(workbook({"Một": HEAD, "Hai": HEAD}))
    assert refused.code == "several-sheets"
    assert "“Một”, “Hai”" in refused.message_vi


def test_no_sheet_with_the_headings_names_the_sheets_and_the_headings() -> None:
    refused = refusal(
        workbook({"Bìa": f'<row r="1">{text("A1", "x")}</row>', "Phụ": f'<row r="1">{text("A1", "y")}</row>'})
    )
    assert refused.code == "headings-missing"
    assert "“Loại”, “Họ và tên”, “Ngày sinh”" in refused.message_vi
    assert "“Bìa”, “Phụ”" in refused.message_vi


def test_headings_under_a_title_are_refused_with_their_row() -> None:
    title = f'<row r="1">{text("A1", "DANH SÁCH TĂNG GIẢM THÁNG 11")}</row>'
    refused = refusal(workbook({"Sheet1": title + HEAD.replace('1"', '3"')}))
    assert refused.code == "headings-missing"
    assert "dòng 3" in refused.message_vi


def test_headings_on_two_tiers_name_the_lower_row() -> None:
    upper = text("A1", "Loại") + text("B1", "Người")
    lower = text("B2", "Họ và tên") + text("C2", "Ngày sinh")
    refused = refusal(workbook({"Sheet1": f'<row r="1">{upper}</row><row r="2">{lower}</row>'}))
    assert "“Họ và tên”, “Ngày sinh”" in refused.message_vi
    assert "“Loại”" not in refused.message_vi
    assert "dòng 2" in refused.message_vi


def test_doubled_headings_are_named() -> None:
    refused = refusal(workbook({"Sheet1": HEAD.replace("</row>", text("D1", "LOẠI") + "</row>")}))
    assert refused.code == "headings-doubled"
    assert "“Loại”" in refused.message_vi


def test_headings_are_compared_without_case_space_and_invisible_characters() -> None:
    head = text("A1", "LOẠI ") + text("B1", "Họ  và\ntên") + text("C1", "Nga\u0300y\u200b sinh")
    assert set(read(workbook({"Sheet1": f'<row r="1">{head}</row>'})).columns) == set(HEADINGS)


def test_hidden_rows_are_read_and_marked() -> None:
    rows = f'<row r="2" hidden="1">{text("A2", "TĂNG")}</row><row r="3">{text("A3", "GIẢM")}</row>'
    assert [row.hidden for row in read(workbook({"Sheet1": HEAD + rows})).rows] == [True, False]


def test_rows_of_blank_cells_or_running_numbers_are_none_but_any_word_is_one() -> None:
    head = HEAD.replace("</row>", text("D1", "STT") + "</row>")
    rows = (
        f'<row r="2">{text("A2", "  ")}</row>'
        '<row r="3"><c r="D3"><v>3</v></c></row>'
        f'<row r="4">{text("D4", "Tổng cộng")}</row>'
        f'<row r="5">{text("F5", "Người lập")}</row>'
    )
    assert [(row.number, dict(row.cells)) for row in read(workbook({"Sheet1": head + rows})).rows] == [(4, {}), (5, {})]


def test_a_space_in_the_last_cell_of_the_sheet_is_blank_and_does_no_harm() -> None:
    far = f'<row r="2">{text("A2", "TĂNG")}</row><row r="1048576">{text("XFD1048576", " ")}</row>'
    assert len(read(workbook({"Sheet1": HEAD + far})).rows) == 1


@pytest.mark.parametrize("far", ["XFD1048576", "A20001", "CW2"])
def test_a_used_range_over_20000_rows_or_100_columns_is_too_large(far: str) -> None:
    row = "".join(filter(str.isdigit, far))
    refused = refusal(workbook({"Sheet1": f'{HEAD}<row r="{row}">{text(far, "x")}</row>'}))
    assert (refused.code, refused.too_large) == ("table-too-large", True)


def test_a_used_range_of_just_20000_rows_and_100_columns_is_read() -> None:
    far = f'<row r="20000">{text("A20000", "TĂNG")}{text("CV20000", "x")}</row>'
    assert [row.number for row in read(workbook({"Sheet1": HEAD + far})).rows] == [20000]


def test_a_workbook_that_unpacks_to_more_than_200_mb_is_too_large() -> None:
    buffer = io.BytesIO(workbook({"Sheet1": HEAD}))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for at in range(3):
            package.writestr(f"xl/media/{at}.bmp", bytes(70 * 1024 * 1024))
    refused = refusal(buffer.getvalue())
    assert (refused.code, refused.too_large) == ("workbook-too-large", True)


def test_a_file_over_20_mb_is_too_large() -> None:
    assert refusal(b"PK" + bytes(20 * 1024 * 1024)).code == "file-too-large"


def test_a_workbook_cut_off_is_refused() -> None:
    content = workbook({"Sheet1": HEAD})
    assert refusal(content[: len(content) // 2]).code == "workbook-broken"
    assert refusal(content[:10]).code == "workbook-broken"


def test_a_damaged_part_is_refused() -> None:
    assert refusal(workbook({"Sheet1": HEAD + "<row r='2'><c></row>"})).code == "workbook-broken"
    assert refusal(workbook({"Sheet1": HEAD + "<row r='nought'/>"})).code == "workbook-broken"
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook({"S": HEAD}))) as good, zipfile.ZipFile(stored, "w") as package:
        for name in good.namelist():
            package.writestr(name, good.read(name))
    assert refusal(stored.getvalue().replace("Họ và tên".encode(), "Họ và tẽn".encode(), 1)).code == "workbook-broken"


def test_a_doctype_is_refused_before_any_entity_is_expanded() -> None:
    strings = f"<!DOCTYPE sst [<!ENTITY a 'aaaa'>]><sst xmlns='{MAIN}'><si><t>&a;</t></si></sst>"
    refused = refusal(workbook({"Sheet1": HEAD}, sharedStrings=strings))
    assert refused.code == "workbook-broken"
    assert "DOCTYPE" in refused.message_en


def test_a_workbook_under_a_password_is_refused_as_such() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    refused = refusal(ole)
    assert refused.code == "workbook-password"
    assert "mật khẩu" in refused.message_vi


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "XLS"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "HTML"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", "HTML"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b"%PDF-1.7 \xe2\xe3", "PDF"),
    ],
)
def test_other_files_under_the_name_of_a_workbook_are_named(content: bytes, named: str) -> None:
    refused = refusal(content)
    assert refused.code == "not-a-workbook"
    assert named in refused.message_vi
    assert ".xlsx" in refused.message_vi


def test_other_packages_are_no_workbook() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("content.xml", "<x/>")
    assert "ODS" in refusal(buffer.getvalue()).message_vi


@pytest.mark.parametrize("content", [b"", b"\r\n  \n", bytes(100)])
def test_an_empty_file_is_refused_as_such(content: bytes) -> None:
    assert refusal(content).code == "file-empty"


def test_an_empty_sheet_is_refused_as_such() -> None:
    assert refusal(workbook({"Sheet1": ""})).code == "no-cells"

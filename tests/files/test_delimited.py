"""CSV as spreadsheets, databases and people write it."""

import pytest

from services.kernel.names import split_tone
from services.registry.headings import HEADINGS, REQUIRED
from tests.files.lists import SINH, csv_text
from tests.files.office import Office

TEXT = csv_text(SINH)
SEMICOLONS = csv_text(SINH, separator=";")
ADDRESS = {**SINH, "Địa chỉ": 'Thôn "Trên"\nxã Cao Viên, số 5'}


def windows(text: str) -> bytes:
    """As Windows writes Vietnamese: a tone is a character of its own where the page has no whole letter."""
    return "".join("".join(split_tone(letter)) for letter in text).encode("cp1258")


def tcvn3(text: str) -> bytes:
    """The headings in the old font: other bytes, and none of them says so."""
    return text.replace("Loại", "Lo¹i").replace("Họ và tên", "Hä vµ tªn").encode("utf-8")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT.encode(), id="UTF-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="UTF-8 with BOM"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16 little-endian"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="UTF-16 big-endian"),
        pytest.param(windows(TEXT), id="Windows-1258"),
        pytest.param(windows(SEMICOLONS), id="Windows-1258 with semicolons"),
        pytest.param(SEMICOLONS.encode(), id="semicolons"),
        pytest.param(csv_text(SINH, separator="\t").encode("utf-16"), id="tabs, as Excel's Unicode text"),
        pytest.param(f"sep=;\r\n{SEMICOLONS}".encode(), id="sep line"),
        pytest.param(f"\ufeffSEP=,\n{TEXT}".encode(), id="sep line after a BOM"),
        pytest.param(f'"sep=;"\n{SEMICOLONS}'.encode(), id="quoted sep line"),
        pytest.param(TEXT.replace("\r\n", "\n").encode(), id="LF"),
        pytest.param(TEXT.replace("\r\n", "\r").encode(), id="CR"),
        pytest.param(TEXT.rstrip("\r\n").encode(), id="no line end at the end"),
        pytest.param(f"\r\n;;;\r\n{SEMICOLONS}".encode(), id="blank records before"),
        pytest.param(f"{TEXT}\r\n\r\n,,,\r\n".encode(), id="blank records after"),
        pytest.param(csv_text(SINH, headings=HEADINGS).encode(), id="both headings that may be there"),
        pytest.param(csv_text(SINH, headings=["STT", *reversed(REQUIRED)]).encode(), id="another order and column"),
        pytest.param(TEXT.replace("Họ và tên", '"Họ và\ntên"').encode(), id="a heading over two lines"),
    ],
)
async def test_read(office: Office, content: bytes) -> None:
    taken = await office.take(content, "danh-sach.csv")
    assert list(taken.rows) == [2]
    assert taken.errors == taken.warnings == []
    assert taken.rows[2]["Họ và tên"] == "Phan Văn Sinh"
    assert taken.rows[2]["Số định danh"] == "001040146715"


@pytest.mark.parametrize(
    ("content", "slug", "words"),
    [
        pytest.param(TEXT.encode("utf-16")[:-1], "encoding", "UTF-16", id="half a character of UTF-16"),
        pytest.param(b"\xef\xbb\xbf" + windows(TEXT), "encoding", "UTF-8", id="BOM of another encoding"),
        pytest.param(TEXT.encode("utf-16-le"), "encoding", "CSV UTF-8", id="UTF-16 without BOM"),
        pytest.param(TEXT.encode("utf-32"), "encoding", "CSV UTF-8", id="UTF-32"),
        pytest.param(TEXT.replace("Văn", "V\x00n").encode(), "encoding", "CSV UTF-8", id="NUL bytes"),
        pytest.param("Loại;Họ".encode("cp1258", "replace") + b"\xff", "encoding", "CSV UTF-8", id="no headings there"),
        pytest.param(tcvn3(TEXT).decode().encode("latin-1", "replace"), "encoding", "CSV UTF-8", id="TCVN3 bytes"),
        pytest.param(tcvn3(TEXT), "headings-missing", "“Họ và tên”", id="TCVN3 as UTF-8"),
        pytest.param(TEXT.replace(",", "|").encode(), "headings-missing", "CSV UTF-8", id="another separator"),
        pytest.param(TEXT.replace("Mục,", "Mục;").encode(), "headings-missing", "“Mục”", id="two in the headings"),
        pytest.param(f"Danh sách\n{TEXT}".encode(), "headings-missing", "dòng 2", id="a title above"),
        pytest.param(TEXT.encode()[:-20], "file-cut-off", "bản ghi 2", id="cut off in a record"),
        pytest.param(TEXT.replace("Phan", '"Phan').encode(), "file-cut-off", "bản ghi 2", id="cut off in a quote"),
        pytest.param(TEXT.replace("Phan Văn", '"Phan" Văn').encode(), "csv-broken", "dấu nháy", id="quotes inside"),
        pytest.param(TEXT.replace("001040146715", "1,2,3,4,5,6,7,8,9,0").encode(), "record-too-long", "2", id="long"),
        pytest.param(TEXT.splitlines()[0].encode(), "no-rows", "no_change", id="headings only"),
        pytest.param(b"hello", "headings-missing", "“Loại”", id="any text"),
        pytest.param(b'{"commune": "10114"}', "headings-missing", "“Loại”", id="JSON as a file"),
    ],
)
async def test_refused(office: Office, content: bytes, slug: str, words: str) -> None:
    problem = await office.refuse(content, "danh-sach.csv")
    assert (problem["status"], problem["type"]) == (422, f"/problems/{slug}")
    assert words in problem["detail"]


async def test_more_rows_than_a_list_may_have(office: Office) -> None:
    problem = await office.refuse((TEXT + "x\r\n" * 20_000).encode())
    assert (problem["status"], problem["type"]) == (413, "/problems/table-too-large")


async def test_quoted_separators_quotes_and_line_breaks_are_part_of_the_field(office: Office) -> None:
    taken = await office.take(csv_text(ADDRESS, {**SINH, "Loại": "X"}).encode())
    assert taken.rows[2]["Địa chỉ"] == 'Thôn "Trên" xã Cao Viên, số 5'
    assert [row for row, _, code in taken.errors if code == "word-unknown"] == [3]


async def test_blank_records_are_no_rows_and_count_all_the_same(office: Office) -> None:
    lines = TEXT.splitlines()
    other = lines[1].replace("001040146715", "12345")
    taken = await office.take("\n".join([lines[0], "", " , ", other, ""]).encode())
    assert list(taken.rows) == [4]
    assert taken.errors == [(4, "Số định danh", "citizen-id-length")]


async def test_records_of_another_separator_are_errors_of_their_rows(office: Office) -> None:
    taken = await office.take((TEXT + csv_text(SINH, separator=";").splitlines()[1] + "\n").encode())
    assert next(error for error in taken.errors if error[0] == 3) == (3, "Loại", "word-unknown")
    assert not [error for error in taken.errors if error[0] == 2]


async def test_an_error_value_in_csv_is_an_error_of_its_cell(office: Office) -> None:
    taken = await office.take(TEXT.replace("001040146715", "#N/A").encode())
    assert taken.errors == [(2, "Số định danh", "cell-error")]

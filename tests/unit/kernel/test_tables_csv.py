"""CSV as people and spreadsheet programs save it."""

import unicodedata

import pytest

from services.kernel.tables.read import read_table
from services.kernel.tables.table import Table, UnreadableTable

HEADINGS = ("Loại", "Họ và tên", "Địa chỉ")
PLAIN = "Loại,Họ và tên,Địa chỉ\nTĂNG,Nguyễn Văn An,Thôn 3\n"


def read(content: bytes) -> Table:
    return read_table(content, HEADINGS)


def refusal(content: bytes) -> UnreadableTable:
    with pytest.raises(UnreadableTable) as refused:
        read(content)
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_known_by_content(encoding: str, separator: str) -> None:
    (row,) = read(PLAIN.replace(",", separator).encode(encoding)).rows
    assert (row.number, row.cells) == (2, {"Loại": "TĂNG", "Họ và tên": "Nguyễn Văn An", "Địa chỉ": "Thôn 3"})


def test_utf_16_big_endian_is_read() -> None:
    assert len(read(b"\xfe\xff" + PLAIN.encode("utf-16-be")).rows) == 1


def windows_1258(text: str) -> bytes:
    """Vietnamese letters of Windows-1258: most tones are separate characters."""
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeError:
            pieces = unicodedata.normalize("NFD", letter)
            tone = next(piece for piece in pieces if piece in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", pieces.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return out


def test_windows_1258_is_read_if_the_headings_come_out() -> None:
    assert set(read(windows_1258(PLAIN)).columns) == set(HEADINGS)


@pytest.mark.parametrize("content", [PLAIN.encode("utf-16-le"), "Lo¹i,Hä vµ tªn\n".encode("latin-1"), b"\xff\xfe\x00"])
def test_other_encodings_are_refused_with_the_remedy(content: bytes) -> None:
    refused = refusal(content)
    assert refused.code == "encoding"
    assert "lưu lại dạng .xlsx hoặc CSV UTF-8" in refused.message_vi


def test_bytes_that_are_not_of_the_stated_encoding_are_refused() -> None:
    assert refusal(b"\xef\xbb\xbf" + windows_1258(PLAIN)).code == "encoding"


@pytest.mark.parametrize("line", ["sep=;\r\n", '"sep=;"\n', "SEP=,\n"])
def test_a_separator_line_is_skipped_and_not_counted(line: str) -> None:
    (row,) = read((line + PLAIN.replace(",", ";")).encode("utf-8-sig")).rows
    assert row.number == 2


def test_quoted_line_breaks_are_part_of_the_field_and_do_not_shift_rows() -> None:
    text = 'Loại,"Họ\nvà tên",Địa chỉ\r\nTĂNG,An,"Thôn 3,\r\nxã ""A"""\r\nGIẢM,Bé,\r\n'
    rows = read(text.encode()).rows
    assert [(row.number, row.cells.get("Địa chỉ")) for row in rows] == [(2, 'Thôn 3,\r\nxã "A"'), (3, None)]


def test_blank_records_are_counted_but_are_no_rows() -> None:
    rows = read(f"\n{PLAIN}\n ,,\nGIẢM,Bé,Thôn 4\n".encode()).rows
    assert [row.number for row in rows] == [2, 5]


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_line_ends_of_other_systems_are_read(end: str) -> None:
    assert len(read(PLAIN.replace("\n", end).encode()).rows) == 1


def test_an_open_quote_means_cut_off() -> None:
    refused = refusal('Loại,Họ và tên,Địa chỉ\nTĂNG,An,"Thôn'.encode())
    assert refused.code == "file-cut-off"
    assert "bản ghi 2" in refused.message_vi


def test_quotes_in_disorder_are_refused_with_their_record() -> None:
    refused = refusal('Loại,Họ và tên,Địa chỉ\nTĂNG,"An" B,x\n'.encode())
    assert refused.code == "csv-broken"
    assert "Bản ghi 2" in refused.message_vi


def test_a_last_record_that_breaks_off_means_cut_off() -> None:
    assert refusal("Loại,Họ và tên,Địa chỉ\nTĂNG,An,x\nTĂNG,Bé".encode()).code == "file-cut-off"


def test_short_records_are_read_where_full_ones_are_not_asked_for() -> None:
    content = "Loại,Họ và tên,Địa chỉ\nTĂNG,An\nTĂNG,Bé,x\n".encode()
    assert len(read(content).rows) == 2
    with pytest.raises(UnreadableTable) as refused:
        read_table(content, HEADINGS, full_records=True)
    assert refused.value.code == "file-cut-off"


def test_a_record_with_more_filled_cells_than_headings_is_marked() -> None:
    rows = read("Loại,Họ và tên,Địa chỉ\nTĂNG,An,Thôn 3,xã A\nTĂNG,Bé,x,,\n".encode()).rows
    assert [row.overlong for row in rows] == [True, False]


def test_missing_headings_are_named() -> None:
    refused = refusal("Loại,Họ tên\nTĂNG,An\n".encode())
    assert refused.code == "headings-missing"
    assert "“Họ và tên”, “Địa chỉ”" in refused.message_vi


def test_headings_below_a_title_are_refused_with_their_record() -> None:
    assert "dòng 2" in refusal(f"DANH SÁCH\n{PLAIN}".encode()).message_vi


def test_more_than_20000_records_are_too_large() -> None:
    refused = refusal((PLAIN + "TĂNG,An,x\n" * 20_000).encode())
    assert (refused.code, refused.too_large) == ("table-too-large", True)


def test_other_text_is_no_table() -> None:
    assert refusal(b'{"rows": []}').code == "headings-missing"

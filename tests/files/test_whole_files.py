"""Files that can't be read as a list: refused whole, saying which and what to do, with nothing kept."""

import struct
import zipfile
from io import BytesIO

import pytest

from tests.files.lists import SINH, head, row_of, sheet_of, workbook
from tests.files.office import Office
from tests.files.workbooks import Sheet, Xml, book, packed, parts_of, row

GOOD = workbook(SINH)
PARTS = parts_of([sheet_of(SINH)])
SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>{}]>".format(
    "".join(f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True))
)


def without(part: str) -> bytes:
    return packed({name: content for name, content in PARTS.items() if name != part})


def replaced(part: str, old: str, new: str) -> bytes:
    return packed(PARTS | {part: str(PARTS[part]).replace(old, new)})


def flipped() -> bytes:
    """A byte of a stored part is another: only the checksum tells."""
    content = packed(PARTS, stored=[SHEET])
    return content.replace("Phan Văn Sinh".encode(), "Phan Văn Sanh".encode(), 1)


def understated() -> bytes:
    """A directory that says a part unpacks to ten bytes."""
    content = bytearray(GOOD)
    for entry in zipfile.ZipFile(BytesIO(GOOD)).infolist():
        if entry.filename == SHEET:
            at = content.find(SHEET.encode(), content.find(b"PK\x01\x02")) - 46
            content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


def encrypted_part() -> bytes:
    content = bytearray(GOOD)
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def bomb(name: str = "xl/media/image1.png", megabytes: int = 201) -> bytes:
    return packed(PARTS | {name: b"\x00" * (megabytes * 1024 * 1024)})


@pytest.mark.parametrize(
    ("content", "status", "slug", "words"),
    [
        pytest.param(b"", 422, "file-empty", "rỗng", id="no byte"),
        pytest.param(b"\x00" * 4096, 422, "file-empty", "rỗng", id="a file of NUL, as after a power cut"),
        pytest.param(b"\r\n \t\r\n", 422, "file-empty", "rỗng", id="line ends only"),
        pytest.param(b"\xef\xbb\xbf", 422, "no-cells", "không có ô nào", id="a BOM only"),
        pytest.param(GOOD[: len(GOOD) // 2], 422, "workbook-broken", "cắt ngang", id="cut off in the middle"),
        pytest.param(GOOD[:-10], 422, "workbook-broken", "cắt ngang", id="cut off at the end"),
        pytest.param(b"PK\x03\x04", 422, "workbook-broken", "hỏng", id="the first bytes only"),
        pytest.param(flipped(), 422, "workbook-broken", "hỏng", id="a byte flipped on the way"),
        pytest.param(understated(), 422, "workbook-broken", "hỏng", id="a directory that lies"),
        pytest.param(without(SHEET), 422, "workbook-broken", "hỏng", id="the sheet is missing"),
        pytest.param(without("xl/workbook.xml"), 422, "not-a-workbook", "ZIP", id="a ZIP without workbook"),
        pytest.param(packed({"a.txt": "x"}), 422, "not-a-workbook", "ZIP", id="another ZIP"),
        pytest.param(packed({"content.xml": "<x/>"}), 422, "not-a-workbook", "ODS", id="OpenDocument"),
        pytest.param(packed({"word/document.xml": "<x/>"}), 422, "not-a-workbook", "DOCX", id="Word"),
        pytest.param(packed({"xl/workbook.bin": b"x"}), 422, "not-a-workbook", "XLSB", id="binary workbook"),
        pytest.param(OLE, 422, "not-a-workbook", "XLS", id="Excel 97"),
        pytest.param(
            OLE + "EncryptedPackage".encode("utf-16-le"), 422, "workbook-password", "mật khẩu", id="under a password"
        ),
        pytest.param(encrypted_part(), 422, "workbook-password", "mật khẩu", id="a part under a password"),
        pytest.param(b"<html><table><tr><td>a", 422, "not-a-workbook", "HTML", id="HTML named .xlsx"),
        pytest.param(b"\xef\xbb\xbf\n<!DOCTYPE html>", 422, "not-a-workbook", "HTML", id="HTML with BOM"),
        pytest.param(b"<style>td{}</style><table>", 422, "not-a-workbook", "HTML", id="HTML from its middle"),
        pytest.param(b"<?xml version='1.0'?><Workbook/>", 422, "not-a-workbook", "XML", id="XML of 2003"),
        pytest.param(b"%PDF-1.7 ...", 422, "not-a-workbook", "PDF", id="PDF"),
        pytest.param(b"\xff\xd8\xff\xe0 photo", 422, "not-a-workbook", "JPEG", id="a photo of the list"),
        pytest.param(b"Rar!\x1a\x07", 422, "not-a-workbook", "RAR", id="RAR"),
        pytest.param(replaced(SHEET, "</row>", ""), 422, "workbook-broken", "hỏng", id="a part not well-formed"),
        pytest.param(replaced(SHEET, "<worksheet", "\x01<worksheet"), 422, "workbook-broken", "hỏng", id="a raw NUL"),
        pytest.param(
            book(Sheet(head() + row_of(2, SINH), prolog=ENTITIES)), 422, "workbook-broken", "hỏng", id="billion laughs"
        ),
        pytest.param(
            book(Sheet(head(), prolog="<!DOCTYPE x SYSTEM 'file:///etc/hostname'>")),
            422,
            "workbook-broken",
            "hỏng",
            id="an outside entity",
        ),
        pytest.param(
            book(Sheet(head() + row(2, [Xml("t='s'", "<v>7</v>")])), shared="<si><t>TĂNG</t></si>"),
            422,
            "workbook-broken",
            "hỏng",
            id="a shared string that is not there",
        ),
        pytest.param(
            book(Sheet(head() + row(2, [Xml("t='s'", "<v>-1</v>")])), shared="<si><t>TĂNG</t></si>"),
            422,
            "workbook-broken",
            "hỏng",
            id="a shared string before the first",
        ),
        pytest.param(
            book(Sheet(head() + row_of(2, SINH) + row_of(2, SINH))), 422, "workbook-broken", "hỏng", id="a row twice"
        ),
        pytest.param(
            book(Sheet(head() + "<row r='2'><c r='A2'><v>1</v></c><c r='A2'><v>2</v></c></row>")),
            422,
            "workbook-broken",
            "hỏng",
            id="a cell twice",
        ),
        pytest.param(book(Sheet(head() + "<row r='0'/>")), 422, "workbook-broken", "hỏng", id="row 0"),
        pytest.param(book(Sheet(head() + "<row r='1048577'/>")), 422, "workbook-broken", "hỏng", id="row 1,048,577"),
        pytest.param(
            book(Sheet(head() + "<row r='2'><c r='XFE2'><v>1</v></c></row>")),
            422,
            "workbook-broken",
            "hỏng",
            id="a column after the last",
        ),
        pytest.param(bomb(), 413, "workbook-too-large", "200 MB", id="a bomb in a picture"),
        pytest.param(bomb(SHEET), 413, "workbook-too-large", "200 MB", id="a bomb in the sheet"),
        pytest.param(GOOD + b"\x00" * 20 * 1024 * 1024, 413, "too-large", "20 MB", id="over 20 MB"),
    ],
)
async def test_refused_whole(office: Office, content: bytes, status: int, slug: str, words: str) -> None:
    problem = await office.refuse(content)
    assert (problem["status"], problem["type"]) == (status, f"/problems/{slug}")
    assert words in problem["detail"]


async def test_a_refusal_is_told_in_english_too(office: Office) -> None:
    fields = {"commune": "10126", "period": "2023-11"}
    response = await office.ask(
        "POST",
        "/registry/change-lists",
        "10126",
        files={"file": ("a.xlsx", OLE)},
        data=fields,
        headers={"Accept-Language": "en"},
    )
    assert response.status_code == 422
    assert response.json()["detail"].startswith("The file is XLS (Excel 97–2003), not an .xlsx workbook")


@pytest.mark.parametrize("name", ["danh-sach.csv", "danh sách.XLS", "x.pdf", "không đuôi"])
async def test_the_format_is_known_by_content_whatever_the_name(office: Office, name: str) -> None:
    assert (await office.take(GOOD, name)).errors == []


async def test_a_sheet_in_another_encoding_is_read(office: Office) -> None:
    parts = dict(PARTS)
    parts[SHEET] = ("<?xml version='1.0' encoding='UTF-16'?>" + str(PARTS[SHEET])).encode("utf-16")
    taken = await office.take(packed(parts))
    assert taken.errors == []
    assert taken.rows[2]["Họ và tên"] == "Phan Văn Sinh"


async def test_a_workbook_that_packs_well_is_read(office: Office) -> None:
    note = Xml("t='inlineStr'", f"<is><t>{' ' * 50_000_000}</t></is>")
    content = book(Sheet(head() + row_of(2, SINH) + row(3, [note])))
    assert len(content) < 100_000
    assert list((await office.take(content)).rows) == [2]

"""Reads a table that people or banks hand in, whatever its name says: XLSX or CSV, known by content.

Takes CPU and memory in proportion to the file: call it in a worker that may end without harm.
"""

import re
from collections.abc import Sequence

from services.kernel.tables.delimited import read_delimited
from services.kernel.tables.headings import choose_table
from services.kernel.tables.table import MAX_BYTES, Table, UnreadableTable
from services.kernel.tables.workbook import not_a_workbook, read_workbook, under_password

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x1f\x8b": "GZIP",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:[a-z]|!doctype|!--|\?xml)", re.IGNORECASE)


def read_table(
    content: bytes, required: Sequence[str], known: Sequence[str] = (), *, full_records: bool = False
) -> Table:
    """The rows under the headings of an XLSX or CSV file, read to its end.

    Args:
        content: the bytes of the file.
        required: headings that must be there; all others but `known` are ignored, with what stands under them.
        known: headings that are read where they are there.
        full_records: a CSV record with fewer cells than headings means that the file is cut off.

    Raises:
        UnreadableTable: not such a file, damaged, too large, or without the headings; says what to do.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableTable(
            "file-too-large",
            "Tệp lớn hơn 20 MB. Bỏ hình ảnh, trang tính thừa, hoặc chia thành nhiều tệp.",
            "The file is larger than 20 MB. Remove pictures and spare sheets, or split it.",
            too_large=True,
        )
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableTable(
            "file-empty",
            "Tệp rỗng, không có nội dung. Lưu lại tệp rồi gửi lại.",
            "The file is empty. Save it and send it again.",
        )
    _refuse_other_kinds(content)
    if content.startswith(b"PK"):
        return choose_table(read_workbook(content), required, known)
    return choose_table([read_delimited(content, required, full_records=full_records)], required, known)


def _refuse_other_kinds(content: bytes) -> None:
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise under_password()
        raise not_a_workbook("XLS (Excel 97–2003)")
    if _MARKUP.match(content):
        raise not_a_workbook("HTML/XML")
    for mark, kind in _OTHER.items():
        if content.startswith(mark):
            raise not_a_workbook(kind)

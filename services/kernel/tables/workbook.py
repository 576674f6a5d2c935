"""An XLSX package (ECMA-376 parts 1 and 2): which sheets are visible, and their cells.

Read with the standard library and not with a spreadsheet library, for three reasons tried out: calamine allocates the
used range before anything can be measured (a 6 KB file asks for 550 GB and ends the process), it gives error cells and
formulas without stored value as empty, and it shifts row numbers by leading empty rows. Expat reads 20,000 rows of 20
cells in about a second.
"""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import IO
from urllib.parse import unquote

from services.kernel.tables.grid import Grid
from services.kernel.tables.sheet import SheetContext, read_sheet
from services.kernel.tables.strings import read_shared_strings
from services.kernel.tables.styles import read_date_styles
from services.kernel.tables.table import MAX_UNPACKED, UnreadableTable
from services.kernel.tables.xml_events import broken_workbook, each_element

_OTHER_KINDS = {"xl/workbook.bin": "XLSB", "content.xml": "ODS", "word/document.xml": "DOCX", "Index.zip": "Numbers"}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)
"""What reading a ZIP raises where its directory or its parts are not what they say."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    relation: str
    visible: bool


class _Package:
    """The parts of a ZIP by name, without regard to case; measured before anything is unpacked."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except _DAMAGE as error:
            raise broken_workbook("the ZIP directory is missing") from error
        entries = self._zip.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise under_password()
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise UnreadableTable(
                "workbook-too-large",
                "Tệp Excel khi giải nén lớn hơn 200 MB. Bỏ hình ảnh, trang tính thừa, hoặc chia thành nhiều tệp.",
                "The workbook unpacks to more than 200 MB. Remove pictures and spare sheets, or split it.",
                too_large=True,
            )
        if any(entry.compress_type not in _METHODS for entry in entries):
            raise broken_workbook("a part is packed in a way that spreadsheets do not use")
        self._names = {entry.filename.lower(): entry.filename for entry in entries}
        if len(self._names) != len(entries):
            raise broken_workbook("a part is there twice")

    def has(self, name: str) -> bool:
        return name.lower() in self._names

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """Opens a part. Raises UnreadableTable if it is missing, or damaged when read."""
        if not self.has(name):
            raise broken_workbook("a part is missing")
        try:
            with self._zip.open(self._names[name.lower()]) as file:
                yield file
        except _DAMAGE as error:
            raise broken_workbook("a part is cut off") from error

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """The relationships of a part: id -> (last word of the type, name of the target part)."""
        folder, base = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        found: dict[str, tuple[str, str]] = {}

        def start(element: str, attributes: dict[str, str]) -> None:
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, unquote(attributes.get("Target", ""))))
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target.lstrip("/"))

        if self.has(listing):
            with self.part(listing) as file:
                each_element(file, start)
        return found


def under_password() -> UnreadableTable:
    """The file is encrypted."""
    return UnreadableTable(
        "workbook-password",
        "Tệp Excel có mật khẩu. Mở tệp, bỏ mật khẩu (Tệp → Thông tin → Bảo vệ sổ làm việc), lưu lại rồi gửi lại.",
        "The workbook is under a password. Open it, remove the password, save it and send it again.",
    )


def read_workbook(content: bytes) -> list[Grid]:
    """The visible sheets with their cells that are not blank. Raises UnreadableTable."""
    package = _Package(content)
    workbook = next((target for kind, target in package.relations("").values() if kind == "officeDocument"), None)
    if workbook is None or not workbook.lower().endswith(".xml") or not package.has(workbook):
        workbook = "xl/workbook.xml"
    for part, kind in _OTHER_KINDS.items():
        if package.has(part) and not package.has(workbook):
            raise not_a_workbook(kind)
    if not package.has(workbook):
        raise not_a_workbook("ZIP")
    return _read_sheets(package, workbook)


def not_a_workbook(kind: str) -> UnreadableTable:
    """Another kind of file, whatever its name says."""
    return UnreadableTable(
        "not-a-workbook",
        f"Tệp là {kind}, không phải sổ Excel .xlsx (dù tên tệp có thể là .xlsx). Mở tệp bằng Excel, chọn Lưu thành → "
        "Excel Workbook (.xlsx) hoặc CSV UTF-8 rồi gửi lại.",
        f"The file is {kind}, not an .xlsx workbook whatever its name. Open it in Excel, save it as Excel Workbook "
        "(.xlsx) or CSV UTF-8 and send it again.",
    )


def _read_sheets(package: _Package, workbook: str) -> list[Grid]:
    sheets, from_1904 = _list_sheets(package, workbook)
    relations = package.relations(workbook)
    by_kind = dict(relations.values())
    shared: list[str] = []
    if "sharedStrings" in by_kind:
        with package.part(by_kind["sharedStrings"]) as part:
            shared = read_shared_strings(part)
    date_styles: frozenset[int] = frozenset()
    if "styles" in by_kind:
        with package.part(by_kind["styles"]) as part:
            date_styles = read_date_styles(part)
    context = SheetContext(shared, date_styles, from_1904)
    grids = []
    read: set[str] = set()
    for sheet in sheets:
        kind, target = relations.get(sheet.relation, ("", ""))
        if sheet.visible and kind == "worksheet":
            if target in read:
                raise broken_workbook("two sheets are one part")
            read.add(target)
            with package.part(target) as part:
                grids.append(read_sheet(part, sheet.name, context))
    return grids


def _list_sheets(package: _Package, workbook: str) -> tuple[list[_Sheet], bool]:
    sheets: list[_Sheet] = []
    from_1904 = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal from_1904
        if element == "sheet":
            visible = attributes.get("state", "visible") == "visible"
            sheets.append(_Sheet(attributes.get("name", ""), attributes.get("id", ""), visible))
        elif element == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in {"1", "true"}

    with package.part(workbook) as part:
        each_element(part, start)
    return sheets, from_1904

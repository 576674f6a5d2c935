"""XLSX packages written part by part, so that every trap is in them that no spreadsheet library would write."""

import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DATE, TEXT = 1, 2
STYLES = (
    f"<styleSheet xmlns='{MAIN}'><numFmts><numFmt numFmtId='164' formatCode='mm/yyyy'/></numFmts>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='49'/><xf numFmtId='164'/></cellXfs></styleSheet>"
)


@dataclass(frozen=True, slots=True)
class Xml:
    """A cell as it stands in the part: attributes besides its reference, and what is in it."""

    attributes: str = ""
    content: str = ""


Value = str | int | float | date | Xml | None


def number(text: str, style: int = 0) -> Xml:
    """A number written in this way, in this style."""
    return Xml(f"s='{style}'", f"<v>{text}</v>")


def formula(stored: str | None, kind: str = "n") -> Xml:
    """A formula with this stored value; None: without one."""
    return Xml(f"t='{kind}'", "<f>VLOOKUP(A2,X!A:B,2,0)</f>" + ("" if stored is None else f"<v>{stored}</v>"))


def error(word: str) -> Xml:
    return Xml("t='e'", f"<f>1/0</f><v>{word}</v>")


def column(at: int) -> str:
    """The letters of column `at` (from 1)."""
    letters = ""
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell(reference: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Xml):
        return f"<c r='{reference}' {value.attributes}>{value.content}</c>"
    if isinstance(value, date):
        return f"<c r='{reference}' s='{DATE}'><v>{(value - date(1899, 12, 30)).days}</v></c>"
    if isinstance(value, str):
        return f"<c r='{reference}' t='inlineStr'><is><t xml:space='preserve'>{escape(value)}</t></is></c>"
    return f"<c r='{reference}'><v>{value}</v></c>"


def row(at: int, values: Sequence[Value], first: int = 1, attributes: str = "") -> str:
    """A row of the sheet from column `first` on."""
    cells = "".join(cell(f"{column(place)}{at}", value) for place, value in enumerate(values, first))
    return f"<row r='{at}' {attributes}>{cells}</row>"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its rows as XML, its state, and what stands before and after `sheetData`."""

    data: str
    name: str = "Danh sách"
    state: str = "visible"
    after: str = ""
    prolog: str = ""


def _relations(listed: str) -> str:
    return f"<Relationships xmlns='{PACKAGE}'>{listed}</Relationships>"


def _related(name: str, kind: str, target: str) -> str:
    return f"<Relationship Id='{name}' Type='{RELATIONS}/{kind}' Target='{target}'/>"


def parts_of(sheets: Sequence[Sheet], properties: str = "", shared: str | None = None) -> dict[str, str | bytes]:
    """The parts of a workbook by name."""
    listed = "".join(
        f"<sheet name={quoteattr(one.name)} sheetId='{at}' r:id='r{at}' state='{one.state}'/>"
        for at, one in enumerate(sheets, 1)
    )
    related = "".join(_related(f"r{at}", "worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1))
    related += _related("styles", "styles", "styles.xml")
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": _relations(_related("w", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook xmlns='{MAIN}' xmlns:r='{RELATIONS}'>{properties}<sheets>{listed}</sheets>"
        "</workbook>",
        "xl/styles.xml": STYLES,
    }
    for at, one in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{at}.xml"] = (
            f"{one.prolog}<worksheet xmlns='{MAIN}'><sheetData>{one.data}</sheetData>{one.after}</worksheet>"
        )
    if shared is not None:
        related += _related("strings", "sharedStrings", "sharedStrings.xml")
        parts["xl/sharedStrings.xml"] = f"<sst xmlns='{MAIN}' count='1' uniqueCount='1'>{shared}</sst>"
    parts["xl/_rels/workbook.xml.rels"] = _relations(related)
    return parts


def packed(parts: Mapping[str, str | bytes], stored: Collection[str] = ()) -> bytes:
    """The parts as a ZIP; those in `stored` are not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content, zipfile.ZIP_STORED if name in stored else None)
    return buffer.getvalue()


def book(*sheets: Sheet, properties: str = "", shared: str | None = None) -> bytes:
    """A workbook of these sheets."""
    return packed(parts_of(sheets, properties, shared))

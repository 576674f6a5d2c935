"""A message of ISO 20022 as a stream of its elements: known by its namespace, whole, without DOCTYPE."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from services.kernel.tables.table import UnreadableTable

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.053|camt\.054|pain\.002)\.\d{3}\.\d{2}", re.ASCII)
_DECLARED = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)", re.ASCII)
# Atomic, so that a long prolog is gone through once.
_DOCTYPE = re.compile(r"(?>\ufeff|\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<!DOCTYPE", re.DOTALL)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
# Text encodings of Python that are none of documents.
_NO_DOCUMENT = frozenset({"unicode-escape", "raw-unicode-escape", "utf-7", "punycode", "idna"})
_HEAD_BYTES = 400


@dataclass(frozen=True, slots=True)
class Message:
    """A message's name without version (`camt.054`), its namespace as lxml writes it, and its text as UTF-8."""

    name: str
    namespace: str
    content: bytes

    def each(self, *names: str) -> Iterator[etree._Element]:
        """Every element of these names at its end; whoever has read one gives its memory back by `release`."""
        tags = [self.namespace + name for name in names]
        try:
            for _, element in _parse(self.content, ("end",), tags):
                yield element
        except etree.XMLSyntaxError as why:
            raise _broken() from why


def is_xml(content: bytes) -> bool:
    """Whether the content begins as XML does, in any encoding."""
    if content.startswith((b"<\x00", b"\x00<", codecs.BOM_UTF16_LE + b"<\x00", codecs.BOM_UTF16_BE + b"\x00<")):
        return True
    return content[:100].removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")


def open_message(content: bytes) -> Message:
    """The message in a file. Raises UnreadableTable that says what it is instead."""
    text = _decoded(content)
    if _DOCTYPE.match(text):
        raise UnreadableTable(
            "xml-doctype",
            "Tệp XML có khai báo DOCTYPE, không được nhận. Đề nghị ngân hàng gửi tệp không có DOCTYPE.",
            "The XML has a DOCTYPE, which is not taken. Send it without.",
        )
    plain = text.encode()
    try:
        _, root = next(_parse(plain, ("start",), None))
    except (etree.XMLSyntaxError, StopIteration) as why:
        raise _broken() from why
    name = etree.QName(root)
    known = _NAMESPACE.fullmatch(name.namespace or "")
    if known is None or name.localname != "Document":
        raise UnreadableTable(
            "xml-other-message",
            "Tệp XML không phải camt.053, camt.054 hay pain.002 (theo namespace). Đề nghị ngân hàng gửi đúng loại tệp.",
            "The XML is no camt.053, camt.054 or pain.002 by its namespace. Send one of these.",
        )
    return Message(known[1], f"{{{name.namespace}}}", plain)


def release(element: etree._Element) -> None:
    """Frees an element that has been read, and those before it under the same parent."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _parse(content: bytes, events: tuple[str, ...], tags: list[str] | None) -> Iterator[tuple[str, etree._Element]]:
    parsed: Iterator[tuple[str, etree._Element]] = etree.iterparse(
        BytesIO(content),
        events=events,
        tag=tags,
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return parsed


def _decoded(content: bytes) -> str:
    """The text, by the encoding that the XML declares and the bytes bear out. Raises UnreadableTable."""
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    head = content[:_HEAD_BYTES].decode(marked or "latin-1", errors="ignore")
    found = _DECLARED.match(head.removeprefix("\ufeff"))
    declared = found[1] if found else marked or "utf-8"
    try:
        return content.decode(_borne_out(declared, marked)).removeprefix("\ufeff")
    except (LookupError, UnicodeError) as why:
        shown = declared[:20]
        raise UnreadableTable(
            "encoding",
            f"Tệp XML không đọc được theo bảng mã đã khai ({shown}). Đề nghị ngân hàng gửi lại tệp UTF-8.",
            f"The bytes are not {shown}, as the XML declares. Send it as UTF-8.",
        ) from why


def _borne_out(declared: str, marked: str | None) -> str:
    """The encoding to read by. Raises LookupError if it is none of documents, or the first bytes say another."""
    name = codecs.lookup(declared).name.replace("_", "-")
    wide = (marked or "").startswith("utf-16")
    if name in _NO_DOCUMENT or name.startswith("utf-16") != wide or (marked == "utf-8" and name != marked):
        raise LookupError(declared)
    return marked or name


def _broken() -> UnreadableTable:
    return UnreadableTable(
        "xml-broken",
        "Tệp XML bị hỏng hoặc bị cắt ngang. Tải lại tệp từ ngân hàng rồi gửi lại cả tệp.",
        "The XML is damaged or cut off. Get it from the bank again and send the whole of it.",
    )

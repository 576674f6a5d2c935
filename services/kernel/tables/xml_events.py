"""XML of office documents as events: streaming, and no DOCTYPE, so that no entity is ever expanded."""

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from services.kernel.tables.table import UnreadableTable

_CHUNK = 1 << 18


def broken_workbook(detail: str) -> UnreadableTable:
    """The workbook is damaged."""
    return UnreadableTable(
        "workbook-broken",
        "Tệp Excel bị hỏng hoặc bị cắt ngang. Mở lại bằng Excel, lưu lại dạng .xlsx rồi gửi lại.",
        f"The workbook is damaged or cut off ({detail}). Open it in Excel, save it again as .xlsx and send it again.",
    )


def _refuse_doctype(*_: object) -> None:
    raise broken_workbook("a DOCTYPE is not allowed")


def new_parser() -> expat.XMLParserType:
    """A parser that names elements as `namespace local`."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    return parser


def feed(parser: expat.XMLParserType, part: IO[bytes]) -> None:
    """Reads a part to its end. Raises UnreadableTable if it is not well-formed."""
    try:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise broken_workbook("a part is not well-formed XML") from error


def local(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition(" ")[2]


def each_element(
    part: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
) -> None:
    """Calls `start(local name, attributes by local name)` and `end(local name)` for every element of a small part."""
    parser = new_parser()
    parser.StartElementHandler = lambda name, attributes: start(
        local(name), {local(key): value for key, value in attributes.items()}
    )
    if end is not None:
        parser.EndElementHandler = lambda name: end(local(name))
    feed(parser, part)

"""The cells of one worksheet part, streamed (ECMA-376 part 1, 18.3)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import IO

from services.kernel.tables.grid import Grid
from services.kernel.tables.strings import unescape
from services.kernel.tables.table import NO_STORED_VALUE, Cell, CellError, error_cell, number
from services.kernel.tables.xml_events import broken_workbook, feed, local, new_parser

_REFERENCE = re.compile("([A-Za-z]{1,3})([0-9]{1,7})")
_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384


@dataclass(frozen=True, slots=True)
class SheetContext:
    """What the workbook tells its sheets: shared strings, styles that are dates, whether days count from 1904."""

    strings: list[str]
    date_styles: frozenset[int]
    from_1904: bool


def day_of(serial: float, from_1904: bool) -> date | None:
    """The day of a serial number (time of day dropped); None for what is no day, such as 29/02/1900."""
    days = int(serial)
    if serial < (0 if from_1904 else 1) or days > 2_950_000 or (days == 60 and not from_1904):
        return None
    if from_1904:
        return date(1904, 1, 1) + timedelta(days=days)
    return (date(1899, 12, 31) if days < 60 else date(1899, 12, 30)) + timedelta(days=days)


class _SheetReader:
    """Handlers of one parse. Cells lead to one value at their end, rows to `Grid.put`."""

    def __init__(self, name: str, context: SheetContext) -> None:
        self.grid = Grid(name)
        self._context = context
        self._locals: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._row = 0
        self._column = 0
        self._cells: dict[int, Cell] = {}
        self._type = "n"
        self._style = "0"
        self._value: str | None = None
        self._inline: str | None = None
        self._formula = False
        self._pieces: list[str] | None = None
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = self._locals.get(name) or self._locals.setdefault(name, local(name))
        if element == "c":
            self._start_cell(attributes)
        elif element == "v" or (element == "t" and not self._phonetic):
            self._pieces = []
        elif element == "f":
            self._formula = True
        elif element == "row":
            self._start_row(attributes)
        elif element == "is":
            self._inline = ""
        elif element == "rPh":
            self._phonetic = True

    def text(self, text: str) -> None:
        if self._pieces is not None:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        element = self._locals[name]
        if element == "c":
            value = self._cell()
            if value is not None:
                if self._column in self._cells:
                    raise broken_workbook("a cell is there twice")
                self._cells[self._column] = value
        elif element == "v" and self._pieces is not None:
            self._value, self._pieces = "".join(self._pieces), None
        elif element == "t" and self._pieces is not None:
            self._inline, self._pieces = (self._inline or "") + "".join(self._pieces), None
        elif element == "row" and self._cells:
            if self._row in self.grid.rows:
                raise broken_workbook("a row is there twice")
            self.grid.put(self._row, self._cells)
        elif element == "rPh":
            self._phonetic = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r")
        self._row = self._row + 1 if stated is None else _whole(stated)
        if not 1 <= self._row <= _LAST_ROW:
            raise broken_workbook("a row number is impossible")
        if attributes.get("hidden") in {"1", "true"}:
            self.grid.hidden.add(self._row)
        self._column = 0
        self._cells = {}

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            self._column = self._columns.get(letters) or self._columns.setdefault(letters, _column(reference))
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._value = self._inline = self._pieces = None
        self._formula = self._phonetic = False

    def _cell(self) -> Cell | None:
        kind = self._type
        value = self._inline if kind == "inlineStr" else self._value
        if self._formula and (value is None or (value == "" and kind not in {"str", "inlineStr"})):
            return CellError(NO_STORED_VALUE)
        return self._stored(value, kind) if value else None

    def _stored(self, value: str, kind: str) -> Cell | None:
        match kind:
            case "n":
                return self._number(value.strip())
            case "s":
                return self._shared(value.strip())
            case "e":
                return error_cell(value.strip())
            case "b":
                return "TRUE" if value.strip() in {"1", "true"} else "FALSE"
            case "d":
                return _iso_day(value)
        return unescape(value) or None

    def _shared(self, index: str) -> str | None:
        try:
            return self._context.strings[_whole(index)] or None
        except IndexError:
            raise broken_workbook("a shared string is missing") from None

    def _number(self, text: str) -> Cell | None:
        value = number(text) if text else None
        if isinstance(value, int | Decimal) and self._is_date():
            day = day_of(float(value), self._context.from_1904)
            return value if day is None else day
        return value

    def _is_date(self) -> bool:
        styles = self._context.date_styles
        return bool(styles) and _whole(self._style) in styles


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise broken_workbook("a number is impossible")
    return int(text)


def _column(reference: str) -> int:
    found = _REFERENCE.fullmatch(reference)
    column = 0
    for letter in found[1].upper() if found else "":
        column = column * 26 + ord(letter) - ord("A") + 1
    if not 1 <= column <= _LAST_COLUMN:
        raise broken_workbook("a cell reference is impossible")
    return column


def _iso_day(text: str) -> Cell | None:
    found = _ISO_DAY.match(text)
    try:
        return date.fromisoformat(found[0]) if found else unescape(text) or None
    except ValueError:
        return text


def read_sheet(part: IO[bytes], name: str, context: SheetContext) -> Grid:
    """Reads a worksheet to its end. Raises UnreadableTable if it is damaged or too large."""
    reader = _SheetReader(name, context)
    parser = new_parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    feed(parser, part)
    return reader.grid

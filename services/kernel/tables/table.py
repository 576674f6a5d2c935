"""What a file holds once read: rows of cells under headings, or why it can't be read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kernel.text import clean, is_blank, storable

MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024

NO_STORED_VALUE = "#FORMULA!"
"""Stands for a formula without stored value; Excel has no such word."""

_ERROR_WORDS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"}
    | {"#GETTING_DATA", "#UNKNOWN!", "#CONNECT!", "#BUSY!", "#PYTHON!", NO_STORED_VALUE}
)
_DATE_CELL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T00:00:00")
_KEPT_LETTERS = 1_000


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that has no value to count: an error of the sheet (`#N/A`), or a formula without stored value."""

    word: str


def error_cell(word: str) -> CellError:
    """The error of that name; one that is not known counts as `#VALUE!`."""
    return CellError(word if word in _ERROR_WORDS else "#VALUE!")


Cell = str | int | Decimal | date | CellError
"""A cell that is not blank. `date` is a date cell, never a text that looks like a day."""

Json = str | int | float | bool | None


def as_json(cell: Cell) -> str | int | float:
    """The cell as JSON keeps it; `from_json` gives the same cell back. A date cell is an instant at midnight, so that
    it can be told from a day written as text; texts are cut where any check would refuse them anyway.
    """
    if isinstance(cell, date):
        return f"{cell.isoformat()}T00:00:00"
    if isinstance(cell, CellError):
        return cell.word
    if isinstance(cell, str):
        return storable(cell if len(cell) <= _KEPT_LETTERS else clean(cell)[:_KEPT_LETTERS])
    return cell if isinstance(cell, int) and abs(cell) < 1 << 53 else float(cell)


def from_json(value: Json) -> Cell | None:
    """The cell that a JSON value stands for; None if blank."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return number(repr(value))
    return _of_text(value) if isinstance(value, str) else value


def _of_text(text: str) -> Cell | None:
    if text.startswith("#") and text.strip().upper() in _ERROR_WORDS:
        return CellError(text.strip().upper())
    day = _DATE_CELL.fullmatch(text)
    try:
        return date.fromisoformat(day[1]) if day else (None if is_blank(text) else text)
    except ValueError:
        return text


def number(text: str) -> int | Decimal | str:
    """A number as sheets mean it: 15 digits count, the rest is noise of binary fractions. Text that is none stays."""
    if len(text) <= 15 and text.isascii() and text.isdigit():
        return int(text)
    if "_" in text:
        return text
    try:
        value = Decimal(f"{float(text):.15g}")
    except ValueError:
        return text
    if not value.is_finite():
        return text
    return int(value) if value == value.to_integral_value() else value


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: `number` as the person sees it, its cells that are not blank by heading.

    `overlong` marks a CSV record with more filled cells than there are headings: a separator inside a field.
    """

    number: int
    cells: Mapping[str, Cell]
    hidden: bool = False
    overlong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under the headings, and in which column (from 1) each heading was found."""

    columns: Mapping[str, int]
    rows: Sequence[TableRow]


class UnreadableTable(Exception):
    """The file as a whole can't be read as this table: what is wrong and what to do, in both languages.

    `too_large` asks for 413 instead of 422.
    """

    def __init__(self, code: str, message_vi: str, message_en: str, *, too_large: bool = False) -> None:
        super().__init__(message_en)
        self.code = code
        self.message_vi = message_vi
        self.message_en = message_en
        self.too_large = too_large

    def __reduce__(self) -> tuple[Callable[..., "UnreadableTable"], tuple[str, str, str, bool]]:
        """Files are read in another process: the refusal must come back from there."""
        return _unreadable, (self.code, self.message_vi, self.message_en, self.too_large)


def _unreadable(code: str, message_vi: str, message_en: str, too_large: bool) -> UnreadableTable:
    return UnreadableTable(code, message_vi, message_en, too_large=too_large)


def too_many_cells(sheet: str) -> UnreadableTable:
    """More rows or columns than any list can have; `sheet` is empty for CSV."""
    where_vi, where_en = (f"Trang tính “{sheet}”", f"Sheet “{sheet}”") if sheet else ("Tệp", "The file")
    return UnreadableTable(
        "table-too-large",
        f"{where_vi} có dữ liệu ngoài phạm vi 20.000 dòng × 100 cột. Xóa ô thừa ở xa bảng, hoặc chia tệp.",
        f"{where_en} holds data beyond 20,000 rows × 100 columns. Delete stray cells far from the table, or split it.",
        too_large=True,
    )

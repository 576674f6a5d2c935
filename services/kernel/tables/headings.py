"""From sheets to the one table: which sheet has the headings, in which columns they stand, what lies under them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.kernel.tables.grid import Grid
from services.kernel.tables.table import Cell, Table, TableRow, UnreadableTable
from services.kernel.text import clean

_SEARCHED_ROWS = 50
_RUNNING_NUMBER = re.compile(r"[0-9]+\.?")
_LONGEST = 200
_NAME_LETTERS = 31  # as long as spreadsheet programs let a sheet's name be
_SHEETS_NAMED = 10


def heading_key(text: str) -> str:
    """How headings are compared: NFC, without case and zero-width characters, any white space as one space. What is
    too long to be a heading is none.
    """
    return clean(text).casefold() if len(text) <= _LONGEST else ""


@dataclass(frozen=True, slots=True)
class _Head:
    """What the first row of a sheet that is not empty says."""

    grid: Grid
    row: int
    columns: Mapping[str, list[int]]
    """heading -> all columns (from 1) where it stands"""
    unknown: frozenset[int]
    """columns under another heading"""

    def missing(self, required: Sequence[str]) -> list[str]:
        return [heading for heading in required if heading not in self.columns]


def _head(grid: Grid, known: Mapping[str, str]) -> _Head | None:
    if not grid.rows:
        return None
    row = min(grid.rows)
    columns: dict[str, list[int]] = {}
    unknown: set[int] = set()
    for column, cell in sorted(grid.rows[row].items()):
        heading = known.get(heading_key(cell)) if isinstance(cell, str) else None
        if heading is None:
            unknown.add(column)
        else:
            columns.setdefault(heading, []).append(column)
    return _Head(grid, row, columns, frozenset(unknown))


def choose_table(grids: Sequence[Grid], required: Sequence[str], known: Sequence[str]) -> Table:
    """The table of the only sheet that has all required headings. Raises UnreadableTable, naming what is wrong."""
    by_key = {heading_key(heading): heading for heading in [*required, *known]}
    heads = [head for grid in grids if (head := _head(grid, by_key)) is not None]
    if not heads:
        raise UnreadableTable(
            "no-cells",
            "Tệp không có ô nào có dữ liệu trong các trang tính đang hiện. Điền theo mẫu rồi gửi lại.",
            "No visible sheet has anything in it. Fill in the template and send it again.",
        )
    complete = [head for head in heads if not head.missing(required)]
    if not complete:
        raise _headings_missing(heads, required, by_key)
    # Two sheets with the table, one of them under a title: whichever is read, rows of the other would be lost.
    having = [head for head in heads if head in complete or _all_below(head, required, by_key)]
    if len(having) > 1:
        names = _named(having)
        raise UnreadableTable(
            "several-sheets",
            f"Các trang tính {names} đều có đủ tiêu đề của bảng. Chỉ để lại một trang; xóa hoặc ẩn các trang còn lại.",
            f"The sheets {names} all have the headings. Keep one; delete or hide the others.",
        )
    return _table(complete[0])


def _table(head: _Head) -> Table:
    doubled = [heading for heading, columns in head.columns.items() if len(columns) > 1]
    if doubled:
        names = ", ".join(f"“{heading}”" for heading in doubled)
        raise UnreadableTable(
            "headings-doubled",
            f"Tiêu đề cột {names} có hơn một lần ở dòng {head.row}. Xóa hoặc đổi tên cột thừa.",
            f"The headings {names} stand more than once in row {head.row}. Delete or rename the spare columns.",
        )
    columns = {heading: places[0] for heading, places in head.columns.items()}
    headings = {column: heading for heading, column in columns.items()}
    width = max([*headings, *head.unknown])
    rows = []
    for number in sorted(head.grid.rows):
        cells = head.grid.rows[number]
        if number > head.row and not all(_ignored(head, column, cell) for column, cell in cells.items()):
            named = {headings[column]: cell for column, cell in cells.items() if column in headings}
            overlong = bool(head.grid.widths) and max(cells) > width
            rows.append(TableRow(number, named, number in head.grid.hidden, overlong))
    return Table(columns, rows)


def _ignored(head: _Head, column: int, cell: Cell) -> bool:
    """A running number (STT) under another heading makes no row; any other word anywhere does."""
    if column not in head.unknown:
        return False
    return isinstance(cell, int | Decimal) or (isinstance(cell, str) and bool(_RUNNING_NUMBER.fullmatch(clean(cell))))


def _headings_missing(heads: Sequence[_Head], required: Sequence[str], by_key: Mapping[str, str]) -> UnreadableTable:
    """Names the missing headings of the sheet that comes nearest, and the lower rows in which they stand."""
    lower = {id(head): _rows_below(head, by_key) for head in heads}
    nearest = max(heads, key=lambda head: len(set(head.columns) | set(lower[id(head)])))
    missing = nearest.missing(required)
    rows = sorted({lower[id(nearest)][heading] for heading in missing if heading in lower[id(nearest)]})
    names = ", ".join(f"“{heading}”" for heading in missing)
    vi_of, en_of = (
        ("Tệp", "the file")
        if not nearest.grid.name
        else (f"Trang tính {_named([nearest])}", f"sheet {_named([nearest])}")
    )
    vi = f"{vi_of} thiếu tiêu đề cột ở dòng {nearest.row}: {names}."
    en = f"Row {nearest.row} of {en_of} lacks: {names}."
    if rows:
        listed = ", ".join(map(str, rows))
        vi += f" Chúng đang đứng ở dòng {listed}: xóa các dòng phía trên (tiêu đề văn bản, tiêu đề hai tầng),"
        vi += " để mọi tiêu đề cột nằm trên một dòng đầu tiên."
        en += f" They stand in row {listed}: delete what is above, so that all headings are in one first row."
    elif nearest.grid.name and not nearest.columns:
        vi += f" Không trang tính nào đang hiện ({_named(heads)}) có các tiêu đề này; dùng tệp mẫu."
        en += f" No visible sheet ({_named(heads)}) has them; use the template."
    else:
        vi += " Thêm các cột đó theo tệp mẫu; nếu chữ trong tệp bị lỗi, lưu lại dạng .xlsx hoặc CSV UTF-8."
        en += " Add them as in the template; if letters are garbled, save the file as .xlsx or CSV UTF-8."
    return UnreadableTable("headings-missing", vi, en)


def _named(heads: Sequence[_Head]) -> str:
    """The names of sheets as people see them."""
    names = [f"“{head.grid.name[:_NAME_LETTERS]}”" for head in heads[:_SHEETS_NAMED]]
    return ", ".join(names if len(heads) <= _SHEETS_NAMED else [*names, "…"])


def _all_below(head: _Head, required: Sequence[str], by_key: Mapping[str, str]) -> bool:
    """Whether one of the rows below the first has all required headings."""
    rows = [_headings_in(head.grid.rows[row], by_key) for row in sorted(head.grid.rows)[1:_SEARCHED_ROWS]]
    return any(found.issuperset(required) for found in rows)


def _headings_in(cells: Mapping[int, Cell], by_key: Mapping[str, str]) -> set[str]:
    texts = [cell for cell in cells.values() if isinstance(cell, str)]
    return {by_key[key] for key in map(heading_key, texts) if key in by_key}


def _rows_below(head: _Head, by_key: Mapping[str, str]) -> dict[str, int]:
    """The headings in the rows below the first, with their row."""
    found: dict[str, int] = {}
    for row in sorted(head.grid.rows)[1:_SEARCHED_ROWS]:
        for heading in _headings_in(head.grid.rows[row], by_key):
            found.setdefault(heading, row)
    return found

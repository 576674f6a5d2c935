"""CSV as spreadsheets and people save it: found out by its headings, read as strictly as RFC 4180 allows."""

import csv
import re
from collections.abc import Sequence
from io import StringIO

from services.kernel.tables.grid import Grid
from services.kernel.tables.headings import heading_key
from services.kernel.tables.table import Cell, UnreadableTable
from services.kernel.text import is_blank

_SEPARATORS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile('"?sep=.?"?[,;\t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
_REMEDY_VI = "Mở tệp bằng Excel và lưu lại dạng .xlsx hoặc CSV UTF-8 rồi gửi lại."
_REMEDY_EN = "Open it in Excel, save it as .xlsx or CSV UTF-8 and send it again."


def _not_of_encoding(stated: str) -> UnreadableTable:
    return UnreadableTable(
        "encoding",
        f"Tệp không đọc được theo bảng mã {stated}. {_REMEDY_VI}",
        f"The bytes are not {stated}. {_REMEDY_EN}",
    )


def _cut_off(record: int) -> UnreadableTable:
    return UnreadableTable(
        "file-cut-off",
        f"Tệp bị cắt ngang ở bản ghi {record}. Lưu lại và gửi lại cả tệp.",
        f"The file is cut off in record {record}. Save it and send the whole of it again.",
    )


def read_delimited(content: bytes, required: Sequence[str], *, full_records: bool) -> Grid:
    """The records that are not blank, the first of them as number 1. Raises UnreadableTable.

    With `full_records` any record with fewer cells than headings means a file cut off; else only the last one does,
    if no line end follows it.
    """
    text, separator = _decode(content, required)
    grid = Grid("")
    number = last_width = 0
    try:
        for record in csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True):
            cells: dict[int, Cell] = {at: cell for at, cell in enumerate(record, 1) if not is_blank(cell)}
            number += 1 if number or cells else 0
            if cells:
                grid.put(number, cells)
                grid.widths[number] = last_width = len(record)
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise _cut_off(number + 1) from error
        raise UnreadableTable(
            "csv-broken",
            f"Bản ghi {number + 1} của tệp CSV không đúng dạng (dấu nháy kép). {_REMEDY_VI}",
            f"Record {number + 1} is not well-formed CSV (quotes). {_REMEDY_EN}",
        ) from error
    _check_whole(grid, last_width, full_records=full_records, ended=text.endswith(("\n", "\r")))
    return grid


def _check_whole(grid: Grid, last_width: int, *, full_records: bool, ended: bool) -> None:
    if not grid.rows:
        return
    headings = max(grid.rows[1])
    if full_records:
        short = next((number for number, width in grid.widths.items() if width < headings), None)
        if short is not None:
            raise _cut_off(short)
    elif last_width < headings and not ended:
        raise _cut_off(max(grid.rows))


def _decode(content: bytes, required: Sequence[str]) -> tuple[str, str]:
    """The text and its separator. Windows-1258 has no mark of its own: it is taken if all headings come out."""
    stated = _stated_encoding(content)
    try:
        text = content.decode(stated or "utf-8")
    except UnicodeDecodeError:
        if stated is not None:
            raise _not_of_encoding(stated.upper().removesuffix("-SIG")) from None
        return _decode_windows(content, required)
    if "\x00" in text:
        raise _not_of_encoding("UTF-8" if stated is None else stated.upper())
    text = _without_separator_line(text)
    return text, _best_separator(text, required)[0]


def _stated_encoding(content: bytes) -> str | None:
    if content.startswith(_UTF8_MARK):
        return "utf-8-sig"
    return "utf-16" if content.startswith(_UTF16_MARKS) else None


def _decode_windows(content: bytes, required: Sequence[str]) -> tuple[str, str]:
    try:
        text = _without_separator_line(content.decode("cp1258"))
    except UnicodeDecodeError:
        raise _not_of_encoding("UTF-8") from None
    separator, found = _best_separator(text, required)
    if found < len(required):
        raise _not_of_encoding("UTF-8")
    return text, separator


def _without_separator_line(text: str) -> str:
    line = _SEPARATOR_LINE.match(text)
    return text[line.end() :] if line else text


def _best_separator(text: str, required: Sequence[str]) -> tuple[str, int]:
    """The separator with which the first record that is not blank has most headings, and how many."""
    keys = {heading_key(heading) for heading in required}
    found = {separator: len(keys & _first_record(text, separator)) for separator in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda separator: found[separator])
    return best, found[best]


def _first_record(text: str, separator: str) -> set[str]:
    try:
        for record in csv.reader(StringIO(text, newline=""), delimiter=separator):
            if not all(map(is_blank, record)):
                return set(map(heading_key, record[:200]))
    except csv.Error:
        pass
    return set()

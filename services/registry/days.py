"""Days and months of a change list: births, first months, days of decisions."""

import re
from datetime import date

from services.kernel.period import Period
from services.kernel.tables.table import Cell
from services.registry.cells import BadCell, as_text, read_text, show_day
from services.registry.row import Problem

_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?: 00:00(?::00)?)?")
_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_SHORT_YEAR = re.compile(r"(?:[0-9]{1,2}/){0,2}[0-9]{2}")
_FIRST_YEAR = 1900  # people born earlier do not occur, and their ids could not be told from later ones
_TYPED_YEARS = (date(1905, 3, 14), date(1905, 10, 1))
"""What Excel makes of the years 1900 to 2101 typed into a date cell."""
_MONTHS_AHEAD = 12


def _numbers(text: str) -> tuple[int, int, int] | None:
    """Year, month, day of a written day, whether or not it exists; None if the text is none."""
    if found := _DAY.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _ISO_DAY.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    return None


def _existing(year: int, month: int, day: int, shown: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadCell(
            "day-does-not-exist",
            f"Không có ngày {shown}. Ghi ngày/tháng/năm đúng trên giấy tờ.",
            f"There is no day {shown}. Write day/month/year as on the papers.",
        ) from None


def _refuse_typed_year(day: date) -> None:
    if _TYPED_YEARS[0] <= day <= _TYPED_YEARS[1]:
        year = (day - date(1899, 12, 30)).days
        raise BadCell(
            "year-in-date-cell",
            f"Ô kiểu ngày chỉ được gõ năm {year} nên thành {show_day(day)}. Định dạng ô là Văn bản và gõ lại.",
            f"The year {year} was typed into a date cell, which made it {show_day(day)}. Type it again as text.",
        )


def read_birth(cell: Cell, today: date) -> tuple[str, Problem | None]:
    """A year (`"1938"`) or an ISO day, with a warning where 00/00/yyyy left only the year."""
    if isinstance(cell, date):
        _refuse_typed_year(cell)
        return _born(cell, today), None
    text = read_text(cell)
    parts = _numbers(text)
    if parts is not None and parts[1:] == (0, 0):
        warning = Problem(
            "birth-year-only",
            f"“{text}” không có ngày, tháng: chỉ ghi nhận năm {parts[0]}.",
            f"“{text}” has no day and month: only the year {parts[0]} is kept.",
        )
        return _born_year(parts[0], today), warning
    if parts is not None:
        return _born(_existing(*parts, text), today), None
    if text.isascii() and text.isdigit() and len(text) == 4:
        return _born_year(int(text), today), None
    raise _bad_birth(text)


def _born(day: date, today: date) -> str:
    _born_year(day.year, today)
    if day > today:
        raise _future_birth(show_day(day))
    return day.isoformat()


def _born_year(year: int, today: date) -> str:
    if year > today.year:
        raise _future_birth(str(year))
    if year < _FIRST_YEAR:
        raise BadCell(
            "birth-too-early",
            f"Năm sinh {year:04d} trước năm 1900. Kiểm tra giấy tờ và gõ lại.",
            f"The year of birth {year:04d} is before 1900. Check the papers and type it again.",
        )
    return f"{year:04d}"


def _future_birth(shown: str) -> BadCell:
    return BadCell(
        "birth-in-future",
        f"Ngày sinh {shown} ở tương lai. Kiểm tra giấy tờ và gõ lại.",
        f"The birth {shown} is in the future. Check the papers and type it again.",
    )


def _bad_birth(text: str) -> BadCell:
    if _SHORT_YEAR.fullmatch(text):
        return BadCell(
            "birth-short-year",
            f"Ngày sinh “{text}” chỉ có hai chữ số của năm. Ghi đủ bốn chữ số, ví dụ 12/03/1941.",
            f"“{text}” has a year of two digits. Write all four, such as 12/03/1941.",
        )
    if _MONTH.fullmatch(text) or _ISO_MONTH.fullmatch(text):
        return BadCell(
            "birth-month-only",
            f"Ngày sinh “{text}” chỉ có tháng và năm. Ghi đủ ngày/tháng/năm, hoặc chỉ ghi năm.",
            f"“{text}” has month and year only. Write the whole day, or the year alone.",
        )
    if text.isascii() and text.replace(".", "").isdigit():
        return BadCell(
            "birth-serial",
            f"“{text}” là số thứ tự ngày của Excel, không phải ngày sinh. Gõ lại dạng ngày/tháng/năm.",
            f"“{text}” is a serial number of a spreadsheet, no day. Type it again as day/month/year.",
        )
    return BadCell(
        "birth-unreadable",
        f"Không đọc được ngày sinh “{text[:40]}”. Ghi dạng 12/03/1941 hoặc 1941.",
        f"“{text[:40]}” can't be read as a birth. Write 12/03/1941 or 1941.",
    )


def read_month(cell: Cell, period: Period) -> Period:
    """`mm/yyyy`, `yyyy-mm`, or the first day of a month; not more than 12 months after the list's period."""
    month = _month(cell)
    if month.months_since(period) > _MONTHS_AHEAD:
        raise BadCell(
            "month-too-late",
            f"Tháng {month[5:]}/{month[:4]} cách kỳ của danh sách hơn 12 tháng. Kiểm tra lại năm.",
            f"{month} is more than 12 months after the list's period. Check the year.",
        )
    return month


def _month(cell: Cell) -> Period:
    if isinstance(cell, date):
        _refuse_typed_year(cell)
    text = show_day(cell) if isinstance(cell, date) else read_text(cell)
    parts = _numbers(text)
    if parts is not None:
        day = _existing(*parts, text)
        if day.day == 1 and day.year >= _FIRST_YEAR:
            return Period.of(day)
        raise BadCell(
            "month-other-day",
            f"“{text}” là một ngày, không phải tháng. Ghi dạng tháng/năm, ví dụ 11/2023.",
            f"“{text}” is a day and no month. Write month/year, such as 11/2023.",
        )
    found = _MONTH.fullmatch(text)
    year, month = (int(found[2]), int(found[1])) if found else (0, 0)
    if found := _ISO_MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
    if year < _FIRST_YEAR or not 1 <= month <= 12:
        raise BadCell(
            "month-unreadable",
            f"Không đọc được tháng “{text[:40]}”. Ghi dạng tháng/năm với bốn chữ số của năm, ví dụ 11/2023.",
            f"“{text[:40]}” can't be read as a month. Write month/year with a year of four digits, such as 11/2023.",
        )
    return Period(f"{year:04d}-{month:02d}")


def read_day(cell: Cell) -> date:
    """A whole day: dd/mm/yyyy, ISO or a date cell."""
    if isinstance(cell, date):
        _refuse_typed_year(cell)
        return cell
    text = read_text(cell)
    parts = _numbers(text)
    if parts is None:
        raise BadCell(
            "day-unreadable",
            f"Không đọc được ngày “{as_text(cell)[:40]}”. Ghi dạng 05/11/2023.",
            f"“{as_text(cell)[:40]}” can't be read as a day. Write 05/11/2023.",
        )
    return _existing(*parts, text)

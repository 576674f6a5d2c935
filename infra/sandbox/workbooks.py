"""A made-up population as the communes' opening lists: workbooks as Excel saves them, cells as people type them."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from infra.sandbox.population import Payee, Person
from infra.sandbox.rights import Right
from services.kernel.period import Period

HEADINGS = (
    "Loại", "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh", "Số CMND", "Điện thoại", "Địa chỉ", "Chương trình",
    "Mục", "Mã chế độ", "Mức hưởng", "Từ tháng", "Lý do", "Người nhận thay", "Số định danh người nhận thay", "Quan hệ",
    "Hình thức",
)  # fmt: skip
# Below the 20,000 rows that a list may have; a commune with more hands in several.
ROWS_PER_FILE = 15_000

_WIDTHS = (9, 26, 12, 10, 16, 12, 13, 36, 13, 7, 32, 13, 11, 14, 26, 30, 12, 14)
_AMOUNT = HEADINGS.index("Mức hưởng")
_FORMATS = {"text": "@", "day": "dd/mm/yyyy", "money": "#,##0"}
_SEX = {"M": "Nam", "F": "Nữ"}
RELATION = {"GUARDIAN": "GIÁM HỘ", "AUTHORISED": "ỦY QUYỀN"}
WISH = {"ACCOUNT": "TÀI KHOẢN", "CASH": "TIỀN MẶT"}
_REASONS = ("Hưởng mới", "Hưởng mới", "Hưởng mới", "Hưởng mới", "Đang hưởng, lập sổ ban đầu")

Cells = Mapping[str, str | int | date]
"""A row of a list by heading; a heading that is absent is an empty cell."""


def write(
    folder: Path, people: Iterable[Person], period: Period, progress: Callable[[int, int], None] | None = None
) -> list[Path]:
    """Writes `tang-COMMUNE-PERIOD.xlsx` for each commune that has people, one TĂNG row for each right; gives the paths.

    The same people give the same bytes. A commune with more than 15,000 rows gets further files, `…-2.xlsx` and so on.
    `progress` is told after each file: files written, files in all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_commune: dict[str, list[Person]] = {}
    for person in people:
        by_commune.setdefault(person.commune, []).append(person)
    parts = [
        (folder / f"tang-{commune}-{period}{f'-{number}' if number > 1 else ''}.xlsx", part)
        for commune, of_commune in by_commune.items()
        for number, part in enumerate(_parts(of_commune), 1)
    ]
    for done, (path, part) in enumerate(parts, 1):
        rows = (increase(person, right, period) for person in part for right in person.rights)
        write_list(path, rows, period)
        if progress:
            progress(done, len(parts))
    return [path for path, _ in parts]


def _parts(people: list[Person]) -> Iterator[list[Person]]:
    """The people of a commune in portions that fit into one list each; the rows of one person stay together."""
    part: list[Person] = []
    rows = 0
    for person in people:
        if rows + len(person.rights) > ROWS_PER_FILE:
            yield part
            part, rows = [], 0
        part.append(person)
        rows += len(person.rights)
    yield part


def write_list(path: Path, rows: Iterable[Cells], period: Period) -> None:
    """Writes one list; the same rows give the same bytes."""
    with xlsxwriter.Workbook(str(path)) as book:
        first = period.first_day
        book.set_properties({"author": "", "created": datetime(first.year, first.month, 1, tzinfo=UTC)})
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        formats = {name: book.add_format({"num_format": shape}) for name, shape in _FORMATS.items()}
        sheet = book.add_worksheet("Danh sách")
        for column, (title, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
            sheet.write_string(0, column, title, heading)
            sheet.set_column(column, column, width, formats["money" if column == _AMOUNT else "text"])
        sheet.freeze_panes(1, 2)
        for row, cells in enumerate(rows, 1):
            _write_row(sheet, row, cells, formats)


def _write_row(sheet: Any, row: int, cells: Cells, formats: dict[str, Any]) -> None:
    for column, heading in enumerate(HEADINGS):
        value = cells.get(heading, "")
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, formats["day"])
        elif isinstance(value, int):
            sheet.write_number(row, column, value, formats["money"] if column == _AMOUNT else None)
        elif value:
            sheet.write_string(row, column, value, formats["text"])


def month_cell(period: Period) -> str:
    """A month as people type it."""
    return f"{period[5:]}/{period[:4]}"


def payee_cells(payee: Payee | None) -> Cells:
    """The three cells that say who receives in a person's stead."""
    if payee is None:
        return {}
    return {
        "Người nhận thay": payee.name,
        "Số định danh người nhận thay": payee.citizen_id,
        "Quan hệ": RELATION[payee.relation],
    }


def increase(person: Person, right: Right, period: Period) -> Cells:
    """The TĂNG row of one right from that month on; the hand that typed it is chosen by the row itself."""
    hand = zlib.crc32(f"{person.name}{person.birth}{person.address}{right.code}".encode())
    return {
        "Loại": "TĂNG",
        "Họ và tên": person.name,
        "Ngày sinh": _birth(person.birth, hand % 10),
        "Giới tính": _SEX[person.sex],
        "Số định danh": person.citizen_id or "",
        "Số CMND": person.old_id or "",
        "Điện thoại": person.phone or "",
        "Địa chỉ": person.address,
        "Chương trình": right.programme,
        "Mục": right.item or "",
        "Mã chế độ": right.code or "",
        "Mức hưởng": _amount(right, hand // 10 % 10),
        "Từ tháng": month_cell(period),
        "Lý do": _REASONS[hand // 100 % len(_REASONS)],
        "Hình thức": WISH[person.wish] if person.wish else "",
        **payee_cells(person.payee),
    }


def who(person: Person) -> Cells:
    """The cells by which a row finds a known person."""
    birth = person.birth if len(person.birth) == 4 else f"{date.fromisoformat(person.birth):%d/%m/%Y}"
    return {
        "Họ và tên": person.name,
        "Ngày sinh": birth,
        "Giới tính": _SEX[person.sex],
        "Số định danh": person.citizen_id or "",
    }


def _birth(birth: str, hand: int) -> str | int | date:
    """A day as text, sometimes as a date cell; a year alone as a number or as text."""
    if len(birth) == 4:
        return int(birth) if hand < 6 else birth
    day = date.fromisoformat(birth)
    return day if hand < 3 else f"{day:%d/%m/%Y}"


def _amount(right: Right, hand: int) -> int | str:
    """The amount, sometimes left to the catalogue where that says the same."""
    return "" if hand == 0 and right.code and right.units == 1 else right.amount

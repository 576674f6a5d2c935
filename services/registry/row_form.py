"""A row of a list as a form: its cells by short names, what was changed in them, rows pasted from a sheet. Pure."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.kernel.envelope import canonical
from services.kernel.tables.table import Json
from services.kernel.text import clean
from services.kernel.web.problems import Problem
from services.registry import headings
from services.registry.checking import with_cells, without_row
from services.registry.headings import HEADINGS
from services.registry.showing import row_shown
from services.registry.spreadsheet import RawRow

FIELDS: Mapping[str, str] = {
    "kind": headings.KIND,
    "name": headings.NAME,
    "birth": headings.BIRTH,
    "sex": headings.SEX,
    "citizen_id": headings.CITIZEN_ID,
    "old_id": headings.OLD_ID,
    "phone": headings.PHONE,
    "address": headings.ADDRESS,
    "programme": headings.PROGRAMME,
    "item": headings.ITEM,
    "code": headings.CODE,
    "amount": headings.AMOUNT,
    "from": headings.FROM,
    "reason": headings.REASON,
    "payee": headings.PAYEE,
    "payee_id": headings.PAYEE_ID,
    "relation": headings.RELATION,
    "wish": headings.WISH,
    "decision_number": headings.DECISION_NUMBER,
    "decision_date": headings.DECISION_DATE,
}
"""Name of the field → heading of the column."""
CHOICES: Mapping[str, Sequence[str]] = {
    "kind": ("TĂNG", "GIẢM", "ĐIỀU CHỈNH"),
    "sex": ("Nam", "Nữ"),
    "programme": ("BTXH", "NCC", "KHAC"),
    "relation": ("GIÁM HỘ", "ỦY QUYỀN"),
    "wish": ("TÀI KHOẢN", "TIỀN MẶT"),
}
DIGITS = ("citizen_id", "old_id", "phone", "amount", "payee_id")
FIRST_ROW = 2
"""The first row under the headings of a sheet."""
Change = Callable[[Sequence[RawRow]], Sequence[RawRow]]


def values(shown: Mapping[str, Any]) -> dict[str, str]:
    """The fields' values of a row as people write them; an empty cell is ""."""
    return {name: str(shown.get(heading) or "") for name, heading in FIELDS.items()}


def typed(form: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What a form says of a row's fields; those that it has not are absent."""
    return {name: clean(form[name][-1]) for name in FIELDS if form.get(name)}


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, Json]:
    """Heading → value of the cells that were typed anew: the others stay as they stand in the file."""
    return {FIELDS[name]: value or None for name, value in now.items() if value != before[name]}


def mark(cells: Mapping[str, Any]) -> str:
    """Stands for a row's cells as shown, to see that nobody changed them meanwhile."""
    return hashlib.sha256(canonical(dict(cells))).hexdigest()[:16]


def mended(number: int, cells: dict[str, Json], seen: str) -> Change:
    """Puts cells into a row that is still as it was seen; the change raises Problem 409 where it is not."""

    def change(rows: Sequence[RawRow]) -> Sequence[RawRow]:
        if any(mark(row_shown(*one)) != seen for one in rows if one[0] == number):
            raise Problem(
                409,
                "row-changed",
                f"Người khác vừa sửa dòng {number}. Những gì vừa nhập còn ở dưới, cạnh giá trị hiện nay.",
                f"Somebody else has just changed row {number}. What was typed stands below, beside the present value.",
            )
        return with_cells(rows, number, cells)

    return change


def added(new: Sequence[RawRow]) -> Change:
    """Puts rows behind those that are there, numbered on."""

    def change(rows: Sequence[RawRow]) -> Sequence[RawRow]:
        last = max((number for number, _ in rows), default=FIRST_ROW - 1)
        return [*rows, *((last + place, cells) for place, (_, cells) in enumerate(new, 1))]

    return change


def dropped(numbers: Sequence[int]) -> Change:
    """Takes rows out; the others keep their numbers."""

    def change(rows: Sequence[RawRow]) -> Sequence[RawRow]:
        for number in numbers:
            rows = without_row(rows, number)
        return rows

    return change


def row_of(fields: Mapping[str, str]) -> RawRow:
    """A row typed field by field; raises Problem 422 where nothing was typed."""
    cells: dict[str, Json] = {FIELDS[name]: value for name, value in fields.items() if value}
    if not cells:
        raise Problem(
            422, "row-empty", "Chưa nhập ô nào. Nhập ít nhất loại và họ tên.", "Nothing was typed. Give kind and name."
        )
    return FIRST_ROW, cells


def as_table(text: str) -> bytes:
    """Rows copied from a sheet, as the file that the reader of lists takes: where no headings came along, the
    template's order of columns counts."""
    lines = text.replace("\r\n", "\n").strip("\n")
    first = {clean(cell).casefold() for cell in lines.partition("\n")[0].split("\t")}
    headed = headings.KIND.casefold() in first and headings.NAME.casefold() in first
    return ("" if headed else "\t".join(HEADINGS) + "\n").encode() + f"{lines}\n".encode()

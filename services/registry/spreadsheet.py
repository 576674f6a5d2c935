"""A change list as it comes: file to rows, with all that the file alone shows to be wrong.

Words of the cells (`Loại`, `Lý do` …) become typed kinds here; nothing behind this module sees them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.kernel.misread import likely_name
from services.kernel.names import fold
from services.kernel.period import Period
from services.kernel.tables.read import read_table
from services.kernel.tables.table import Cell, Json, Table, UnreadableTable, as_json
from services.kernel.text import clean
from services.registry.cells import MAX_TEXT
from services.registry.headings import CITIZEN_ID, KIND, NAME, OPTIONAL, PAYEE, REQUIRED
from services.registry.row import Finding, ReasonKind, Row
from services.registry.row_check import CheckedRow, check_row

RawRow = tuple[int, dict[str, Json]]
"""Row number as the person sees it, and its cells as read, by heading; blank cells are absent."""


@dataclass(frozen=True, slots=True)
class ParsedList:
    """`rows` are those without errors; `raw` all rows as read; `hidden` the numbers of rows hidden in the sheet."""

    rows: tuple[Row, ...]
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    raw: tuple[RawRow, ...]
    hidden: frozenset[int] = frozenset()


def read_list(content: bytes, period: Period, today: date) -> ParsedList:
    """Reads an XLSX or CSV change list. Raises UnreadableTable if it can't be read as one.

    `period` is the list's, `today` the business day. Registry and catalogue are not asked.
    """
    table = read_table(content, REQUIRED, OPTIONAL)
    _refuse_unusable(table)
    raw = [
        (row.number, {heading: _as_read(heading, cell) for heading, cell in row.cells.items()}) for row in table.rows
    ]
    return check_rows(raw, period, today, frozenset(row.number for row in table.rows if row.hidden))


def _as_read(heading: str, cell: Cell) -> Json:
    """The cell as it is kept and shown: texts cleaned, but for a name in a wrong encoding, which is told from its
    letters as they came (white space may be a part of them).
    """
    if isinstance(cell, str) and (heading not in (NAME, PAYEE) or likely_name(cell[:MAX_TEXT]) is None):
        cell = clean(cell)
    return as_json(cell)


def _refuse_unusable(table: Table) -> None:
    if not table.rows:
        raise UnreadableTable(
            "no-rows",
            "Tệp chỉ có tiêu đề, không có dòng nào. Nếu tháng này không có biến động, chọn “Không có thay đổi” "
            "(no_change) thay vì gửi tệp.",
            "The file has headings and no row. If nothing changed this month, say so with `no_change`.",
        )
    overlong = next((row.number for row in table.rows if row.overlong), None)
    if overlong is not None:
        raise UnreadableTable(
            "record-too-long",
            f"Bản ghi {overlong} của tệp CSV có nhiều ô hơn số tiêu đề: có dấu phân cách nằm trong nội dung. Lưu lại "
            "dạng .xlsx hoặc CSV UTF-8 từ Excel.",
            f"Record {overlong} has more cells than there are headings: a separator stands inside a field. Save it as "
            ".xlsx or CSV UTF-8 from a spreadsheet program.",
        )


def check_rows(
    raw: Iterable[tuple[int, Mapping[str, Json]]], period: Period, today: date, hidden: frozenset[int] = frozenset()
) -> ParsedList:
    """Checks all rows of a list, each alone and against each other: the same way for files and for mended cells."""
    kept = tuple((number, dict(cells)) for number, cells in raw)
    checked = [check_row(number, cells, period, today) for number, cells in kept]
    errors = [error for row in checked for error in row.errors]
    warnings = [warning for row in checked for warning in row.warnings]
    _compare(checked, errors, warnings)
    warnings += [_hidden(number) for number, _ in kept if number in hidden]
    errors.sort(key=lambda error: error.row)
    warnings.sort(key=lambda warning: warning.row)
    wrong = {error.row for error in errors}
    rows = tuple(each.row for each in checked if each.row is not None and each.row.number not in wrong)
    return ParsedList(rows, tuple(errors), tuple(warnings), kept, hidden)


def _hidden(number: int) -> Finding:
    return Finding(
        number,
        KIND,
        "row-hidden",
        "Dòng đang bị ẩn trong trang tính nhưng vẫn được đọc. Nếu không muốn gửi dòng này, xóa hẳn dòng.",
        "The row is hidden in the sheet and is read all the same. Delete it if it is not meant.",
    )


def _compare(checked: Iterable[CheckedRow], errors: list[Finding], warnings: list[Finding]) -> None:
    """One id under two names; the same right of one person twice; possibly the same person twice without id."""
    named: dict[str, Row] = {}
    by_id: dict[tuple[str, ...], Row] = {}
    by_name: dict[tuple[str, ...], Row] = {}
    without_id: dict[tuple[str, ...], Row] = {}
    for row in (each.row for each in checked if each.row is not None):
        right = _right(row)
        if row.citizen_id is not None:
            first = by_id.setdefault((row.citizen_id, *right), row)
            other = _other_name(row, named)
            if other is not None:
                errors.append(_two_names(row, other))
            elif first is not row:
                errors.append(_doubled(row, first))
        if row.name is not None and row.birth is not None:
            person = (fold(row.name), row.birth, *right)
            first = by_name.setdefault(person, row)
            lacking = row if row.citizen_id is None else without_id.get(person)
            earlier = first if lacking is row else lacking
            if earlier is not None and earlier is not row:
                warnings.append(_possibly_doubled(row, earlier))
            if lacking is row:
                without_id.setdefault(person, row)


def _other_name(row: Row, named: dict[str, Row]) -> Row | None:
    """The earlier row with the same citizen id and another name; a correction may bring another name."""
    if row.citizen_id is None or row.name is None or row.reason_kind is ReasonKind.CORRECTION:
        return None
    first = named.setdefault(row.citizen_id, row)
    return None if fold(first.name or "") == fold(row.name) else first


def _right(row: Row) -> tuple[str, str, str]:
    """What the row is about. An item of NCC follows from the code, so that it does not tell two codes apart."""
    item = "" if row.programme == "NCC" and row.code else row.item or ""
    return row.programme or "", item, row.code or ""


def _doubled(row: Row, first: Row) -> Finding:
    return Finding(
        row.number,
        CITIZEN_ID,
        "row-doubled",
        f"Số định danh, chương trình, mục và mã chế độ trùng với dòng {first.number}. Giữ một dòng, xóa dòng thừa.",
        f"Citizen id, programme, item and code are those of row {first.number}. Keep one row and delete the other.",
    )


def _two_names(row: Row, first: Row) -> Finding:
    return Finding(
        row.number,
        CITIZEN_ID,
        "citizen-id-two-names",
        f"Số định danh này đứng với họ tên khác ở dòng {first.number}. Đối chiếu CCCD và sửa số hoặc họ tên.",
        f"The same citizen id stands with another name in row {first.number}. Compare the cards and mend it.",
    )


def _possibly_doubled(row: Row, first: Row) -> Finding:
    return Finding(
        row.number,
        NAME,
        "row-possibly-doubled",
        f"Có thể trùng với dòng {first.number} (cùng họ tên, ngày sinh và chế độ, không đủ số định danh). Xóa nếu "
        "trùng; nếu là hai người, xác nhận khi duyệt.",
        f"Possibly the same as row {first.number} (same name, birth and right, an id is lacking). Delete it if so; if "
        "they are two people, accept it on approval.",
        needs_acceptance=True,
    )

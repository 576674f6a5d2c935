"""Change lists to put traps into: one right row, and files of rows like it."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

from services.registry.headings import HEADINGS, REQUIRED
from tests.files.workbooks import Sheet, Value, book, row

PERIOD, COMMUNE, OTHER_COMMUNE = "2023-11", "10114", "10126"
TODAY = date(2023, 11, 2)
SINH: Mapping[str, Value] = {
    "Loại": "TĂNG",
    "Họ và tên": "Phan Văn Sinh",
    "Ngày sinh": "1940",
    "Giới tính": "Nam",
    "Số định danh": "001040146715",
    "Chương trình": "BTXH",
    "Mã chế độ": "BTXH.05C",
    "Mức hưởng": 440000,
    "Từ tháng": "11/2023",
}


def row_of(at: int, values: Mapping[str, Value], attributes: str = "", first: int = 1) -> str:
    """A row under the headings in the contract's order."""
    return row(at, [values.get(heading) for heading in HEADINGS], first, attributes)


def head(at: int = 1, headings: Sequence[str] = HEADINGS, first: int = 1) -> str:
    return row(at, headings, first)


def sheet_of(*rows: Mapping[str, Value], name: str = "Danh sách", state: str = "visible") -> Sheet:
    """The headings in row 1 and the rows under it."""
    return Sheet(head() + "".join(row_of(at, values) for at, values in enumerate(rows, 2)), name, state)


def with_cell(heading: str, value: Value) -> bytes:
    """A workbook whose only row has another value in one cell."""
    return book(sheet_of({**SINH, heading: value}))


def csv_text(*rows: Mapping[str, Value], separator: str = ",", headings: Sequence[str] = REQUIRED) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(headings)
    writer.writerows(["" if one.get(name) is None else one.get(name) for name in headings] for one in rows)
    return out.getvalue()


def workbook(*rows: Mapping[str, Value]) -> bytes:
    """A workbook of these rows."""
    return book(sheet_of(*rows))

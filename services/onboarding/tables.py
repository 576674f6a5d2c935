"""Tables in and out: the bank's results as XLSX or CSV, the applications as a workbook."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import xlsxwriter

from services.kernel.tables.read import read_table
from services.onboarding.results import FIELDS

REQUIRED = ("holder", "account_number", "result")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LACKS = {
    "citizen-id": "số định danh",
    "phone": "điện thoại",
    "payee-citizen-id": "số định danh người nhận thay",
}
COLUMNS = {
    "beneficiary_id": ("Mã đối tượng", 36),
    "commune": ("Mã xã", 9),
    "name": ("Họ và tên", 28),
    "birth": ("Ngày sinh", 12),
    "citizen_id": ("Số định danh", 16),
    "phone": ("Điện thoại", 14),
    "holder": ("Chủ tài khoản", 14),
    "payee_name": ("Người nhận thay", 28),
    "payee_citizen_id": ("Số định danh người nhận thay", 28),
    "lacks": ("Hồ sơ còn thiếu", 36),
    "refused": ("Lý do ngân hàng từ chối", 36),
}
HOLDERS = {"OWN": "CHÍNH CHỦ", "GUARDIAN": "GIÁM HỘ", "AUTHORISED": "ỦY QUYỀN"}


def read_rows(content: bytes) -> list[object]:
    """The rows of a file by heading, cells as read. Raises UnreadableTable; takes CPU and memory: for the worker."""
    table = read_table(content, REQUIRED, [one for one in FIELDS if one not in REQUIRED], full_records=True)
    # A record with more cells than headings has a separator inside a field: no telling which value is whose.
    return [None if row.overlong else dict(row.cells) for row in table.rows]


def write_applications(items: Iterable[Mapping[str, Any]]) -> bytes:
    """The workbook for the bank and the communes; every cell is text, whatever it begins with."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Chờ mở tài khoản")
        bold = book.add_format({"bold": True, "text_wrap": True})
        for column, (heading, width) in enumerate(COLUMNS.values()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        sheet.freeze_panes(1, 0)
        for row, item in enumerate(items, 1):
            for column, name in enumerate(COLUMNS):
                sheet.write_string(row, column, _text(name, item.get(name)))
    return target.getvalue()


def _text(name: str, value: object) -> str:
    if name == "lacks" and isinstance(value, list):
        return ", ".join(LACKS[one] for one in value)
    if name == "holder":
        return HOLDERS[str(value)]
    return "" if value is None else str(value)

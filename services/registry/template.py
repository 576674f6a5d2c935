"""The workbook that a commune fills in: headings, drop-downs, and its present roll on a sheet beside."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from services.reference.programmes import ITEMS, PROGRAMMES
from services.registry.headings import (
    CITIZEN_ID,
    HEADINGS,
    ITEM,
    KIND,
    OLD_ID,
    PHONE,
    PROGRAMME,
    RELATION,
    SEX,
    WISH,
)

ROWS = 2_000
CHOICES = {
    KIND: ["TĂNG", "GIẢM", "ĐIỀU CHỈNH"],
    SEX: ["Nam", "Nữ"],
    PROGRAMME: list(PROGRAMMES),
    ITEM: [item for items in ITEMS.values() for item in items],
    RELATION: ["GIÁM HỘ", "ỦY QUYỀN"],
    WISH: ["TÀI KHOẢN", "TIỀN MẶT"],
}
TEXT = (CITIZEN_ID, OLD_ID, PHONE)
ROLL = ("name", "birth", "sex", "citizen_id", "address")


def template(people: Sequence[dict[str, Any]]) -> bytes:
    """The workbook; `people` as the API shows them."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2023, 1, 1)})  # noqa: DTZ001 - the same file for the same roll
    bold, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("Danh sách")
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading, bold)
        sheet.set_column(column, column, 18, text if heading in TEXT else None)
        if heading in CHOICES:
            sheet.data_validation(1, column, ROWS, column, {"validate": "list", "source": CHOICES[heading]})
    roll = book.add_worksheet("Sổ hiện tại")
    for column, heading in enumerate(("Tên", "Năm sinh", "Giới", "Số", "Nơi ở")):
        roll.write_string(0, column, heading, bold)
    for row, person in enumerate(people, 1):
        for column, field in enumerate(ROLL):
            roll.write_string(row, column, str(person.get(field) or ""))
    book.close()
    return content.getvalue()

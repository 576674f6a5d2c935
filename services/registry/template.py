"""The workbook that a commune fills in: headings, drop-downs, and its present roll on a sheet beside."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from services.reference.programmes import ITEMS, PROGRAMMES
from services.registry.catalogue import load
from services.registry.headings import (
    CITIZEN_ID,
    CODE,
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
CATALOGUE = "Danh mục"
TEXT = (CITIZEN_ID, OLD_ID, PHONE)
ROLL = ("name", "birth", "sex", "citizen_id", "address")


def _catalogue(book: xlsxwriter.Workbook, bold: object) -> None:
    # A list of choices in a cell's own rule holds 255 letters at most: the codes stand on a sheet of their own.
    sheet = book.add_worksheet(CATALOGUE)
    sheet.set_column(0, 0, 36)
    for column, heading in enumerate(("Mã", "Thuộc", "Theo biểu 2")):
        sheet.write_string(0, column, heading, bold)
    for row, code in enumerate(load().codes(), 1):
        for column, text in enumerate((code, load().programme_of(code), load().item_of(code) or "")):
            sheet.write_string(row, column, text)


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
        if heading == CODE:
            codes = f"='{CATALOGUE}'!$A$2:$A${len(load().codes()) + 1}"
            sheet.data_validation(1, column, ROWS, column, {"validate": "list", "source": codes})
    roll = book.add_worksheet("Sổ hiện tại")
    for column, heading in enumerate(("Tên", "Năm sinh", "Giới", "Số", "Nơi ở")):
        roll.write_string(0, column, heading, bold)
    for row, person in enumerate(people, 1):
        for column, field in enumerate(ROLL):
            roll.write_string(row, column, str(person.get(field) or ""))
    _catalogue(book, bold)
    book.close()
    return content.getvalue()

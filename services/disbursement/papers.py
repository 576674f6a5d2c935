"""The run's lists on paper: for the bank (all account payments) and for a commune (its cash)."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

BANK_COLUMNS = ("end_to_end_id", "payee_name", "account_number", "bank_code", "amount", "period")
CASH_COLUMNS = ("payment_id", "payee_name", "programme", "amount", "commune", "period")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def _text(value: Any) -> str:
    """Text that a spreadsheet program will not take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def as_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """UTF-8 with BOM, so that Excel reads the letters."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([row[column] if column == "amount" else _text(row[column]) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """One sheet; ids and account numbers stay text, amounts are numbers."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2023, 1, 1)})  # noqa: DTZ001 - the same run, the same file
    sheet, money = book.add_worksheet("Danh sách"), book.add_format({"num_format": "#,##0"})
    for column, heading in enumerate(columns):
        sheet.write_string(0, column, heading, book.add_format({"bold": True}))
        sheet.set_column(column, column, 24)
    for number, row in enumerate(rows, 1):
        for column, heading in enumerate(columns):
            if heading == "amount":
                sheet.write_number(number, column, row[heading], money)
            else:
                sheet.write_string(number, column, "" if row[heading] is None else str(row[heading]))
    book.close()
    return content.getvalue()

"""Tables in and out."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter

from services.kernel.tables.read import read_table
from services.kernel.tables.table import UnreadableTable
from services.onboarding.recording import read_rows as read_results
from services.onboarding.results import AccountResult
from services.onboarding.tables import COLUMNS, read_rows, write_applications

CSV = (
    "citizen_id;holder;bank_code;account_number;account_name;result;opened_on\n"
    "001141178391;OWN;VBA;02200205000137;NGUYEN THI AN;OPENED;06/11/2023\n"
)


def test_a_csv_is_read_by_its_headings() -> None:
    (read,) = read_results(read_rows(CSV.encode()), date(2023, 12, 5))
    assert isinstance(read, AccountResult)
    assert (read.account_number, read.opened_on) == ("02200205000137", date(2023, 11, 6))


def test_a_cut_off_csv_is_refused_whole() -> None:
    with pytest.raises(UnreadableTable) as why:
        read_rows(CSV.encode() + b"001141178392;OWN;VBA")
    assert (why.value.code, why.value.too_large) == ("file-cut-off", False)


def test_a_number_cell_is_no_account_number() -> None:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["beneficiary_id", "holder", "account_number", "result", "closed_on"])
        sheet.write_row(1, 0, ["b1", "OWN", 2200205000137, "CLOSED"])
        sheet.write_datetime(1, 4, date(2023, 12, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_row(2, 0, ["b1", "OWN", "2200205000137", "CLOSED", "2023-12-01"])
    number, text = read_results(read_rows(target.getvalue()), date(2023, 12, 5))
    assert not isinstance(number, AccountResult)
    assert number.code == "field-not-text"
    assert isinstance(text, AccountResult)


def test_applications_are_text_whatever_they_begin_with() -> None:
    item = dict.fromkeys(COLUMNS) | {"name": "=1+1", "holder": "OWN", "lacks": ["phone"]}
    headings = [heading for heading, _ in COLUMNS.values()]
    (row,) = read_table(write_applications([item]), headings).rows
    assert row.cells["Họ và tên"] == "=1+1"
    assert row.cells["Hồ sơ còn thiếu"] == "điện thoại"

"""The run's lists on paper: letters, numbers, and cells that no spreadsheet takes for a formula."""

import io
from typing import Any

import openpyxl
import pytest

from services.disbursement.papers import BANK_COLUMNS, CASH_COLUMNS, as_csv, as_xlsx

ROW: dict[str, Any] = {
    "end_to_end_id": "ABCDEFGHIJKLMN23",
    "payee_name": "Mai Thị Xuân",
    "account_number": "0200205002329",
    "bank_code": "VBA",
    "amount": 440_000,
    "period": "2023-11",
}


def cells(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_the_banks_list_and_the_communes_have_their_columns() -> None:
    assert as_csv(BANK_COLUMNS, []).decode("utf-8-sig") == (
        "end_to_end_id,payee_name,account_number,bank_code,amount,period\r\n"
    )
    assert as_csv(CASH_COLUMNS, []).decode("utf-8-sig") == "payment_id,payee_name,programme,amount,commune,period\r\n"


def test_a_csv_starts_with_a_bom_and_keeps_letters_and_leading_zeros() -> None:
    content = as_csv(BANK_COLUMNS, [ROW])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[1] == (
        "ABCDEFGHIJKLMN23,Mai Thị Xuân,0200205002329,VBA,440000,2023-11"
    )


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_looks_like_a_formula_is_made_harmless_in_a_csv(first: str) -> None:
    content = as_csv(("payee_name",), [{"payee_name": f"{first}1"}]).decode("utf-8-sig")
    assert f"'{first}1" in content


def test_a_csv_quotes_commas_and_leaves_nothing_for_none() -> None:
    row = {"payee_name": 'Ông "Hai", xóm 3', "bank_code": None, "amount": 0}
    content = as_csv(("payee_name", "bank_code", "amount"), [row]).decode("utf-8-sig")
    assert content.splitlines()[1] == '"Ông ""Hai"", xóm 3",,0'


def test_an_xlsx_keeps_ids_as_text_and_amounts_as_numbers() -> None:
    assert cells(as_xlsx(BANK_COLUMNS, [ROW])) == [
        ("end_to_end_id", "payee_name", "account_number", "bank_code", "amount", "period"),
        ("ABCDEFGHIJKLMN23", "Mai Thị Xuân", "0200205002329", "VBA", 440_000, "2023-11"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "https://vi.du", "+84"])
def test_an_xlsx_holds_no_formula_and_no_link(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(("payee_name",), [{"payee_name": text}])))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_the_same_run_is_the_same_file() -> None:
    assert as_xlsx(BANK_COLUMNS, [ROW]) == as_xlsx(BANK_COLUMNS, [ROW])

"""A row of the bank's payment results, of JSON or of a table: what is read of it, and what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.disbursement.answering import Answer
from services.disbursement.bank_rows import Refusal, key_said, read_json_row, read_table_row
from services.disbursement.words import OF_ROWS
from services.kernel.tables.table import CellError

ROW: dict[str, Any] = {
    "end_to_end_id": "ABCDEFGHIJKLMN23",
    "result": "SETTLED",
    "amount": 440_000,
    "value_date": "2023-11-10",
    "bank_reference": "FTB1",
    "reason": "AC04",
}


def _answer(row: Any) -> Answer:
    said = read_json_row(row).said
    assert isinstance(said, Answer), said
    return said


def refused(row: Any) -> str:
    """The code of a refusal of JSON."""
    said = read_json_row(row).said
    assert isinstance(said, Refusal), said
    assert said.code in OF_ROWS
    return said.code


def test_a_whole_row_is_read() -> None:
    assert _answer(ROW) == Answer("ABCDEFGHIJKLMN23", "SETTLED", 440_000, date(2023, 11, 10), "FTB1", "AC04")


def test_columns_that_nobody_asked_for_are_ignored() -> None:
    assert _answer(ROW | {"currency": "VND"}) == _answer(ROW)


@pytest.mark.parametrize("result", ["SETTLED", "REJECTED", "RETURNED"])
def test_each_result_is_read(result: str) -> None:
    assert _answer(ROW | {"result": result}).result == result


@pytest.mark.parametrize("name", ["end_to_end_id", "bank_reference", "reason"])
@pytest.mark.parametrize("nothing", [None, "", "  \t"])
def test_an_empty_text_is_none(name: str, nothing: str | None) -> None:
    assert getattr(_answer(ROW | {name: nothing}), name) is None


def test_a_rejection_needs_neither_amount_nor_day() -> None:
    read = _answer({"end_to_end_id": "ABCDEFGHIJKLMN23", "result": "REJECTED"})
    assert read == Answer("ABCDEFGHIJKLMN23", "REJECTED", None, None)


@pytest.mark.parametrize("amount", [440_000, 440_000.0])
def test_a_whole_amount_is_read_as_int(amount: float) -> None:
    read = _answer(ROW | {"amount": amount}).amount
    assert read == 440_000
    assert type(read) is int


@pytest.mark.parametrize("amount", [0, -440_000])
def test_an_amount_of_nought_or_less_is_read_and_left_to_be_a_conflict(amount: int) -> None:
    assert _answer(ROW | {"amount": amount}).amount == amount


def test_texts_are_trimmed_cut_and_freed_of_control_characters() -> None:
    read = _answer(
        ROW | {"end_to_end_id": " ABCDEFGHIJKLMN23\n", "bank_reference": "F" * 101, "reason": "a\x00b\ud800c"}
    )
    assert read.end_to_end_id == "ABCDEFGHIJKLMN23"
    assert read.bank_reference == "F" * 100
    assert read.reason == "a b c"
    assert _answer(ROW | {"reason": "á" * 501}).reason == "á" * 500


@pytest.mark.parametrize("row", [None, [], "SETTLED", 5])
def test_a_row_that_is_no_object_is_refused(row: object) -> None:
    assert refused(row) == "row-not-object"


@pytest.mark.parametrize("result", [None, "", "settled", "PAID", 1, ["SETTLED"], {"a": 1}])
def test_a_result_that_is_none_of_the_three_is_refused(result: object) -> None:
    assert refused(ROW | {"result": result}) == "result-unknown"


@pytest.mark.parametrize("amount", [True, "440000", 440_000.5, float("nan"), float("inf"), [], {}])
@pytest.mark.parametrize("result", ["SETTLED", "REJECTED", "RETURNED"])
def test_an_amount_that_is_no_whole_number_is_refused(result: str, amount: object) -> None:
    assert refused(ROW | {"result": result, "amount": amount}) == "amount-unreadable"


@pytest.mark.parametrize("amount", [10**15, -(10**15), 10**400, 1e300])
def test_an_amount_beyond_all_measure_is_refused(amount: float) -> None:
    assert refused(ROW | {"amount": amount}) == "amount-too-large"


@pytest.mark.parametrize("result", ["SETTLED", "RETURNED"])
def test_a_settlement_and_a_return_need_amount_and_day(result: str) -> None:
    assert refused(ROW | {"result": result, "amount": None}) == "amount-missing"
    assert refused(ROW | {"result": result, "value_date": None}) == "value-date-missing"


@pytest.mark.parametrize("day", ["", "10/11/2023", "2023-11-31", "2023-13-01", "hôm nay", 20231110, True, []])
@pytest.mark.parametrize("result", ["SETTLED", "REJECTED", "RETURNED"])
def test_a_day_that_is_no_day_is_refused(result: str, day: object) -> None:
    assert refused(ROW | {"result": result, "value_date": day}) == "value-date-unreadable"


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2023-11-30T17:30:00Z", date(2023, 12, 1)),
        ("2023-11-30T16:59:59Z", date(2023, 11, 30)),
        ("2023-11-30T23:30:00", date(2023, 11, 30)),
        ("2023-11-30+07:00", date(2023, 11, 30)),
    ],
)
def test_an_instant_is_its_day_in_vietnam(instant: str, day: date) -> None:
    assert _answer(ROW | {"value_date": instant}).value_date == day


def test_notprovided_is_no_reference() -> None:
    assert _answer(ROW | {"end_to_end_id": "NOTPROVIDED"}).end_to_end_id is None


@pytest.mark.parametrize("name", ["end_to_end_id", "bank_reference"])
@pytest.mark.parametrize("value", [5, True, ["a"], {"a": 1}])
def test_a_text_that_is_no_text_is_refused(name: str, value: object) -> None:
    assert refused(ROW | {name: value}) == "field-not-text"


@pytest.mark.parametrize(("value", "read"), [(5, "5"), (True, None), (["a"], None), ({"a": 1}, None)])
def test_whatever_the_reason_holds_the_answer_counts(value: object, read: str | None) -> None:
    assert _answer(ROW | {"reason": value}).reason == read


def test_the_same_answer_has_the_same_key_and_another_word_another() -> None:
    key = _answer(ROW).key()
    assert _answer(dict(reversed(ROW.items()))).key() == key
    others: list[dict[str, Any]] = [
        {"end_to_end_id": "X"},
        {"result": "RETURNED"},
        {"amount": 1},
        {"value_date": "2023-11-11"},
    ]
    assert len({key} | {_answer(ROW | other).key() for other in others}) == 5


@pytest.mark.parametrize("said", ["20231130", "2023-W48-4", "0001-01-01T00:00:00+23:59"])
def test_other_ways_to_write_a_day_are_refused(said: str) -> None:
    assert refused(ROW | {"value_date": said}) == "value-date-unreadable"


@pytest.mark.parametrize(
    ("said", "repeated"), [("A1", "A1"), ("a\ud800", "a?"), (10**30, None), (None, None), ("x" * 500, "x" * 100)]
)
def test_the_key_of_a_row_comes_back_in_a_form_that_can_be_written(said: object, repeated: str | None) -> None:
    assert key_said({"end_to_end_id": said}, "end_to_end_id") == repeated


def table(row: Any) -> Answer:
    said = read_table_row(row).said
    assert isinstance(said, Answer), said
    return said


@pytest.mark.parametrize(
    "amount", [440_000, "440000", "440.000", "440,000", "440 000", "440.000,00", "440,000.00", "440000.00", " 440.000 "]
)
def test_an_amount_of_a_table_may_be_grouped(amount: object) -> None:
    assert table(ROW | {"amount": amount}).amount == 440_000


def test_the_amount_of_the_contract_is_read() -> None:
    assert table(ROW | {"amount": "2.055.000"}).amount == 2_055_000
    assert table(ROW | {"amount": "-2.055.000"}).amount == -2_055_000


@pytest.mark.parametrize(
    "amount",
    [
        "440.00.000",
        "440.000,000",
        "440000,5",
        "4,4E+5",
        "bốn trăm",
        "4.40",
        "440.000.00",
        Decimal("440000.5"),
        CellError("#N/A"),
    ],
)
def test_an_amount_of_a_table_that_is_no_whole_number_is_refused(amount: object) -> None:
    said = read_table_row(ROW | {"amount": amount}).said
    assert isinstance(said, Refusal)
    assert said.code == "amount-unreadable"


@pytest.mark.parametrize(
    "day", [date(2023, 11, 10), "10/11/2023", "2023-11-10", " 10/11/2023 ", "2023-11-09T17:30:00Z"]
)
def test_a_day_of_a_table_may_be_a_date_cell_or_vietnamese(day: object) -> None:
    assert table(ROW | {"value_date": day}).value_date == date(2023, 11, 10)


@pytest.mark.parametrize("day", ["31/11/2023", "11/2023", 45240, CellError("#REF!")])
def test_a_day_of_a_table_that_does_not_exist_is_refused(day: object) -> None:
    said = read_table_row(ROW | {"value_date": day}).said
    assert isinstance(said, Refusal)
    assert said.code == "value-date-unreadable"


def test_a_reference_of_a_table_may_be_a_number_cell_and_a_reason_anything() -> None:
    read = table(ROW | {"bank_reference": 2331401, "reason": CellError("#N/A")})
    assert (read.bank_reference, read.reason) == ("2331401", None)


def test_the_case_of_a_result_counts_in_a_table_too() -> None:
    said = read_table_row(ROW | {"result": "Settled"}).said
    assert isinstance(said, Refusal)


def test_a_record_with_more_cells_than_headings_is_refused() -> None:
    said = read_table_row(None).said
    assert isinstance(said, Refusal)
    assert said.code == "row-not-object"

"""A row of the bank's answers: what is read of it, and what is refused with which words."""

from datetime import date
from typing import Any

import pytest

from services.disbursement.bank_answers import Unreadable, _answer
from services.disbursement.payment import Answer

ROW: dict[str, Any] = {
    "end_to_end_id": "ABCDEFGHIJKLMN23",
    "result": "SETTLED",
    "amount": 440_000,
    "value_date": "2023-11-10",
    "bank_reference": "FTB1",
    "reason": "AC04",
}


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
    with pytest.raises(Unreadable, match="không phải một đối tượng JSON"):
        _answer(row)


@pytest.mark.parametrize("result", [None, "", "settled", "PAID", 1, ["SETTLED"], {"a": 1}])
def test_a_result_that_is_none_of_the_three_is_refused(result: object) -> None:
    with pytest.raises(Unreadable, match="result phải là SETTLED, REJECTED hoặc RETURNED"):
        _answer(ROW | {"result": result})


@pytest.mark.parametrize("amount", [True, "440000", 440_000.5, float("nan"), float("inf"), [], {}])
@pytest.mark.parametrize("result", ["SETTLED", "REJECTED", "RETURNED"])
def test_an_amount_that_is_no_whole_number_is_refused(result: str, amount: object) -> None:
    with pytest.raises(Unreadable, match="amount phải là số đồng nguyên"):
        _answer(ROW | {"result": result, "amount": amount})


@pytest.mark.parametrize("amount", [10**15, -(10**15), 10**400, 1e300])
def test_an_amount_beyond_all_measure_is_refused(amount: float) -> None:
    with pytest.raises(Unreadable, match="lớn quá mức"):
        _answer(ROW | {"amount": amount})


@pytest.mark.parametrize("result", ["SETTLED", "RETURNED"])
def test_a_settlement_and_a_return_need_amount_and_day(result: str) -> None:
    with pytest.raises(Unreadable, match="amount"):
        _answer(ROW | {"result": result, "amount": None})
    with pytest.raises(Unreadable, match="value_date"):
        _answer(ROW | {"result": result, "value_date": None})


@pytest.mark.parametrize("day", ["", "10/11/2023", "2023-11-31", "2023-13-01", "hôm nay", 20231110, True, []])
@pytest.mark.parametrize("result", ["SETTLED", "REJECTED", "RETURNED"])
def test_a_day_that_is_no_day_is_refused(result: str, day: object) -> None:
    with pytest.raises(Unreadable, match="value_date phải là ngày dạng YYYY-MM-DD"):
        _answer(ROW | {"result": result, "value_date": day})


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


@pytest.mark.parametrize("name", ["end_to_end_id", "bank_reference", "reason"])
@pytest.mark.parametrize("value", [5, True, ["a"], {"a": 1}])
def test_a_text_that_is_no_text_is_refused(name: str, value: object) -> None:
    with pytest.raises(Unreadable, match="phải là chuỗi"):
        _answer(ROW | {name: value})


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

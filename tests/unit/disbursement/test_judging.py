"""A call with many answers: each row meets what the rows before it decided, and one bad row blocks no other."""

from datetime import date
from typing import Any

import pytest

from services.disbursement import bank_answers
from services.disbursement.bank_answers import _answer, _Judging, _read, _Target, key_said
from services.disbursement.events import (
    Line,
    MonthAmount,
    PayeeAccount,
    Payment,
    PaymentInstructed,
    PaymentPrepared,
    PaymentReturned,
    PaymentSettled,
)
from services.disbursement.payment import payment_decider
from services.kernel import clock
from services.kernel.period import Period

NOVEMBER = Period("2023-11")
OURS = "ABCDEFGHIJKLMN23"
PAYEE = PayeeAccount(payee_name="Mai Thị Xuân", account_number="2200205002329", bank_code="VBA")
PAYMENT = Payment(
    payment_id="p1",
    end_to_end_id=OURS,
    run_id="r1",
    period=NOVEMBER,
    beneficiary_id="xuan",
    programme="BTXH",
    commune="10114",
    amount=440_000,
    method="ACCOUNT",
    account_id="a1",
    lines=(Line(purpose="REGULAR", item=None, months=(MonthAmount(month=NOVEMBER, amount=440_000),), amount=440_000),),
    replaces=(),
)
ROW: dict[str, Any] = {
    "end_to_end_id": OURS,
    "result": "SETTLED",
    "amount": 440_000,
    "value_date": "2023-11-10",
    "bank_reference": "FTB1",
}


def judging(content: bytes = b"file") -> _Judging:
    state = payment_decider.fold(
        [
            PaymentPrepared(payment=PAYMENT, netted=False, personal=PAYEE),
            PaymentInstructed(payment=PAYMENT, sent_on=date(2023, 11, 9), personal=PAYEE),
        ]
    )
    return _Judging({OURS: _Target("p1", 2, state, state, [])}, content)


def words(call: _Judging, *rows: Any) -> list[str]:
    clock.set_today(date(2023, 12, 20))
    return [str(call.judge(place, row, _read(row))["outcome"]) for place, row in enumerate(rows)]


def test_an_answer_said_twice_in_one_call_is_applied_once() -> None:
    call = judging()
    assert words(call, ROW, ROW) == ["applied", "repeated"]
    assert [event.type_name() for event in call.targets[OURS].events] == ["PaymentSettled"]


def test_a_return_before_its_settlement_in_one_call_takes_effect_with_it() -> None:
    call = judging()
    back = ROW | {"result": "RETURNED", "value_date": "2023-12-01", "bank_reference": "RT1"}
    assert words(call, back, ROW) == ["waiting", "applied"]
    assert call.targets[OURS].state.status == "RETURNED"
    assert call.targets[OURS].events[1:] == [
        PaymentSettled(payment=PAYMENT, value_date=date(2023, 11, 10), bank_reference="FTB1"),
        PaymentReturned(payment=PAYMENT, value_date=date(2023, 12, 1), bank_reference="RT1", reason=None),
    ]


def test_a_bad_row_blocks_no_other() -> None:
    assert words(judging(), 5, {"result": "PAID"}, ROW | {"end_to_end_id": "KHONGCO0001"}, ROW) == [
        "refused",
        "refused",
        "unmatched",
        "applied",
    ]


@pytest.mark.parametrize("day", ["2023-10-01", "2023-12-20"])
def test_a_value_date_counts_from_the_month_before_the_run_to_today(day: str) -> None:
    assert words(judging(), ROW | {"value_date": day}) == ["applied"]


@pytest.mark.parametrize("day", ["2023-09-30", "2023-12-21"])
def test_a_value_date_outside_is_refused_and_the_window_named(day: str) -> None:
    clock.set_today(date(2023, 12, 20))
    row = ROW | {"value_date": day}
    told = judging().judge(0, row, _read(row))
    assert told["outcome"] == "refused"
    assert "01/10/2023 đến 20/12/2023" in told["message"]


def test_a_prefix_of_a_reference_is_not_the_reference() -> None:
    assert words(judging(), ROW | {"end_to_end_id": OURS[:-1]}) == ["unmatched"]


def test_two_answers_without_any_reference_are_two() -> None:
    nameless = {**ROW, "end_to_end_id": "NOTPROVIDED", "bank_reference": None}
    call = judging()
    assert words(call, nameless, nameless) == ["unmatched", "unmatched"]
    assert len(call.nameless) == 2
    again = judging()
    words(again, nameless, nameless)
    assert again.nameless.keys() == call.nameless.keys()


def test_an_answer_without_our_reference_is_known_by_the_banks() -> None:
    nameless = {**ROW, "end_to_end_id": "", "bank_reference": "FTB9"}
    call = judging(b"one file")
    words(call, nameless, nameless)
    other = judging(b"another file")
    words(other, ROW, nameless)
    assert len(call.nameless) == 1
    assert call.nameless.keys() == other.nameless.keys()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2023-11-30T17:30:00Z", date(2023, 12, 1)),
        ("2023-11-30T17:30:00+07:00", date(2023, 11, 30)),
        ("2023-11-30T23:59:59", date(2023, 11, 30)),
        ("2023-11-30+07:00", date(2023, 11, 30)),
        ("2023-11-30Z", date(2023, 11, 30)),
    ],
)
def test_an_instant_is_its_day_in_viet_nam(said: str, day: date) -> None:
    assert _answer(ROW | {"value_date": said}).value_date == day


@pytest.mark.parametrize("said", ["20231130", "2023-W48-4", "0001-01-01T00:00:00+23:59"])
def test_other_ways_to_write_a_day_are_refused(said: str) -> None:
    with pytest.raises(bank_answers.Unreadable, match="value_date"):
        _answer(ROW | {"value_date": said})


@pytest.mark.parametrize(
    ("said", "repeated"), [("A1", "A1"), ("a\ud800", "a?"), (10**30, None), (None, None), ("x" * 500, "x" * 100)]
)
def test_the_key_of_a_row_comes_back_in_a_form_that_can_be_written(said: object, repeated: str | None) -> None:
    assert key_said({"end_to_end_id": said}, "end_to_end_id") == repeated

"""A call with many answers: each row meets what the rows before it decided, and one bad row blocks no other."""

from datetime import date
from typing import Any

import pytest

from services.disbursement.answering import Answer, Note
from services.disbursement.bank_answers import Judging, in_file
from services.disbursement.bank_rows import Refusal, Said, read_json_row
from services.disbursement.events import PaymentReturned
from services.disbursement.payment import payment_decider
from services.disbursement.targets import Target
from services.kernel import clock
from tests.unit.disbursement.histories import ACCOUNT, HISTORY, SETTLEMENT

OURS = ACCOUNT.end_to_end_id
ROW: dict[str, Any] = {
    "end_to_end_id": OURS,
    "result": "SETTLED",
    "amount": 440_000,
    "value_date": "2023-11-10",
    "bank_reference": "FTB1",
}


def judging(content: bytes = b"file", status: str = "INSTRUCTED") -> Judging:
    state = payment_decider.fold(HISTORY[status])
    return Judging({OURS: Target("p1", 2, state, state)}, in_file(content))


def told(call: Judging, *rows: Said) -> list[str]:
    clock.set_today(date(2023, 12, 20))
    return [call.judge(place, row).outcome for place, row in enumerate(rows)]


def words(call: Judging, *rows: Any) -> list[str]:
    return told(call, *map(read_json_row, rows))


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
        SETTLEMENT,
        PaymentReturned(payment=ACCOUNT, value_date=date(2023, 12, 1), bank_reference="RT1", reason=None),
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
    judged = judging().judge(0, read_json_row(ROW | {"value_date": day}))
    assert judged.outcome == "refused"
    assert "01/10/2023 đến 20/12/2023" in judged.shown("vi")["message"]
    assert "01/10/2023 to 20/12/2023" in judged.shown("en")["message"]


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


def test_another_file_with_an_answer_without_any_reference_is_another_answer() -> None:
    nameless = {**ROW, "end_to_end_id": "", "bank_reference": None}
    first, second = judging(b"one"), judging(b"two")
    words(first, nameless)
    words(second, nameless)
    assert first.nameless.keys() != second.nameless.keys()


def test_a_result_shows_what_the_bank_wrote_its_word_and_why_in_the_callers_language() -> None:
    clock.set_today(date(2023, 12, 20))
    call = judging()
    assert call.judge(0, read_json_row(ROW)).shown("vi") == {
        "end_to_end_id": OURS,
        "result": "SETTLED",
        "outcome": "applied",
        "message": "Đã ghi nhận.",
    }
    again = call.judge(1, read_json_row(ROW | {"bank_reference": "FTB2"})).shown("vi")
    assert (again["outcome"], "có thể đã chuyển hai lần" in again["message"]) == ("repeated", True)
    assert call.judge(2, read_json_row({"end_to_end_id": "NOTPROVIDED", "result": "paid"})).shown("en") == {
        "end_to_end_id": "NOTPROVIDED",
        "result": None,
        "outcome": "refused",
        "message": "result must be SETTLED, REJECTED or RETURNED, as written here.",
    }


def test_a_row_of_xml_that_names_no_payment_is_unmatched_before_it_is_refused_and_ours_is_refused() -> None:
    def fraction(reference: str | None) -> Said:
        kept = Answer(reference, "SETTLED", None, None, "FTB9", fault="amount-missing")
        return Said(reference, Refusal("amount-unreadable", {}, "SETTLED", kept))

    call = judging()
    assert told(call, fraction("KHONGCO0001"), fraction(None), fraction(OURS)) == ["unmatched", "unmatched", "refused"]
    assert [one.outcome for one in call.nameless.values()] == ["unmatched", "unmatched"]
    assert call.targets[OURS].events == []
    assert told(judging(status="CASH_LISTED"), fraction(OURS)) == ["unmatched"]


def test_a_state_on_the_way_is_noted_and_that_of_nobody_is_unmatched() -> None:
    call = judging()
    assert told(call, Said(OURS, Note(OURS, "ACSP")), Said("X", Note("X", "PDNG"))) == ["noted", "unmatched"]
    assert [event.type_name() for event in call.targets[OURS].events] == ["AnswerNoted"]
    assert len(call.nameless) == 1

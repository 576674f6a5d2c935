"""The contract's whole table of the bank's answers."""

from dataclasses import replace
from datetime import date

import pytest

from services.disbursement.answering import kept
from services.disbursement.events import Fault, PaymentInstructed, PaymentRejected, RepeatKept
from services.disbursement.payment import Answer, Judged, Note, decide, judge
from services.kernel.event_types import Event
from tests.unit.disbursement.histories import (
    ACCOUNT,
    ANSWERS,
    PAYEE,
    REJECTED,
    REJECTION,
    RETURN,
    RETURNED,
    SENT,
    SETTLED,
    SETTLED_ON,
    SETTLEMENT,
    after,
    then,
)


@pytest.mark.parametrize(
    ("answer", "status", "outcome"),
    [
        (SETTLED, "INSTRUCTED", "applied"),
        (SETTLED, "SETTLED", "repeated"),
        (SETTLED, "REJECTED", "conflict"),
        (SETTLED, "RETURNED", "repeated"),
        (REJECTED, "INSTRUCTED", "applied"),
        (REJECTED, "SETTLED", "conflict"),
        (REJECTED, "REJECTED", "repeated"),
        (REJECTED, "RETURNED", "conflict"),
        (RETURNED, "INSTRUCTED", "waiting"),
        (RETURNED, "SETTLED", "applied"),
        (RETURNED, "REJECTED", "conflict"),
        (RETURNED, "RETURNED", "repeated"),
    ],
)
def test_each_cell_of_the_table_of_answers(answer: Answer, status: str, outcome: str) -> None:
    state = after(status)
    judged = judge(answer, state)
    applied: dict[str, Event] = {"SETTLED": SETTLEMENT, "REJECTED": REJECTION, "RETURNED": RETURN}
    events: dict[str, list[Event]] = {
        "applied": [applied[answer.result]],
        "repeated": [],
        "waiting": [kept(answer, "waiting")],
        "conflict": [kept(answer, "conflict")],
    }
    assert (judged.outcome, list(judged.events)) == (outcome, events[outcome])
    assert list(decide(answer, state)) == events[outcome]


@pytest.mark.parametrize("status", ["INSTRUCTED", "SETTLED", "REJECTED", "RETURNED"])
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("amount", [439_999, 0, -440_000])
def test_another_amount_is_a_conflict_whatever_is_known(status: str, answer: Answer, amount: int) -> None:
    other = replace(answer, amount=amount)
    assert judge(other, after(status)) == Judged("conflict", [kept(other, "conflict")])


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("UNKNOWN", "unmatched"),
        ("PREPARED", "conflict"),
        ("CASH PREPARED", "unmatched"),
        ("CASH_LISTED", "unmatched"),
        ("CASH_PAID", "unmatched"),
        ("CASH_UNCOLLECTED", "unmatched"),
        ("NETTED", "unmatched"),
    ],
)
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_to_what_the_bank_was_never_given_changes_nothing(answer: Answer, status: str, outcome: str) -> None:
    before = after(status)
    judged = judge(answer, before)
    assert judged.outcome == outcome
    assert [event.type_name() for event in judged.events] == ["AnswerKept"]
    assert then(before, judged.events).status == before.status


def test_settled_again_with_another_value_date_is_a_conflict() -> None:
    other = replace(SETTLED, value_date=date(2023, 11, 11))
    assert judge(other, after("SETTLED")) == Judged("conflict", [kept(other, "conflict")])


@pytest.mark.parametrize(("answer", "status"), [(SETTLED, "SETTLED"), (REJECTED, "REJECTED"), (RETURNED, "RETURNED")])
def test_another_bank_reference_alone_changes_nothing(answer: Answer, status: str) -> None:
    other = judge(replace(answer, bank_reference="FTB2"), after(status))
    assert other.outcome == "repeated"
    assert then(after(status), other.events).status == status


@pytest.mark.parametrize(
    ("answer", "status"),
    [(SETTLED, "SETTLED"), (SETTLED, "RETURNED"), (REJECTED, "REJECTED"), (RETURNED, "RETURNED")],
)
def test_a_repeated_answer_with_another_bank_reference_waits_for_a_human_once(answer: Answer, status: str) -> None:
    other = replace(answer, bank_reference="FTB2")
    events = judge(other, after(status)).events
    assert [(type(one), one.model_dump()["bank_reference"]) for one in events] == [(RepeatKept, "FTB2")]
    assert judge(other, then(after(status), events)) == Judged("repeated")
    assert len(judge(replace(answer, bank_reference="FTB3"), then(after(status), events)).events) == 1


@pytest.mark.parametrize("reference", ["FTB1", None])
def test_the_same_bank_reference_or_none_is_no_second_transfer(reference: str | None) -> None:
    assert judge(replace(SETTLED, bank_reference=reference), after("SETTLED")) == Judged("repeated")


@pytest.mark.parametrize("fault", ["currency", "direction", "amount-missing"])
@pytest.mark.parametrize("status", ["INSTRUCTED", "SETTLED", "RETURNED", "REJECTED"])
def test_an_answer_that_contradicts_itself_is_a_conflict_and_hides_no_right_one(status: str, fault: Fault) -> None:
    wrong = replace(RETURNED, fault=fault)
    assert judge(wrong, after(status)).outcome == "conflict"
    state = then(after("SETTLED"), judge(wrong, after("SETTLED")).events)
    assert judge(RETURNED, state) == Judged("applied", [RETURN])


def test_an_amount_that_the_bank_left_out_is_the_payments() -> None:
    assert judge(replace(SETTLED, amount=None), after("INSTRUCTED")) == Judged("applied", [SETTLEMENT])
    early = judge(replace(SETTLED, amount=None), after("PREPARED")).events
    assert early == [kept(SETTLED, "conflict")]


NOTE = Note(ACCOUNT.end_to_end_id, "ACSP", "FTB1")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("PREPARED", "noted"),
        ("INSTRUCTED", "noted"),
        ("SETTLED", "noted"),
        ("RETURNED", "noted"),
        ("UNKNOWN", "unmatched"),
        ("CASH_LISTED", "unmatched"),
        ("NETTED", "unmatched"),
    ],
)
def test_a_state_on_the_way_changes_nothing_and_is_kept_once(status: str, outcome: str) -> None:
    judged = judge(NOTE, after(status))
    assert (judged.outcome, len(judged.events)) == (outcome, 1)
    noted = then(after(status), judged.events)
    assert noted.status == after(status).status
    assert judge(NOTE, noted) == Judged(judged.outcome)


def test_a_return_kept_before_its_run_was_sent_waits_once_it_is_sent_and_then_takes_effect() -> None:
    early = then(after("PREPARED"), judge(RETURNED, after("PREPARED")).events)
    sent = then(early, [PaymentInstructed(payment=ACCOUNT, sent_on=SENT, personal=PAYEE)])
    waiting = judge(RETURNED, sent)
    assert (waiting.outcome, len(waiting.events)) == ("waiting", 1)
    assert judge(SETTLED, then(sent, waiting.events)).events == [SETTLEMENT, RETURN]


def test_what_took_effect_waits_no_more() -> None:
    state = after("INSTRUCTED", kept(RETURNED, "waiting"))
    assert then(state, judge(SETTLED, state).events).open == {}
    wrong = kept(replace(SETTLED, amount=1), "conflict")
    assert list(then(after("INSTRUCTED", wrong), [SETTLEMENT]).open.values()) == [wrong]
    doubtful = kept(replace(RETURNED, fault="direction"), "conflict")
    assert list(then(after("SETTLED", doubtful), [RETURN]).open.values()) == [doubtful]


def test_a_return_before_the_settlement_is_a_conflict_and_one_on_its_day_is_not() -> None:
    before = replace(RETURNED, value_date=date(2023, 11, 9))
    assert judge(before, after("SETTLED")) == Judged("conflict", [kept(before, "conflict")])
    assert judge(replace(RETURNED, value_date=SETTLED_ON), after("SETTLED")).outcome == "applied"


def test_a_rejection_without_amount_and_day_is_applied() -> None:
    judged = judge(replace(REJECTED, amount=None, value_date=None), after("INSTRUCTED"))
    assert judged.outcome == "applied"
    assert judged.events == [PaymentRejected(payment=ACCOUNT, value_date=None, bank_reference="FTB1", reason="AC04")]


def test_a_waiting_return_takes_effect_with_its_settlement() -> None:
    state = after("INSTRUCTED", kept(RETURNED, "waiting"))
    assert state.status == "INSTRUCTED"
    judged = judge(SETTLED, state)
    assert judged == Judged("applied", [SETTLEMENT, RETURN])
    done = then(state, judged.events)
    assert done.status == "RETURNED"
    assert judge(RETURNED, done) == Judged("repeated")
    assert judge(SETTLED, done) == Judged("repeated")


def test_a_waiting_return_from_before_the_settlement_takes_no_effect() -> None:
    state = after("INSTRUCTED", kept(replace(RETURNED, value_date=date(2023, 11, 9)), "waiting"))
    assert judge(SETTLED, state) == Judged("applied", [SETTLEMENT])


@pytest.mark.parametrize(
    ("answer", "status", "outcome"),
    [
        (RETURNED, "INSTRUCTED", "waiting"),
        (SETTLED, "REJECTED", "conflict"),
        (SETTLED, "PREPARED", "conflict"),
        (SETTLED, "CASH_LISTED", "unmatched"),
        (SETTLED, "NETTED", "unmatched"),
    ],
)
def test_a_kept_answer_said_again_gets_the_same_word_and_is_kept_once(
    answer: Answer, status: str, outcome: str
) -> None:
    state = then(after(status), judge(answer, after(status)).events)
    assert judge(replace(answer, bank_reference="FTB2"), state) == Judged(judge(answer, state).outcome)
    assert judge(answer, state).outcome == outcome


def test_a_kept_answer_never_stands_in_the_way_of_a_right_one() -> None:
    early = then(after("PREPARED"), judge(SETTLED, after("PREPARED")).events)
    sent = then(early, [PaymentInstructed(payment=ACCOUNT, sent_on=SENT, personal=PAYEE)])
    assert judge(SETTLED, sent) == Judged("applied", [SETTLEMENT])
    wrong = kept(replace(SETTLED, amount=1), "conflict")
    assert judge(SETTLED, after("INSTRUCTED", wrong)) == Judged("applied", [SETTLEMENT])


def test_a_waiting_return_from_before_the_settlement_does_not_hide_a_right_one() -> None:
    early = replace(RETURNED, value_date=date(2023, 11, 9))
    state = after("INSTRUCTED", kept(RETURNED, "waiting"), kept(early, "waiting"))
    assert judge(SETTLED, state) == Judged("applied", [SETTLEMENT, RETURN])

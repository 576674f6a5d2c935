"""What a human decides about an answer that waits: each cell of the table, and that no đồng appears or disappears."""

from dataclasses import replace
from datetime import date

import pytest

from services.disbursement.answering import Answer, Note, kept, noted
from services.disbursement.conservation import Ledger
from services.disbursement.deciding import Book, Dismiss, Match, decide
from services.disbursement.events import (
    AnswerBooked,
    AnswerDismissed,
    AnswerKept,
    AnswerMatched,
    PaymentReturned,
    RejectionWithdrawn,
)
from services.disbursement.payment import State, judge, payment_decider
from services.kernel.decider import Rejected
from services.kernel.event_types import Event
from tests.unit.disbursement.histories import (
    ACCOUNT,
    HISTORY,
    REJECTED,
    REJECTION,
    RETURN,
    RETURNED,
    SETTLED,
    SETTLED_ON,
    SETTLEMENT,
    after,
    then,
)

OTHER_DAY = replace(SETTLED, value_date=date(2023, 11, 11))
EARLY = replace(RETURNED, value_date=date(2023, 11, 9))


def conflicting(status: str, answer: Answer) -> tuple[State, str]:
    """A payment with that answer kept as a conflict, and the answer's id."""
    event = kept(answer, "conflict")
    return after(status, event), event.answer_id


def booked(answer_id: str) -> AnswerBooked:
    return AnswerBooked(answer_id=answer_id, payment_id="p1", decided_by="minh", reason="bank called")


@pytest.mark.parametrize(
    ("answer", "status", "effect", "end"),
    [
        (SETTLED, "INSTRUCTED", [SETTLEMENT], "SETTLED"),
        (SETTLED, "REJECTED", [RejectionWithdrawn(payment=ACCOUNT), SETTLEMENT], "SETTLED"),
        (REJECTED, "INSTRUCTED", [REJECTION], "REJECTED"),
        (
            REJECTED,
            "SETTLED",
            [PaymentReturned(payment=ACCOUNT, value_date=SETTLED_ON, bank_reference="FTB1", reason="AC04")],
            "RETURNED",
        ),
        (RETURNED, "SETTLED", [RETURN], "RETURNED"),
        (EARLY, "SETTLED", [RETURN.model_copy(update={"value_date": EARLY.value_date})], "RETURNED"),
        (replace(RETURNED, fault="direction"), "SETTLED", [RETURN], "RETURNED"),
    ],
)
def test_a_conflicting_answer_that_is_booked_counts_as_it_stands(
    answer: Answer, status: str, effect: list[Event], end: str
) -> None:
    state, answer_id = conflicting(status, answer)
    events = decide(Book(answer_id, "minh", "bank called"), state)
    assert events == [booked(answer_id), *effect]
    done = then(state, events)
    assert done.status == end
    assert done.open == {}
    ledger = Ledger()
    for event in [*HISTORY[status], *events]:
        ledger.take(event)
    assert [one for one in ledger.breaks() if not one.scope.startswith("run")] == []
    assert ledger.rows()["p1"].status == end


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (SETTLED, "PREPARED", "payment-not-sent"),
        (RETURNED, "INSTRUCTED", "not-settled-yet"),
        (OTHER_DAY, "SETTLED", "settled-already"),
        (RETURNED, "REJECTED", "nothing-to-book"),
        (REJECTED, "RETURNED", "nothing-to-book"),
        (OTHER_DAY, "RETURNED", "nothing-to-book"),
        (replace(SETTLED, amount=400_000), "INSTRUCTED", "amount-differs"),
        (replace(RETURNED, amount=400_000), "SETTLED", "amount-differs"),
        (replace(SETTLED, amount=None, fault="currency"), "INSTRUCTED", "answer-incomplete"),
        (replace(SETTLED, amount=None, fault="amount-missing"), "INSTRUCTED", "answer-incomplete"),
        (replace(SETTLED, value_date=None, fault="value-date-missing"), "INSTRUCTED", "answer-incomplete"),
    ],
)
def test_what_cannot_count_without_breaking_the_sums_is_refused(answer: Answer, status: str, code: str) -> None:
    state, answer_id = conflicting(status, answer)
    with pytest.raises(Rejected) as refusal:
        decide(Book(answer_id, "minh", "bank called"), state)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("said", "counted"), [(date(2023, 11, 9), SETTLED_ON), (None, SETTLED_ON), (date(2023, 11, 13), date(2023, 11, 13))]
)
def test_money_that_was_not_moved_after_all_is_taken_back_not_before_it_counted(
    said: date | None, counted: date
) -> None:
    state, answer_id = conflicting("SETTLED", replace(REJECTED, value_date=said))
    back = decide(Book(answer_id, "minh", "x"), state)[-1]
    assert isinstance(back, PaymentReturned)
    assert back.value_date == counted


def test_both_amounts_are_named_where_they_differ() -> None:
    state, answer_id = conflicting("INSTRUCTED", replace(SETTLED, amount=400_000))
    with pytest.raises(Rejected) as refusal:
        decide(Book(answer_id, "minh", "x"), state)
    assert refusal.value.context == {"said": "400.000", "instructed": "440.000"}


def test_a_return_that_waited_takes_effect_when_the_settlement_after_a_rejection_is_booked() -> None:
    waiting, late = kept(RETURNED, "waiting"), kept(SETTLED, "conflict")
    state = after("INSTRUCTED", waiting, REJECTION, late)
    events = decide(Book(late.answer_id, "minh", "x"), state)
    assert events[1:] == [RejectionWithdrawn(payment=ACCOUNT), SETTLEMENT, RETURN]
    assert then(state, events).open == {}


def test_a_second_transfer_is_never_booked() -> None:
    events = judge(replace(SETTLED, bank_reference="FTB2"), after("SETTLED")).events
    (answer_id,) = (one.model_dump()["answer_id"] for one in events)
    with pytest.raises(Rejected, match="second-transfer"):
        decide(Book(answer_id, "minh", "x"), then(after("SETTLED"), events))


@pytest.mark.parametrize("outcome", ["waiting", "conflict"])
def test_a_dismissed_answer_changes_nothing_any_more(outcome: str) -> None:
    event = kept(RETURNED, outcome)  # type: ignore[arg-type]
    state = after("INSTRUCTED", event)
    events = decide(Dismiss(event.answer_id, "minh", "wrong file"), state)
    assert events == [AnswerDismissed(answer_id=event.answer_id, decided_by="minh", reason="wrong file")]
    assert judge(SETTLED, then(state, events)).events == [SETTLEMENT]


@pytest.mark.parametrize(
    "again",
    [Book("A", "minh", "x"), Dismiss("A", "minh", "x"), Match("A", "p1", "minh")],
    ids=["book", "dismiss", "match"],
)
def test_nothing_is_decided_twice(again: Book | Dismiss | Match) -> None:
    event = kept(OTHER_DAY, "conflict")
    state = then(after("SETTLED", event), decide(Dismiss(event.answer_id, "lan", "x"), after("SETTLED", event)))
    with pytest.raises(Rejected, match="answer-decided"):
        decide(replace(again, answer_id=event.answer_id), state)


def test_a_dismissed_answer_said_again_stays_dismissed_and_keeps_its_word() -> None:
    event = kept(OTHER_DAY, "conflict")
    state = then(after("SETTLED", event), decide(Dismiss(event.answer_id, "lan", "x"), after("SETTLED", event)))
    assert (judge(OTHER_DAY, state).outcome, list(judge(OTHER_DAY, state).events)) == ("conflict", [])


def unmatched(event: Event) -> State:
    """The stream of an answer that names no payment."""
    return payment_decider.fold([event])


def test_an_unmatched_answer_is_matched_and_not_booked() -> None:
    event = kept(replace(SETTLED, end_to_end_id="KHONGCO0001"), "unmatched")
    assert decide(Match(event.answer_id, "p1", "lan"), unmatched(event)) == [
        AnswerMatched(answer_id=event.answer_id, payment_id="p1", decided_by="lan")
    ]
    with pytest.raises(Rejected, match="answer-unmatched"):
        decide(Book(event.answer_id, "minh", "x"), unmatched(event))


def test_a_state_on_the_way_of_nobody_is_matched_or_dismissed() -> None:
    event = noted(Note(None, "ACSP"), "unmatched", "a1")
    assert len(decide(Match("a1", "p1", "lan"), unmatched(event))) == 1
    assert len(decide(Dismiss("a1", "lan", "x"), unmatched(event))) == 1
    with pytest.raises(Rejected, match="answer-unmatched"):
        decide(Book("a1", "minh", "x"), unmatched(event))


@pytest.mark.parametrize("answer", [OTHER_DAY, replace(SETTLED, bank_reference="FTB2")])
def test_an_answer_that_has_its_payment_is_not_matched_to_another(answer: Answer) -> None:
    events = judge(answer, after("SETTLED")).events
    (event,) = events
    assert event.model_dump()["answer_id"]
    with pytest.raises(Rejected, match="answer-has-payment"):
        decide(Match(event.model_dump()["answer_id"], "p2", "lan"), then(after("SETTLED"), events))


def test_an_answer_kept_before_the_run_was_sent_is_booked_once_it_is() -> None:
    event = kept(SETTLED, "conflict")
    assert isinstance(event, AnswerKept)
    state = payment_decider.fold([*HISTORY["PREPARED"], event, HISTORY["INSTRUCTED"][-1]])
    assert decide(Book(event.answer_id, "minh", "bank called"), state) == [booked(event.answer_id), SETTLEMENT]

"""A payment on its way: the contract's whole table of the bank's answers, and cash."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.disbursement.events import (
    CashCollected,
    CashListed,
    CashUncollected,
    Line,
    Method,
    MonthAmount,
    PayeeAccount,
    Payment,
    PaymentInstructed,
    PaymentNetted,
    PaymentPrepared,
    PaymentRejected,
    PaymentReturned,
    PaymentSettled,
)
from services.disbursement.payment import (
    Answer,
    Collect,
    Judged,
    Leave,
    Prepare,
    Send,
    State,
    decide,
    judge,
    kept,
    payment_decider,
)
from services.kernel.event_types import Event
from services.kernel.period import Period

NOVEMBER = Period("2023-11")
SENT, SETTLED_ON, BACK_ON = date(2023, 11, 9), date(2023, 11, 10), date(2023, 12, 4)
PAYEE = PayeeAccount(payee_name="Mai Thị Xuân", account_number="2200205002329", bank_code="VBA")


def payment(method: Method = "ACCOUNT", amount: int = 440_000) -> Payment:
    parts = (MonthAmount(month=NOVEMBER, amount=amount),)
    return Payment(
        payment_id="p1",
        end_to_end_id="ABCDEFGHIJKLMN23",
        run_id="r1",
        period=NOVEMBER,
        beneficiary_id="xuan",
        programme="BTXH",
        commune="10114",
        amount=amount,
        method=method,
        account_id="a1" if method == "ACCOUNT" else None,
        lines=(Line(purpose="REGULAR", item=None, months=parts, amount=amount),),
        replaces=(),
    )


ACCOUNT, CASH, ZERO = payment(), payment("CASH"), payment(amount=0)
PREPARED: list[Event] = [PaymentPrepared(payment=ACCOUNT, netted=False, personal=PAYEE)]
INSTRUCTED: list[Event] = [*PREPARED, PaymentInstructed(payment=ACCOUNT, sent_on=SENT, personal=PAYEE)]
SETTLEMENT = PaymentSettled(payment=ACCOUNT, value_date=SETTLED_ON, bank_reference="FTB1")
REJECTION = PaymentRejected(payment=ACCOUNT, value_date=SETTLED_ON, bank_reference="FTB1", reason="AC04")
RETURN = PaymentReturned(payment=ACCOUNT, value_date=BACK_ON, bank_reference="FTB1", reason="AC04")
LISTED: list[Event] = [
    PaymentPrepared(payment=CASH, netted=False, personal=PAYEE),
    CashListed(payment=CASH, sent_on=SENT, personal=PAYEE),
]
HISTORY: dict[str, list[Event]] = {
    "UNKNOWN": [],
    "PREPARED": PREPARED,
    "INSTRUCTED": INSTRUCTED,
    "SETTLED": [*INSTRUCTED, SETTLEMENT],
    "REJECTED": [*INSTRUCTED, REJECTION],
    "RETURNED": [*INSTRUCTED, SETTLEMENT, RETURN],
    "CASH PREPARED": LISTED[:1],
    "CASH_LISTED": LISTED,
    "CASH_PAID": [*LISTED, CashCollected(payment=CASH, collected_on=SETTLED_ON)],
    "CASH_UNCOLLECTED": [*LISTED, CashUncollected(payment=CASH)],
    "NETTED": [PaymentPrepared(payment=ZERO, netted=True, personal=PAYEE), PaymentNetted(payment=ZERO)],
}

SETTLED = Answer(ACCOUNT.end_to_end_id, "SETTLED", 440_000, SETTLED_ON, "FTB1")
REJECTED = Answer(ACCOUNT.end_to_end_id, "REJECTED", 440_000, SETTLED_ON, "FTB1", "AC04")
RETURNED = Answer(ACCOUNT.end_to_end_id, "RETURNED", 440_000, BACK_ON, "FTB1", "AC04")
ANSWERS = (SETTLED, REJECTED, RETURNED)


def after(status: str, *more: Event) -> State:
    return payment_decider.fold([*HISTORY[status], *more])


def then(state: State, events: Sequence[Event]) -> State:
    return payment_decider.fold(events, state)


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
    assert judge(replace(answer, bank_reference="FTB2"), after(status)) == Judged("repeated")


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


def test_a_payment_is_prepared_and_one_of_0_is_netted() -> None:
    assert decide(Prepare(ACCOUNT, PAYEE), State()) == [PaymentPrepared(payment=ACCOUNT, netted=False, personal=PAYEE)]
    assert decide(Prepare(ZERO, PAYEE), State()) == [PaymentPrepared(payment=ZERO, netted=True, personal=PAYEE)]


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        ("PREPARED", PaymentInstructed(payment=ACCOUNT, sent_on=SENT, personal=PAYEE)),
        ("CASH PREPARED", CashListed(payment=CASH, sent_on=SENT, personal=PAYEE)),
    ],
)
def test_sending_goes_to_the_bank_or_to_the_cash_list(status: str, sent: Event) -> None:
    assert decide(Send(SENT), after(status)) == [sent]


def test_sending_a_netted_payment_goes_nowhere() -> None:
    state = payment_decider.fold(HISTORY["NETTED"][:1])
    assert decide(Send(SENT), state) == [PaymentNetted(payment=ZERO)]


@pytest.mark.parametrize("status", ["INSTRUCTED", "SETTLED", "REJECTED", "RETURNED", "CASH_LISTED", "NETTED"])
def test_nothing_is_sent_twice(status: str) -> None:
    assert decide(Send(SENT), after(status)) == []


COLLECTED, LEFT = CashCollected(payment=CASH, collected_on=SETTLED_ON), CashUncollected(payment=CASH)


@pytest.mark.parametrize(
    ("command", "status", "judged"),
    [
        (Collect(SETTLED_ON), "CASH_LISTED", Judged("applied", [COLLECTED])),
        (Collect(SETTLED_ON), "CASH_PAID", Judged("repeated")),
        (Collect(SETTLED_ON), "CASH_UNCOLLECTED", Judged("conflict")),
        (Leave(), "CASH_LISTED", Judged("applied", [LEFT])),
        (Leave(), "CASH_UNCOLLECTED", Judged("repeated")),
        (Leave(), "CASH_PAID", Judged("conflict")),
        (Collect(SETTLED_ON), "CASH PREPARED", Judged("conflict")),
        (Leave(), "INSTRUCTED", Judged("conflict")),
        (Collect(SETTLED_ON), "NETTED", Judged("conflict")),
    ],
)
def test_each_cash_result_by_what_is_known(command: Collect | Leave, status: str, judged: Judged) -> None:
    assert judge(command, after(status)) == judged


def test_a_waiting_return_from_before_the_settlement_does_not_hide_a_right_one() -> None:
    early = replace(RETURNED, value_date=date(2023, 11, 9))
    state = after("INSTRUCTED", kept(RETURNED, "waiting"), kept(early, "waiting"))
    assert judge(SETTLED, state) == Judged("applied", [SETTLEMENT, RETURN])

"""One payment on its way: prepared, sent, answered. Pure. Holds the contract's whole table of answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.disbursement.events import (
    AnswerKept,
    CashCollected,
    CashListed,
    CashUncollected,
    PayeeAccount,
    Payment,
    PaymentInstructed,
    PaymentNetted,
    PaymentPrepared,
    PaymentRejected,
    PaymentReturned,
    PaymentSettled,
    Result,
)
from services.kernel import clock
from services.kernel.decider import Decider
from services.kernel.event_types import Event

Status = Literal[
    "PREPARED",
    "INSTRUCTED",
    "SETTLED",
    "REJECTED",
    "RETURNED",
    "CASH_LISTED",
    "CASH_PAID",
    "CASH_UNCOLLECTED",
    "NETTED",
]
Outcome = Literal["applied", "repeated", "waiting", "unmatched", "conflict"]
Kept = Literal["waiting", "unmatched", "conflict"]


@dataclass(frozen=True, slots=True)
class Prepare:
    payment: Payment
    payee: PayeeAccount


@dataclass(frozen=True, slots=True)
class Send:
    """Give it to the bank, or put it on the cash list."""

    today: date


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank says of a payment."""

    end_to_end_id: str | None
    result: Result
    amount: int | None
    value_date: date | None
    bank_reference: str | None = None
    reason: str | None = None

    def key(self) -> str:
        """The identity of an answer that is kept: the same words are kept once."""
        return clock.derived_id(self.end_to_end_id, self.result, self.amount, self.value_date)


@dataclass(frozen=True, slots=True)
class Collect:
    """The commune says that the cash was collected on that day."""

    on: date


@dataclass(frozen=True, slots=True)
class Leave:
    """The commune says that the cash was not collected."""


Command = Prepare | Send | Answer | Collect | Leave


@dataclass(frozen=True, slots=True)
class State:
    """Where a payment stands; `kept`: answers that changed nothing, by key; `waiting`: returns before their time."""

    payment: Payment | None = None
    payee: PayeeAccount | None = None
    status: Status | None = None
    value_date: date | None = None
    netted: bool = False
    kept: frozenset[str] = frozenset()
    waiting: tuple[AnswerKept, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What an input comes to: the word for whoever said it, and the events."""

    outcome: Outcome
    events: Sequence[Event] = ()


def decide(command: Command, state: State) -> Sequence[Event]:
    """The events of a command (of an answer or cash result see `judge` for its word)."""
    match command:
        case Prepare():
            netted = command.payment.amount == 0
            return [PaymentPrepared(payment=command.payment, netted=netted, personal=command.payee)]
        case Send():
            return _send(command, state)
        case _:
            return judge(command, state).events


def _send(command: Send, state: State) -> Sequence[Event]:
    assert state.payment is not None  # noqa: S101 - only prepared payments are sent
    if state.status != "PREPARED":
        return []
    if state.netted:
        return [PaymentNetted(payment=state.payment)]
    kind = PaymentInstructed if state.payment.method == "ACCOUNT" else CashListed
    return [kind(payment=state.payment, sent_on=command.today, personal=state.payee)]


def judge(command: Answer | Collect | Leave | Prepare | Send, state: State) -> Judged:
    """The outcome of an answer or a cash result by what is known of the payment."""
    match command:
        case Answer():
            return _answer(command, state)
        case Collect():
            return _cash(CashCollected, "CASH_PAID", state, collected_on=command.on)
        case Leave():
            return _cash(CashUncollected, "CASH_UNCOLLECTED", state)
        case _:
            return Judged("conflict")


def _cash(kind: type[Event], end: Status, state: State, **more: object) -> Judged:
    if state.status == "CASH_LISTED":
        return Judged("applied", [kind(payment=state.payment, **more)])
    return Judged("repeated" if state.status == end else "conflict")


def _answer(answer: Answer, state: State) -> Judged:
    payment = state.payment
    if payment is None or payment.method != "ACCOUNT" or state.status == "NETTED":
        return _keep(answer, state, "unmatched")
    if state.status == "PREPARED" or (answer.amount is not None and answer.amount != payment.amount):
        return _keep(answer, state, "conflict")
    match answer.result, state.status:
        case "SETTLED", "INSTRUCTED":
            return _settle(answer, state)
        case "SETTLED", "SETTLED":
            return Judged("repeated") if answer.value_date == state.value_date else _keep(answer, state, "conflict")
        case "REJECTED", "INSTRUCTED":
            return Judged("applied", [_rejected(answer, payment)])
        case "RETURNED", "INSTRUCTED":
            return _keep(answer, state, "waiting")
        case "RETURNED", "SETTLED" if not _before(answer.value_date, state.value_date):
            return Judged("applied", [_returned(answer, payment)])
        case ("SETTLED" | "RETURNED", "RETURNED") | ("REJECTED", "REJECTED"):
            return Judged("repeated")
        case _:
            return _keep(answer, state, "conflict")


def _before(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day < other


def _keep(answer: Answer, state: State, outcome: Kept) -> Judged:
    if answer.key() in state.kept:
        return Judged(outcome)
    return Judged(outcome, [kept(answer, outcome)])


def kept(answer: Answer, outcome: Kept, key: str | None = None) -> AnswerKept:
    """The event of an answer that waits for a human; `key` identifies one that has no reference of ours."""
    return AnswerKept(
        answer_id=key or answer.key(),
        end_to_end_id=answer.end_to_end_id,
        result=answer.result,
        amount=answer.amount,
        value_date=answer.value_date,
        bank_reference=answer.bank_reference,
        reason=answer.reason,
        outcome=outcome,
    )


def _settle(answer: Answer, state: State) -> Judged:
    """Settles; a return that came before its time takes effect now."""
    payment, settled_on = state.payment, answer.value_date
    assert payment is not None and settled_on is not None  # noqa: S101, PT018 - read so by `bank_answers`
    events: list[Event] = [PaymentSettled(payment=payment, value_date=settled_on, bank_reference=answer.bank_reference)]
    waiting = next((one for one in state.waiting if one.value_date and one.value_date >= settled_on), None)
    if waiting and waiting.value_date:
        events.append(
            PaymentReturned(
                payment=payment,
                value_date=waiting.value_date,
                bank_reference=waiting.bank_reference,
                reason=waiting.reason,
            )
        )
    return Judged("applied", events)


def _rejected(answer: Answer, payment: Payment) -> PaymentRejected:
    return PaymentRejected(
        payment=payment,
        value_date=answer.value_date,
        bank_reference=answer.bank_reference,
        reason=answer.reason,
    )


def _returned(answer: Answer, payment: Payment) -> PaymentReturned:
    assert answer.value_date is not None  # noqa: S101 - read so by `bank_answers`
    return PaymentReturned(
        payment=payment, value_date=answer.value_date, bank_reference=answer.bank_reference, reason=answer.reason
    )


def evolve(state: State, event: Event) -> State:
    match event:
        case PaymentPrepared():
            return State(event.payment, event.personal, "PREPARED", netted=event.netted)
        case PaymentInstructed():
            return replace(state, status="INSTRUCTED")
        case CashListed():
            return replace(state, status="CASH_LISTED")
        case PaymentNetted():
            return replace(state, status="NETTED")
        case PaymentSettled():
            return replace(state, status="SETTLED", value_date=event.value_date, waiting=())
        case PaymentRejected():
            return replace(state, status="REJECTED")
        case PaymentReturned():
            return replace(state, status="RETURNED")
        case CashCollected():
            return replace(state, status="CASH_PAID")
        case CashUncollected():
            return replace(state, status="CASH_UNCOLLECTED")
        case AnswerKept():
            waiting = (*state.waiting, event) if event.outcome == "waiting" else state.waiting
            return replace(state, kept=state.kept | {event.answer_id}, waiting=waiting)
        case _:
            return state


payment_decider: Decider[Command, State, Event] = Decider(State, decide, evolve)

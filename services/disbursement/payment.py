"""One payment on its way: prepared, sent, answered or collected. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.disbursement import answering
from services.disbursement.answering import Answer, Judged, Note
from services.disbursement.events import (
    CashCollected,
    CashListed,
    CashUncollected,
    PayeeAccount,
    Payment,
    PaymentInstructed,
    PaymentNetted,
    PaymentPrepared,
)
from services.disbursement.payment_state import State, Status, evolve
from services.kernel.decider import Decider
from services.kernel.event_types import Event

__all__ = [
    "Answer",
    "Collect",
    "Judged",
    "Leave",
    "Note",
    "Prepare",
    "Send",
    "State",
    "Status",
    "decide",
    "judge",
    "payment_decider",
]


@dataclass(frozen=True, slots=True)
class Prepare:
    payment: Payment
    payee: PayeeAccount


@dataclass(frozen=True, slots=True)
class Send:
    """Give it to the bank, or put it on the cash list."""

    today: date


@dataclass(frozen=True, slots=True)
class Collect:
    """The commune says that the cash was collected on that day."""

    on: date


@dataclass(frozen=True, slots=True)
class Leave:
    """The commune says that the cash was not collected."""


Command = Prepare | Send | Answer | Note | Collect | Leave


def decide(command: Command, state: State) -> Sequence[Event]:
    """The events of a command (of what the bank or a commune said see `judge` for its word)."""
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


def judge(command: Answer | Note | Collect | Leave, state: State) -> Judged:
    """The word of what the bank or a commune said, by what is known of the payment."""
    match command:
        case Answer():
            return answering.answer(command, state)
        case Note():
            return answering.note(command, state)
        case Collect():
            said = (state.status, state.value_date) == ("CASH_PAID", command.on)
            return _cash(CashCollected, said, state, collected_on=command.on)
        case Leave():
            return _cash(CashUncollected, state.status == "CASH_UNCOLLECTED", state)


def _cash(kind: type[Event], said_before: bool, state: State, **more: object) -> Judged:
    if state.status == "CASH_LISTED":
        return Judged("applied", [kind(payment=state.payment, **more)])
    return Judged("repeated" if said_before else "conflict")


payment_decider: Decider[Command, State, Event] = Decider(State, decide, evolve)

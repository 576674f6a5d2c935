"""Where a payment stands, made of its events; what the bank said of it that waits for a human. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from services.disbursement.events import (
    AnswerBooked,
    AnswerDismissed,
    AnswerKept,
    AnswerMatched,
    AnswerNoted,
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
    RejectionWithdrawn,
    RepeatKept,
)
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
Outcome = Literal["applied", "repeated", "waiting", "unmatched", "conflict", "noted"]
Kept = AnswerKept | RepeatKept | AnswerNoted
Answered = PaymentSettled | PaymentRejected | PaymentReturned


@dataclass(frozen=True, slots=True)
class State:
    """Where a payment stands.

    `value_date`: the day on which the money reached the person, by account or in cash. `references`: under which bank
    reference each result was taken; `kept`: answers that changed nothing, by id, with the word they got; `open`: those
    of them that wait for a human or, `waiting`, for their settlement.
    """

    payment: Payment | None = None
    payee: PayeeAccount | None = None
    status: Status | None = None
    value_date: date | None = None
    netted: bool = False
    references: Mapping[str, str | None] = field(default_factory=dict)
    kept: Mapping[str, Outcome] = field(default_factory=dict)
    open: Mapping[str, Kept] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()

    @property
    def waiting(self) -> Sequence[AnswerKept]:
        """Returns that came before their settlement, in the order in which they came."""
        return [one for one in self.open.values() if isinstance(one, AnswerKept) and one.outcome == "waiting"]


def evolve(state: State, event: Event) -> State:
    """The state after an event; what was sent carries all of the payment, so it needs no earlier one."""
    match event:
        case PaymentPrepared():
            return State(event.payment, event.personal, "PREPARED", netted=event.netted)
        case PaymentInstructed():
            return replace(state, payment=event.payment, payee=event.personal, status="INSTRUCTED")
        case RejectionWithdrawn():
            return replace(state, status="INSTRUCTED")
        case CashListed():
            return replace(state, payment=event.payment, payee=event.personal, status="CASH_LISTED")
        case PaymentNetted():
            return replace(state, payment=event.payment, status="NETTED")
        case PaymentSettled():
            return replace(_answered(state, event, "SETTLED"), value_date=event.value_date)
        case PaymentRejected() | PaymentReturned():
            return _answered(state, event, "REJECTED" if isinstance(event, PaymentRejected) else "RETURNED")
        case CashCollected():
            return replace(state, status="CASH_PAID", value_date=event.collected_on)
        case CashUncollected():
            return replace(state, status="CASH_UNCOLLECTED")
        case AnswerKept() | RepeatKept() | AnswerNoted():
            return _kept(state, event)
        case AnswerMatched() | AnswerBooked() | AnswerDismissed():
            return replace(state, open=_without(state.open, event.answer_id), decided=state.decided | {event.answer_id})
        case _:
            return state


def _answered(state: State, event: Answered, status: Literal["SETTLED", "REJECTED", "RETURNED"]) -> State:
    """A kept answer that says what took effect now waits no more."""
    said = {key for key, one in state.open.items() if _says(one, event, status)}
    return replace(
        state,
        status=status,
        references={**state.references, status: event.bank_reference},
        open=_without(state.open, *said),
    )


def _says(one: Kept, event: Answered, result: str) -> bool:
    return (
        isinstance(one, AnswerKept)
        and one.fault is None
        and (one.result, one.amount, one.value_date) == (result, event.payment.amount, event.value_date)
    )


def _without(kept: Mapping[str, Kept], *answer_ids: str) -> Mapping[str, Kept]:
    return {key: one for key, one in kept.items() if key not in answer_ids}


def _kept(state: State, event: Kept) -> State:
    key, word = event.answer_id, word_of(event)
    opened = state.open if word == "noted" else {**_without(state.open, key), key: event}
    return replace(state, kept={**state.kept, key: word}, open=opened, decided=state.decided - {key})


def word_of(event: Kept) -> Outcome:
    """The word that a kept answer got."""
    return "repeated" if isinstance(event, RepeatKept) else event.outcome

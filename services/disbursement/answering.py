"""The bank's answers by what is known of their payment: the contract's whole table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.disbursement.events import (
    AnswerKept,
    AnswerNoted,
    Fault,
    Payment,
    PaymentRejected,
    PaymentReturned,
    PaymentSettled,
    RepeatKept,
    Result,
)
from services.disbursement.payment_state import Kept, Outcome, State, word_of
from services.kernel import clock
from services.kernel.event_types import Event


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank says became of a payment. `fault`: it lacks or contradicts something in itself."""

    end_to_end_id: str | None
    result: Result
    amount: int | None
    value_date: date | None
    bank_reference: str | None = None
    reason: str | None = None
    fault: Fault | None = None

    def key(self) -> str:
        """The identity of an answer that is kept: the same words are kept once."""
        fault = (self.fault,) if self.fault else ()
        return clock.derived_id(self.end_to_end_id, self.result, self.amount, self.value_date, *fault)


@dataclass(frozen=True, slots=True)
class Note:
    """A state on the way, in the bank's own word: no result yet."""

    end_to_end_id: str | None
    state: str
    bank_reference: str | None = None
    reason: str | None = None

    def key(self) -> str:
        """The identity of a note that is kept: the same words are kept once."""
        return clock.derived_id("note", self.end_to_end_id, self.state)


@dataclass(frozen=True, slots=True)
class Judged:
    """What an input comes to: the word for whoever said it, and the events."""

    outcome: Outcome
    events: Sequence[Event] = ()


def of_the_bank(state: State) -> bool:
    """Whether the payment exists and is one that goes through the bank."""
    return state.payment is not None and state.payment.method == "ACCOUNT" and not state.netted


def answer(said: Answer, state: State) -> Judged:
    """The word of an answer by what is known of the payment, and what it changes."""
    payment = state.payment
    if payment is None or not of_the_bank(state):
        return _keep(kept(said, "unmatched"), state)
    if said.amount is None and said.fault is None:
        said = replace(said, amount=payment.amount)
    if said.fault or state.status == "PREPARED" or said.amount != payment.amount:
        return _keep(kept(said, "conflict"), state)
    match said.result, state.status:
        case "SETTLED", "INSTRUCTED":
            return Judged("applied", settle(said, state))
        case "SETTLED", "SETTLED" if said.value_date == state.value_date:
            return _repeated(said, state)
        case "REJECTED", "INSTRUCTED":
            return Judged("applied", [rejected(said, payment)])
        case "RETURNED", "INSTRUCTED":
            return _keep(kept(said, "waiting"), state)
        case "RETURNED", "SETTLED" if not _before(said.value_date, state.value_date):
            return Judged("applied", [returned(said, payment)])
        case ("SETTLED" | "RETURNED", "RETURNED") | ("REJECTED", "REJECTED"):
            return _repeated(said, state)
        case _:
            return _keep(kept(said, "conflict"), state)


def note(said: Note, state: State) -> Judged:
    """A state on the way changes nothing; it is kept with its payment, or for a human if it names none."""
    return _keep(noted(said, "noted" if of_the_bank(state) else "unmatched"), state)


def _repeated(said: Answer, state: State) -> Judged:
    """Another bank reference changes nothing, but somebody must see whether the money moved twice."""
    known, reference = state.references.get(said.result), said.bank_reference
    if known is None or reference is None or reference == known or said.end_to_end_id is None:
        return Judged("repeated")
    again = RepeatKept(
        answer_id=clock.derived_id("repeat", said.end_to_end_id, said.result, reference),
        end_to_end_id=said.end_to_end_id,
        result=said.result,
        amount=said.amount,
        value_date=said.value_date,
        bank_reference=reference,
        reason=said.reason,
    )
    return _keep(again, state)


def _before(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day < other


def _keep(event: Kept, state: State) -> Judged:
    """Once for each word that it gets."""
    word = word_of(event)
    return Judged(word) if state.kept.get(event.answer_id) == word else Judged(word, [event])


def kept(said: Answer, outcome: Outcome, key: str | None = None) -> AnswerKept:
    """The event of an answer that changes nothing; `key` identifies one that has no reference of ours."""
    assert outcome in ("waiting", "unmatched", "conflict")  # noqa: S101 - narrows to what the event takes
    return AnswerKept(
        answer_id=key or said.key(),
        end_to_end_id=said.end_to_end_id,
        result=said.result,
        amount=said.amount,
        value_date=said.value_date,
        bank_reference=said.bank_reference,
        reason=said.reason,
        outcome=outcome,
        fault=said.fault,
    )


def noted(said: Note, outcome: Outcome, key: str | None = None) -> AnswerNoted:
    """The event of a state on the way; `key` as for answers."""
    assert outcome in ("noted", "unmatched")  # noqa: S101 - narrows to what the event takes
    return AnswerNoted(
        answer_id=key or said.key(),
        end_to_end_id=said.end_to_end_id,
        state=said.state,
        bank_reference=said.bank_reference,
        reason=said.reason,
        outcome=outcome,
    )


def settle(said: Answer, state: State) -> list[Event]:
    """Settles; a return that came before its time takes effect now."""
    payment, settled_on = state.payment, said.value_date
    assert payment is not None and settled_on is not None  # noqa: S101, PT018 - read so by `bank_rows`
    events: list[Event] = [PaymentSettled(payment=payment, value_date=settled_on, bank_reference=said.bank_reference)]
    early = next((one for one in state.waiting if one.value_date and one.value_date >= settled_on), None)
    if early and early.value_date:
        events.append(
            PaymentReturned(
                payment=payment, value_date=early.value_date, bank_reference=early.bank_reference, reason=early.reason
            )
        )
    return events


def rejected(said: Answer, payment: Payment) -> PaymentRejected:
    """The bank did not move the money."""
    return PaymentRejected(
        payment=payment, value_date=said.value_date, bank_reference=said.bank_reference, reason=said.reason
    )


def returned(said: Answer, payment: Payment) -> PaymentReturned:
    """Settled money came back."""
    assert said.value_date is not None  # noqa: S101 - read so by `bank_rows`
    return PaymentReturned(
        payment=payment, value_date=said.value_date, bank_reference=said.bank_reference, reason=said.reason
    )

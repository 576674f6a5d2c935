"""What a human decides about an answer that waits: whose it is, that it counts, or that it does not. Pure.

Booking keeps what holds of every payment: instructed = settled + rejected + open, settled = kept + returned, in whole
payments. What cannot count without breaking that is refused, with the way out.
"""

from dataclasses import dataclass

from services.disbursement.answering import Answer, Note, rejected, returned, settle
from services.disbursement.events import (
    AnswerBooked,
    AnswerDismissed,
    AnswerKept,
    AnswerMatched,
    AnswerNoted,
    Payment,
    PaymentReturned,
    RejectionWithdrawn,
    RepeatKept,
)
from services.disbursement.payment_state import Kept, State, word_of
from services.kernel.decider import Rejected
from services.kernel.event_types import Event


@dataclass(frozen=True, slots=True)
class Match:
    """The answer is that payment's."""

    answer_id: str
    payment_id: str
    by: str


@dataclass(frozen=True, slots=True)
class Book:
    """A conflicting answer counts as it stands."""

    answer_id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dismiss:
    """The answer changes nothing any more."""

    answer_id: str
    by: str
    reason: str


Decision = Match | Book | Dismiss


def decide(decision: Decision, state: State) -> list[Event]:
    """The events of a decision for the stream in which the answer is kept.

    Raises Rejected: `answer-decided`, `answer-has-payment` (nothing to match), and what cannot be booked:
    `answer-unmatched`, `second-transfer`, `answer-incomplete`, `amount-differs`, `payment-not-sent`,
    `not-settled-yet`, `settled-already`, `nothing-to-book`.
    """
    kept = state.open.get(decision.answer_id)
    if kept is None:
        raise Rejected("answer-decided")
    match decision:
        case Match():
            if word_of(kept) != "unmatched":
                raise Rejected("answer-has-payment")
            return [AnswerMatched(answer_id=decision.answer_id, payment_id=decision.payment_id, decided_by=decision.by)]
        case Dismiss():
            return [AnswerDismissed(answer_id=decision.answer_id, decided_by=decision.by, reason=decision.reason)]
        case Book():
            return _book(decision, kept, state)


def said(kept: Kept, end_to_end_id: str) -> Answer | Note:
    """What the bank said, as if it had named that payment. Raises Rejected `answer-has-payment`."""
    match kept:
        case AnswerKept():
            return Answer(
                end_to_end_id,
                kept.result,
                kept.amount,
                kept.value_date,
                kept.bank_reference,
                kept.reason,
                kept.fault,
            )
        case AnswerNoted():
            return Note(end_to_end_id, kept.state, kept.bank_reference, kept.reason)
        case RepeatKept():
            raise Rejected("answer-has-payment")


def _book(decision: Book, kept: Kept, state: State) -> list[Event]:
    payment = state.payment
    if payment is None or word_of(kept) == "unmatched":
        raise Rejected("answer-unmatched")
    if not isinstance(kept, AnswerKept):
        raise Rejected("second-transfer")
    if kept.amount is None or kept.fault not in (None, "direction"):
        raise Rejected("answer-incomplete")
    if kept.amount != payment.amount:
        raise Rejected("amount-differs", said=_dong(kept.amount), instructed=_dong(payment.amount))
    answer = said(kept, payment.end_to_end_id)
    assert isinstance(answer, Answer)  # noqa: S101 - made of an AnswerKept
    booked = AnswerBooked(
        answer_id=decision.answer_id,
        payment_id=payment.payment_id,
        decided_by=decision.by,
        reason=decision.reason,
    )
    return [booked, *_effect(answer, payment, state)]


def _effect(answer: Answer, payment: Payment, state: State) -> list[Event]:
    match answer.result, state.status:
        case _, "PREPARED":
            raise Rejected("payment-not-sent")
        case "SETTLED", "INSTRUCTED":
            return settle(answer, state)
        case "SETTLED", "REJECTED":
            return [RejectionWithdrawn(payment=payment), *settle(answer, state)]
        case "REJECTED", "INSTRUCTED":
            return [rejected(answer, payment)]
        case "REJECTED", "SETTLED":
            return [_came_back(answer, payment, state)]
        case "RETURNED", "SETTLED":
            return [returned(answer, payment)]
        case "RETURNED", "INSTRUCTED":
            raise Rejected("not-settled-yet")
        case "SETTLED", "SETTLED":
            assert state.value_date is not None  # noqa: S101 - settled on a day
            raise Rejected("settled-already", value_date=f"{state.value_date:%d/%m/%Y}")
        case _:
            raise Rejected("nothing-to-book", status=state.status)


def _came_back(answer: Answer, payment: Payment, state: State) -> PaymentReturned:
    """Money said to be settled and then not moved: the books take it back, not before the day on which it counted."""
    settled_on = state.value_date
    assert settled_on is not None  # noqa: S101 - settled on a day
    return PaymentReturned(
        payment=payment,
        value_date=max(answer.value_date or settled_on, settled_on),
        bank_reference=answer.bank_reference,
        reason=answer.reason,
    )


def _dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")

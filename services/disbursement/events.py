"""What disbursement says to the world: what was instructed, and what the bank and the communes answered.

Amounts are whole đồng; recoveries are negative lines. Every event of a payment that others add up carries all of it.
"""

from datetime import date
from typing import Literal

from services.kernel.event_types import Event, EventTypes, Part
from services.kernel.period import Period
from services.reference.programmes import Programme

Method = Literal["ACCOUNT", "CASH"]
Purpose = Literal["REGULAR", "ARREARS", "REPEAT", "RECOVERY", "FUNERAL"]
Result = Literal["SETTLED", "REJECTED", "RETURNED"]
Fault = Literal["amount-missing", "value-date-missing", "currency", "direction"]


class MonthAmount(Part):
    """Đồng of one month within a line."""

    month: Period
    amount: int


class Line(Part):
    """One purpose and item of a payment; `months` break the amount up (empty for FUNERAL)."""

    purpose: Purpose
    item: str | None
    months: tuple[MonthAmount, ...]
    amount: int


class PayeeAccount(Part):
    """Where the money goes: the account (None in cash) and the name that receives."""

    payee_name: str
    account_number: str | None = None
    bank_code: str | None = None


class Payment(Part):
    """A payment of one run to one person in one programme, as frozen in the run."""

    payment_id: str
    end_to_end_id: str
    run_id: str
    period: Period
    beneficiary_id: str
    programme: Programme
    commune: str
    amount: int
    method: Method
    account_id: str | None
    lines: tuple[Line, ...]
    replaces: tuple[str, ...]


class CountAmount(Part):
    count: int
    amount: int


class RunTotals(Part):
    """The sums of a run; `by_*` by programme, commune, method and purpose."""

    count: int
    amount: int
    by_programme: dict[str, CountAmount]
    by_commune: dict[str, CountAmount]
    by_method: dict[str, CountAmount]
    by_purpose: dict[str, CountAmount]


class RunPrepared(Event):
    """A run was made for a period and programmes from roll number `roll_sequence`; `digest` fixes its payments."""

    run_id: str
    period: Period
    programmes: tuple[Programme, ...]
    roll_sequence: int
    prepared_by: str
    prepared_on: date
    totals: RunTotals
    digest: str


class RunApproved(Event):
    """A second person froze the run with its totals and digest."""

    run_id: str
    approved_by: str
    amount: int
    digest: str


class RunRefused(Event):
    run_id: str
    refused_by: str
    reason: str


class RunCancelled(Event):
    run_id: str
    cancelled_by: str
    reason: str


class RunSent(Event):
    """The run left for the bank and the communes; the payments' own events are in the same append."""

    run_id: str
    sent_by: str
    sent_on: date


class PaymentPrepared(Event):
    """A payment stands in a run that is not sent yet. `netted`: its lines add up to 0, it will go nowhere."""

    payment: Payment
    netted: bool
    personal: PayeeAccount | None = None


class PaymentInstructed(Event):
    """The payment order for an account was given to the bank."""

    payment: Payment
    sent_on: date
    personal: PayeeAccount | None = None


class CashListed(Event):
    """The payment stands on its commune's cash list."""

    payment: Payment
    sent_on: date
    personal: PayeeAccount | None = None


class PaymentNetted(Event):
    """The payment's lines add up to 0: it covers its months and goes nowhere."""

    payment: Payment


class PaymentSettled(Event):
    """The bank moved the money on its value date."""

    payment: Payment
    value_date: date
    bank_reference: str | None


class PaymentRejected(Event):
    """The bank did not move the money."""

    payment: Payment
    value_date: date | None
    bank_reference: str | None
    reason: str | None


class PaymentReturned(Event):
    """Settled money came back on its value date."""

    payment: Payment
    value_date: date
    bank_reference: str | None
    reason: str | None


class CashCollected(Event):
    payment: Payment
    collected_on: date


class CashUncollected(Event):
    payment: Payment


class AnswerKept(Event):
    """An answer of the bank that changed nothing and waits for a human: `waiting`, `unmatched` or `conflict`.

    `fault`: what the answer lacks or contradicts in itself, whatever is known of the payment.
    """

    answer_id: str
    end_to_end_id: str | None
    result: Result
    amount: int | None
    value_date: date | None
    bank_reference: str | None
    reason: str | None
    outcome: Literal["waiting", "unmatched", "conflict"]
    fault: Fault | None = None


class RepeatKept(Event):
    """An answer that was taken before came under another bank reference: the money may have moved twice."""

    answer_id: str
    end_to_end_id: str
    result: Result
    amount: int | None
    value_date: date | None
    bank_reference: str
    reason: str | None


class AnswerNoted(Event):
    """The bank told a state on the way (`state`, its own word): kept, nothing changes.

    `outcome` is `unmatched` where it names no payment of ours and waits for a human.
    """

    answer_id: str
    end_to_end_id: str | None
    state: str
    bank_reference: str | None
    reason: str | None
    outcome: Literal["noted", "unmatched"]


class AnswerMatched(Event):
    """A human said of which payment an answer is; what it does to the payment are that one's own events."""

    answer_id: str
    payment_id: str
    decided_by: str


class AnswerBooked(Event):
    """A human let a conflicting answer count as it stands; the payment's own events follow it."""

    answer_id: str
    payment_id: str
    decided_by: str
    reason: str


class AnswerDismissed(Event):
    """A human put an answer aside: it changes nothing any more."""

    answer_id: str
    decided_by: str
    reason: str


class RejectionWithdrawn(Event):
    """A rejected payment is open again, since a human lets a later settlement count: its event follows."""

    payment: Payment


EVENTS: tuple[type[Event], ...] = (
    *(RunPrepared, RunApproved, RunRefused, RunCancelled, RunSent),
    *(PaymentPrepared, PaymentInstructed, CashListed, PaymentNetted),
    *(PaymentSettled, PaymentRejected, PaymentReturned, CashCollected, CashUncollected),
    *(AnswerKept, RepeatKept, AnswerNoted, AnswerMatched, AnswerBooked, AnswerDismissed, RejectionWithdrawn),
)
TYPES = EventTypes(EVENTS)
TOPIC = "disbursement.events"


def run_stream(run_id: str) -> str:
    return f"run-{run_id}"


def payment_stream(payment_id: str) -> str:
    return f"payment-{payment_id}"


def answer_stream(answer_id: str) -> str:
    return f"answer-{answer_id}"

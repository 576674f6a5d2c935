"""A payment in each of its statuses, and the bank's three answers to it: what tests of payments begin from."""

from collections.abc import Sequence
from datetime import date

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
from services.disbursement.payment import Answer, State, payment_decider
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

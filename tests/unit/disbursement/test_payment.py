"""A payment on its way: prepared, sent, and cash collected or left."""

from datetime import timedelta

import pytest

from services.disbursement.events import (
    CashCollected,
    CashListed,
    CashUncollected,
    PaymentInstructed,
    PaymentNetted,
    PaymentPrepared,
)
from services.disbursement.payment import Collect, Judged, Leave, Prepare, Send, State, decide, judge, payment_decider
from services.kernel.event_types import Event
from tests.unit.disbursement.histories import (
    ACCOUNT,
    CASH,
    HISTORY,
    PAYEE,
    SENT,
    SETTLED_ON,
    ZERO,
    after,
)


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
        (Collect(SETTLED_ON + timedelta(days=1)), "CASH_PAID", Judged("conflict")),
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

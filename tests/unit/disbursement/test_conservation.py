"""Money added up from events: what balances, and each way in which it may not."""

from datetime import date

import pytest

from services.disbursement.conservation import Ledger, Row, Sums
from services.disbursement.events import (
    CashCollected,
    CashListed,
    CountAmount,
    Line,
    Payment,
    PaymentInstructed,
    PaymentPrepared,
    PaymentRejected,
    PaymentReturned,
    PaymentSettled,
    RejectionWithdrawn,
    RunApproved,
    RunCancelled,
    RunPrepared,
    RunTotals,
)
from services.kernel.event_types import Event
from services.kernel.period import Period

DAY = date(2023, 11, 10)


def payment(number: int, amount: int, method: str = "ACCOUNT", lines: int | None = None) -> Payment:
    return Payment.model_validate(
        {
            "payment_id": f"p{number}",
            "end_to_end_id": f"E{number}",
            "run_id": "r1",
            "period": "2023-11",
            "beneficiary_id": f"b{number}",
            "programme": "BTXH",
            "commune": "10114",
            "amount": amount,
            "method": method,
            "account_id": None,
            "lines": [Line(purpose="REGULAR", item="5", months=(), amount=amount if lines is None else lines)],
            "replaces": [],
        }
    )


def run_of(amount: int) -> RunPrepared:
    nothing: dict[str, CountAmount] = {}
    totals = RunTotals(
        count=1, amount=amount, by_programme=nothing, by_commune=nothing, by_method=nothing, by_purpose=nothing
    )
    return RunPrepared(
        run_id="r1",
        period=Period("2023-11"),
        programmes=("BTXH",),
        roll_sequence=1,
        prepared_by="lan",
        prepared_on=DAY,
        totals=totals,
        digest="d",
    )


def ledger(*events: Event) -> Ledger:
    made = Ledger()
    for event in events:
        made.take(event)
    return made


def instructed(one: Payment) -> list[Event]:
    return [PaymentPrepared(payment=one, netted=False), PaymentInstructed(payment=one, sent_on=DAY)]


def settled(one: Payment) -> PaymentSettled:
    return PaymentSettled(payment=one, value_date=DAY, bank_reference=None)


def rejected(one: Payment) -> PaymentRejected:
    return PaymentRejected(payment=one, value_date=DAY, bank_reference=None, reason=None)


def returned(one: Payment) -> PaymentReturned:
    return PaymentReturned(payment=one, value_date=DAY, bank_reference=None, reason=None)


def broken(of: Ledger) -> list[tuple[str, str, int, int]]:
    return [(one.en, one.scope, one.left, one.right) for one in of.breaks()]


def test_a_month_of_every_outcome_balances_and_is_added_up() -> None:
    kept, back, failed, silent, cash = (payment(n, n * 100_000) for n in range(1, 6))
    made = ledger(
        run_of(1_500_000),
        *(event for one in (kept, back, failed, silent) for event in instructed(one)),
        PaymentPrepared(payment=cash, netted=False),
        CashListed(payment=cash, sent_on=DAY),
        settled(kept),
        settled(back),
        returned(back),
        rejected(failed),
        CashCollected(payment=cash, collected_on=DAY),
    )
    assert broken(made) == []
    expected = Sums(
        prepared=1_500_000,
        instructed=1_000_000,
        settled=300_000,
        rejected=300_000,
        returned=200_000,
        listed=500_000,
        collected=500_000,
        open=400_000,
        kept=100_000,
    )
    sums = made.sums()
    assert sums.keys() == {"all", "programme BTXH", "commune 10114", "run r1"}
    assert sums["all"] == sums["run r1"] == expected


BANK = "instructed = settled + rejected + open"
KEPT = "settled = kept + returned"
CASH = "cash listed = collected + uncollected + open"


@pytest.mark.parametrize(
    ("events", "equation", "left", "right"),
    [
        ([*instructed(payment(1, 5)), settled(payment(1, 5)), settled(payment(1, 5))], BANK, 5, 10),
        ([*instructed(payment(1, 5)), settled(payment(1, 5)), rejected(payment(1, 5))], BANK, 5, 10),
        ([*instructed(payment(1, 5)), settled(payment(1, 4))], BANK, 5, 4),
        ([PaymentPrepared(payment=payment(1, 5), netted=False), settled(payment(1, 5))], BANK, 0, 5),
        ([*instructed(payment(1, 5)), settled(payment(1, 5)), returned(payment(1, 4))], KEPT, 5, 4),
        ([*instructed(payment(1, 5)), returned(payment(1, 5))], KEPT, 0, 5),
        ([CashCollected(payment=payment(1, 5), collected_on=DAY)], CASH, 0, 5),
    ],
    ids=["twice", "settled and rejected", "less", "never sent", "less back", "back unsettled", "cash never listed"],
)
def test_what_does_not_balance_is_named_for_every_part_it_touches(
    events: list[Event], equation: str, left: int, right: int
) -> None:
    found = [one for one in broken(ledger(*events)) if one[0] == equation]
    scopes = ["all", "commune 10114", "programme BTXH", "run r1"]
    assert found == [(equation, scope, left, right) for scope in scopes]


def test_a_withdrawn_rejection_lets_a_settlement_count() -> None:
    one = payment(1, 5)
    made = ledger(*instructed(one), rejected(one), RejectionWithdrawn(payment=one), settled(one))
    assert broken(made) == []
    assert made.rows()["p1"].status == "SETTLED"


def test_lines_and_the_runs_total_must_add_up() -> None:
    one = payment(1, 5, lines=4)
    assert broken(ledger(run_of(6), PaymentPrepared(payment=one, netted=False))) == [
        ("amount = sum of its lines", "payment p1", 5, 4),
        ("the run's total = sum of its payments", "run r1", 6, 5),
    ]


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (None, "PREPARED"),
        (RunApproved(run_id="r1", approved_by="hoa", amount=5, digest="d"), "APPROVED"),
        (RunCancelled(run_id="r1", cancelled_by="hoa", reason="x"), "CANCELLED"),
    ],
)
def test_rows_of_a_run_that_is_not_sent_have_the_runs_status(event: Event | None, status: str) -> None:
    made = ledger(run_of(5), PaymentPrepared(payment=payment(1, 5), netted=False), *([event] if event else []))
    row = Row(
        run_id="r1",
        period="2023-11",
        beneficiary_id="b1",
        programme="BTXH",
        commune="10114",
        method="ACCOUNT",
        amount=5,
        status=status,
    )
    assert made.rows() == {"p1": row}

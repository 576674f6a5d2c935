"""What registry keeps of payments: the answer stands in whatever order the events of a payment come."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from services.disbursement.events import CashCollected, CashListed, CashUncollected, Payment, PaymentInstructed
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry import reactions


def payment(method: str = "CASH", payment_id: str = "p1") -> Payment:
    return Payment.model_validate(
        {
            "payment_id": payment_id,
            "end_to_end_id": "ABCDEFGHIJKLMN23",
            "run_id": "r1",
            "period": Period("2023-11"),
            "beneficiary_id": "van",
            "programme": "BTXH",
            "commune": "10114",
            "amount": 440_000,
            "method": method,
            "account_id": None,
            "lines": (),
            "replaces": (),
        }
    )


DAY = date(2023, 11, 9)
LISTED = CashListed(payment=payment(), sent_on=DAY)
LEFT = CashUncollected(payment=payment())
TAKEN = CashCollected(payment=payment(), collected_on=DAY)


async def kept(*events: Event) -> list[tuple[Any, ...]]:
    """The rows that one batch of these events writes."""
    written: list[tuple[Any, ...]] = []

    async def execute(_sql: str, *columns: list[Any]) -> None:
        written.extend(zip(*columns, strict=True))

    work = SimpleNamespace(connection=SimpleNamespace(execute=execute))
    received = [SimpleNamespace(event=event, recorded_at=datetime(2023, 11, 9, tzinfo=UTC)) for event in events]
    await reactions.apply(work, received)  # type: ignore[arg-type]
    return written


@pytest.mark.parametrize(
    ("events", "collected"),
    [
        ((LISTED,), None),
        ((LISTED, TAKEN), True),
        ((LISTED, LEFT), False),
        ((LEFT, LISTED), False),
        ((TAKEN, LISTED), True),
    ],
)
async def test_a_payment_is_kept_once_with_what_became_of_its_cash(
    events: tuple[Event, ...], collected: bool | None
) -> None:
    assert await kept(*events) == [("p1", "van", "BTXH", "2023-11", "CASH", collected)]


async def test_money_by_account_is_kept_too_for_it_ends_a_row_of_uncollected_periods() -> None:
    sent = PaymentInstructed(payment=payment("ACCOUNT"), sent_on=DAY)
    assert await kept(sent) == [("p1", "van", "BTXH", "2023-11", "ACCOUNT", None)]


async def test_payments_of_one_batch_stand_apart() -> None:
    other = CashListed(payment=payment(payment_id="p2"), sent_on=DAY)
    assert [row[0] for row in await kept(LISTED, other, LEFT)] == ["p1", "p2"]

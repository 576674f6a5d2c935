"""What disbursement's events mean here: who was paid how, and whose cash stayed behind."""

from collections.abc import Sequence

from services.disbursement.events import CashCollected, CashListed, CashUncollected, Payment, PaymentInstructed
from services.kernel.commands import Work
from services.kernel.envelope import Received
from services.kernel.event_types import EventTypes

TOPICS = ("disbursement.events",)
TYPES = EventTypes([CashListed, CashCollected, CashUncollected, PaymentInstructed])
MADE = (
    "insert into payouts_made (payment_id, beneficiary_id, programme, period, method, collected)"
    " select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])"
    " on conflict (payment_id) do update set collected = coalesce(excluded.collected, payouts_made.collected)"
)


async def apply(work: Work, received: Sequence[Received]) -> None:
    """One statement a batch; in whatever order a payment's events come, the answer stands."""
    rows: dict[str, tuple[object, ...]] = {}
    for one in received:
        payment, collected = _told(one)
        before = rows.get(payment.payment_id)
        said = collected if collected is not None or before is None else before[-1]
        rows[payment.payment_id] = (
            payment.payment_id,
            payment.beneficiary_id,
            payment.programme,
            payment.period,
            payment.method,
            said,
        )
    await work.connection.execute(MADE, *(list(column) for column in zip(*rows.values(), strict=True)))


def _told(one: Received) -> tuple[Payment, bool | None]:
    match one.event:
        case CashListed() | PaymentInstructed() as made:
            return made.payment, None
        case CashCollected() as answered:
            return answered.payment, True
        case CashUncollected() as answered:
            return answered.payment, False
        case _:
            raise TypeError(f"not subscribed to: {one.event.type_name()}")

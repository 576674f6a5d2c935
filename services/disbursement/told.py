"""What happened to runs and payments as their events tell it: when, by whom, with which reference of the bank."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from services.disbursement.events import payment_stream, run_stream

STEPS = ("RunPrepared", "RunApproved", "RunSent", "RunRefused", "RunCancelled")
OUTCOMES = ("PaymentSettled", "PaymentRejected", "PaymentReturned", "CashCollected", "CashUncollected")
BY = ("prepared_by", "approved_by", "sent_by", "refused_by", "cancelled_by")
STEPS_OF = f"""
select stream_id, type, recorded_at, coalesce({", ".join(f"data ->> '{field}'" for field in BY)}) as by
from events where stream_id = any($1::text[]) and type = any($2::text[]) order by position
"""
# Of many payments' events only the few fields that a list shows are read.
OUTCOMES_OF = """
select stream_id, recorded_at, data ->> 'bank_reference' as reference, data ->> 'reason' as reason,
    coalesce(data ->> 'value_date', data ->> 'collected_on')::date as on_day
from events where stream_id = any($1::text[]) and type = any($2::text[]) order by stream_id, version
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a run: when it was taken and by whom."""

    at: datetime
    by: str


async def steps(connection: asyncpg.Connection, run_ids: Sequence[str]) -> Mapping[str, Mapping[str, Step]]:
    """Run → type of event → the step."""
    rows = await connection.fetch(STEPS_OF, [run_stream(one) for one in run_ids], list(STEPS))
    found: dict[str, dict[str, Step]] = defaultdict(dict)
    for row in rows:
        found[row["stream_id"].removeprefix(run_stream(""))][row["type"]] = Step(row["recorded_at"], row["by"])
    return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last that was said of a payment: its day (value date, or collection), the bank's reference and reason."""

    at: datetime
    on: date | None
    reference: str | None
    reason: str | None


async def outcomes(connection: asyncpg.Connection, payment_ids: Sequence[str]) -> Mapping[str, Outcome]:
    """Payment → what was last said of it; one of which nothing was said is left out."""
    rows = await connection.fetch(OUTCOMES_OF, [payment_stream(one) for one in payment_ids], list(OUTCOMES))
    return {
        row["stream_id"].removeprefix(payment_stream("")): Outcome(
            row["recorded_at"], row["on_day"], row["reference"], row["reason"]
        )
        for row in rows
    }

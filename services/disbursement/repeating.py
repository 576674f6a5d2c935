"""Money that came back or was not collected and has not been paid again: whose, since when, and how it would go now."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from services.disbursement import picture, preparing, told
from services.disbursement.picture import Picture
from services.kernel import clock
from services.kernel.period import Period

OPEN = """
select p.*, q.name as person_name from payments p left join people q on q.beneficiary_id = p.beneficiary_id
where p.run_id = $1 and p.status in ('REJECTED', 'RETURNED', 'CASH_UNCOLLECTED')
    and not exists (select from payments o where o.beneficiary_id = p.beneficiary_id and o.programme = p.programme
        and o.status <> 'CANCELLED' and p.payment_id = any(o.replaces))
order by p.number
"""


@dataclass(frozen=True, slots=True)
class ToRepeat:
    """A dead payment with why and since when; `again`: by which payment a run for that month would replace it now,
    None where none would (nothing is due any more, or the office decides)."""

    row: Mapping[str, Any]
    since: datetime | None
    reason: str | None
    again: preparing.Prepared | None

    @property
    def beneficiary_id(self) -> str:
        """Whose payment it is."""
        return str(self.row["beneficiary_id"])


async def open_of(connection: asyncpg.Connection, run: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The payments of a run that are to be paid again, in the order of their making."""
    rows: Sequence[Mapping[str, Any]] = await connection.fetch(OPEN, run["run_id"])
    return rows


async def to_repeat(
    connection: asyncpg.Connection, run: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> list[ToRepeat]:
    """What is told of some of them: a run may have hundreds, and a page shows a few."""
    if not rows:
        return []
    said = await told.outcomes(connection, [row["payment_id"] for row in rows])
    people = sorted({row["beneficiary_id"] for row in rows})
    known = await picture.load(connection, run["programmes"], people)
    newest = await connection.fetchval(
        "select max(period) from runs where status = 'SENT' and programmes && $1::text[]", run["programmes"]
    )
    again = await asyncio.to_thread(_again, known, Period(max(newest or "", run["period"])))
    return [
        ToRepeat(
            row,
            said[row["payment_id"]].at if row["payment_id"] in said else None,
            said[row["payment_id"]].reason if row["payment_id"] in said else None,
            again.get(row["payment_id"]),
        )
        for row in rows
    ]


def _again(known: Picture, period: Period) -> dict[str, preparing.Prepared]:
    made: Sequence[preparing.Prepared] = preparing.make(known, "", period, clock.today()).payments
    return {dead: one for one in made for dead in one.payment.replaces}

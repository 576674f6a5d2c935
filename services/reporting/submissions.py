"""Frozen reports beside what the facts say now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from services.kernel.period import Period
from services.reference import areas
from services.reporting.forms import assemble, differences
from services.reporting.read_model import Measure, View, measures, query


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which submissions: None for any; `after` is the number of the last one shown."""

    form: str | None
    period: str | None
    areas: Sequence[str] | None
    after: int


async def find(connection: asyncpg.Connection, wanted: Wanted, limit: int) -> list[asyncpg.Record]:
    """The rows of the submissions, oldest first, one more than `limit` if there are more."""
    found: list[asyncpg.Record] = await connection.fetch(
        query("submissions"), wanted.form, wanted.period, wanted.areas, wanted.after, limit + 1
    )
    return found


async def compared(
    connection: asyncpg.Connection, rows: Sequence[asyncpg.Record], as_of: datetime
) -> list[dict[str, Any]]:
    """The submissions with the cells that are other now; one look at the facts for each month."""
    now = {
        period: await _of_month(connection, period, [row for row in rows if row["period"] == period], as_of)
        for period in sorted({row["period"] for row in rows})
    }
    return [_compared(row, now[row["period"]]) for row in rows]


async def _of_month(
    connection: asyncpg.Connection, period: str, rows: Sequence[asyncpg.Record], as_of: datetime
) -> list[Measure]:
    communes = {commune for row in rows for commune in areas.communes(row["area"], period)}
    return await measures(connection, View(Period(period), tuple(sorted(communes)), as_of))


def _compared(row: asyncpg.Record, now: Sequence[Measure]) -> dict[str, Any]:
    frozen = orjson.loads(row["rows"])
    form = assemble(row["form"], now, areas.communes(row["area"], row["period"]))
    return {
        "id": row["id"],
        "form": row["form"],
        "period": row["period"],
        "area": row["area"],
        "submitted_at": row["submitted_at"],
        "submitted_by": row["submitted_by"],
        "hash": row["hash"],
        "rows": frozen,
        "differences": differences(frozen, form.rows),
    }

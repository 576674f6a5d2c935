"""The roll of a month (sổ đối tượng): its sums, and closing it."""

from collections import defaultdict
from typing import Any

import asyncpg
import orjson

from services.kernel.commands import Answer, Work
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.reference import areas
from services.registry import closing
from services.registry.events import RollClosed, RollTotal, roll_stream

Totals = dict[str, dict[str, RollTotal]]

# People = pairs on the roll of the month; money = what is due to them for that month by the newest layer that counts.
SUMS = """
with pairs as (
    select beneficiary_id, programme from on_roll
    where first_month <= $1 and (last_month is null or last_month >= $1)
    group by beneficiary_id, programme
), layer as (
    select beneficiary_id, programme, max(counts_from) as counts_from from due_spans
    where counts_from <= $1 group by beneficiary_id, programme
), money as (
    select d.beneficiary_id, d.programme, sum(d.amount) as amount
    from due_spans d join layer using (beneficiary_id, programme, counts_from)
    where d.first_month <= $1 and (d.last_month is null or d.last_month >= $1)
    group by d.beneficiary_id, d.programme
)
select h.commune, h.from_month, pairs.programme, count(*) as people, coalesce(sum(money.amount), 0)::bigint as amount
from pairs join residences h using (beneficiary_id) left join money using (beneficiary_id, programme)
where h.holds_from <= $1 and $1 < h.holds_until
group by h.commune, h.from_month, pairs.programme
"""


async def totals(connection: asyncpg.Connection, period: Period) -> Totals:
    """People and đồng by commune (as it is called in that month) and programme."""
    people: dict[tuple[str, str], int] = defaultdict(int)
    money: dict[tuple[str, str], int] = defaultdict(int)
    for row in await connection.fetch(SUMS, period):
        key = areas.commune_in(row["commune"], row["from_month"], period), row["programme"]
        people[key] += row["people"]
        money[key] += row["amount"]
    found: Totals = {}
    for commune, programme in sorted(people):
        key = commune, programme
        found.setdefault(commune, {})[programme] = RollTotal(people=people[key], amount=money[key])
    return found


async def shown(connection: asyncpg.Connection, period: Period) -> dict[str, Any]:
    """The roll as it stands now, whether it is closed, and which communes have no approved list for it."""
    closed = await connection.fetchrow("select sequence, totals, applied from rolls where period = $1", period)
    halves = await connection.fetch("select * from open_halves order by beneficiary_id, half")
    listed = await connection.fetch(
        "select distinct commune from change_lists where period = $1 and status = 'APPROVED'", period
    )
    told = {row["commune"] for row in listed}
    now = await totals(connection, period)
    return {
        "period": period,
        "closed": closed is not None,
        "sequence": closed["sequence"] if closed else 0,
        "outstanding": [commune for commune in areas.everywhere(period) if commune not in told],
        "totals": orjson.loads(closed["totals"]) if closed else plain(now),
        "now": plain(now),
        "open_moves": [dict(row) for row in halves],
        "applied": orjson.loads(closed["applied"]) if closed else [],
    }


def plain(found: Totals) -> dict[str, Any]:
    return {
        commune: {programme: total.model_dump() for programme, total in by_programme.items()}
        for commune, by_programme in found.items()
    }


async def close(work: Work, caller: Caller, period: Period) -> Answer:
    """Closes the roll, or closes it again with what was approved since; the sequence rises each time.

    Closing the newest roll also ends what waited for it (see `closing`); an older one closed again does not.
    """
    # One at a time: two who close together would both publish the same sequence.
    await work.connection.execute("lock table rolls in share row exclusive mode")
    stream = await work.load_one(roll_stream(period))
    sequence = stream.version + 1
    newest = await work.connection.fetchval("select max(period) from rolls")
    applied = await closing.settle(work, period) if newest is None or period >= newest else []
    sums = await totals(work.connection, period)
    work.append(roll_stream(period), stream.version, [RollClosed(period=period, sequence=sequence, totals=sums)])
    await work.connection.execute(
        "insert into rolls (period, sequence, totals, closed_by, applied) values ($1, $2, $3, $4, $5)"
        " on conflict (period) do update set sequence = excluded.sequence, totals = excluded.totals,"
        " closed_by = excluded.closed_by, applied = rolls.applied || excluded.applied",
        period,
        sequence,
        orjson.dumps(plain(sums)).decode(),
        caller.name,
        orjson.dumps(applied).decode(),
    )
    return Answer.json(await shown(work.connection, period))

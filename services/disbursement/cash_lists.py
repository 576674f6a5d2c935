"""A run's cash as its communes have it: who is to sign, who did, and who did not come the last months."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import asyncpg

from services.kernel.names import sort_key

STATUSES = ("CASH_LISTED", "CASH_PAID", "CASH_UNCOLLECTED")
RUNS = """
select r.run_id, r.period, r.number, p.status, count(*) as number_of, sum(p.amount)::bigint as amount
from runs r join payments p using (run_id)
where r.status = 'SENT' and p.status = any($1::text[]) and ($2::text[] is null or p.commune = any($2::text[]))
group by r.run_id, p.status order by r.number desc
"""
COMMUNES = """
select commune, status, count(*) as number_of, sum(amount)::bigint as amount
from payments where run_id = $1 and status = any($2::text[]) group by commune, status
"""
LIST = """
select p.*, q.name as person_name from payments p left join people q on q.beneficiary_id = p.beneficiary_id
where p.run_id = $1 and p.status = any($2::text[]) and ($3::text[] is null or p.commune = any($3::text[]))
order by p.number
"""
# Month by month, newest first, whether all cash of a person and programme before this month was left.
MISSED = """
with month as (
    select beneficiary_id, programme, period, bool_and(status = 'CASH_UNCOLLECTED') as missed
    from payments where (beneficiary_id, programme) in (select unnest($1::text[]), unnest($2::text[]))
        and period < $3 and status not in ('PREPARED', 'APPROVED', 'CANCELLED', 'NETTED')
    group by beneficiary_id, programme, period
)
select beneficiary_id, programme, missed from month order by beneficiary_id, programme, period desc
"""
Sums = Mapping[str, tuple[int, int]]


async def runs(connection: asyncpg.Connection, communes: Sequence[str] | None) -> list[tuple[str, str, Sums]]:
    """Sent runs with cash in these communes, newest first: run, month, status → payments and đồng."""
    found: dict[tuple[str, str], dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in await connection.fetch(RUNS, list(STATUSES), communes):
        found[row["run_id"], row["period"]][row["status"]] = row["number_of"], row["amount"]
    return [(run_id, period, sums) for (run_id, period), sums in found.items()]


async def by_commune(connection: asyncpg.Connection, run_id: str) -> Mapping[str, Sums]:
    """A run's cash: commune → status → payments and đồng."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in await connection.fetch(COMMUNES, run_id, list(STATUSES)):
        found[row["commune"]][row["status"]] = row["number_of"], row["amount"]
    return found


async def listed(
    connection: asyncpg.Connection, run_id: str, communes: Sequence[str] | None, statuses: Sequence[str] = STATUSES
) -> Sequence[asyncpg.Record]:
    """The cash payments of a run in these communes, by the people's names."""
    rows = await connection.fetch(LIST, run_id, list(statuses), communes)
    return sorted(rows, key=lambda row: sort_key(row["person_name"] or ""))


async def missed_before(
    connection: asyncpg.Connection, rows: Sequence[Mapping[str, str]], period: str
) -> Mapping[tuple[str, str], int]:
    """Person and programme → how many months in a row, up to the one before, they left all their cash."""
    found = await connection.fetch(
        MISSED, [row["beneficiary_id"] for row in rows], [row["programme"] for row in rows], period
    )
    months: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for row in found:
        months[row["beneficiary_id"], row["programme"]].append(row["missed"])
    return {pair: ([*missed, False]).index(False) for pair, missed in months.items()}

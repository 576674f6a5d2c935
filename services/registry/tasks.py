"""What waits for whom in registry: lists, the roll of the month, people who lack something."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import asyncpg
import orjson

from services.kernel.period import Period
from services.kernel.tasks import Task
from services.reference import access, areas
from services.registry import roll
from services.registry.list_tasks import ListRow, tasks_of_lists

Row = Mapping[str, Any]
# The day of the last submission stands in the list's events; lists that matter here are few.
LISTS = """
select commune, period, status, late, by_office, (
    select max(data ->> 'submitted_on')::date from events
    where stream_id = 'change-list-' || list_id and type = 'ListSubmitted') as submitted_on
from change_lists
where status <> 'WITHDRAWN' and (period in ($1, $2) or status in ('SUBMITTED', 'RETURNED'))
"""
# $1 the month, $2 first day of its year, $3 the business day.
REVIEWS = """
with listed as (
    select distinct beneficiary_id from on_roll where first_month <= $1 and (last_month is null or last_month >= $1)
), reviewed as (
    select distinct beneficiary_id from reviews where reviewed_on between $2 and $3
)
select h.commune, h.from_month, count(*) as people, count(*) filter (where reviewed.beneficiary_id is null) as number
from listed join residences h using (beneficiary_id) left join reviewed using (beneficiary_id)
where h.holds_from <= $1 and $1 < h.holds_until group by h.commune, h.from_month
"""
MATTERS = """
select m.kind, h.commune, h.from_month, count(*) as number, min(m.since) as since
from matters m join residences h using (beneficiary_id)
where h.holds_from <= $1 and $1 < h.holds_until and m.kind <> 'move-half-open'
group by m.kind, h.commune, h.from_month
"""
# A half out that names a commune waits for that one; otherwise it is for the commune where the person lives to mend.
HALVES = """
select case when o.half = 'OUT' then coalesce(o.commune, h.commune) else h.commune end as commune,
    case when o.half = 'OUT' and o.commune is not null then o.from_month else h.from_month end as from_month,
    'move-half-open' as kind, count(*) as number, min(o.effective_period) as since
from open_halves o join residences h using (beneficiary_id)
where h.holds_from <= $1 and $1 < h.holds_until group by 1, 2
"""
CLOSED = "select period, sequence, totals from rolls where period in ($1, $2)"
# Who is to settle a matter: the commune where the person lives, or the office.
OF_THE_COMMUNE = ("citizen-id-lacking", "funeral-payee-lacking", "move-half-open")
OF_THE_OFFICE = ("funeral-office-decides", "ended-while-suspended", "move-half-open")


async def count(connection: asyncpg.Connection, today: date) -> list[Task]:
    """Everything that waits for somebody on that day."""
    period = Period.of(today)
    lists = [ListRow(**row) for row in await connection.fetch(LISTS, period, period.plus(-1))]
    reviews = await connection.fetch(REVIEWS, period, today.replace(month=1, day=1), today)
    matters = [*await connection.fetch(MATTERS, period), *await connection.fetch(HALVES, period)]
    return [
        *tasks_of_lists(lists, today),
        *await _roll(connection, period, lists),
        *reviews_due(reviews, period, today.year),
        *matters_open(matters, period),
    ]


async def _roll(connection: asyncpg.Connection, period: Period, lists: Sequence[ListRow]) -> list[Task]:
    months = (period, period.plus(-1))
    closed = {row["period"]: row for row in await connection.fetch(CLOSED, *months)}
    tasks = [] if period in closed else [roll_to_close(period, lists)]
    for month in months:
        if month in closed:
            now = roll.plain(await roll.totals(connection, month))
            tasks.append(roll_to_close_again(month, orjson.loads(closed[month]["totals"]), now))
    return tasks


def roll_to_close(period: Period, lists: Sequence[ListRow]) -> Task:
    """The roll of the month is not closed; the detail says whose lists have not taken effect."""
    told = {one.commune for one in lists if one.period == period and one.status == "APPROVED"}
    outstanding = [commune for commune in areas.everywhere(period) if commune not in told]
    detail = {"outstanding": outstanding}
    return Task(role=access.DISTRICT_OFFICER, kind="roll-to-close", number=1, period=period, detail=detail)


def roll_to_close_again(period: Period, closed: Mapping[str, Any], now: Mapping[str, Any]) -> Task:
    """How many communes' sums are others than when the roll was closed; none: nothing to do."""
    changed = sorted(one for one in closed.keys() | now.keys() if closed.get(one) != now.get(one))
    return Task(
        role=access.DISTRICT_OFFICER,
        kind="roll-to-close-again",
        number=len(changed),
        period=period,
        detail={"communes": changed} if changed else {},
    )


def reviews_due(rows: Iterable[Row], period: Period, year: int) -> list[Task]:
    """People on the roll who were not reviewed this year, by commune."""
    people, number = _by_commune(rows, period, "people"), _by_commune(rows, period, "number")
    return [
        Task(
            role=access.COMMUNE_OFFICER,
            kind="review-due",
            number=waiting,
            area=commune,
            period=period,
            detail={"people": people[commune], "year": year},
        )
        for commune, waiting in number.items()
        if waiting
    ]


def matters_open(rows: Sequence[Row], period: Period) -> list[Task]:
    """What about people waits for communes, the office or the police."""
    tasks: list[Task] = []
    for kind in sorted({row["kind"] for row in rows}):
        of_kind = [row for row in rows if row["kind"] == kind]
        for commune in _by_commune(of_kind, period, "number"):
            here = [row for row in of_kind if _now(row, period) == commune]
            if kind in OF_THE_COMMUNE:
                tasks.append(_matter(access.COMMUNE_OFFICER, kind, here, commune))
            if kind == "citizen-id-lacking":
                tasks.append(_matter(access.POLICE, kind, here, commune))
        if kind == "citizen-id-lacking":
            tasks.append(_matter(access.POLICE, kind, of_kind, None))
        if kind in OF_THE_OFFICE:
            tasks.append(_matter(access.DISTRICT_OFFICER, kind, of_kind, None))
    return tasks


def _matter(role: str, kind: str, rows: Sequence[Row], area: str | None) -> Task:
    since = min((row["since"] for row in rows if row["since"]), default=None)
    oldest = Period(since).first_day if since else None
    return Task(role=role, kind=kind, number=sum(row["number"] for row in rows), area=area, oldest=oldest)


def _by_commune(rows: Iterable[Row], period: Period, field: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        commune = _now(row, period)
        found[commune] = found.get(commune, 0) + row[field]
    return found


def _now(row: Row, period: Period) -> str:
    return areas.commune_in(row["commune"], row["from_month"], period)

"""What waits for whom in reporting: forms of the month before that are not handed in, or differ from what is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args

import asyncpg
import orjson

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.tasks import Task
from services.reference import access, areas
from services.reporting.events import FormId
from services.reporting.forms import assemble, differences
from services.reporting.read_model import Measure, View, measures

FORMS = get_args(FormId)
# The newest of each form and area: what was handed in again takes the place of what was before.
SUBMITTED = """
select distinct on (period, area, form) period, area, form, submitted_at, rows::text as rows
from submissions where period in ($1, $2) order by period, area, form, number desc
"""
# Whether anybody was on a roll by that month: before, there is nothing to report.
BEGUN = "select exists (select from pictures where $1 >= any(firsts))"


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form as it was handed in last; `differing`: how many of its cells are others by now."""

    period: str
    area: str
    form: str
    submitted_at: datetime
    differing: int = 0


async def count(connection: asyncpg.Connection, today: date) -> list[Task]:
    """Everything that waits for somebody on that day."""
    period = Period.of(today)
    before = period.plus(-1)
    if not await connection.fetchval(BEGUN, period):
        return []
    rows = await connection.fetch(SUBMITTED, before, period)
    found = [*await _compared(connection, before, rows), *(_submitted(row) for row in rows if row["period"] == period)]
    owed = [*tasks_of_forms(found, before), *station(found, before)]
    return [*(owed if await connection.fetchval(BEGUN, before) else ()), *station(found, period)]


async def _compared(connection: asyncpg.Connection, period: Period, rows: Sequence[asyncpg.Record]) -> list[Submitted]:
    """The month's forms, held against what the facts say now."""
    handed_in = [row for row in rows if row["period"] == period]
    communes = tuple(sorted({one for row in handed_in for one in areas.communes(row["area"], period)}))
    if not communes:
        return []
    by_commune: dict[str, list[Measure]] = defaultdict(list)
    for one in await measures(connection, View(period, communes, clock.now())):
        by_commune[one.commune].append(one)
    return [_submitted(row, _differing(row, by_commune, period)) for row in handed_in]


def _differing(row: Mapping[str, Any], by_commune: Mapping[str, Sequence[Measure]], period: Period) -> int:
    own = areas.communes(row["area"], period)
    now = assemble(row["form"], (one for commune in own for one in by_commune.get(commune, ())), own)
    return len(differences(orjson.loads(row["rows"]), now.rows))


def _submitted(row: Mapping[str, Any], differing: int = 0) -> Submitted:
    return Submitted(row["period"], row["area"], row["form"], row["submitted_at"], differing)


def tasks_of_forms(found: Iterable[Submitted], period: Period) -> list[Task]:
    """Forms of the month that communes and the office owe, and those that differ from what is known now."""
    handed_in = list(found)
    lacking = {area: _lacking(handed_in, area, period) for area in (*areas.everywhere(period), *_office(period))}
    outstanding = [commune for commune in areas.everywhere(period) if lacking[commune]]
    differing = [one for one in handed_in if one.period == period and one.differing]
    due = [
        Task(
            role=access.DISTRICT_OFFICER if area in _office(period) else access.COMMUNE_OFFICER,
            kind="form-due",
            number=len(forms),
            area=None if area in _office(period) else area,
            period=period,
            detail={"forms": forms},
        )
        for area, forms in lacking.items()
        if forms
    ]
    areas_differing = sorted({one.area for one in differing})
    return [
        *due,
        Task(
            role=access.DISTRICT_OFFICER,
            kind="forms-outstanding",
            number=len(outstanding),
            period=period,
            detail={"communes": outstanding} if outstanding else {},
        ),
        Task(
            role=access.DISTRICT_OFFICER,
            kind="forms-differ",
            number=len(differing),
            period=period,
            detail={"areas": areas_differing, "cells": sum(one.differing for one in differing)} if differing else {},
        ),
    ]


def station(found: Iterable[Submitted], period: Period) -> list[Task]:
    """The last station of a month: both forms handed in (done), one (pending), differing by now (stuck), none."""
    of_month = [one for one in found if one.period == period]
    communes = {commune: _state(of_month, commune) for commune in areas.everywhere(period)}
    last = max((one.submitted_at for one in of_month), default=None)
    on = {"on": last.astimezone(clock.ZONE).date().isoformat()} if last else {}
    done = sum(state == "done" for state in communes.values())
    return Task.for_each(
        access.SEES_ALL, kind="station-forms", number=done, period=period, detail={"communes": communes, **on}
    )


def _state(of_month: Iterable[Submitted], commune: str) -> str:
    own = [one for one in of_month if one.area == commune]
    if any(one.differing for one in own):
        return "stuck"
    return ("empty", "pending", "done")[len({one.form for one in own})]


def _lacking(found: Iterable[Submitted], area: str, period: Period) -> list[str]:
    handed_in = {one.form for one in found if one.area == area and one.period == period}
    return [form for form in FORMS if form not in handed_in]


def _office(period: Period) -> list[str]:
    """The district, while there is one."""
    return ["278"] if areas.find("278", period) else []

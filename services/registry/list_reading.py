"""Change lists as pages and the API read them: many in short, one with how it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg
import orjson

from services.kernel.period import Period
from services.kernel.web.problems import Problem
from services.reference import areas
from services.registry.change_list import DUE_DAY
from services.registry.checking import digest, kept_rows
from services.registry.list_events import list_stream
from services.registry.spreadsheet import ParsedList

LISTS = """
select *, jsonb_array_length(raw) as rows_count, jsonb_array_length(errors) as errors_count from change_lists
where number > $1 and ($2::text is null or period = $2) and ($3::text is null or commune = $3)
    and ($4::text is null or status = $4) and ($5::text[] is null or commune = any($5))
order by number limit $6
"""
# The rows of a list stand in its events too: they are left alone, for they are long.
STEPS = """
select type, recorded_at, metadata ->> 'actor' as by,
    case when type in ('ListReturned', 'ListApproved') then data ->> 'reason' end as reason,
    case when type = 'ListSubmitted' then (data ->> 'submitted_on')::date end as submitted_on
from events where stream_id = $1 order by version
"""
STATUSES = """
select status, count(*) as number from change_lists
where period = $1 and ($2::text is null or commune = $2) group by status
"""
TOLD = "select distinct commune, status from change_lists where period = $1 and status <> 'WITHDRAWN'"
# Whoever entered, changed or submitted it approves another one; who only changed rows is told on its page.
NEXT = """
select list_id, commune, period from change_lists
where status = 'SUBMITTED' and entered_by <> $1 and submitted_by <> $1 and list_id <> $2
order by period = $3 desc, number limit 1
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a list: an event's name, when, by whom; `reason` of a return or of what was accepted."""

    kind: str
    at: datetime
    by: str
    reason: str | None
    submitted_on: date | None


@dataclass(frozen=True, slots=True)
class Course:
    """How a list went so far."""

    steps: Sequence[Step]

    @property
    def mark(self) -> str:
        """Stands for its rows and status as they are now: whatever changes them is a step."""
        return str(len(self.steps))

    @property
    def submissions(self) -> Sequence[Step]:
        return [one for one in self.steps if one.kind == "ListSubmitted"]

    @property
    def worked_on(self) -> frozenset[str]:
        """Whoever entered, changed or submitted it: none of them approves it."""
        return frozenset(one.by for one in self.steps if one.kind in ("ListOpened", "ListMended", "ListSubmitted"))

    @property
    def last_return(self) -> Step | None:
        """The return that nothing answered yet by a submission."""
        last = next((one for one in reversed(self.steps) if one.kind != "ListMended"), None)
        return last if last and last.kind == "ListReturned" else None


async def lists(
    connection: asyncpg.Connection,
    period: str | None,
    commune: str | None,
    status: str | None,
    seen: Sequence[str] | None,
    after: int,
    limit: int,
) -> Sequence[asyncpg.Record]:
    """Lists, oldest first, after that number; `seen`: the communes whose lists the caller sees, None for all."""
    found: Sequence[asyncpg.Record] = await connection.fetch(LISTS, after, period, commune, status, seen, limit)
    return found


async def statuses(connection: asyncpg.Connection, period: str, commune: str | None) -> dict[str, int]:
    """How many lists of the month stand where."""
    return {row["status"]: row["number"] for row in await connection.fetch(STATUSES, period, commune)}


async def told(connection: asyncpg.Connection, period: str) -> dict[str, set[str]]:
    """The statuses of each commune's lists of the month, in the order of the areas; withdrawn ones do not count."""
    found: dict[str, set[str]] = {commune: set() for commune in areas.everywhere(period)}
    for row in await connection.fetch(TOLD, period):
        found.setdefault(row["commune"], set()).add(row["status"])
    return found


async def course(connection: asyncpg.Connection, list_id: str) -> Course:
    """What happened to the list, oldest first."""
    rows = await connection.fetch(STEPS, list_stream(list_id))
    steps = [Step(row["type"], row["recorded_at"], row["by"], row["reason"], row["submitted_on"]) for row in rows]
    return Course(steps)


async def require_as_seen(connection: asyncpg.Connection, list_id: str, mark: str) -> None:
    """Raises Problem 409 if the list is not what it was on the page that bore this mark; else it is locked."""
    await connection.execute("select 1 from change_lists where list_id = $1 for update", list_id)
    if (await course(connection, list_id)).mark != mark:
        raise Problem(
            409,
            "list-changed",
            "Danh sách vừa được người khác thay đổi. Xem lại các dòng ở đây rồi làm tiếp.",
            "Somebody else has just changed the list. Look at its rows again, then go on.",
        )


async def require_other_rows(connection: asyncpg.Connection, list_id: str, parsed: ParsedList) -> None:
    """Raises Problem 409 if a file has the very rows that the list has: nothing would change."""
    raw = await connection.fetchval("select raw from change_lists where list_id = $1", list_id)
    if digest(kept_rows(raw)) == digest(parsed.raw):
        raise Problem(409, "same-rows", "Tệp này đã tải lên, không có gì thay đổi.", "The file changes nothing.")


async def next_waiting(connection: asyncpg.Connection, name: str, list_id: str, period: str) -> asyncpg.Record | None:
    """Another list that waits for this person's approval, of the same month first."""
    return await connection.fetchrow(NEXT, name, list_id, period)


def last_day(period: str) -> date:
    """The last day on which a list of the month is in time."""
    return Period(period).first_day.replace(day=DUE_DAY - 1)


def row_findings(shown: Mapping[str, Any]) -> dict[int, list[dict[str, Any]]]:
    """Errors, then warnings, by row; each with `severe`."""
    found: dict[int, list[dict[str, Any]]] = {}
    for kind in ("errors", "warnings"):
        for one in shown[kind]:
            found.setdefault(one["row"], []).append({**one, "severe": kind == "errors"})
    return found


def answered(body: bytes) -> dict[str, Any]:
    """The list that a write answered."""
    answer: dict[str, Any] = orjson.loads(body)
    return answer

"""Who looked at whom, and who changed what: what every service keeps and shows to those who check it.

Every call that shows persons records one look, before it answers: what cannot be recorded is not shown.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

import asyncpg
import orjson
from fastapi import APIRouter, Depends, Query, Request

from services.kernel import clock
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.paging import OLDEST_FIRST, Cursor, Limit, Order, number_after, page
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of

# More than a page of a list: the row says how many, and that it may have been anybody of the area.
SUBJECTS_NAMED_MAX = 1_000
What = Literal["list", "person", "search", "export"]
Auditor = Annotated[Caller, Depends(allowed("auditor"))]
Words = Annotated[str | None, Query(max_length=200)]
RECORD = """
insert into looks (person, role, what, route, area, subjects, subjects_count) values ($1, $2, $3, $4, $5, $6, $7)
"""
# Whoever was in a list too long to name its people may have been anybody: such looks are found with each of them.
LOOKS = """
select * from looks where number {beyond} $1 and ($2::text is null or subjects @> array[$2] or subjects is null)
    and ($3::text is null or person = $3)
    and ($4::timestamptz is null or looked_at >= $4) and ($5::timestamptz is null or looked_at < $5)
order by number {sort} limit $6
"""
CHANGES = """
select version as number, type, recorded_at, metadata from events
where stream_id = $1 and version > $2 order by version limit $3
"""


async def record(
    request: Request, caller: Caller, what: What, subjects: Iterable[str], area: str | None = None
) -> None:
    """Keeps that the caller is about to see these people (their ids) or lists; nobody seen is no look.

    `area`: the one asked for, where it is not the caller's own. The route is kept as a pattern, without its values.
    """
    whom = sorted(set(subjects))
    if not whom:
        return
    await running_of(request).pool.execute(
        RECORD,
        caller.name,
        caller.role,
        what,
        request.scope["route"].path,
        area or caller.area,
        whom if len(whom) <= SUBJECTS_NAMED_MAX else None,
        len(whom),
    )


async def find(
    pool: asyncpg.Pool,
    *,
    subject: str | None,
    person: str | None,
    first: date | None,
    last: date | None,
    cursor: str | None,
    limit: int,
    order: Order = OLDEST_FIRST,
) -> tuple[list[dict[str, Any]], str | None]:
    """Looks at `subject`, by `person`, on the days `first` to `last` (None: any); and the next page's cursor.

    Raises Problem 422.
    """
    query = LOOKS.format(beyond=order.beyond, sort=order.sort)
    rows = await pool.fetch(query, order.start(cursor), subject, person, _begin(first), _begin(last, days=1), limit + 1)
    items, following = page(rows, limit, "number")
    return [_look(row, subject) for row in items], following


def looks() -> APIRouter:
    """The routes, the same for every service."""
    router = APIRouter()

    @router.get("/looks")
    async def shown(
        request: Request,
        _caller: Auditor,
        subject: Words = None,
        person: Words = None,
        first: Annotated[date | None, Query(alias="from")] = None,
        last: Annotated[date | None, Query(alias="to")] = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """Who looked at whom, oldest first: at `subject` (an id), by `person`, on the days `from` to `to`.

        With `subject`, only it stands in `subjects`; null stands for a list or file of more people than are named.
        """
        items, following = await find(
            running_of(request).pool,
            subject=subject,
            person=person,
            first=first,
            last=last,
            cursor=cursor,
            limit=limit,
        )
        return {"items": items, "next_cursor": following}

    @router.get("/changes")
    async def changes(
        request: Request,
        _caller: Auditor,
        stream_id: Annotated[str, Query(min_length=1, max_length=200)],
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """Who changed a thing and when, oldest first: the events of its stream, without what they say."""
        rows = await running_of(request).pool.fetch(CHANGES, stream_id, number_after(cursor), limit + 1)
        items, following = page(rows, limit, "number")
        return {"items": [_change(row) for row in items], "next_cursor": following}

    return router


def _begin(day: date | None, days: int = 0) -> datetime | None:
    """The first instant of the day, or of one so many days later, in Việt Nam. Raises Problem 422."""
    if day is None:
        return None
    try:
        return datetime.combine(day + timedelta(days=days), time(), clock.ZONE)
    except OverflowError as why:
        raise Problem(422, "input-wrong", "Ngày from hoặc to không đúng.", "from or to is no usable day.") from why


def _look(row: Mapping[str, Any], subject: str | None) -> dict[str, Any]:
    named = row["subjects"] if row["subjects"] is None or subject is None else [subject]
    plain = ("person", "role", "what", "route", "area")
    return {
        "at": row["looked_at"].isoformat(),
        **{field: row[field] for field in plain},
        "subjects": named,
        "count": row["subjects_count"],
    }


def _change(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "version": row["number"],
        "type": row["type"],
        "at": row["recorded_at"].isoformat(),
        "by": orjson.loads(row["metadata"]).get("actor"),
    }

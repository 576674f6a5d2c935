"""What waits for whom: the services' counts as they last said them, one row a count; the portal counts nothing itself.

What a kind means, to which group of the home page it belongs and where its page is, is that page's matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import orjson

from services.kernel.commands import Work
from services.kernel.consumer import Subscription
from services.kernel.envelope import Received
from services.kernel.event_types import EventTypes
from services.kernel.tasks import TOPIC, Task, TaskTold, key_of, read
from services.reference import areas

COUNTED = """
insert into counted select * from unnest($1::text[], $2::timestamptz[])
on conflict (service) do update set counted_at = greatest(counted.counted_at, excluded.counted_at)
"""
STORE = """
insert into tasks select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[],
    $7::date[], $8::jsonb[])
on conflict (role, area, service, period, kind) do update
set number = excluded.number, oldest = excluded.oldest, detail = excluded.detail
"""
DROP = """
delete from tasks where (service, role, area, period, kind) in (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]))
"""
TASKS_FOR = """
select service, role, nullif(area, '') as area, nullif(period, '') as period, kind, number, oldest, detail::text
from tasks where role = $1 and area = $2 and period <= $3 order by oldest nulls last, period desc, service, kind
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count and the service that says it."""

    service: str
    task: Task


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody, longest first. `as_of`: all of it holds at least up to then; None: not heard of yet."""

    as_of: datetime | None
    tasks: Sequence[Counted]


def subscription() -> Subscription:
    """What the portal reads."""
    return Subscription([TOPIC], EventTypes([]), apply, readers={TOPIC: read})


async def apply(work: Work, received: Sequence[Received]) -> None:
    """Keeps what was said last of each count; a count that says nothing any more is dropped."""
    told = [one.event for one in received if isinstance(one.event, TaskTold)]
    last = {key_of(one.service, one.task): (one.service, one.task) for one in told if one.task}
    kept = [_row(*one) for one in last.values() if one[1].says_something]
    gone = [_row(*one)[:5] for one in last.values() if not one[1].says_something]
    if kept:
        await work.connection.execute(STORE, *map(list, zip(*kept, strict=True)))
    if gone:
        await work.connection.execute(DROP, *map(list, zip(*gone, strict=True)))
    newest: dict[str, datetime] = {}
    for one in told:
        newest[one.service] = max(one.counted_at, newest.get(one.service, one.counted_at))
    await work.connection.execute(COUNTED, list(newest), list(newest.values()))


def _row(service: str, task: Task) -> tuple[object, ...]:
    detail = orjson.dumps(task.detail).decode()
    return service, task.role, task.area or "", task.period or "", task.kind, task.number, task.oldest, detail


async def tasks_for(connection: asyncpg.Connection, role: str, area: str | None, period: str) -> Waiting:
    """What waits for a role as seen from a month: of that month, left from earlier ones, or of no month.

    `area` is the caller's: for a commune its own tasks, for anything wider (or None) those of the whole.
    """
    own = area if area and any(one.code == area and one.level == "commune" for one in areas.all_areas()) else ""
    rows = await connection.fetch(TASKS_FOR, role, own, period)
    as_of = await connection.fetchval("select min(counted_at) from counted")
    return Waiting(as_of, [_counted(row) for row in rows])


def _counted(row: asyncpg.Record) -> Counted:
    fields = {name: row[name] for name in ("role", "area", "period", "kind", "number", "oldest")}
    return Counted(row["service"], Task(**fields, detail=orjson.loads(row["detail"])))

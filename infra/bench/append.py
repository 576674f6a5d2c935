"""`ansinh bench append`: the event store's bulk append against plain COPY, and against the library `eventsourcing`."""

import asyncio
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import asyncpg

from infra.bench import made_up, plain
from infra.bench.report import Result, Stages, Watch, rounds_for
from infra.stack import Connections
from services.disbursement.app import MIGRATIONS
from services.disbursement.events import TYPES, PaymentInstructed, payment_stream
from services.kernel import clock
from services.kernel.copy_rows import COLUMNS
from services.kernel.database import connect_pool, migrate, role_of
from services.kernel.event_store import EventStore, NewEvents

# A run of the district: so many streams go into one append.
STREAMS_PER_APPEND = 13_463
WARM_UP = 2_000
# The library is slow beside it: so many of its events tell its rate.
LIBRARY_EVENTS = 10_000
SERVICE = "disbursement"
TABLE = "plain_events"
BASELINE = "COPY of the same rows, in the same transactions, into a plain table with the same columns and indexes"
METADATA = {"actor": "bench", "correlation_id": "0" * 32, "causation_id": ""}
COMMIT = "commit"
APPENDED = f"select {', '.join(COLUMNS)} from events where position > $1 order by position"
COPY = "rows and seal (Python), while COPY writes them"
PYTHON = "the rest (Python)"
Batch = Sequence[NewEvents]


class _Timed:
    """A connection that times each statement of an append."""

    def __init__(self, connection: asyncpg.Connection, stages: Stages) -> None:
        self._connection = connection
        self._stages = stages

    async def execute(self, statement: str, *values: Any) -> Any:
        with self._stages.stage(statement.partition("(")[0].strip()):
            return await self._connection.execute(statement, *values)

    async def fetchrow(self, statement: str, *values: Any) -> Any:
        with self._stages.stage("select the last seal"):
            return await self._connection.fetchrow(statement, *values)

    async def copy_to_table(self, table: str, **more: Any) -> Any:
        with self._stages.stage(COPY):
            return await self._connection.copy_to_table(table, **more)


async def measure(connections: Connections, watch: Watch, n: int) -> Result:
    """Events a second into the store; every round has streams of its own, and its COPY follows at once."""
    owner = connections.owner_dsn[SERVICE]
    await migrate(owner, SERVICE, role_of(connections.dsn[SERVICE]), [MIGRATIONS])
    pool = await connect_pool(connections.dsn[SERVICE], SERVICE)
    bare = await asyncpg.connect(owner, server_settings={"search_path": SERVICE})
    try:
        await plain.make_table(bare, TABLE)
        async with pool.acquire() as connection:
            await _round(connection, bare, _batches("warm-up", WARM_UP))
            rounds = []
            for number in range(1, rounds_for(n) + 1):
                watch.step(f"Ghi {n} sự kiện / appending, {number}/{rounds_for(n)}")
                rounds.append(await _round(connection, bare, _batches(f"round {number}", n)))
    finally:
        await bare.close()
        await pool.close()
    watch.step("Thư viện eventsourcing / the library eventsourcing")
    more = await asyncio.to_thread(_library, owner, min(n, LIBRARY_EVENTS))
    return Result(
        "append", "events/s", n, [ours for ours, _ in rounds], BASELINE, [copied for _, copied in rounds], more
    )


def _batches(name: str, n: int) -> list[Batch]:
    run_id = clock.derived_id(name)
    events = [made_up.instructed(run_id, number) for number in range(n)]
    new = [NewEvents(payment_stream(one.payment.payment_id), 0, [one]) for one in events]
    return [new[begin : begin + STREAMS_PER_APPEND] for begin in range(0, n, STREAMS_PER_APPEND)]


async def _round(
    connection: asyncpg.Connection, bare: asyncpg.Connection, batches: Sequence[Batch]
) -> tuple[Stages, Stages]:
    store, ours, copied = EventStore(SERVICE, TYPES), Stages(), Stages()
    rows: list[list[plain.StoredRow]] = []
    for batch in batches:
        last = await connection.fetchval("select coalesce(max(position), 0) from events")
        began, before = clock.monotonic(), ours.total
        transaction = connection.transaction()
        await transaction.start()
        await store.append(_Timed(connection, ours), batch, METADATA)
        with ours.stage(COMMIT):
            await transaction.commit()
        ours.add(PYTHON, clock.monotonic() - began - (ours.total - before))
        rows.append([tuple(row) for row in await bare.fetch(APPENDED, last)])
    with copied.stage("COPY"):
        await plain.copy(bare, TABLE, rows)
    return ours, copied


def _library(owner: str, n: int) -> dict[str, object]:
    """The library's rate, or that it is not installed."""
    if find_spec("eventsourcing") is None:
        return {"eventsourcing_rate": None, "eventsourcing": "not installed: it comes with the extra dev"}
    from infra.bench import library

    events: list[PaymentInstructed] = [made_up.instructed("library", number) for number in range(n)]
    rate = n / library.save(owner, SERVICE, events).total
    return {"eventsourcing_rate": round(rate, 1), "eventsourcing": f"saved {library.AGGREGATES_PER_SAVE} at a time"}

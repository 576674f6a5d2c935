"""A projection made anew from the topics, in a schema beside the live one, held against it, and switched to.

The live reader waits only while both are compared and switched, in one transaction. What it has not confirmed to the
broker by then may or may not stand in its tables. So each direction is compared at a point of its own: whatever the
*confirmed* records give, the live tables must have; whatever the live tables have, *all* records must give.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from aiokafka import ConsumerRecord

from services.kernel.consumer import Consumer, Subscription
from services.kernel.database import connect_pool, migrate, role_of
from services.kernel.event_store import EventStore
from services.kernel.event_types import EventTypes
from services.kernel.settings import ServiceSettings
from services.kernel.topic_history import Offsets, TopicHistory

REBUILD_LOCK = 8
# Shorter than the server's own look for deadlocks (1 s): who waits for us crosswise is never the one that is ended.
LOCK_TIMEOUT = "500ms"
LOCK_TRIES = 60
# By then only the server's own clean-up can be in the way, and it gives way after a second.
MOVE_TIMEOUT = "20s"
EXAMPLES = 3
CROSSWISE = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Projection:
    """Tables that hold nothing but what `subscription` makes of its topics, and the migrations that make them."""

    tables: Sequence[str]
    subscription: Subscription
    migrations: Sequence[Path]


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows that only one of both has: how many, and the first few as JSON."""

    table: str
    only_in: str
    count: int
    examples: Sequence[str]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of a rebuild: rows by table, differences, records that could not be applied, the version now live."""

    rows: Mapping[str, int]
    differences: Sequence[Difference]
    dead_letters: int
    version: int


class RebuildRunning(Exception):
    """Another process rebuilds this projection."""


async def rebuild(settings: ServiceSettings, projection: Projection, switch: bool, progress: Progress) -> Rebuilt:
    """Rebuilds, compares, then switches to the new tables or drops them; raises RebuildRunning.

    Works as the schema's owner, beside the running service or alone; `progress` is told records read and to be read.
    """
    await migrate(settings.owner_dsn, settings.name, role_of(settings.dsn), projection.migrations)
    connection = await asyncpg.connect(settings.owner_dsn, server_settings={"search_path": settings.name})
    try:
        lock = "select pg_try_advisory_lock(hashtextextended($1, $2))"
        if not await connection.fetchval(lock, settings.name, REBUILD_LOCK):
            raise RebuildRunning
        version = await connection.fetchval("select version from projection") + 1
        async with _schema(connection, settings, projection, f"{settings.name}_v{version}") as beside:
            done = await _Comparison(connection, settings, projection, beside).run(switch, progress)
        return Rebuilt(*done, version if switch else version - 1)
    finally:
        await connection.close()


@asynccontextmanager
async def _schema(
    connection: asyncpg.Connection, settings: ServiceSettings, projection: Projection, name: str
) -> AsyncIterator[str]:
    """An empty schema for the block; whatever is left in it at the end, or by a killed rebuild, is dropped."""
    drop = f'drop schema if exists "{name}" cascade'
    await connection.execute(drop)
    await migrate(settings.owner_dsn, name, role_of(settings.dsn), projection.migrations)
    try:
        yield name
    finally:
        await connection.execute(drop)


class _Comparison:
    """The live tables and the new ones."""

    def __init__(
        self, connection: asyncpg.Connection, settings: ServiceSettings, projection: Projection, beside: str
    ) -> None:
        self.connection = connection
        self.settings = settings
        self.projection = projection
        self.live = settings.name
        self.beside = beside

    async def run(self, switch: bool, progress: Progress) -> tuple[dict[str, int], list[Difference], int]:
        """Fills the new tables, compares, switches; answers rows by table, differences, dead letters."""
        subscription = self.projection.subscription
        pool = await connect_pool(self.settings.owner_dsn, self.beside)
        # The service's own way with records, into other tables; it never subscribes.
        writer = Consumer(EventStore(self.live, EventTypes([])), pool, self.settings.kafka, subscription)
        try:
            async with TopicHistory(self.settings.kafka, subscription.topics, writer.group) as history:
                counter = _Counter(writer, progress, sum((await history.ends()).values()))
                await history.read_to(await history.confirmed(), counter.take)
                await self._analyze()
                async with self._held():
                    differences = await self._compare(history, counter)
                    rows = {table: await self._count(table) for table in self.projection.tables}
                    if switch:
                        await self._switch()
            return rows, differences, await pool.fetchval("select count(*) from dead_letters")
        finally:
            await pool.close()

    async def _compare(self, history: TopicHistory, counter: "_Counter") -> list[Difference]:
        found: list[Difference] = []
        steps: tuple[tuple[Offsets, str, str], ...] = (
            (await history.confirmed(), self.beside, self.live),
            (await history.ends(), self.live, self.beside),
        )
        for offsets, one, other in steps:
            await history.read_to(offsets, counter.take)
            found += [await self._only_in(one, other, table) for table in self.projection.tables]
        return [difference for difference in found if difference.count]

    async def _only_in(self, one: str, other: str, table: str) -> Difference:
        only = f'(select * from "{one}".{table} except all select * from "{other}".{table}) as r'
        count = await self.connection.fetchval(f"select count(*) from {only}")
        rows = await self.connection.fetch(f"select to_json(r)::text as row from {only} limit {EXAMPLES}")
        return Difference(table, one, count, [row["row"] for row in rows])

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[None]:
        """A transaction in which nobody else writes to the live tables, while everybody may read them."""
        transaction = self.connection.transaction()
        await transaction.start()
        try:
            # We sit still in it while the rest of the topics is read.
            await self.connection.execute("set local idle_in_transaction_session_timeout = 0")
            await self._lock("share")
            yield
        except BaseException:
            await transaction.rollback()
            raise
        await transaction.commit()

    async def _lock(self, mode: str) -> None:
        tables = ", ".join(f'"{self.live}".{table}' for table in self.projection.tables)
        for attempt in range(1, LOCK_TRIES + 1):
            try:
                async with self.connection.transaction():
                    await self.connection.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
                    await self.connection.execute(f"lock table {tables} in {mode} mode")
                    return
            except CROSSWISE:
                if attempt == LOCK_TRIES:
                    raise

    async def _switch(self) -> None:
        """The new tables take the place of the live ones, for whoever holds a connection too."""
        await self._lock("access exclusive")
        await self.connection.execute(f"set local lock_timeout = '{MOVE_TIMEOUT}'")
        for table in self.projection.tables:
            await self.connection.execute(f'drop table "{self.live}".{table}')
            await self.connection.execute(f'alter table "{self.beside}".{table} set schema "{self.live}"')
        await self.connection.execute("update projection set version = version + 1, switched_at = now()")

    async def _analyze(self) -> None:
        for table in self.projection.tables:
            await self.connection.execute(f'analyze "{self.beside}".{table}')

    async def _count(self, table: str) -> int:
        count: int = await self.connection.fetchval(f'select count(*) from "{self.beside}".{table}')
        return count


class _Counter:
    """Applies records and tells how far that has come."""

    def __init__(self, writer: Consumer, progress: Progress, total: int) -> None:
        self._writer = writer
        self._progress = progress
        self._done = 0
        self._total = total

    async def take(self, records: Sequence[ConsumerRecord]) -> None:
        await self._writer.apply(records)
        self._done += len(records)
        self._progress(self._done, max(self._done, self._total))

"""A command's way: load → decide → append, in one transaction, once per idempotency key, again on a conflict."""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

import asyncpg
import orjson

from services.kernel import clock, progress
from services.kernel.event_store import EMPTY, Conflict, EventStore, NewEvents, Stream
from services.kernel.event_types import Event

TRIES_ON_CONFLICT = 5
IDEMPOTENCY_DAYS = 30
COMMANDS_LOCK = "hashtextextended(current_schema() || '.commands', 0)"
# How long a command that lost once waits for those before it.
PATIENCE = "120s"


@dataclass(slots=True)
class Work:
    """One transaction: rows are written through `connection`, events are collected and appended at its end."""

    connection: asyncpg.Connection
    store: EventStore
    metadata: Mapping[str, str]
    _new: dict[str, NewEvents] = field(default_factory=dict)

    async def load(
        self, stream_ids: Iterable[str], without: Collection[str] = (), personal: bool = True
    ) -> dict[str, Stream]:
        """The named streams that exist (see `EventStore.load`)."""
        return await self.store.load(self.connection, stream_ids, without, personal)

    async def load_one(self, stream_id: str, personal: bool = True) -> Stream:
        """The stream, empty if it does not exist."""
        return (await self.load([stream_id], personal=personal)).get(stream_id, EMPTY)

    def append(self, stream_id: str, expected_version: int, events: Iterable[Event]) -> None:
        """Adds events to a stream; a second call for the same stream goes on from the first."""
        before = self._new.get(stream_id)
        if before is not None:
            self._new[stream_id] = NewEvents(stream_id, before.expected_version, [*before.events, *events])
        else:
            self._new[stream_id] = NewEvents(stream_id, expected_version, list(events))

    async def flush(self) -> int:
        """Appends what was collected: the last thing of the transaction."""
        return await self.store.append(self.connection, list(self._new.values()), self.metadata)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller gets: an HTTP status and a body that is kept with the idempotency key."""

    status: int
    body: bytes
    media_type: str = "application/json"

    @classmethod
    def json(cls, value: object, status: int = 200) -> "Answer":
        return cls(status, orjson.dumps(value, default=str))


@dataclass(frozen=True, slots=True)
class Repeatable:
    """The identity of a write: who says it, under which key, and a digest of what was said."""

    person: str
    key: str
    input_hash: bytes

    @classmethod
    def of(cls, person: str, key: str, *parts: bytes) -> "Repeatable":
        return cls(person, key, hashlib.sha256(b"\x00".join(parts)).digest())


class KeyUsedForOther(Exception):
    """The idempotency key was used before with another input."""


Handler = Callable[[Work], Awaitable[Answer]]


class Commands:
    """Runs handlers against one service's store."""

    def __init__(self, pool: asyncpg.Pool, store: EventStore, told: Callable[[], None] = lambda: None) -> None:
        """`told` hears of every write that was kept."""
        self.pool = pool
        self.store = store
        self.told = told

    async def execute(self, handler: Handler, actor: str, once: Repeatable | None = None) -> Answer:
        """Runs `handler` in a transaction and answers what it answers; a repeated write answers as the first time.

        Raises KeyUsedForOther; Conflict after several tries; whatever the handler raises (then nothing is kept).
        """
        metadata = {"actor": actor, "correlation_id": clock.new_id(), "causation_id": once.key if once else ""}
        for attempt in range(1, TRIES_ON_CONFLICT + 1):
            try:
                async with self.pool.acquire() as connection, connection.transaction():
                    await _take_turn(connection, alone=attempt > 1)
                    if once and (known := await _claim(connection, once)):
                        return known
                    work = Work(connection, self.store, metadata)
                    answer = await handler(work)
                    if once:
                        await _keep(connection, once, answer)
                    progress.begin("recording")
                    await work.flush()
                self.told()
                return answer
            except Conflict:
                if attempt == TRIES_ON_CONFLICT:
                    raise
        raise AssertionError("unreachable")


async def _take_turn(connection: asyncpg.Connection, *, alone: bool) -> None:
    """Commands run side by side; one that lost to another runs alone, or it might lose for ever: a list of thousands
    takes seconds, and every other list may name one of its people meanwhile."""
    if not alone:
        await connection.execute(f"select pg_advisory_xact_lock_shared({COMMANDS_LOCK})")
        return
    await connection.execute(f"set local lock_timeout = '{PATIENCE}'")
    await connection.execute(f"select pg_advisory_xact_lock({COMMANDS_LOCK})")
    await connection.execute("set local lock_timeout to default")


async def _claim(connection: asyncpg.Connection, once: Repeatable) -> Answer | None:
    # The insert waits for a twin still under way: two equal writes at once become one effect and two answers.
    mine = await connection.fetchval(
        "insert into idempotency (person, key, input_hash) values ($1, $2, $3) on conflict do nothing returning true",
        once.person,
        once.key,
        once.input_hash,
    )
    if mine:
        return None
    row = await connection.fetchrow(
        "select input_hash, status, media_type, body from idempotency where person = $1 and key = $2",
        once.person,
        once.key,
    )
    if row["input_hash"] != once.input_hash:
        raise KeyUsedForOther(once.key)
    return Answer(row["status"], row["body"], row["media_type"])


async def _keep(connection: asyncpg.Connection, once: Repeatable, answer: Answer) -> None:
    await connection.execute(
        "update idempotency set status = $3, media_type = $4, body = $5 where person = $1 and key = $2",
        once.person,
        once.key,
        answer.status,
        answer.media_type,
        answer.body,
    )


async def kept_answer(connection: asyncpg.Connection, person: str, key: str) -> Answer | None:
    """What a person's write under that key answered, as long as it is kept."""
    row = await connection.fetchrow(
        "select status, media_type, body from idempotency where person = $1 and key = $2 and status is not null",
        person,
        key,
    )
    return Answer(row["status"], row["body"], row["media_type"]) if row else None


async def forget_old_keys(connection: asyncpg.Connection) -> None:
    """Drops answers older than the contract keeps them."""
    await connection.execute(
        "delete from idempotency where created_at < now() - make_interval(days => $1)", IDEMPOTENCY_DAYS
    )

"""Records that could not be applied: shown without their values, applied again when the cause is gone, or dismissed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import asyncpg
import orjson
from aiokafka import ConsumerRecord

from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.consumer import WORLD, Consumer, reason_of

TYPE_LETTERS_MAX = 100
AT_ONCE_MAX = 1_000
DONE_SHOWN_MAX = 200
Outcome = Literal["applied", "refused"]
Done = Literal["replayed", "dismissed"]
COLUMNS = (
    'number, topic, partition, "offset", reason, created_at,'
    " (select h ->> 1 from jsonb_array_elements(headers) as h where h ->> 0 = 'ce_type' limit 1) as type"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands on Kafka."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a replay; a record that was refused stays, with its new reason."""

    place: Place
    outcome: Outcome
    reason: str | None = None


async def find(connection: asyncpg.Connection, after: int, limit: int) -> list[asyncpg.Record]:
    """Dead letters in the order in which they came, one more than `limit` if there are more."""
    found: list[asyncpg.Record] = await connection.fetch(
        f"select {COLUMNS} from dead_letters where number > $1 order by number limit $2", after, limit + 1
    )
    return found


DISMISS = """
with gone as (
    delete from dead_letters where (topic, partition, "offset") = ($1, $2, $3) returning *
)
insert into dismissed_letters
    (topic, partition, "offset", key, headers, value, reason, put_aside_at, dismissed_by, dismissed_because)
select topic, partition, "offset", key, headers, value, reason, created_at, $4, $5 from gone
"""


async def get(connection: asyncpg.Connection, place: Place) -> asyncpg.Record | None:
    """One dead letter, whole; None: there is none at this place."""
    return await connection.fetchrow(
        'select * from dead_letters where (topic, partition, "offset") = ($1, $2, $3)',
        place.topic,
        place.partition,
        place.offset,
    )


async def counts(connection: asyncpg.Connection) -> dict[str, int]:
    """How many records wait, how many were replayed, how many dismissed."""
    return dict(
        await connection.fetchrow(
            "select (select count(*) from dead_letters) as waiting,"
            " (select count(*) from replayed_letters) as replayed,"
            " (select count(*) from dismissed_letters) as dismissed"
        )
    )


async def dismiss(connection: asyncpg.Connection, wanted: Sequence[Place], person: str, because: str) -> int:
    """Puts records aside for good, with who said so and why; answers how many of them were still waiting."""
    told = [
        await connection.execute(DISMISS, place.topic, place.partition, place.offset, person, because)
        for place in wanted
    ]
    return sum(int(one.rpartition(" ")[2]) for one in told)


async def done(connection: asyncpg.Connection, kind: Done) -> list[asyncpg.Record]:
    """The newest records that were replayed or dismissed: place, why they had been put aside, who, when and why."""
    why = "dismissed_because" if kind == "dismissed" else "''"
    found: list[asyncpg.Record] = await connection.fetch(
        f'select topic, partition, "offset", reason, {kind}_at as at, {kind}_by as by, {why} as because'
        f" from {kind}_letters order by {kind}_at desc limit $1",
        DONE_SHOWN_MAX,
    )
    return found


async def places(connection: asyncpg.Connection) -> list[Place]:
    """The oldest dead letters, as many as are replayed in one call."""
    rows = await connection.fetch(
        'select topic, partition, "offset" from dead_letters order by number limit $1', AT_ONCE_MAX
    )
    return [Place(*row) for row in rows]


async def replay(consumer: Consumer, wanted: Sequence[Place], person: str) -> list[Replayed | None]:
    """Applies each record once more, in a transaction of its own and by the service's own way; None: there is none.

    What the world causes (a database away) is raised, and the records not yet replayed stay as they are.
    """
    replayed = [await _replay(consumer, place, person) for place in wanted]
    consumer.told()
    return replayed


async def _replay(consumer: Consumer, place: Place, person: str) -> Replayed | None:
    try:
        async with consumer.pool.acquire() as connection, connection.transaction():
            row = await _taken(connection, place)
            if row is None:
                return None
            await _apply(consumer, connection, _record(row), person)
            await _remember(connection, row, person)
    except WORLD:
        raise
    except Exception as why:  # noqa: BLE001 - whatever it was aside for may still hold
        return await _keep(consumer, place, reason_of(why))
    return Replayed(place, "applied")


async def _taken(connection: asyncpg.Connection, place: Place) -> asyncpg.Record | None:
    return await connection.fetchrow(
        'delete from dead_letters where (topic, partition, "offset") = ($1, $2, $3) returning *',
        place.topic,
        place.partition,
        place.offset,
    )


async def _apply(consumer: Consumer, connection: asyncpg.Connection, record: ConsumerRecord, person: str) -> None:
    event = consumer.read(record)
    if event is None:
        return  # of no use to this version of the service any more
    work = Work(connection, consumer.store, {"actor": person, "correlation_id": clock.new_id()})
    await consumer.subscription.apply(work, [event])
    await work.flush()


async def _remember(connection: asyncpg.Connection, row: asyncpg.Record, person: str) -> None:
    await connection.execute(
        'insert into replayed_letters (topic, partition, "offset", reason, put_aside_at, replayed_by)'
        " values ($1, $2, $3, $4, $5, $6)",
        row["topic"],
        row["partition"],
        row["offset"],
        row["reason"],
        row["created_at"],
        person,
    )


async def _keep(consumer: Consumer, place: Place, reason: str) -> Replayed:
    await consumer.pool.execute(
        'update dead_letters set reason = $4 where (topic, partition, "offset") = ($1, $2, $3)',
        place.topic,
        place.partition,
        place.offset,
        reason,
    )
    return Replayed(place, "refused", reason)


def _record(row: asyncpg.Record) -> ConsumerRecord:
    """The record as the broker had handed it out."""
    headers = [(name, value.encode("latin-1")) for name, value in orjson.loads(row["headers"])]
    value: bytes | None = row["value"]
    return ConsumerRecord(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        timestamp=0,
        timestamp_type=0,
        key=row["key"],
        value=value,
        checksum=None,
        serialized_key_size=-1,
        serialized_value_size=len(value or b""),
        headers=headers,
    )

"""A tiny service for tests of the kernel: one event, one stream a thing, rows keyed by (stream_id, version)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from infra.stack import Connections
from services.kernel.commands import Work
from services.kernel.consumer import Subscription
from services.kernel.envelope import Received
from services.kernel.event_store import EventStore, NewEvents
from services.kernel.event_types import Event, EventTypes
from services.kernel.service import Running, running
from services.kernel.settings import KafkaSettings, ServiceSettings


class ThingCounted(Event):
    """A number was said of a thing."""

    number: int


class Said(Event):
    """Whatever JSON can hold."""

    words: dict[str, str]
    numbers: list[int]
    nothing: None


TYPES = EventTypes([ThingCounted, Said])
Rows = list[tuple[str, int, int]]


async def make_topics(stack: Connections, *names: str, partitions: int = 3) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1) for name in names])
    finally:
        await admin.close()


def settings(stack: Connections, name: str) -> ServiceSettings:
    """A service of that name that owns its schema with one login."""
    dsn = stack.owner_dsn["portal"]
    return ServiceSettings(name, dsn, dsn, KafkaSettings(stack.kafka_bootstrap), "")


async def write_rows(work: Work, received: Sequence[Received]) -> None:
    """Applies events as rows, each once."""
    rows = [(one.stream_id, one.version, one.event.number) for one in received if isinstance(one.event, ThingCounted)]
    await work.connection.execute("create table if not exists things (s text, v int, n int, primary key (s, v))")
    await work.connection.executemany("insert into things values ($1, $2, $3) on conflict do nothing", rows)


@asynccontextmanager
async def reader(
    stack: Connections, name: str, apply: Callable[[Work, Sequence[Received]], object] = write_rows
) -> AsyncIterator[Running]:
    """A service `name` that reads the topic `<name>.in`."""
    subscription = Subscription([f"{name}.in"], TYPES, apply)  # type: ignore[arg-type]
    async with running(settings(stack, name), TYPES, [], subscription) as service:
        yield service


@asynccontextmanager
async def producer(stack: Connections) -> AsyncIterator[AIOKafkaProducer]:
    client = AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap)
    await client.start()
    try:
        yield client
    finally:
        await client.stop()


async def records(bootstrap: str, topic: str, partitions: int = 12) -> list[ConsumerRecord]:
    """All records of a topic, up to its present ends."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        parts = [TopicPartition(topic, number) for number in range(partitions)]
        consumer.assign(parts)
        wanted = sum((await consumer.end_offsets(parts)).values())
        found: list[ConsumerRecord] = []
        while len(found) < wanted:
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                found.extend(batch)
        return found
    finally:
        await consumer.stop()


def record(stream: str, version: int, number: int) -> tuple[bytes, bytes, list[tuple[str, bytes]]]:
    """Key, value and headers of a record, written by hand and not by the envelope under test."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", f"{stream}-{version}".encode()),
        ("ce_type", b"ThingCounted"),
        ("ce_source", b"test"),
        ("ce_subject", stream.encode()),
        ("ce_time", b"2023-11-05T08:00:00+00:00"),
        ("ce_schemaversion", b"1"),
        ("ce_streamversion", str(version).encode()),
    ]
    return stream.encode(), b'{"number":%d}' % number, headers


async def until_quiet(service: Running) -> None:
    """Until the service has applied everything on its topics."""
    async with asyncio.timeout(40):
        while (await service.lag())["events_behind"]:
            await asyncio.sleep(0.05)


async def append(pool: asyncpg.Pool, store: EventStore, stream: str, expected: int, *numbers: int) -> None:
    async with pool.acquire() as connection, connection.transaction():
        events = [ThingCounted(number=number) for number in numbers]
        await store.append(connection, [NewEvents(stream, expected, events)], {})

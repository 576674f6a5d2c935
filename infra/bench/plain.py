"""The bare baselines: COPY into plain tables, and the same bytes through Kafka, with nothing of ours between."""

from collections.abc import Iterable, Mapping, Sequence

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.partitioner import DefaultPartitioner

from infra import topics
from infra.stack import Connections
from services.kernel.copy_rows import COLUMNS

PARTITIONS = 12
BATCH_BYTES = 512 * 1024
RECORDS_PER_POLL = 5_000
_CHOOSE = DefaultPartitioner()
# The columns, constraints and indexes of the store's table (services/kernel/migrations/0001_store.sql), no trigger.
PLAIN_TABLE = """
create table {name} (
    position bigint generated always as identity primary key,
    stream_id text not null,
    version integer not null check (version > 0),
    event_id uuid not null,
    type text not null,
    schema_version integer not null,
    data json not null,
    metadata json not null,
    recorded_at timestamptz not null,
    unique (stream_id, version)
)
"""
StoredRow = tuple[object, ...]
KafkaRecord = tuple[bytes, bytes, Sequence[tuple[str, bytes]]]


async def make_table(connection: asyncpg.Connection, name: str) -> None:
    """An empty plain table of events, in the place of any before it."""
    await connection.execute(f"drop table if exists {name}")
    await connection.execute(PLAIN_TABLE.format(name=name))


async def copy(connection: asyncpg.Connection, table: str, batches: Iterable[Sequence[StoredRow]]) -> None:
    """COPY, each batch in a transaction of its own."""
    for rows in batches:
        async with connection.transaction():
            await connection.copy_records_to_table(table, records=rows, columns=COLUMNS)


async def make_topic(connections: Connections, name: str) -> None:
    """A topic like those of the services."""
    topic = topics.Topic(name, PARTITIONS, {"retention.ms": "-1"})
    await topics.ensure(connections.kafka_bootstrap, (topic,), **connections.kafka_security)


async def produce(connections: Connections, topic: str, records: Sequence[KafkaRecord]) -> None:
    """All records, in whole batches a partition, all answers awaited: the fastest way this client has."""
    producer = AIOKafkaProducer(
        bootstrap_servers=connections.kafka_bootstrap,
        enable_idempotence=True,
        acks="all",
        max_batch_size=BATCH_BYTES,
        **connections.kafka_security,
    )
    await producer.start()
    try:
        partitions = sorted(await producer.partitions_for(topic))
        shares: dict[int, list[KafkaRecord]] = {}
        for record in records:
            shares.setdefault(_CHOOSE(record[0], partitions, partitions), []).append(record)
        for partition, share in shares.items():
            await _produce_share(producer, topic, partition, share)
        await producer.flush()
    finally:
        await producer.stop()


async def _produce_share(
    producer: AIOKafkaProducer, topic: str, partition: int, records: Sequence[KafkaRecord]
) -> None:
    batch = producer.create_batch()
    for key, value, headers in records:
        if batch.append(key=key, value=value, timestamp=None, headers=headers) is None:
            await producer.send_batch(batch, topic, partition=partition)
            batch = producer.create_batch()
            batch.append(key=key, value=value, timestamp=None, headers=headers)
    await producer.send_batch(batch, topic, partition=partition)


async def ends(connections: Connections, topic: str) -> Mapping[TopicPartition, int]:
    """Up to where the topic is filled, by partition."""
    consumer = _consumer(connections)
    await consumer.start()
    try:
        found: Mapping[TopicPartition, int] = await consumer.end_offsets(_partitions(topic))
        return found
    finally:
        await consumer.stop()


async def consume(connections: Connections, begin: Mapping[TopicPartition, int], count: int) -> int:
    """Reads `count` records from there on by `getmany`, without a group; answers their bytes."""
    consumer = _consumer(connections)
    await consumer.start()
    try:
        consumer.assign(list(begin))
        for partition, offset in begin.items():
            consumer.seek(partition, offset)
        read = size = 0
        while read < count:
            for records in (await consumer.getmany(timeout_ms=200, max_records=RECORDS_PER_POLL)).values():
                read += len(records)
                size += sum(len(record.value) for record in records)
        return size
    finally:
        await consumer.stop()


def _consumer(connections: Connections) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(bootstrap_servers=connections.kafka_bootstrap, **connections.kafka_security)


def _partitions(topic: str) -> list[TopicPartition]:
    return [TopicPartition(topic, number) for number in range(PARTITIONS)]

"""The relay on a real broker: the store's order within each stream, nothing lost, what a record looks like."""

import asyncio

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from infra import topics
from infra.stack import Connections
from services.kernel.database import connect_pool, migrate, role_of
from services.kernel.event_store import EventStore, NewEvents
from services.kernel.relay import Relay
from services.kernel.settings import KafkaSettings
from tests.integration.kernel_probe import TYPES, Said, append, make_topics

STREAMS, ROUNDS = 8, 25


async def _records(stack: Connections, topic: str, wanted: int) -> list[ConsumerRecord]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=stack.kafka_bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    found: list[ConsumerRecord] = []
    try:
        async with asyncio.timeout(30):
            while len(found) < wanted:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found.extend(records)
    finally:
        await consumer.stop()
    return found


async def test_each_stream_arrives_in_order_and_whole_while_many_write(stack: Connections, probe: str) -> None:
    dsn = stack.owner_dsn["portal"]
    await migrate(dsn, probe, role_of(dsn), [])
    await make_topics(stack, f"{probe}.events")
    pool, store = await connect_pool(dsn, probe), EventStore(probe, TYPES)
    relay = Relay(store, pool, dsn, KafkaSettings(stack.kafka_bootstrap))
    await relay.start()

    async def write(stream: str) -> None:
        for version in range(ROUNDS):
            await append(pool, store, stream, version, version)

    await asyncio.gather(*(write(f"s-{number}") for number in range(STREAMS)))
    records = await _records(stack, f"{probe}.events", STREAMS * ROUNDS)
    async with asyncio.timeout(10):
        while await relay.unpublished():
            await asyncio.sleep(0.02)
    await relay.stop()
    await pool.close()

    versions: dict[bytes, list[int]] = {}
    for record in records:
        versions.setdefault(record.key, []).append(int(dict(record.headers)["ce_streamversion"]))
    assert versions == {f"s-{number}".encode(): list(range(1, ROUNDS + 1)) for number in range(STREAMS)}
    assert len({record.partition for record in records}) > 1
    headers = dict(records[0].headers)
    assert headers["ce_type"] == b"ThingCounted"
    assert headers["ce_source"] == probe.encode()
    assert headers["ce_subject"] == records[0].key
    assert records[0].value.startswith(b'{"number"')


async def test_an_event_as_long_as_twenty_thousand_rows_is_told_whole(stack: Connections, probe: str) -> None:
    """Goes red with Kafka's own limit of 1 MB: the relay stood still behind such an event for good."""
    dsn = stack.owner_dsn["portal"]
    await migrate(dsn, probe, role_of(dsn), [])
    as_registry = next(one for one in topics.wanted() if one.name == "registry.events")
    await topics.ensure(stack.kafka_bootstrap, (topics.Topic(f"{probe}.events", 3, as_registry.config),))
    pool, store = await connect_pool(dsn, probe), EventStore(probe, TYPES)
    relay = Relay(store, pool, dsn, KafkaSettings(stack.kafka_bootstrap))
    await relay.start()
    long = Said(words={str(number): "dòng " * 200 for number in range(20_000)}, numbers=[], nothing=None)
    async with pool.acquire() as connection, connection.transaction():
        await store.append(connection, [NewEvents("s-1", 0, [long, long])], {})
    await append(pool, store, "s-2", 0, 7)
    records = await _records(stack, f"{probe}.events", 3)
    await relay.stop()
    await pool.close()
    assert sorted(len(record.value or b"") > 20_000_000 for record in records) == [False, True, True]

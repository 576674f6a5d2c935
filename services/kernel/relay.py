"""The relay: one store → its Kafka topic, in the store's order, at least once. Nothing else publishes events."""

import asyncio
from contextlib import suppress
from datetime import datetime
from functools import lru_cache

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner

from services.kernel.envelope import Recorded, to_record
from services.kernel.event_store import EventStore
from services.kernel.settings import KafkaSettings
from services.kernel.telemetry import logger

BATCH_EVENTS = 5_000
# One Kafka node answers before it syncs to disk: a power cut may lose what the cursor has passed. So the last events
# are said again at every start; readers don't mind.
RESENT_AT_START = 2_000
# As the topics have it (infra/topics.toml): the longest event with its headers.
MESSAGE_BYTES_MAX = 64 * 1024 * 1024
POLL_SECONDS = 1.0
RETRY_SECONDS = 1.0
LEADER_LOCK = 7
_CHOOSE = DefaultPartitioner()
_STREAMS_KEPT = 50_000
log = logger("relay")


class Relay:
    """Sends a store's events. Any number may run; the one that holds the session lock is the one that sends."""

    def __init__(self, store: EventStore, pool: asyncpg.Pool, dsn: str, kafka: KafkaSettings) -> None:
        self.store = store
        self.pool = pool
        self.dsn = dsn
        self.kafka = kafka
        self.topic = f"{store.source}.events"
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run_forever(), name=f"relay {self.store.source}")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def unpublished(self) -> int:
        """How many events of the store the broker has not confirmed yet."""
        count: int = await self.pool.fetchval(
            "select count(*) from events where position > (select position from relay_cursor)"
        )
        return count

    async def oldest_unpublished(self) -> datetime | None:
        """When the first event that the broker has not confirmed yet was recorded; None where there is none."""
        recorded_at: datetime | None = await self.pool.fetchval(
            "select recorded_at from events where position > (select position from relay_cursor)"
            " order by position limit 1"
        )
        return recorded_at

    def new_producer(self) -> AIOKafkaProducer:
        """A producer as `send` needs it, not started."""
        return AIOKafkaProducer(
            bootstrap_servers=self.kafka.bootstrap,
            enable_idempotence=True,
            acks="all",
            linger_ms=2,
            max_batch_size=512 * 1024,
            max_request_size=MESSAGE_BYTES_MAX,
            **self.kafka.security,
        )

    async def _run_forever(self) -> None:
        while True:
            try:
                await self._lead()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError) as why:
                # The world's fault (a server away): begin again from the cursor.
                log.warning("relay interrupted", store=self.store.source, reason=type(why).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _lead(self) -> None:
        connection = await asyncpg.connect(self.dsn, server_settings={"search_path": self.store.source})
        # A session lock on a connection of its own: kept open in no transaction, gone when this process is gone.
        try:
            lock = "select pg_try_advisory_lock(hashtextextended(current_schema() || '.events', $1))"
            if not await connection.fetchval(lock, LEADER_LOCK):
                return
            await connection.add_listener(self.store.channel, lambda *_: self._wake.set())
            producer = self.new_producer()
            await producer.start()
            try:
                await self._send_all(connection, producer)
            finally:
                await producer.stop()
        finally:
            await connection.close(timeout=2)

    async def _send_all(self, connection: asyncpg.Connection, producer: AIOKafkaProducer) -> None:
        cursor = await connection.fetchval("select position from relay_cursor")
        position = max(0, cursor - RESENT_AT_START)
        while True:
            self._wake.clear()
            rows = await self.store.read_after(connection, position, BATCH_EVENTS)
            if rows:
                await self.send(producer, rows)
                position = rows[-1].position
                await connection.execute("update relay_cursor set position = greatest(position, $1)", position)
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)

    async def send(self, producer: AIOKafkaProducer, rows: list[Recorded]) -> None:
        """Sends rows in their order within each partition and awaits every answer.

        Whole batches a partition, for one record at a time costs about twice as much; the partition is that of the
        key, as any client would choose it. The first error ends this producer, and we begin again from the cursor.
        """
        partitions = tuple(sorted(await producer.partitions_for(self.topic)))
        shares: dict[int, list[Recorded]] = {}
        for row in rows:
            shares.setdefault(_partition(row.stream_id, partitions), []).append(row)
        await asyncio.gather(*(self._send_share(producer, number, share) for number, share in shares.items()))

    async def _send_share(self, producer: AIOKafkaProducer, partition: int, rows: list[Recorded]) -> None:
        batch = producer.create_batch()
        for row in rows:
            key, value, headers = to_record(self.store.source, row)
            if batch.append(key=key, value=value, timestamp=None, headers=headers) is None:
                # Full: this one is answered before the next goes, so that a partition never turns round.
                await (await producer.send_batch(batch, self.topic, partition=partition))
                batch = producer.create_batch()
                batch.append(key=key, value=value, timestamp=None, headers=headers)
        if batch.record_count():
            await (await producer.send_batch(batch, self.topic, partition=partition))


@lru_cache(_STREAMS_KEPT)
def _partition(stream_id: str, partitions: tuple[int, ...]) -> int:
    return int(_CHOOSE(stream_id.encode(), partitions, partitions))

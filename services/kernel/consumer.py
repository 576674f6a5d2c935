"""Kafka → rows: the one subscriber shape. Nothing else subscribes.

Why so and not otherwise (each was measured, see tests/integration/test_consumer.py): every ack policy of FastStream
but manual loses a batch whose handler failed; its own parser loses the whole batch for one bad header. So it hands us
raw records; the world's faults are retried in place, a record's faults go to the dead letters, nothing is raised to
FastStream, and offsets are committed by us for what was applied.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage as Handed
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage
from faststream.message import StreamMessage
from pydantic import ValidationError

from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.envelope import BadRecord, Received, read_data, read_headers
from services.kernel.event_store import Conflict, EventStore
from services.kernel.event_types import Event, EventTypes, UnknownEventType
from services.kernel.kafka import broker_security
from services.kernel.settings import KafkaSettings
from services.kernel.telemetry import logger

BATCH_RECORDS_MAX = 5_000
POLL_MILLISECONDS = 50
RETRY_SECONDS_FIRST = 0.2
RETRY_SECONDS_MAX = 10.0
REASON_LETTERS_MAX = 300
# What the world causes and a record does not: worth another try with the same records.
WORLD = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    asyncpg.PostgresSystemError,
    Conflict,
)
log = logger("consumer")

Apply = Callable[[Work, Sequence[Received]], Awaitable[None]]
Reader = Callable[[ConsumerRecord], Received | None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a service reads: topics of events, and what it makes of a batch of them.

    `types` are the event classes that matter to it; others are passed over. `personal` declares that it needs
    personal data. `apply` writes rows keyed by (stream_id, version), so that an event said again changes nothing.
    """

    topics: Sequence[str]
    types: EventTypes
    apply: Apply
    personal: bool = False
    readers: Mapping[str, Reader] = field(default_factory=dict)


class Consumer:
    """One service's reader: a FastStream batch subscriber around `Subscription.apply`; `told` hears of every batch."""

    def __init__(
        self,
        store: EventStore,
        pool: asyncpg.Pool,
        kafka: KafkaSettings,
        subscription: Subscription,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self.told = told
        self.store = store
        self.pool = pool
        self.kafka = kafka
        self.subscription = subscription
        self.group = f"ansinh-{store.source}"
        self.broker = KafkaBroker(kafka.bootstrap, logger=None, security=broker_security(kafka))
        self.subscriber = self.broker.subscriber(
            *subscription.topics,
            group_id=self.group,
            batch=True,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            max_records=BATCH_RECORDS_MAX,
            batch_timeout_ms=POLL_MILLISECONDS,
            parser=self._parse,
            decoder=_decode,
        )
        self.subscriber(self._handle)
        self._admin: AIOKafkaAdminClient | None = None
        # Asked on the subscriber's own connection, the ends wait behind its fetches: half a second each time.
        self._ends: AIOKafkaConsumer | None = None

    async def start(self) -> None:
        await self.broker.start()
        self._admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka.bootstrap, **self.kafka.security)
        await self._admin.start()
        self._ends = AIOKafkaConsumer(bootstrap_servers=self.kafka.bootstrap, **self.kafka.security)
        await self._ends.start()

    async def stop(self) -> None:
        await self.broker.stop()
        if self._admin:
            await self._admin.close()
        if self._ends:
            await self._ends.stop()

    async def behind(self) -> int:
        """How many records of the topics on the broker are not applied here yet (dead letters count as applied)."""
        consumer = self.subscriber.consumer
        if consumer is None or self._admin is None or self._ends is None:
            return 1
        partitions = [
            TopicPartition(topic, number)
            for topic in self.subscription.topics
            for number in consumer.partitions_for_topic(topic) or ()
        ]
        if len({one.topic for one in partitions}) < len(self.subscription.topics):
            return 1
        ends = await self._ends.end_offsets(partitions)
        committed = await self._admin.list_consumer_group_offsets(self.group, partitions=partitions)
        return sum(end - max(0, committed[one].offset if one in committed else 0) for one, end in ends.items())

    async def _parse(self, records: tuple[ConsumerRecord, ...]) -> StreamMessage[tuple[ConsumerRecord, ...]]:
        return KafkaMessage(
            body=[record.value or b"" for record in records],
            raw_message=records,
            headers={},
            message_id=f"{records[0].topic}-{records[0].partition}-{records[0].offset}",
            consumer=self.subscriber.consumer or FAKE_CONSUMER,
        )

    async def _handle(self, _body: list[bytes], message: Handed) -> None:
        records = message.raw_message
        assert isinstance(records, tuple)  # noqa: S101 - narrows FastStream's type
        await self.apply(records)
        self.told()
        offsets: dict[TopicPartition, int] = {}
        for record in records:
            partition = TopicPartition(record.topic, record.partition)
            offsets[partition] = max(offsets.get(partition, 0), record.offset + 1)
        try:
            await self.subscriber.consumer.commit(offsets)  # type: ignore[union-attr]
        except (CommitFailedError, IllegalStateError, KafkaError) as why:
            # Partitions went elsewhere meanwhile: the records come again there, and keyed rows make that harmless.
            log.warning("offsets not committed", group=self.group, reason=type(why).__name__)

    async def apply(self, records: Sequence[ConsumerRecord]) -> None:
        """Applies records, whatever stands in them, and tries as long as it takes; what cannot be applied is buried."""
        delay = RETRY_SECONDS_FIRST
        while True:
            try:
                await self._apply(records)
                return
            except WORLD as why:
                log.warning("retrying a batch", group=self.group, records=len(records), reason=type(why).__name__)
                await asyncio.sleep(delay)
                delay = min(delay * 2, RETRY_SECONDS_MAX)

    async def _apply(self, records: Sequence[ConsumerRecord]) -> None:
        """Applies records in one transaction; if one of them is at fault, finds it by halves and puts it aside."""
        try:
            await self._apply_together(records)
        except WORLD:
            raise
        except Exception as why:  # noqa: BLE001 - whatever a record provokes must not stop the ones behind it
            if len(records) == 1:
                await self._put_aside(records[0], why)
                return
            half = len(records) // 2
            await self._apply(records[:half])
            await self._apply(records[half:])

    async def _apply_together(self, records: Sequence[ConsumerRecord]) -> None:
        dead: list[tuple[ConsumerRecord, Exception]] = []
        events: list[Received] = []
        for record in records:
            try:
                event = self.read(record)
            except (BadRecord, ValidationError, ValueError) as why:
                dead.append((record, why))
            else:
                if event is not None:
                    events.append(event)
        if not events and not dead:
            return
        async with self.pool.acquire() as connection, connection.transaction():
            work = Work(connection, self.store, {"actor": f"{self.store.source}", "correlation_id": clock.new_id()})
            if events:
                await self.subscription.apply(work, events)
            for record, fault in dead:
                await _bury(connection, record, fault)
            await work.flush()

    async def _put_aside(self, record: ConsumerRecord, why: Exception) -> None:
        async with self.pool.acquire() as connection, connection.transaction():
            await _bury(connection, record, why)

    def read(self, record: ConsumerRecord) -> Received | None:
        """The event in a record, None if this reader has no use for it; raises BadRecord or another ValueError."""
        reader = self.subscription.readers.get(record.topic)
        return reader(record) if reader else read_event(record, self.subscription.types, self.subscription.personal)


def read_event(record: ConsumerRecord, types: EventTypes, personal: bool) -> Received | None:
    """The event in a record, None if it is of a type that this reader has no use for; raises BadRecord."""
    if _passed_over(record, types):
        return None
    headers = read_headers(record.headers)
    try:
        version = int(headers.get("ce_streamversion", ""))
        schema_version = int(headers.get("ce_schemaversion", "1"))
        recorded_at = datetime.fromisoformat(headers["ce_time"])
    except ValueError as why:
        raise BadRecord("a version or time in the headers cannot be read") from why
    if not types.knows(headers["ce_type"], schema_version):
        # Its name is of use here: to pass over what a newer publisher says of it would lose it unseen.
        raise BadRecord(f"version {schema_version} of {headers['ce_type']} is not known here")
    return Received(
        source=headers["ce_source"],
        stream_id=headers["ce_subject"],
        version=version,
        event_id=headers["ce_id"],
        event=_event(types, headers["ce_type"], schema_version, record.value, personal),
        recorded_at=recorded_at,
        correlation_id=headers.get("ce_correlationid", ""),
    )


def _event(types: EventTypes, name: str, version: int, value: bytes | None, personal: bool) -> Event:
    if personal or not types.is_personal(name):
        # Nothing is to be taken out: read as it stands, which saves the way over a dictionary.
        with suppress(ValidationError):
            return types.decode_json(name, version, value or b"")
    return types.decode(name, version, read_data(value, personal))


def _passed_over(record: ConsumerRecord, types: EventTypes) -> bool:
    # Most records of a topic are of no use to one reader: their name alone is read.
    for name, value in record.headers:
        if name == "ce_type":
            return value not in types.names and _is_text(value)
    return False


def _is_text(value: bytes | None) -> bool:
    """Whether a type's name is one at all; what is none is a fault and not another's event."""
    try:
        return bool(value and value.decode())
    except UnicodeDecodeError:
        return False


async def _decode(message: StreamMessage[tuple[ConsumerRecord, ...]]) -> list[bytes]:
    assert isinstance(message.body, list)  # noqa: S101 - as `_parse` made it
    return message.body


def reason_of(why: Exception) -> str:
    """Why a record could not be applied, bounded and without any of its values (they may be personal)."""
    if isinstance(why, ValidationError):
        fields = sorted({".".join(str(part) for part in error["loc"]) + ": " + error["type"] for error in why.errors()})
        return ("fields not as declared: " + ", ".join(fields))[:REASON_LETTERS_MAX]
    if isinstance(why, BadRecord | UnknownEventType):
        return str(why)[:REASON_LETTERS_MAX]
    return f"could not be applied: {type(why).__name__}"


async def _bury(connection: asyncpg.Connection, record: ConsumerRecord, why: Exception) -> None:
    log.error(
        "dead letter", topic=record.topic, partition=record.partition, offset=record.offset, reason=reason_of(why)
    )
    headers = [[name, (value or b"").decode("latin-1")] for name, value in record.headers]
    await connection.execute(
        'insert into dead_letters (topic, partition, "offset", key, headers, value, reason)'
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        record.topic,
        record.partition,
        record.offset,
        record.key,
        orjson.dumps(headers).decode().replace("\\u0000", ""),
        record.value,
        reason_of(why),
    )

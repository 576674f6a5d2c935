"""Topics from their beginning up to chosen offsets, beside a reader's group and without moving its offsets."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupCoordinatorNotAvailableError,
    NotCoordinatorError,
    NotCoordinatorForGroupError,
)
from aiokafka.structs import OffsetAndMetadata

from services.kernel import clock
from services.kernel.consumer import BATCH_RECORDS_MAX
from services.kernel.settings import KafkaSettings

POLL_MILLISECONDS = 500
# A broker that is slow to hand out a record keeps nobody waiting for a look at it.
LOOK_SECONDS = 3.0
# A broker that has just started needs a moment before it knows its groups.
NOT_YET = (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupCoordinatorNotAvailableError,
    NotCoordinatorError,
    NotCoordinatorForGroupError,
)
RETRY_SECONDS = 0.3
TRIES = 100
Offsets = Mapping[TopicPartition, int]
Take = Callable[[Sequence[ConsumerRecord]], Awaitable[None]]


class TopicHistory:
    """Reads on where it stopped; an async context manager."""

    def __init__(self, kafka: KafkaSettings, topics: Sequence[str], group: str) -> None:
        self._topics = topics
        self._group = group
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=kafka.bootstrap, enable_auto_commit=False, auto_offset_reset="earliest", **kafka.security
        )
        self._admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap, **kafka.security)
        self._partitions: list[TopicPartition] = []

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        await self._admin.start()
        for found in await self._admin.describe_topics(list(self._topics)):
            self._partitions += [TopicPartition(found["topic"], one["partition"]) for one in found["partitions"]]
        self._consumer.assign(self._partitions)
        await self._consumer.seek_to_beginning()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._consumer.stop()
        await self._admin.close()

    async def ends(self) -> Offsets:
        """The offsets after the last record of each partition."""
        found: Offsets = await self._consumer.end_offsets(self._partitions)
        return found

    async def confirmed(self) -> Offsets:
        """The offsets up to which the group has confirmed that it applied everything."""
        known = await self._known()
        return {one: max(0, known[one].offset) if one in known else 0 for one in self._partitions}

    async def _known(self) -> Mapping[TopicPartition, OffsetAndMetadata]:
        for attempt in range(1, TRIES + 1):
            try:
                found: Mapping[TopicPartition, OffsetAndMetadata] = await self._admin.list_consumer_group_offsets(
                    self._group, partitions=self._partitions
                )
                return found
            except NOT_YET:
                if attempt == TRIES:
                    raise
                await asyncio.sleep(RETRY_SECONDS)
        raise AssertionError("unreachable")

    async def oldest_after(self, offsets: Offsets) -> datetime | None:
        """When the oldest of the first records from these offsets on was put on Kafka; None where there is none."""
        ends = await self.ends()
        waiting = {one for one in self._partitions if offsets[one] < ends[one]}
        self._consumer.pause(*self._partitions)
        for part in waiting:
            self._consumer.seek(part, offsets[part])
        self._consumer.resume(*waiting)
        first: list[int] = []
        deadline = clock.monotonic() + LOOK_SECONDS
        while waiting and clock.monotonic() < deadline:
            for part, batch in (await self._consumer.getmany(*waiting, timeout_ms=POLL_MILLISECONDS)).items():
                first.append(batch[0].timestamp)
                self._consumer.pause(part)
                waiting.discard(part)
        return datetime.fromtimestamp(min(first) / 1000, UTC) if first else None

    async def read_to(self, offsets: Offsets, take: Take) -> None:
        """Hands the records before these offsets that were not read yet to `take`, in batches."""
        waiting = {one: offsets[one] for one in self._partitions if await self._consumer.position(one) < offsets[one]}
        self._consumer.pause(*self._partitions)
        self._consumer.resume(*waiting)
        while waiting:
            found = await self._consumer.getmany(timeout_ms=POLL_MILLISECONDS, max_records=BATCH_RECORDS_MAX)
            records = [one for part, batch in found.items() for one in batch if one.offset < waiting.get(part, 0)]
            if records:
                await take(records)
            for part in list(waiting):
                if await self._consumer.position(part) >= waiting[part]:
                    # What was fetched beyond is read again when its turn comes.
                    self._consumer.seek(part, waiting.pop(part))
                    self._consumer.pause(part)

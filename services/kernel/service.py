"""A running service: its pool, relay, reader and HTTP application, started and stopped together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from services.kernel.commands import Commands, forget_old_keys
from services.kernel.consumer import Consumer, Subscription
from services.kernel.database import connect_pool, migrate, role_of
from services.kernel.event_store import EventStore
from services.kernel.event_types import EventTypes
from services.kernel.relay import Relay
from services.kernel.samples import Samples
from services.kernel.settings import ServiceSettings
from services.kernel.task_publisher import TaskPublisher
from services.kernel.tasks import Count
from services.kernel.topic_history import TopicHistory


@dataclass(frozen=True, slots=True)
class Running:
    """The parts of a service while it runs; handlers and routes get what they need from here."""

    settings: ServiceSettings
    pool: asyncpg.Pool
    store: EventStore
    commands: Commands
    relay: Relay
    consumer: Consumer | None
    samples: Samples

    async def lag(self) -> dict[str, int]:
        """Own events not yet on Kafka; others' events on Kafka not yet applied here; records put aside."""
        return {
            "unpublished": await self.relay.unpublished(),
            "events_behind": await self.events_behind(),
            "dead_letters": await self.dead_letters(),
        }

    async def events_behind(self) -> int:
        """Others' events on Kafka not yet applied here."""
        return await self.consumer.behind() if self.consumer else 0

    async def dead_letters(self) -> int:
        """Records that were put aside."""
        count: int = await self.pool.fetchval("select count(*) from dead_letters")
        return count

    async def oldest_unread(self) -> datetime | None:
        """When the oldest record not yet applied here was put on Kafka; asked beside the reader, on a connection of
        its own, so that lag is told as fast as ever."""
        if self.consumer is None:
            return None
        topics = self.consumer.subscription.topics
        async with TopicHistory(self.settings.kafka, topics, self.consumer.group) as history:
            return await history.oldest_after(await history.confirmed())


@asynccontextmanager
async def running(
    settings: ServiceSettings,
    types: EventTypes,
    migrations: Sequence[Path],
    subscription: Subscription | None,
    count: Count | None = None,
) -> AsyncIterator[Running]:
    """Brings a service's schema to this version and runs its relay and reader until the block ends.

    `count`: what waits for whom in it, said on Kafka whenever it changes; None where nothing ever does.
    """
    await migrate(settings.owner_dsn, settings.name, role_of(settings.dsn), migrations)
    pool = await connect_pool(settings.dsn, settings.name)
    store = EventStore(settings.name, types)
    relay = Relay(store, pool, settings.dsn, settings.kafka)
    tasks = TaskPublisher(settings.name, pool, settings.kafka, count) if count else None
    told = tasks.touch if tasks else lambda: None
    consumer = Consumer(store, pool, settings.kafka, subscription, told) if subscription else None
    samples = Samples()
    try:
        async with pool.acquire() as connection:
            await forget_old_keys(connection)
        await relay.start()
        if consumer:
            await consumer.start()
        if tasks:
            await tasks.start()
        found = Running(settings, pool, store, Commands(pool, store, told), relay, consumer, samples)
        samples.start(found.lag)
        yield found
    finally:
        await samples.stop()
        if tasks:
            await tasks.stop()
        if consumer:
            await consumer.stop()
        await relay.stop()
        await pool.close()

"""Counts a service's tasks when something happened and says on Kafka which counts are others now.

Counting waits for quiet: while a month's batches run, nothing is counted that the next batch would change; at the
latest a minute after the last count it is done all the same, for days pass.
"""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer

from services.kernel import clock
from services.kernel.settings import KafkaSettings
from services.kernel.tasks import TOPIC, Count, Task, TaskTold, from_json, key_of, to_json, to_record
from services.kernel.telemetry import logger

QUIET_SECONDS = 2.0
PATIENCE_SECONDS = 60.0
PUBLISHER_LOCK = 9
DEAD_LETTERS = "select count(*) as number, min(created_at) as oldest from dead_letters"
log = logger("tasks")


class TaskPublisher:
    """One service's counts. Any number may run: one counts at a time, and all compare with the same table."""

    def __init__(self, service: str, pool: asyncpg.Pool, kafka: KafkaSettings, count: Count) -> None:
        self.service = service
        self.pool = pool
        self.kafka = kafka
        self.count = count
        self._happened = asyncio.Event()
        self._producer: AIOKafkaProducer | None = None
        self._task: asyncio.Task[None] | None = None

    def touch(self) -> None:
        """Something happened that may have changed a count."""
        self._happened.set()

    async def start(self) -> None:
        self.touch()
        self._task = asyncio.create_task(self._run_forever(), name=f"tasks {self.service}")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._close()

    async def publish(self) -> int:
        """Counts, and says what is another now; answers how many counts those were."""
        async with self.pool.acquire() as connection, connection.transaction():
            lock = "select pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.events', $1))"
            if not await connection.fetchval(lock, PUBLISHER_LOCK):
                return 0
            counted_at = clock.now()
            counted = [*await self.count(connection, clock.today()), await _dead_letters(connection)]
            now = {key_of(self.service, task): task for task in counted if task.says_something}
            before = dict(await connection.fetch("select key, said::text from published_tasks"))
            changed = {key: task for key, task in now.items() if before.get(key) != to_json(task)}
            gone = before.keys() - now.keys()
            nothing = [from_json(before[key]).model_copy(update=_NOTHING) for key in sorted(gone)]
            told = [TaskTold(service=self.service, counted_at=counted_at, task=one) for one in changed.values()]
            told += [TaskTold(service=self.service, counted_at=counted_at, task=one) for one in nothing]
            await self._send([*told, TaskTold(service=self.service, counted_at=counted_at)])
            await _remember(connection, changed, gone)
            return len(told)

    async def _run_forever(self) -> None:
        while True:
            await self._wait()
            try:
                await self.publish()
            except Exception as why:  # noqa: BLE001 - a count that fails now must not be the last one
                log.warning("tasks not counted", service=self.service, reason=type(why).__name__)
                await self._close()

    async def _wait(self) -> None:
        """Until it has been quiet for a while since something happened, or patience is at its end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._happened.wait()
                while self._happened.is_set():
                    self._happened.clear()
                    await asyncio.sleep(QUIET_SECONDS)
        self._happened.clear()

    async def _send(self, told: Iterable[TaskTold]) -> None:
        producer = await self._connected()
        answers = []
        for one in told:
            key, value = to_record(one)
            answers.append(await producer.send(TOPIC, value=value, key=key))
        await asyncio.gather(*answers)

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self.kafka.bootstrap, enable_idempotence=True, acks="all", **self.kafka.security
            )
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _close(self) -> None:
        producer, self._producer = self._producer, None
        if producer:
            await producer.stop()


_NOTHING: Mapping[str, Any] = {"number": 0, "oldest": None, "detail": {}}


async def _dead_letters(connection: asyncpg.Connection) -> Task:
    """Records that could not be applied here wait for whoever runs the system."""
    row = await connection.fetchrow(DEAD_LETTERS)
    oldest = row["oldest"].astimezone(clock.ZONE).date() if row["oldest"] else None
    return Task(role="admin", kind="dead-letters", number=row["number"], oldest=oldest)


async def _remember(connection: asyncpg.Connection, changed: dict[str, Task], gone: Iterable[str]) -> None:
    await connection.execute(
        "insert into published_tasks (key, said) select * from unnest($1::text[], $2::json[])"
        " on conflict (key) do update set said = excluded.said",
        list(changed),
        [to_json(task) for task in changed.values()],
    )
    await connection.execute("delete from published_tasks where key = any($1::text[])", list(gone))

"""A store's events sent to its topic again: fills a topic that was lost; readers know events said twice."""

from collections.abc import Callable

import asyncpg

from services.kernel.relay import BATCH_EVENTS, Relay

Progress = Callable[[int], None]


async def republish(
    relay: Relay, connection: asyncpg.Connection, first: int = 1, progress: Progress = lambda _: None
) -> int:
    """Sends the events from position `first` to the store's present end; answers how many.

    The relay's own sending, beside it: its cursor stays where it is. `progress` is told how many more were sent.
    """
    last = await connection.fetchval("select coalesce(max(position), 0) from events")
    producer = relay.new_producer()
    await producer.start()
    try:
        position, sent = first - 1, 0
        while position < last:
            rows = await relay.store.read_after(connection, position, BATCH_EVENTS)
            await relay.send(producer, rows)
            position = rows[-1].position
            sent += len(rows)
            progress(len(rows))
        return sent
    finally:
        await producer.stop()

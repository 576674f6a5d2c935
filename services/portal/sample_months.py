"""Two made-up months in a new system, asked for by one press: the work goes on by itself, its progress is a row."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from services.kernel import clock
from services.kernel.telemetry import logger

Step = Callable[[str], None]
Fill = Callable[[Step], Awaitable[None]]
"""Plays the months through the public interfaces; tells each step in words. Given by who runs the site, if anybody."""

log = logger("sample months")
_WRITE = """
insert into sample_months (only_row, state, step, changed_at) values (true, $1, $2, $3)
on conflict (only_row) do update set state = excluded.state, step = excluded.step, changed_at = excluded.changed_at
"""
BEGIN = "insert into sample_months (only_row, state, step, changed_at) values (true, 'running', '', $1)"
_under_way: set[asyncio.Task[None]] = set()


async def state_of(pool: asyncpg.Pool) -> asyncpg.Record | None:
    """`state` (running, done, failed), `step` and since when; None where nobody asked yet."""
    return await pool.fetchrow("select state, step, changed_at from sample_months")


async def is_new(pool: asyncpg.Pool) -> bool:
    """Whether no commune has handed in anything yet, as far as the services said."""
    return not await pool.fetchval("select exists (select from tasks where kind = 'communes-lists' and number > 0)")


async def begin(pool: asyncpg.Pool, fill: Fill) -> bool:
    """Begins the months in the background; False where they were begun before."""
    try:
        await pool.execute(BEGIN, clock.now())
    except asyncpg.UniqueViolationError:
        return False
    task = asyncio.create_task(_play(pool, fill))
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    return True


async def _play(pool: asyncpg.Pool, fill: Fill) -> None:
    told: list[str] = []

    async def tell() -> None:
        while True:
            await asyncio.sleep(1)
            if told:
                await pool.execute(_WRITE, "running", told[-1], clock.now())

    telling = asyncio.create_task(tell())
    try:
        await fill(told.append)
    except Exception as why:  # noqa: BLE001 - whatever it was, the page says that it did not end well
        log.warning("the made-up months failed", reason=type(why).__name__)
        await pool.execute(_WRITE, "failed", told[-1] if told else "", clock.now())
    else:
        await pool.execute(_WRITE, "done", "", clock.now())
    finally:
        telling.cancel()

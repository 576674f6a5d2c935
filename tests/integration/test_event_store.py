"""The store on a real PostgreSQL: order, conflicts, append-only, seals, repeated writes."""

import asyncio
from hashlib import sha256
from io import BytesIO

import asyncpg
import pytest

from infra.stack import Connections
from services.kernel.commands import Answer, Commands, KeyUsedForOther, Repeatable, Work
from services.kernel.database import connect_pool, migrate, role_of
from services.kernel.event_store import Conflict, EventStore, NewEvents
from tests.integration.kernel_probe import TYPES, ThingCounted, append

WRITERS, APPENDS_EACH = 12, 40


async def _open(stack: Connections, name: str) -> tuple[asyncpg.Pool, EventStore]:
    dsn = stack.owner_dsn["portal"]
    await migrate(dsn, name, role_of(dsn), [])
    return await connect_pool(dsn, name), EventStore(name, TYPES)


async def test_a_reader_that_remembers_the_last_position_loses_no_row(stack: Connections, probe: str) -> None:
    """Goes red without the trigger `hold_the_store`: rows that commit late would be skipped."""
    pool, _ = await _open(stack, probe)
    seen: list[int] = []
    done = asyncio.Event()

    async def write(number: int) -> None:
        # Straight inserts that pause before they commit, as any writer may that forgets the store's own append.
        for version in range(1, APPENDS_EACH + 1):
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute(
                    "insert into events (stream_id, version, event_id, type, schema_version, data, metadata,"
                    " recorded_at) values ($1, $2, gen_random_uuid(), 'T', 1, '{}', '{}', now())",
                    f"s-{number}",
                    version,
                )
                await asyncio.sleep(0.001 * (number % 3))

    async def read() -> None:
        position = 0
        async with pool.acquire() as connection:
            while True:
                last_round = done.is_set()
                rows = await connection.fetch("select position from events where position > $1 order by 1", position)
                seen.extend(row["position"] for row in rows)
                position = seen[-1] if seen else 0
                if last_round and not rows:
                    return

    reading = asyncio.create_task(read())
    await asyncio.gather(*(write(number) for number in range(WRITERS - 2)))
    done.set()
    await reading
    count = await pool.fetchval("select count(*) from events")
    await pool.close()
    assert len(seen) == count == (WRITERS - 2) * APPENDS_EACH


async def test_a_conflict_names_the_stream_and_undoes_the_whole_append(stack: Connections, probe: str) -> None:
    pool, store = await _open(stack, probe)
    await append(pool, store, "b", 0, 1)
    batch = [NewEvents(name, 0, [ThingCounted(number=1)]) for name in ("a", "b", "c")]
    with pytest.raises(Conflict) as conflict:
        async with pool.acquire() as connection, connection.transaction():
            await store.append(connection, batch, {})
    assert conflict.value.stream_id == "b"
    assert await pool.fetchval("select count(*) from events") == 1
    await pool.close()


async def test_the_services_role_may_add_events_but_never_change_or_delete_them(stack: Connections) -> None:
    """On the containers' single login this holds for nobody, so it is tried where there are two."""
    owner, role = stack.owner_dsn["portal"], stack.dsn["portal"]
    if role_of(owner) == role_of(role):
        pytest.skip("one login for both")
    await migrate(owner, "portal", role_of(role), [])
    pool = await connect_pool(role, "portal")
    for statement in (
        "update events set type = 'x'",
        "delete from events",
        "truncate events",
        "delete from seals",
        "delete from dismissed_letters",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)
    await pool.close()


async def test_each_append_is_sealed_over_the_one_before(stack: Connections, probe: str) -> None:
    """SHA-256 over the digest before and what COPY to binary says of the rows, the server's own words."""
    pool, store = await _open(stack, probe)
    await append(pool, store, "a", 0, 1, 2)
    await append(pool, store, "a", 2, 3)
    seals = await pool.fetch("select last_position, digest from seals order by last_position")
    first = sha256(await _copied(pool, "position <= 2")).digest()
    second = sha256(first + await _copied(pool, "position = 3")).digest()
    assert [tuple(row) for row in seals] == [(2, first), (3, second)]
    await pool.close()


async def _copied(pool: asyncpg.Pool, which: str) -> bytes:
    columns = "stream_id, version, event_id, type, schema_version, data, metadata, recorded_at"
    content = BytesIO()
    async with pool.acquire() as connection:
        await connection.copy_from_query(
            f"select {columns} from events where {which} order by position", output=content, format="binary"
        )
    return content.getvalue()


async def test_a_write_said_twice_has_one_effect_and_the_same_answer(stack: Connections, probe: str) -> None:
    pool, store = await _open(stack, probe)
    commands = Commands(pool, store)

    async def handler(work: Work) -> Answer:
        stream = await work.load_one("a")
        work.append("a", stream.version, [ThingCounted(number=stream.version)])
        return Answer.json({"version": stream.version})

    once = Repeatable.of("lan", "key-1", b"body")
    answers = await asyncio.gather(*(commands.execute(handler, "lan", once) for _ in range(4)))
    assert {answer.body for answer in answers} == {b'{"version":0}'}
    assert await pool.fetchval("select count(*) from events") == 1
    with pytest.raises(KeyUsedForOther):
        await commands.execute(handler, "lan", Repeatable.of("lan", "key-1", b"another body"))
    await pool.close()


async def test_two_writers_of_one_stream_both_get_through(stack: Connections, probe: str) -> None:
    pool, store = await _open(stack, probe)
    commands = Commands(pool, store)

    async def handler(work: Work) -> Answer:
        stream = await work.load_one("a")
        await asyncio.sleep(0.02)
        work.append("a", stream.version, [ThingCounted(number=stream.version)])
        return Answer.json({})

    await asyncio.gather(*(commands.execute(handler, "lan") for _ in range(3)))
    assert await pool.fetch("select version, (data->>'number')::int as n from events order by 1") == [
        (1, 0),
        (2, 1),
        (3, 2),
    ]
    await pool.close()


async def test_a_command_that_lost_to_another_runs_alone_and_wins(stack: Connections, probe: str) -> None:
    """Goes red without the turn that a loser gets: slow commands on the same stream lose to quick ones for ever."""
    pool, store = await _open(stack, probe)
    commands = Commands(pool, store)
    stop = asyncio.Event()

    async def count(work: Work, seconds: float) -> Answer:
        stream = await work.load_one("s-1")
        await asyncio.sleep(seconds)
        work.append("s-1", stream.version, [ThingCounted(number=1)])
        return Answer.json({})

    async def quick() -> None:
        while not stop.is_set():
            await commands.execute(lambda work: count(work, 0), "quick")

    hurried = [asyncio.create_task(quick()) for _ in range(3)]
    async with asyncio.timeout(20):
        await commands.execute(lambda work: count(work, 0.3), "slow")
    stop.set()
    await asyncio.gather(*hurried)
    actors = await pool.fetch("select metadata ->> 'actor' as actor from events")
    assert [row["actor"] for row in actors].count("slow") == 1
    await pool.close()

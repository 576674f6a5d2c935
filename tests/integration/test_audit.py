"""`ansinh audit`: whatever is changed behind the services' back is named."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from infra.stack import Connections
from services.kernel.audit import Broken, check_seals
from services.kernel.database import connect_pool, migrate, role_of
from services.kernel.event_store import EventStore, NewEvents
from tests.integration.conftest import Played, ansinh
from tests.integration.kernel_probe import TYPES, Said, append


@asynccontextmanager
async def _store(stack: Connections, name: str) -> AsyncIterator[asyncpg.Pool]:
    """A store of three appends: positions 1–2, 3 and 4–6."""
    dsn = stack.owner_dsn["portal"]
    await migrate(dsn, name, role_of(dsn), [])
    pool, store = await connect_pool(dsn, name), EventStore(name, TYPES)
    await append(pool, store, "a", 0, 1, 2)
    await append(pool, store, "b", 0, 3)
    await append(pool, store, "a", 2, 4, 5, 6)
    try:
        yield pool
    finally:
        await pool.close()


async def _checked(pool: asyncpg.Pool, name: str) -> str:
    """The words about the first break; raises where there is none."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        with pytest.raises(Broken) as broken:
            await check_seals(connection, name)
    return broken.value.found.en


async def test_an_untouched_store_is_intact_whatever_its_events_hold(stack: Connections, probe: str) -> None:
    """Whatever order and spelling a database has for JSON, the seals must be found again."""
    async with _store(stack, probe) as pool:
        odd = Said(
            words={"zz": 'Nguyễn \\ " \u007f \t 🙂', "b": "", "aaa": "1.50"}, numbers=[0, -1, 2**62], nothing=None
        )
        store = EventStore(probe, TYPES)
        async with pool.acquire() as connection, connection.transaction():
            await store.append(connection, [NewEvents("c", 0, [odd])], {"z": "1", "actor": "Lê Thị É"})
        async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            sealed = await check_seals(connection, probe)
        assert sealed.events == 7
        last = await pool.fetchval("select digest from seals order by last_position desc limit 1")
        assert sealed.digest == last.hex()


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        ("update events set data = '{\"number\": 40}' where position = 4", "the append with events 4–6"),
        ('update events set metadata = \'{"actor": "x"}\' where position = 3', "the append with events 3–3"),
        ("update events set recorded_at = recorded_at + interval '1 us' where position = 1", "events 1–2"),
        ("update events set type = 'ThingLost' where position = 5", "events 4–6"),
        ("delete from events where position = 2", "events 1–2"),
        ("delete from events where position = 6", "events 4–6"),
        ("delete from seals where last_position = 3", "events 3–6"),
        ("update events set event_id = gen_random_uuid() where position = 3", "events 3–3"),
        ("delete from events where position > 3; delete from seals where last_position > 3", "up to 6 were sent"),
        (
            "insert into events (stream_id, version, event_id, type, schema_version, data, metadata, recorded_at)"
            " values ('z', 1, gen_random_uuid(), 'T', 1, '{}', '{}', now())",
            "from position 7 on have no seal",
        ),
    ],
)
async def test_each_kind_of_tampering_is_named_with_its_place(
    stack: Connections, probe: str, tampering: str, words: str
) -> None:
    async with _store(stack, probe) as pool:
        await pool.execute("update relay_cursor set position = 6")
        await pool.execute(tampering)
        assert words in await _checked(pool, probe)


async def test_the_first_break_is_the_one_named(stack: Connections, probe: str) -> None:
    async with _store(stack, probe) as pool:
        await pool.execute("update events set data = '{}' where position in (3, 5)")
        assert "events 3–3" in await _checked(pool, probe)


async def test_the_command_finds_a_played_month_whole_and_names_each_change_of_its_money(played: Played) -> None:
    """As the owner of the schema, since the running service's role may change no event."""
    status, said = await ansinh(played, "audit")
    assert status == 0, said
    assert "Khớp đến từng đồng" in said
    connection = await asyncpg.connect(played.connections.owner_dsn["disbursement"])
    try:
        shown = await connection.fetchrow(
            "select payment_id, amount from payments where status = 'SETTLED' order by number limit 1"
        )
        for change, undo, words in (
            ("amount = amount + 1", "amount = amount - 1", f"says amount = {shown['amount'] + 1}"),
            ("status = 'REJECTED'", "status = 'SETTLED'", "says status = REJECTED, its events say SETTLED"),
        ):
            await connection.execute(f"update payments set {change} where payment_id = $1", shown["payment_id"])
            status, said = await ansinh(played, "audit")
            await connection.execute(f"update payments set {undo} where payment_id = $1", shown["payment_id"])
            assert status == 1
            assert f"the row of payment {shown['payment_id']} {words}" in said
        await _tampered_event(played, connection, shown["payment_id"])
    finally:
        await connection.close()


async def _tampered_event(played: Played, connection: asyncpg.Connection, payment_id: str) -> None:
    where = f"stream_id = 'payment-{payment_id}' and type = 'PaymentSettled'"
    position, data = await connection.fetchrow(f"select position, data from events where {where}")
    await connection.execute(
        f"update events set data = jsonb_set(data::jsonb, '{{payment,amount}}', '1') where {where}"
    )
    status, said = await ansinh(played, "audit")
    await connection.execute(f"update events set data = $1 where {where}", data)
    assert status == 1
    assert "disbursement: lần ghi có các sự kiện" in said
    first, last = (int(one) for one in said.split("with events ")[1].split(" ")[0].split("–"))
    assert first <= position <= last
    assert (await ansinh(played, "audit"))[0] == 0

"""The projection rebuilt from the topics beside the live one: equal, told where not, and switched to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from infra.stack import Connections
from services.kernel.consumer import Subscription
from services.kernel.projection import Difference, Projection, RebuildRunning, Rebuilt, rebuild
from services.kernel.service import Running, running
from tests.integration.conftest import Played, ansinh
from tests.integration.kernel_probe import TYPES, make_topics, producer, record, settings, until_quiet, write_rows


def _projection(name: str) -> Projection:
    return Projection(["things"], Subscription([f"{name}.in"], TYPES, write_rows), [])


@asynccontextmanager
async def _live(stack: Connections, name: str, numbers: int) -> AsyncIterator[Running]:
    """A reader of `<name>.in` that has applied so many records."""
    await make_topics(stack, f"{name}.in")
    await _say(stack, name, *range(numbers))
    async with running(settings(stack, name), TYPES, [], _projection(name).subscription) as service:
        await until_quiet(service)
        yield service


async def _say(stack: Connections, name: str, *numbers: int) -> None:
    async with producer(stack) as kafka:
        for number in numbers:
            key, value, headers = record(f"s-{number}", 1, number)
            await kafka.send_and_wait(f"{name}.in", value=value, key=key, headers=headers)


async def _rebuild(stack: Connections, name: str, switch: bool) -> Rebuilt:
    return await rebuild(settings(stack, name), _projection(name), switch, lambda _done, _total: None)


async def _numbers(service: Running) -> list[int]:
    return [row["n"] for row in await service.pool.fetch("select n from things order by n")]


async def test_the_rebuilt_one_is_equal_and_the_running_service_goes_on_in_it(stack: Connections, probe: str) -> None:
    async with _live(stack, probe, 20) as service:
        assert await _rebuild(stack, probe, switch=False) == Rebuilt({"things": 20}, [], 0, 1)
        assert await _rebuild(stack, probe, switch=True) == Rebuilt({"things": 20}, [], 0, 2)
        await _say(stack, probe, 20, 21)
        await until_quiet(service)
        assert await _numbers(service) == list(range(22))
        assert (
            await service.pool.fetchval("select count(*) from pg_namespace where nspname like $1", f"{probe}_v%") == 0
        )


async def test_what_only_one_of_both_has_is_told_and_mended_by_the_switch(stack: Connections, probe: str) -> None:
    async with _live(stack, probe, 5) as service:
        await service.pool.execute("delete from things where n = 2; insert into things values ('x', 1, 99)")
        differences = [
            Difference("things", f"{probe}_v2", 1, ['{"s":"s-2","v":1,"n":2}']),
            Difference("things", probe, 1, ['{"s":"x","v":1,"n":99}']),
        ]
        assert (await _rebuild(stack, probe, switch=False)).differences == differences
        assert await _numbers(service) == [0, 1, 3, 4, 99]
        assert (await _rebuild(stack, probe, switch=True)).differences == differences
        assert await _numbers(service) == [0, 1, 2, 3, 4]


async def test_records_that_the_live_reader_has_not_read_are_no_difference(stack: Connections, probe: str) -> None:
    async with _live(stack, probe, 5):
        pass
    await _say(stack, probe, 5, 6)
    assert await _rebuild(stack, probe, switch=False) == Rebuilt({"things": 7}, [], 0, 1)


async def test_rows_written_but_not_confirmed_to_the_broker_are_no_difference(stack: Connections, probe: str) -> None:
    """As a reader leaves them that is killed between the transaction and the offsets."""
    async with _live(stack, probe, 5):
        pass
    await _say(stack, probe, 5)
    connection = await asyncpg.connect(stack.owner_dsn["portal"])
    await connection.execute(f"insert into \"{probe}\".things values ('s-5', 1, 5)")
    assert (await _rebuild(stack, probe, switch=True)).differences == []
    assert await connection.fetchval(f'select count(*) from "{probe}".things') == 6
    await connection.close()


async def test_a_reader_that_writes_all_the_while_loses_nothing(stack: Connections, probe: str) -> None:
    async with _live(stack, probe, 5) as service:
        saying = asyncio.create_task(_say(stack, probe, *range(5, 305)))
        for _ in range(3):
            assert (await _rebuild(stack, probe, switch=True)).differences == []
        await saying
        await until_quiet(service)
        assert await _numbers(service) == list(range(305))


async def test_only_one_rebuild_at_a_time(stack: Connections, probe: str) -> None:
    async with _live(stack, probe, 1):
        found = await asyncio.gather(*(_rebuild(stack, probe, switch=False) for _ in range(2)), return_exceptions=True)
        assert [type(one) for one in found].count(RebuildRunning) == 1


async def test_the_command_rebuilds_reporting_beside_the_running_system(played: Played) -> None:
    status, said = await ansinh(played, "rebuild", "reporting", "--compare")
    assert status == 0, said
    assert "Khớp từng dòng" in said
    form = {"path": "/reporting/forms/form-1", "role": "auditor", "period": "2023-11", "area": "278"}
    before = await played.client.get(**form)
    assert before["dong"]["III.2"]["4"] > 0
    connection = await asyncpg.connect(played.connections.owner_dsn["reporting"])
    try:
        removed = await connection.fetchval(
            "with gone as (delete from movements where item = '*' returning 1) select count(*) from gone"
        )
        status, said = await ansinh(played, "rebuild", "reporting", "--compare")
        assert status == 1
        assert f"KHÁC movements: chỉ có trong / only in reporting_v2: {removed}" in said
        status, said = await ansinh(played, "rebuild", "reporting")
        assert status == 0, said
    finally:
        await connection.close()
    after = await played.client.get(**form)
    assert (after["rows"], after["dong"]) == (before["rows"], before["dong"])

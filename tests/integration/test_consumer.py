"""The one subscriber shape on a real broker: what FastStream's own ways lose, ours does not."""

from collections.abc import Sequence

from infra.stack import Connections
from services.kernel.commands import Work
from services.kernel.envelope import Received
from services.kernel.service import Running
from tests.integration.kernel_probe import make_topics, producer, reader, record, until_quiet, write_rows


async def _things(service: Running) -> list[tuple[str, int, int]]:
    return [tuple(row.values()) for row in await service.pool.fetch("select s, v, n from things order by s, v")]


async def test_a_failed_batch_is_tried_again_and_not_passed_by_a_later_one(stack: Connections, probe: str) -> None:
    """Goes red if offsets are committed before the rows are: the first batch would be lost."""
    await make_topics(stack, f"{probe}.in")
    failures = 0

    async def fails_twice(work: Work, received: Sequence[Received]) -> None:
        nonlocal failures
        if failures < 2:
            failures += 1
            raise ConnectionError("the database is away")
        await write_rows(work, received)

    async with reader(stack, probe, fails_twice) as service, producer(stack) as kafka:
        for number in range(5):
            key, value, headers = record("a", number + 1, number)
            await kafka.send_and_wait(f"{probe}.in", value=value, key=key, headers=headers)
        await until_quiet(service)
        assert failures == 2
        assert await _things(service) == [("a", number + 1, number) for number in range(5)]
        assert (await service.lag())["dead_letters"] == 0


async def test_one_bad_header_or_body_costs_itself_and_no_other_record(stack: Connections, probe: str) -> None:
    await make_topics(stack, f"{probe}.in", partitions=1)
    async with producer(stack) as kafka:
        for number in range(6):
            key, value, headers = record("a", number + 1, number)
            if number == 2:
                headers.append(("ce_correlationid", b"\xff\xfe"))
            if number == 3:
                value = b"not json"
            if number == 4:
                value = b'{"number":"Nguyen Van An"}'
            await kafka.send_and_wait(f"{probe}.in", value=value, key=key, headers=headers)
    async with reader(stack, probe) as service:
        await until_quiet(service)
        assert await _things(service) == [("a", 1, 0), ("a", 2, 1), ("a", 6, 5)]
        dead = await service.pool.fetch('select "offset", value, reason from dead_letters order by 1')
        assert [row["offset"] for row in dead] == [2, 3, 4]
        assert dead[1]["value"] == b"not json"
        assert not any("Nguyen" in row["reason"] for row in dead)


async def test_a_record_that_cannot_be_applied_is_put_aside_and_the_rest_applied(
    stack: Connections, probe: str
) -> None:
    await make_topics(stack, f"{probe}.in", partitions=1)

    async def dislikes_seven(work: Work, received: Sequence[Received]) -> None:
        await write_rows(work, received)
        if any(one.event.number == 7 for one in received):  # type: ignore[attr-defined]
            raise ZeroDivisionError

    async with producer(stack) as kafka:
        for number in range(10):
            key, value, headers = record("a", number + 1, number)
            await kafka.send_and_wait(f"{probe}.in", value=value, key=key, headers=headers)
    async with reader(stack, probe, dislikes_seven) as service:
        await until_quiet(service)
        assert [number for _, _, number in await _things(service)] == [0, 1, 2, 3, 4, 5, 6, 8, 9]
        assert (await service.lag())["dead_letters"] == 1


async def test_what_is_said_again_after_a_restart_changes_nothing(stack: Connections, probe: str) -> None:
    await make_topics(stack, f"{probe}.in")
    async with producer(stack) as kafka, reader(stack, probe) as service:
        for _ in range(2):
            key, value, headers = record("a", 1, 41)
            await kafka.send_and_wait(f"{probe}.in", value=value, key=key, headers=headers)
        await until_quiet(service)
    async with reader(stack, probe) as again:
        await until_quiet(again)
        assert await _things(again) == [("a", 1, 41)]

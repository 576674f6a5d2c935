"""Long work as rows: done once however often asked, carried on where its process fell, told how far it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from infra.stack import Connections
from services.kernel import jobs as module
from services.kernel import progress
from services.kernel.commands import Answer, KeyUsedForOther, Repeatable, Work
from services.kernel.jobs import Asked, CarryOut, Jobs, Refused
from services.kernel.service import Running, running
from tests.integration import kernel_probe
from tests.integration.kernel_probe import TYPES, ThingCounted

LONG = 20.0


def asked(key: str = "k", **more: str) -> Asked:
    return Asked("an", key, "counting", {"fields": {"n": ["1"]} | more}, b"a file", "a.xlsx", "/before")


@asynccontextmanager
async def service(stack: Connections, name: str) -> AsyncIterator[Running]:
    async with running(kernel_probe.settings(stack, name), TYPES, [], None) as found:
        yield found


@asynccontextmanager
async def jobs(found: Running, carry: CarryOut) -> AsyncIterator[Jobs]:
    one = Jobs(found.pool, carry)
    await one.start()
    try:
        yield one
    finally:
        await one.stop()


async def test_asked_twice_at_once_under_one_key_the_work_is_done_once(stack: Connections, probe: str) -> None:
    done: list[str] = []

    async def carry(one: Asked) -> str:
        await asyncio.sleep(0.1)
        done.append(one.file_name)
        return "/after"

    async with service(stack, probe) as found, jobs(found, carry) as work:
        first, second = await asyncio.gather(work.ask(asked()), work.ask(asked()))
        ends = [await work.wait(one, LONG) for one in (first, second)]
        assert first == second
        assert [(one.state, one.address) for one in ends] == [("done", "/after")] * 2
        assert done == ["a.xlsx"]


async def test_another_input_under_the_same_key_is_refused(stack: Connections, probe: str) -> None:
    async def carry(_: Asked) -> str:
        return "/after"

    async with service(stack, probe) as found, jobs(found, carry) as work:
        await work.wait(await work.ask(asked()), LONG)
        with pytest.raises(KeyUsedForOther):
            await work.ask(asked(reason="another"))


async def test_what_was_refused_can_be_asked_again_under_its_key_with_another_input(
    stack: Connections, probe: str
) -> None:
    async def carry(one: Asked) -> str:
        if "reason" not in one.input["fields"]:
            raise Refused({"slug": "reason-missing"})
        return "/after"

    async with service(stack, probe) as found, jobs(found, carry) as work:
        refused = await work.wait(await work.ask(asked()), LONG)
        assert (refused.state, refused.refusal, refused.address) == ("refused", {"slug": "reason-missing"}, None)
        again = await work.wait(await work.ask(asked(reason="now there")), LONG)
        assert (again.job_id, again.state, again.refusal) == (refused.job_id, "done", None)


async def test_where_a_process_falls_another_carries_on_and_the_effect_is_one(
    stack: Connections, probe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first falls after its command was kept and before the job was said to be over: the worst moment."""
    monkeypatch.setattr(module, "LOST_SECONDS", 0.5)
    monkeypatch.setattr(module, "SWEEP_SECONDS", 0.1)
    kept = asyncio.Event()

    async def handler(work: Work) -> Answer:
        work.append("thing-1", 0, [ThingCounted(number=1)])
        return Answer.json({"at": "/after"})

    async with service(stack, probe) as found:

        async def carry(one: Asked) -> str:
            answer = await found.commands.execute(handler, one.person, Repeatable.of(one.person, one.key, one.file))
            if not kept.is_set():
                kept.set()
                await asyncio.sleep(LONG)
            return "/after" if answer.body == b'{"at":"/after"}' else "/elsewhere"

        async with jobs(found, carry) as first:
            job_id = await first.ask(asked())
            await kept.wait()
        async with jobs(found, carry) as second:
            job = await second.wait(job_id, LONG)
        assert (job.state, job.address) == ("done", "/after")
        assert await found.pool.fetchval("select count(*) from events") == 1


async def test_work_that_ends_its_process_three_times_is_given_up(
    stack: Connections, probe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOST_SECONDS", 0.3)
    monkeypatch.setattr(module, "SWEEP_SECONDS", 0.1)
    begun: asyncio.Queue[None] = asyncio.Queue()

    async def carry(_: Asked) -> str:
        begun.put_nowait(None)
        await asyncio.sleep(LONG)
        return "/after"

    async with service(stack, probe) as found:
        async with jobs(found, carry) as work:
            job_id = await work.ask(asked())
            await begun.get()
        for _ in range(module.TRIES_MAX - 1):
            async with jobs(found, carry):
                await asyncio.wait_for(begun.get(), LONG)
        async with jobs(found, carry) as last:
            job = await last.wait(job_id, LONG)
        assert (job.state, begun.qsize()) == ("failed", 0)


async def test_a_job_tells_how_far_it_is_while_others_of_the_person_wait(
    stack: Connections, probe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TELL_SECONDS", 0.05)
    monkeypatch.setattr(module, "SWEEP_SECONDS", 0.05)
    go_on = asyncio.Event()

    async def carry(one: Asked) -> str:
        for number in progress.counted("checking", range(3)):
            if number == 2:
                await go_on.wait()
        return f"/after/{one.key}"

    async with service(stack, probe) as found, jobs(found, carry) as work:
        ids = [await work.ask(asked(key)) for key in ("k", "l")]
        await asyncio.sleep(0.5)
        under_way = work.not_seen("an")
        assert [(one.job_id, one.step, one.done, one.total) for one in under_way] == [
            (job_id, "checking", 2, 3) for job_id in ids
        ]
        assert work.not_seen("binh") == ()
        go_on.set()
        for job_id in ids:
            await work.wait(job_id, LONG)
        await work.seen(ids[0])
        assert [(one.job_id, one.address) for one in work.not_seen("an")] == [(ids[1], "/after/l")]
        assert await work.find(ids[1], "binh") is None


async def test_when_the_work_is_over_what_was_asked_is_gone(stack: Connections, probe: str) -> None:
    async def carry(one: Asked) -> str:
        assert one.file == b"a file"
        raise RuntimeError("a fault of ours")

    async with service(stack, probe) as found, jobs(found, carry) as work:
        job = await work.wait(await work.ask(asked()), LONG)
        assert job.state == "failed"
        row = await found.pool.fetchrow("select input, file from jobs")
        assert (row["input"], row["file"]) == ("{}", b"")

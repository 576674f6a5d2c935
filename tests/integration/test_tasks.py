"""Counts on their way: only what is another now is said, the portal has one row a count, a restart says nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date

import asyncpg
import pytest

from infra.sandbox.month import AUDITOR
from infra.stack import Connections
from infra.topics import ensure
from services.disbursement import tasks as disbursement
from services.kernel import task_publisher
from services.kernel.commands import Answer, Work
from services.kernel.service import Running, running
from services.kernel.task_publisher import TaskPublisher
from services.kernel.tasks import TOPIC, Count, Task, to_json
from services.onboarding import tasks as onboarding
from services.portal import app as portal
from services.portal import tasks
from services.registry import tasks as registry
from services.reporting import tasks as reporting
from tests.integration.conftest import PERIOD, Played
from tests.integration.kernel_probe import TYPES, ThingCounted, records, settings

COUNTS: dict[str, Count] = {
    "registry": registry.count,
    "onboarding": onboarding.count,
    "disbursement": disbursement.count,
    "reporting": reporting.count,
}
COMMUNE, OFFICER = "commune-officer", "district-officer"


def _owed(number: int, area: str = "10114") -> Task:
    return Task(role=COMMUNE, kind="owed", number=number, area=area, period=PERIOD, oldest=date(2023, 11, 2))


class _Counter:
    """What a service would count just now."""

    def __init__(self, *counted: Task) -> None:
        self.counted = list(counted)
        self.asked = 0

    async def __call__(self, _connection: asyncpg.Connection, _today: date) -> list[Task]:
        self.asked += 1
        return self.counted


@asynccontextmanager
async def _portal(stack: Connections, name: str) -> AsyncIterator[Running]:
    """A portal under another name, reading the topic from its beginning."""
    await ensure(stack.kafka_bootstrap)
    async with running(settings(stack, name), TYPES, [portal.MIGRATIONS], tasks.subscription()) as service:
        yield service


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(40):
        while not await holds():
            await asyncio.sleep(0.05)


async def _waiting(service: Running, source: str, role: str = COMMUNE, area: str | None = "10114") -> dict[str, int]:
    """What the portal shows of one service, by kind."""
    async with service.pool.acquire() as connection:
        found = await tasks.tasks_for(connection, role, area, PERIOD)
    return {one.task.kind: one.task.number for one in found.tasks if one.service == source}


async def _said_of(stack: Connections, service: str) -> int:
    """How many records the topic has of a service's counts, its word that the others still hold left out."""
    return sum(
        (one.key or b"").startswith(f"{service}/".encode()) for one in await records(stack.kafka_bootstrap, TOPIC)
    )


async def test_only_what_is_another_now_is_said_and_what_is_gone_leaves_the_portal(
    stack: Connections, probe: str
) -> None:
    source = f"{probe}_s"
    counter = _Counter(_owed(3), _owed(1, "10120"), Task(role=OFFICER, kind="figure", number=0, detail={"a": 1}))
    async with _portal(stack, probe) as service:
        publisher = TaskPublisher(source, service.pool, service.settings.kafka, counter)
        assert await publisher.publish() == 3
        assert await publisher.publish() == 0
        await _until(lambda: _shows(service, source, {"owed": 3}))
        assert await _waiting(service, source, OFFICER, None) == {"figure": 0}
        counter.counted = [_owed(2), _owed(1, "10120")]
        assert await publisher.publish() == 2  # one number is another, one figure is gone
        await _until(lambda: _shows(service, source, {"owed": 2}))
        assert await _waiting(service, source, OFFICER, None) == {}
        assert await _said_of(stack, source) == 5
        assert await service.pool.fetchval("select count(*) from tasks where service = $1", source) == 2
        again = TaskPublisher(source, service.pool, service.settings.kafka, counter)
        assert await again.publish() == 0  # after a restart the table still knows what was said
        await publisher.stop()
        await again.stop()


async def _shows(service: Running, source: str, expected: dict[str, int]) -> bool:
    return await _waiting(service, source) == expected


async def test_the_portal_shows_whose_area_it_is_what_is_left_of_earlier_months_and_since_when(
    stack: Connections, probe: str
) -> None:
    source = f"{probe}_s"
    counter = _Counter(
        _owed(3),
        Task(role=COMMUNE, kind="later", number=1, area="10114", period="2023-12"),
        Task(role=COMMUNE, kind="left", number=4, area="10114", period="2023-09", oldest=date(2023, 9, 4)),
        Task(role=COMMUNE, kind="elsewhere", number=1, area="10120"),
        Task(role="police", kind="whole", number=7),
    )
    async with _portal(stack, probe) as service:
        publisher = TaskPublisher(source, service.pool, service.settings.kafka, counter)
        await publisher.publish()
        await _until(lambda: _shows(service, source, {"left": 4, "owed": 3}))
        assert await _waiting(service, source, "police", "278") == {"whole": 7}
        async with service.pool.acquire() as connection:
            found = await tasks.tasks_for(connection, COMMUNE, "10114", PERIOD)
            counted_at = dict(await connection.fetch("select service, counted_at from counted"))
        assert [one.task.kind for one in found.tasks if one.service == source] == ["left", "owed"]
        assert found.as_of == min(counted_at.values()) <= counted_at[source]
        await publisher.stop()


async def test_counting_waits_until_nothing_happens_any_more(
    stack: Connections, probe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_publisher, "QUIET_SECONDS", 0.4)
    counter = _Counter(_owed(1))
    await ensure(stack.kafka_bootstrap)
    async with running(settings(stack, probe), TYPES, [], None, counter) as service:

        async def write(work: Work) -> Answer:
            work.append(f"thing-{counter.asked}-{next(numbers)}", 0, [ThingCounted(number=1)])
            return Answer.json({})

        numbers = iter(range(1_000))
        await _until(lambda: _asked(counter, 1))
        for _ in range(20):
            await service.commands.execute(write, "somebody")
            await asyncio.sleep(0.05)
        assert counter.asked == 1
        await _until(lambda: _asked(counter, 2))


async def _asked(counter: _Counter, times: int) -> bool:
    return counter.asked >= times


async def test_a_count_that_fails_is_done_again(
    stack: Connections, probe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task_publisher, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(task_publisher, "PATIENCE_SECONDS", 0.2)
    counter = _Counter(_owed(1))
    failing = iter([True])

    async def count(connection: asyncpg.Connection, today: date) -> list[Task]:
        if next(failing, False):
            raise ZeroDivisionError
        return await counter(connection, today)

    await ensure(stack.kafka_bootstrap)
    async with running(settings(stack, probe), TYPES, [], None, count) as service:
        await _until(lambda: _published(service, 1))


async def _published(service: Running, number: int) -> bool:
    return bool(await service.pool.fetchval("select count(*) from published_tasks") == number)


async def _counted(played: Played, service: str, count: Count, today: date) -> list[Task]:
    connection = await asyncpg.connect(played.connections.owner_dsn[service], server_settings={"search_path": service})
    try:
        return await count(connection, today)
    finally:
        await connection.close()


async def test_after_a_month_the_numbers_are_those_of_the_lists_behind_them(played: Played) -> None:
    """Each number against a count of what its own service lists, which is asked over HTTP."""
    applications = [one async for one in played.client.items("/onboarding/applications", OFFICER)]
    payments = [one async for one in played.client.items("/disbursement/payments", AUDITOR)]
    answers = [one async for one in played.client.items("/disbursement/open-answers", AUDITOR)]
    accounts = [one async for one in played.client.items("/onboarding/accounts", AUDITOR, status="NAME_DIFFERS")]
    matters = [one async for one in played.client.items("/registry/matters", AUDITOR, kind="citizen-id-lacking")]
    dead = [one for one in payments if one["status"] in ("REJECTED", "RETURNED", "CASH_UNCOLLECTED")]
    day = date(2023, 11, 20)
    counted = [task for service, count in COUNTS.items() for task in await _counted(played, service, count, day)]
    office = {one.kind: one for one in counted if one.role == OFFICER and one.says_something}
    expected = {
        "account-lacking": len(applications),
        "account-name-differs": len(accounts),
        "answers-unmatched": sum(one["outcome"] == "unmatched" for one in answers),
        "answers-conflicting": sum(one["outcome"] == "conflict" for one in answers),
        "payments-to-repeat": len(dead),
        "communes-cash": sum(one["status"] == "CASH_LISTED" for one in payments),
        "station-lists": 21,
        "station-approvals": 21,
        "station-forms": 0,
        "roll-to-close": 0,
        "roll-to-close-again": 0,
        "run-to-prepare": 0,
    }
    assert {kind: office[kind].number if kind in office else 0 for kind in expected} == expected
    assert office["payments-to-repeat"].detail == {"amount": sum(one["amount"] for one in dead)}
    settled = sum(one["amount"] for one in payments if one["status"] == "SETTLED")
    assert office["station-bank"].detail["settled"] == settled
    police = [one.number for one in counted if (one.role, one.kind, one.area) == ("police", "citizen-id-lacking", None)]
    assert police == ([len(matters)] if matters else [])
    # In December the forms of November are owed, and its figures stand beside the new month's.
    december = {one.kind: one for one in await _counted(played, "reporting", COUNTS["reporting"], date(2023, 12, 2))}
    assert (december["forms-outstanding"].number, december["forms-outstanding"].period) == (21, PERIOD)
    told = " ".join(to_json(one) for one in counted)
    people = {one["name"] for one in applications} | {one["payee_name"] for one in payments}
    ids = {one["beneficiary_id"] for one in payments} | {one["citizen_id"] for one in applications}
    assert not [one for one in people | ids if one and one in told]


async def test_a_list_that_an_officer_enters_waits_for_the_approver(played: Played) -> None:
    said = {"period": "2024-02", "no_change": True}
    entered = []
    for role, home, commune in ((OFFICER, None, "10114"), (COMMUNE, "10120", "10120")):
        answer = await played.client.post("/registry/change-lists", role, home, said | {"commune": commune})
        await played.client.post(f"/registry/change-lists/{answer['id']}/submit", role, home)
        entered.append((role, home, answer["id"]))
    counted = await _counted(played, "registry", registry.count, date(2024, 2, 3))
    for role, home, list_id in entered:
        await played.client.post(f"/registry/change-lists/{list_id}/withdraw", role, home)
    waiting = {one.role: one.detail for one in counted if one.kind == "lists-to-approve"}
    assert waiting == {OFFICER: {"communes": ["10114", "10120"]}, "district-approver": {"communes": ["10114"]}}

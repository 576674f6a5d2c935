"""Dead letters over HTTP: shown without their values, applied again by the administrator."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from infra.stack import Connections
from services.kernel.commands import Work
from services.kernel.consumer import Subscription
from services.kernel.envelope import Received
from services.kernel.service import Running, running
from services.kernel.web.auth import Caller, issue, new_key, private_key
from services.kernel.web.service_app import service_app
from tests.integration.kernel_probe import TYPES, make_topics, producer, record, settings, until_quiet, write_rows

SECRET = "Nguyen Van An"


class _Flaky:
    """Applies records, unless told not to."""

    def __init__(self) -> None:
        self.broken = True

    async def __call__(self, work: Work, received: Sequence[Received]) -> None:
        await write_rows(work, received)
        if self.broken and any(one.event.number >= 7 for one in received):  # type: ignore[attr-defined]
            raise ZeroDivisionError(SECRET)


class _Caller:
    """Calls the application in any role."""

    def __init__(self, app: FastAPI, key: str) -> None:
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://probe")
        self.key = key

    async def __call__(self, role: str, method: str, path: str, **more: Any) -> tuple[int, Any]:
        token = issue(private_key(self.key), Caller(f"{role} one", role, None), 60)
        headers = {"authorization": f"Bearer {token}", **more.pop("headers", {})}
        response = await self.http.request(method, path, headers=headers, **more)
        return response.status_code, response.json()


@asynccontextmanager
async def _service(stack: Connections, name: str, apply: _Flaky) -> AsyncIterator[tuple[_Caller, Running]]:
    """A service with three dead letters, at offsets 7, 8 (cannot be applied) and 10 (not JSON), and 8 rows."""
    await make_topics(stack, f"{name}.in", partitions=1)
    async with producer(stack) as kafka:
        for number in range(10):
            key, value, headers = record("a", number + 1, min(number, 8) if number != 9 else 6)
            await kafka.send_and_wait(f"{name}.in", value=value, key=key, headers=headers)
        key, _, headers = record("a", 11, 1)
        await kafka.send_and_wait(f"{name}.in", value=SECRET.encode(), key=key, headers=headers)
    key = new_key()
    subscription = Subscription([f"{name}.in"], TYPES, apply)
    own = replace(settings(stack, name), token_key=key)
    app = service_app(own, lambda wanted: running(wanted, TYPES, [], subscription), [], {})
    async with app.router.lifespan_context(app):
        await until_quiet(app.state.running)
        yield _Caller(app, key), app.state.running


async def test_they_are_shown_in_pages_without_values_to_those_who_run_the_system(
    stack: Connections, probe: str
) -> None:
    async with _service(stack, probe, _Flaky()) as (call, _):
        status, shown = await call("auditor", "GET", "/dead-letters", params={"limit": 2})
        assert status == 200
        assert [(one["offset"], one["type"], one["reason"]) for one in shown["items"]] == [
            (7, "ThingCounted", "could not be applied: ZeroDivisionError"),
            (8, "ThingCounted", "could not be applied: ZeroDivisionError"),
        ]
        assert shown["items"][0].keys() == {"topic", "partition", "offset", "type", "reason", "at"}
        _, rest = await call("admin", "GET", "/dead-letters", params={"cursor": shown["next_cursor"]})
        assert [(one["offset"], one["reason"]) for one in rest["items"]] == [(10, "the value is not JSON")]
        assert rest["next_cursor"] is None
        assert SECRET not in f"{shown}{rest}"
        for role in ("commune-officer", "bank", "finance"):
            assert (await call(role, "GET", "/dead-letters"))[0] == 403


async def test_a_replayed_record_is_applied_once_leaves_the_list_and_is_remembered(
    stack: Connections, probe: str
) -> None:
    apply = _Flaky()
    async with _service(stack, probe, apply) as (call, service):
        place = {"topic": f"{probe}.in", "partition": 0, "offset": 7}
        status, told = await call("admin", "POST", "/dead-letters/replay", json=place)
        assert (status, told["results"][0]["outcome"]) == (200, "refused")
        apply.broken = False
        keyed = {"headers": {"idempotency-key": "k1"}, "json": place}
        first = await call("admin", "POST", "/dead-letters/replay", **keyed)
        assert first == await call("admin", "POST", "/dead-letters/replay", **keyed)
        assert first[1]["results"] == [place | {"outcome": "applied", "message": "Đã áp dụng. / Applied."}]
        assert (await call("admin", "POST", "/dead-letters/replay", json=place))[0] == 404
        assert await service.pool.fetch("select v, n from things where n = 7") == [(8, 7)]
        assert [one["offset"] for one in (await call("admin", "GET", "/dead-letters"))[1]["items"]] == [8, 10]
        assert await service.pool.fetch('select "offset", reason, replayed_by from replayed_letters') == [
            (7, "could not be applied: ZeroDivisionError", "admin one")
        ]
        assert (await service.lag())["dead_letters"] == 2


async def test_all_are_replayed_each_on_its_own(stack: Connections, probe: str) -> None:
    apply = _Flaky()
    async with _service(stack, probe, apply) as (call, service):
        apply.broken = False
        status, told = await call("admin", "POST", "/dead-letters/replay", json={"all": True})
        assert status == 200
        assert [(one["offset"], one["outcome"]) for one in told["results"]] == [
            (7, "applied"),
            (8, "applied"),
            (10, "refused"),
        ]
        assert await service.pool.fetchval("select count(*) from things") == 10
        assert (await call("admin", "POST", "/dead-letters/replay", json={"all": True}))[1]["results"][0][
            "offset"
        ] == 10


@pytest.mark.parametrize(
    ("role", "body", "status"),
    [
        ("auditor", {"all": True}, 403),
        ("district-officer", {"all": True}, 403),
        ("admin", {}, 422),
        ("admin", {"topic": "x", "partition": 0, "offset": "7"}, 422),
        ("admin", {"topic": "x", "partition": 0, "offset": 2**63}, 422),
        ("admin", {"topic": "x\x00", "partition": 0, "offset": 7}, 422),
        ("admin", {"topic": "x", "partition": 0, "offset": 7}, 404),
        ("admin", [], 422),
    ],
)
async def test_who_may_replay_and_what_can_be_meant(
    stack: Connections, probe: str, role: str, body: Any, status: int
) -> None:
    key = new_key()
    own = replace(settings(stack, probe), token_key=key)
    await make_topics(stack, f"{probe}.in")
    subscription = Subscription([f"{probe}.in"], TYPES, write_rows)
    app = service_app(own, lambda wanted: running(wanted, TYPES, [], subscription), [], {})
    async with app.router.lifespan_context(app):
        assert (await _Caller(app, key)(role, "POST", "/dead-letters/replay", json=body))[0] == status

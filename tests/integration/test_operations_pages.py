"""Vận hành of a service with dead letters: applied again, dismissed with a reason, opened without a person's data."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from infra.stack import Connections
from services.kernel import clock
from services.kernel.consumer import Subscription
from services.kernel.service import Running, running
from services.kernel.web.auth import Caller, issue, new_key, private_key
from services.kernel.web.pages.session import TOKEN_COOKIE
from services.kernel.web.service_app import service_app
from services.navigation import SITE
from tests.integration.kernel_probe import TYPES, make_topics, producer, record, settings, until_quiet, write_rows

SECRET = "Nguyen Van An"
MARK = "mark"


class _Service:
    """A service whose second and third record cannot be applied, and browsers of people of any role."""

    def __init__(self, http: httpx.AsyncClient, key: str, running_parts: Running, name: str) -> None:
        self.http, self.key, self.running, self.base = http, key, running_parts, f"/van-hanh/{name}"

    def _cookies(self, role: str) -> dict[str, str]:
        caller = Caller(f"{role} one", role, None, MARK, int(clock.now().timestamp()))
        return {"cookie": f"{TOKEN_COOKIE}={issue(private_key(self.key), caller, 600)}"}

    async def get(self, role: str, rest: str = "", **more: str) -> httpx.Response:
        return await self.http.get(self.base + rest, headers=self._cookies(role) | more)

    async def press(self, role: str, rest: str, **fields: Any) -> httpx.Response:
        sent = {"csrf": MARK, "key": clock.new_id()} | fields
        return await self.http.post(self.base + rest, data=sent, headers=self._cookies(role))


@pytest.fixture
async def service(stack: Connections, probe: str) -> Any:
    topic = f"{probe}.in"
    await make_topics(stack, topic, partitions=1)
    async with producer(stack) as kafka:
        for number, value in enumerate((None, SECRET.encode(), b"{")):
            key, good, headers = record("a", number + 1, number)
            await kafka.send_and_wait(topic, value=good if value is None else value, key=key, headers=headers)
    key = new_key()
    own = replace(settings(stack, probe), token_key=key)
    app = service_app(own, lambda wanted: running(wanted, TYPES, [], Subscription([topic], TYPES, write_rows)), [], {})
    app.state.site = replace(SITE, service_name=lambda service, language: service)
    async with app.router.lifespan_context(app):
        await until_quiet(app.state.running)
        transport = httpx.ASGITransport(app.state.pages)
        yield _Service(httpx.AsyncClient(transport=transport, base_url="http://probe"), key, app.state.running, probe)


async def test_who_reads_and_who_may_do_something(service: _Service) -> None:
    for role, status, ticks in (("admin", 200, 2), ("auditor", 200, 0), ("district-officer", 200, 0)):
        page = await service.get(role)
        assert (page.status_code, page.text.count('name="ban_tin"')) == (status, ticks)
        assert SECRET not in page.text
    for role in ("commune-officer", "district-approver", "bank", "finance"):
        assert (await service.get(role)).status_code == 403
    for role in ("auditor", "district-officer"):
        for rest in ("/xu-ly-lai", "/bo-qua"):
            assert (await service.press(role, rest, ban_tin="0:1:x")).status_code == 403
    row = (await service.get("auditor", **{"hx-request": "true"})).text
    assert re.match(r'\s*<tr id="van-hanh-', row)
    assert 'data-waiting="0"' in row
    assert 'hx-trigger="every 10s"' in row
    assert 'hx-trigger="refresh"' in (await service.get("auditor", "?dung=1", **{"hx-request": "true"})).text


async def test_a_record_that_still_cannot_be_applied_stays_with_its_reason(service: _Service) -> None:
    topic = service.base.rpartition("/")[2] + ".in"
    answer = await service.press("admin", "/xu-ly-lai", ban_tin=f"0:1:{topic}")
    assert (answer.status_code, "da=letters_refused" in answer.headers["location"]) == (303, True)
    assert (await service.running.lag())["dead_letters"] == 2
    nothing = await service.press("admin", "/xu-ly-lai")
    assert (nothing.status_code, "Chưa chọn bản tin nào" in nothing.text) == (422, True)
    for wrong in ("0:1", "x:1:t", "0:99999999999999999999:t", "0:1:"):
        assert (await service.press("admin", "/xu-ly-lai", ban_tin=wrong)).status_code == 422


async def test_a_record_whose_cause_is_gone_is_applied_once_however_often_pressed(service: _Service) -> None:
    topic = service.base.rpartition("/")[2] + ".in"
    _, good, _ = record("a", 2, 41)
    await service.running.pool.execute('update dead_letters set value = $1 where "offset" = 1', good)
    said = {"ban_tin": f"0:1:{topic}", "key": "again"}
    first = await service.press("admin", "/xu-ly-lai", **said)
    assert (first.status_code, "da=letters_replayed" in first.headers["location"]) == (303, True)
    assert (await service.press("admin", "/xu-ly-lai", **said)).headers["location"] == first.headers["location"]
    assert await service.running.pool.fetchval("select count(*) from things where n = 41") == 1
    assert (await service.running.lag())["dead_letters"] == 1
    done = await service.get("auditor", "?loc=xu-ly-lai")
    assert "admin one" in done.text
    assert topic in done.text


async def test_dismissing_asks_why_happens_once_and_keeps_the_record(service: _Service) -> None:
    topic = service.base.rpartition("/")[2] + ".in"
    asked = await service.press("admin", "/bo-qua", ban_tin=f"0:1:{topic}")
    assert (asked.status_code, "Bỏ qua hẳn 1 bản tin" in asked.text) == (200, True)
    bare = await service.press("admin", "/bo-qua", ban_tin=f"0:1:{topic}", hoi="1", ly_do="  ")
    assert (bare.status_code, "Ghi lý do thì mới bỏ qua được" in bare.text) == (422, True)
    assert (await service.running.lag())["dead_letters"] == 2
    said = {"ban_tin": f"0:1:{topic}", "hoi": "1", "ly_do": "Tệp thử", "key": "once"}
    first = await service.press("admin", "/bo-qua", **said)
    assert first.headers["location"] == (await service.press("admin", "/bo-qua", **said)).headers["location"]
    kept = await service.running.pool.fetch(
        'select "offset", value, dismissed_by, dismissed_because from dismissed_letters'
    )
    assert kept == [(1, SECRET.encode(), "admin one", "Tệp thử")]
    assert (await service.running.lag())["dead_letters"] == 1
    page = await service.get("auditor", "?loc=bo-qua")
    assert "Tệp thử" in page.text


async def test_only_the_administrator_opens_a_record_masked_and_on_record(service: _Service) -> None:
    topic = service.base.rpartition("/")[2] + ".in"
    page = await service.get("admin", f"/ban-tin/{topic}/0/1")
    assert page.status_code == 200
    assert SECRET not in page.text
    assert "không phải JSON" in page.text
    looks = await service.running.pool.fetch("select person, what, subjects from looks")
    assert looks == [("admin one", "person", [f"{topic}-0-1"])]
    for role in ("auditor", "district-officer"):
        assert (await service.get(role, f"/ban-tin/{topic}/0/1")).status_code == 403
    for gone in (f"/ban-tin/{topic}/0/0", f"/ban-tin/{topic}/0/{2**70}", f"/ban-tin/{topic}/x/0"):
        assert (await service.get("admin", gone)).status_code == 404
    assert await service.running.pool.fetchval("select count(*) from looks") == 1

"""What Prometheus reads: ages of what waits, room that is left, and answers by the route's pattern."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from math import isnan

import httpx
import pytest
from aiokafka.errors import KafkaConnectionError
from fastapi import APIRouter, FastAPI
from prometheus_client.parser import text_string_to_metric_families

from infra.stack import Connections
from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.consumer import Subscription
from services.kernel.envelope import Received
from services.kernel.service import Running, running
from services.kernel.web import measures
from services.kernel.web.auth import new_key
from services.kernel.web.service_app import service_app
from tests.integration.kernel_probe import TYPES, make_topics, producer, record, settings

SECRET = "nguyen-van-an"
router, pages = APIRouter(), APIRouter()


@router.get("/things/{thing}")
async def thing(thing: str) -> dict[str, str]:
    if thing == "broken":
        raise ZeroDivisionError
    return {"thing": thing}


@pages.get("/trang/{page}")
async def page(page: str) -> str:
    return page


async def _never(_work: Work, _received: Sequence[Received]) -> None:
    raise OSError  # the world's fault: tried again for ever


@asynccontextmanager
async def _service(stack: Connections, name: str) -> AsyncIterator[tuple[httpx.AsyncClient, Running]]:
    await make_topics(stack, f"{name}.in", f"{name}.events")
    subscription = Subscription([f"{name}.in"], TYPES, _never)
    own = replace(settings(stack, name), token_key=new_key())
    app = service_app(own, lambda wanted: running(wanted, TYPES, [], subscription), [router], {}, [pages])
    root = FastAPI(openapi_url=None)
    root.mount(f"/{name}", app)
    root.mount("/", app.state.pages)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(root, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://probe") as http:
            yield http, app.state.running


async def _read(http: httpx.AsyncClient, name: str) -> tuple[str, dict[tuple[str, ...], float]]:
    """The text, and each sample's value by its name and its labels' values (but for the service's name)."""
    text = (await http.get(f"/{name}/metrics")).text
    samples = {
        (one.name, *(value for label, value in sorted(one.labels.items()) if label != "service")): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }
    return text, samples


@pytest.mark.timeout(60)
async def test_what_waits_tells_how_long_it_has_waited(stack: Connections, probe: str) -> None:
    async with _service(stack, probe) as (http, service):
        _, found = await _read(http, probe)
        assert found[("ansinh_oldest_unread_seconds",)] == found[("ansinh_oldest_unpublished_seconds",)] == 0
        async with producer(stack) as kafka:
            for partition, age in ((0, 30), (1, 90), (2, 60)):
                key, value, headers = record("a", partition + 1, 1)
                stamp = int((clock.now().timestamp() - age) * 1000)
                await kafka.send_and_wait(f"{probe}.in", value, key, partition, stamp, headers)
        await service.relay.stop()
        await service.pool.execute(
            "insert into events (stream_id, version, event_id, type, schema_version, data, metadata, recorded_at)"
            " values ('a', 1, gen_random_uuid(), 'ThingCounted', 1, '{}', '{}', now() - interval '200 seconds'),"
            " ('a', 2, gen_random_uuid(), 'ThingCounted', 1, '{}', '{}', now())"
        )
        _, found = await _read(http, probe)
    assert found[("ansinh_broker_answers",)] == 1
    assert found[("ansinh_events_behind",)] == 3
    assert 90 <= found[("ansinh_oldest_unread_seconds",)] < 120
    assert found[("ansinh_unpublished",)] == 2
    assert 200 <= found[("ansinh_oldest_unpublished_seconds",)] < 230
    assert found[("ansinh_dead_letters",)] == 0
    assert found[("ansinh_database_bytes",)] > 1_000_000
    assert found[("ansinh_disk_free_bytes",)] > 1_000_000


async def test_a_broker_that_is_away_hides_nothing_else(
    stack: Connections, probe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs() -> int:
        await asyncio.sleep(60)
        return 0

    async def fails() -> int:
        raise KafkaConnectionError

    async with _service(stack, probe) as (http, service):
        assert (await _read(http, probe))[1][("ansinh_broker_answers",)] == 1
        monkeypatch.setattr(measures, "BROKER_SECONDS", 0.2)
        for away in (hangs, fails):
            monkeypatch.setattr(service.consumer, "behind", away)
            _, found = await _read(http, probe)
            assert found[("ansinh_broker_answers",)] == 0
            assert isnan(found[("ansinh_events_behind",)])
            assert isnan(found[("ansinh_oldest_unread_seconds",)])
            assert found[("ansinh_unpublished",)] == 0
            assert found[("ansinh_disk_free_bytes",)] > 1_000_000


async def test_answers_are_counted_by_pattern_and_status_and_nothing_asked_for_is_told(
    stack: Connections, probe: str
) -> None:
    async with _service(stack, probe) as (http, _):
        for path in (
            f"/{probe}/things/{SECRET}",
            f"/{probe}/things/two",
            f"/{probe}/things/broken",
            f"/trang/{SECRET}",
        ):
            await http.get(path, params={"q": SECRET})
        await http.get(f"/{probe}/{SECRET}")
        await http.request(SECRET, f"/{probe}/{SECRET}")
        text, found = await _read(http, probe)
    # Of a sample: its name, then method, route and status.
    counts = {labels[1:]: value for labels, value in found.items() if labels[0] == "ansinh_request_seconds_count"}
    assert counts == {
        ("GET", f"/{probe}/things/{{thing}}", "200"): 2,
        ("GET", f"/{probe}/things/{{thing}}", "500"): 1,
        ("GET", "/trang/{page}", "200"): 1,
        ("GET", "other", "404"): 1,
        ("other", "other", "404"): 1,
    }
    assert SECRET not in text.lower()

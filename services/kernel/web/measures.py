"""What Prometheus reads of a service: what waits and for how long, how much room is left, and what was answered.

Labels hold names of this project only (service, route's pattern, method, status), never what somebody asked for.
"""

import asyncio
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from math import isnan, nan
from pathlib import Path

from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kernel import clock
from services.kernel.service import Running

BUCKETS_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Names that a caller invents would be a series each.
OTHER = "other"
BROKER_SECONDS = 5.0


GAUGES: Mapping[str, str] = {
    "unpublished": "Own events not yet on Kafka",
    "events_behind": "Records on Kafka not yet applied here",
    "dead_letters": "Records put aside because they could not be applied",
    "oldest_unpublished_seconds": "Age of the oldest event not yet on Kafka, 0 where there is none",
    "oldest_unread_seconds": "Age of the oldest record on Kafka not yet applied here, 0 where there is none",
    "broker_answers": "Whether Kafka answered in time, 1 or 0",
    "database_bytes": "Size of the database that holds the service's store",
    "disk_free_bytes": "Free room on the disk of the data folder",
}


class Measures:
    """The numbers of one service, whichever of its applications answers."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "ansinh_request_seconds",
            "Seconds until a request was answered whole, by the route's pattern",
            ["service", "method", "route", "status"],
            registry=self._registry,
            buckets=BUCKETS_SECONDS,
        )
        self._gauges = {
            name: Gauge(f"ansinh_{name}", meaning, ["service"], registry=self._registry)
            for name, meaning in GAUGES.items()
        }

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one answer."""
        known = method if method in METHODS else OTHER
        self._seconds.labels(self._service, known, route, str(status)).observe(seconds)

    def text(self, numbers: Mapping[str, float]) -> bytes:
        """Everything in Prometheus's format; `numbers` are the gauges' present values by their names."""
        for name, gauge in self._gauges.items():
            gauge.labels(self._service).set(numbers[name])
        return generate_latest(self._registry)


async def numbers_of(running: Running) -> dict[str, float]:
    """The gauges' values now, those that only the broker knows NaN while it is away."""
    return {
        "unpublished": await running.relay.unpublished(),
        "dead_letters": await running.dead_letters(),
        "oldest_unpublished_seconds": _age(await running.relay.oldest_unpublished()),
        "database_bytes": await running.pool.fetchval("select pg_database_size(current_database())"),
        "disk_free_bytes": _free_bytes(running.settings.data),
        **await _unread(running),
    }


async def _unread(running: Running) -> dict[str, float]:
    """What waits on Kafka. When the broker is away, all else is told all the same: that is when it is looked at."""
    behind, age = nan, nan
    with suppress(KafkaError, OSError, TimeoutError):
        async with asyncio.timeout(BROKER_SECONDS):
            behind = await running.events_behind()
            age = _age(await running.oldest_unread() if behind else None)
    return {"events_behind": behind, "oldest_unread_seconds": age, "broker_answers": float(not isnan(age))}


def _age(since: datetime | None) -> float:
    """Seconds since then, 0 where nothing waits."""
    return max(0.0, (clock.now() - since).total_seconds()) if since else 0.0


def _free_bytes(folder: Path) -> int:
    """Of the folder's disk; a folder that is not made yet will lie where its parent lies."""
    here = folder.absolute()
    return shutil.disk_usage(next(one for one in (here, *here.parents) if one.exists())).free


def measured(app: ASGIApp, measures: Measures) -> ASGIApp:
    """The application, its answers counted: middleware."""

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began, status = clock.monotonic(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, watched)
        finally:
            measures.answered(scope["method"], _route(scope), status, clock.monotonic() - began)

    return counted


def _route(scope: Scope) -> str:
    """The pattern of the address that answered, with the service's own address before it."""
    route = scope.get("route")
    return f"{scope.get('root_path', '')}{route.path}" if route is not None else OTHER

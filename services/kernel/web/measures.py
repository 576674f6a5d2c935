"""What Prometheus reads of a service: what waits and for how long, how much room is left, and what was answered.

Labels hold names of this project only (service, route's pattern, method, status), never what somebody asked for.
"""

import shutil
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kernel import clock
from services.kernel.service import Running

BUCKETS_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Names that a caller invents would be a series each.
OTHER = "other"


class Measures:
    """The numbers of one service, whichever of its applications answers."""

    def __init__(self, service: str) -> None:
        self._registry = CollectorRegistry()
        self._labels = [service]
        self._seconds = Histogram(
            "ansinh_request_seconds",
            "Seconds until a request was answered whole, by the route's pattern",
            ["service", "method", "route", "status"],
            registry=self._registry,
            buckets=BUCKETS_SECONDS,
        )
        self._unpublished = self._gauge("unpublished", "Own events not yet on Kafka")
        self._events_behind = self._gauge("events_behind", "Records on Kafka not yet applied here")
        self._dead_letters = self._gauge("dead_letters", "Records put aside because they could not be applied")
        self._oldest_unpublished = self._gauge("oldest_unpublished_seconds", "Age of the oldest event not yet on Kafka")
        self._oldest_unread = self._gauge("oldest_unread_seconds", "Age of the oldest record not yet applied here")
        self._database = self._gauge("database_bytes", "Size of the database that holds the service's store")
        self._disk = self._gauge("disk_free_bytes", "Free room on the disk of the data folder")

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"ansinh_{name}", meaning, ["service"], registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one answer."""
        known = method if method in METHODS else OTHER
        self._seconds.labels(*self._labels, known, route, str(status)).observe(seconds)

    async def text(self, running: Running) -> bytes:
        """Everything in Prometheus's format, as of now."""
        lag = await running.lag()
        unread = await running.oldest_unread() if lag["events_behind"] else None
        for gauge, value in (
            (self._unpublished, lag["unpublished"]),
            (self._events_behind, lag["events_behind"]),
            (self._dead_letters, lag["dead_letters"]),
            (self._oldest_unpublished, _age(await running.relay.oldest_unpublished())),
            (self._oldest_unread, _age(unread)),
            (self._database, await running.pool.fetchval("select pg_database_size(current_database())")),
            (self._disk, _free_bytes(running.settings.data)),
        ):
            gauge.labels(*self._labels).set(value)
        return generate_latest(self._registry)


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

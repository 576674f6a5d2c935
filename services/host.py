"""Runs services in this process: finds their servers, builds the site, serves it until told to stop."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
import uvloop

from infra import topics
from infra.stack import Connections, connect
from services.kernel.settings import KafkaSettings, ServiceSettings
from services.portal.sample_months import Fill
from services.portal.tokens import token_key
from services.site import ADDRESSES, site

ALL = tuple(ADDRESSES)
# Batches of events make a hundred thousand objects that live together and die together: looking through them for
# cycles every 700 new ones costs a fifth of the time.
OBJECTS_BETWEEN_COLLECTIONS = 200_000
GRACE_SECONDS = 5
Progress = Callable[[str], None]
Ready = Callable[[Connections], Awaitable[None]]
"""What is done once the services answer."""


def settings_of(
    connections: Connections, services: Sequence[str], key: str, data: Path = Path()
) -> dict[str, ServiceSettings]:
    """The settings of each service on these servers; `data` is the installation's folder."""
    kafka = KafkaSettings(connections.kafka_bootstrap, connections.kafka_security)
    return {
        name: ServiceSettings(name, connections.dsn[name], connections.owner_dsn[name], kafka, key, data)
        for name in services
    }


def _config(settings: dict[str, ServiceSettings], host: str, port: int, fill: Fill | None = None) -> uvicorn.Config:
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 20, 20)
    return uvicorn.Config(
        site(settings, fill),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


class _Guest(uvicorn.Server):
    """A server inside another program, which keeps its own signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _leave(*_: object) -> None:
    raise SystemExit(0)


@dataclass(frozen=True, slots=True)
class Site:
    """What to serve and where: services, listening address, and the folder of the embedded servers and keys.

    `fill`: fills a new system with made-up months, where that is offered.
    """

    services: Sequence[str]
    data: Path
    host: str
    port: int
    fill: Fill | None = None


def serve(wanted: Site, progress: Progress, ready: Ready) -> None:
    """Serves until Ctrl-C or SIGTERM, then stops in order: services first, then the servers below them."""
    signal.signal(signal.SIGTERM, _leave)
    connections = connect(wanted.data, progress, wanted.services)
    settings = settings_of(connections, wanted.services, token_key(wanted.data), wanted.data)
    try:
        uvloop.run(_serve(connections, _config(settings, wanted.host, wanted.port, wanted.fill), ready))
    except KeyboardInterrupt:
        progress("Đang dừng…")
    finally:
        connections.stop()


async def _serve(connections: Connections, config: uvicorn.Config, ready: Ready) -> None:
    await topics.ensure(connections.kafka_bootstrap, **connections.kafka_security)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await _started(server, serving)
    await ready(connections)
    await serving


async def _started(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    while not server.started:
        if serving.done():
            await serving
            raise RuntimeError("the services did not start; the reason stands in the log above")
        await asyncio.sleep(0.02)


@asynccontextmanager
async def hosted(connections: Connections, key: str) -> AsyncIterator[str]:
    """All services within the running loop, on a free port; gives the address. For the demo and the tests."""
    await topics.ensure(connections.kafka_bootstrap, **connections.kafka_security)
    server = _Guest(_config(settings_of(connections, ALL, key), "127.0.0.1", 0))
    serving = asyncio.create_task(server.serve())
    await _started(server, serving)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving

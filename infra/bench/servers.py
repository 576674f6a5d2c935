"""Servers for one benchmark: the embedded ones on a folder that is gone afterwards, never those of the environment."""

import gc
import shutil
import signal
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import uvloop

from infra import topics
from infra.bench.report import Watch
from infra.stack import Connections, connect
from services.host import OBJECTS_BETWEEN_COLLECTIONS

R = TypeVar("R")
Measure = Callable[[Connections, Watch], Awaitable[R]]


def on_servers(measure: Measure[R], watch: Watch, data: Path | None) -> R:
    """What `measure` gives on fresh servers whose files lie in a new folder within `data` (None: the system's).

    The loop and the collector of garbage are those of a serving process.
    """
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="ansinh-bench-", dir=data))
    try:
        watch.step("Khởi động Kafka và PostgreSQL / starting the servers")
        # What is measured fills stores and topics: never those that the environment names.
        connections = connect(folder, watch.step, environment={})
        try:
            gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 20, 20)
            return uvloop.run(_with_topics(measure, connections, watch))
        finally:
            connections.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _with_topics(measure: Measure[R], connections: Connections, watch: Watch) -> R:
    await topics.ensure(connections.kafka_bootstrap, **connections.kafka_security)
    return await measure(connections, watch)

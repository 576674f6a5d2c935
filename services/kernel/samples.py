"""How far behind a service was in the last hour, one sample a minute: in memory, so it begins anew with the process."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from services.kernel import clock
from services.kernel.telemetry import logger

INTERVAL_SECONDS = 60.0
KEPT = 60
log = logger("samples")
Lag = Callable[[], Awaitable[Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Sample:
    """Events not yet sent and records not yet applied together, at an instant."""

    at: datetime
    waiting: int


def waiting_of(lag: Mapping[str, int]) -> int:
    """What waits in all: own events to be sent and others' to be applied."""
    return lag["unpublished"] + lag["events_behind"]


class Samples:
    """The samples of this process, oldest first; a minute whose lag could not be read has none."""

    def __init__(self, interval_seconds: float = INTERVAL_SECONDS) -> None:
        self._interval = interval_seconds
        self._kept: deque[Sample] = deque(maxlen=KEPT)
        self._task: asyncio.Task[None] | None = None

    @property
    def taken(self) -> Sequence[Sample]:
        return tuple(self._kept)

    def start(self, lag: Lag) -> None:
        self._task = asyncio.create_task(self._run(lag), name="samples")

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self, lag: Lag) -> None:
        while True:
            await asyncio.sleep(self._interval)
            try:
                self._kept.append(Sample(clock.now(), waiting_of(await lag())))
            except Exception as why:  # noqa: BLE001 - a sample that fails now must not be the last one
                log.warning("lag not sampled", reason=type(why).__name__)

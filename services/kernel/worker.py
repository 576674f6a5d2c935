"""Processes beside this one for files that people hand in: a bad one can neither end nor starve the service.

Few workers, limited in memory, and for each file in time of the processor (a busy machine makes no file too heavy); one
that dies is started anew and the caller is told. While one reads a heavy file, the other reads those behind it.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from typing import Any, ParamSpec, TypeVar

MEMORY_BYTES_MAX = 2 * 1024**3
SECONDS_MAX = 30
WORKERS = 2
ORPHAN_CHECK_SECONDS = 1

P = ParamSpec("P")
T = TypeVar("T")


class TooHeavy(Exception):
    """The work took more memory or time than a file may take, or ended its process."""


class Worker:
    """Runs functions in the process, one after the other: what ends the process is refused, what waits is not."""

    def __init__(self, seconds: float = SECONDS_MAX) -> None:
        self._seconds = seconds
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `function` answers; it and its values must be picklable. Raises TooHeavy."""
        async with self._turn:
            pool = self._pool = self._pool or ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _limit)
            try:
                return await asyncio.wrap_future(pool.submit(_timed, self._seconds, function, args, kwargs))
            except (MemoryError, TimeoutError, BrokenProcessPool) as why:
                # Memory that was full stays in pieces: the next file gets a fresh process.
                self._pool = None
                pool.shutdown(wait=False)
                raise TooHeavy from why


def _limit() -> None:
    """In the new process: bounds, no Ctrl-C of the terminal, and an end with the parent's end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _too_long)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    # A parent killed with -9 tells nobody; whoever is left sees that the parent is another.
    while os.getppid() == parent:
        time.sleep(ORPHAN_CHECK_SECONDS)
    os._exit(0)


def _too_long(*_: object) -> None:
    raise TimeoutError


def _timed(seconds: float, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return function(*args, **kwargs)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


class Workers:
    """As many workers as read at once; the one that was free last reads next, so that an idle house keeps one."""

    def __init__(self, count: int = WORKERS) -> None:
        self._free: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        for _ in range(count):
            self._free.put_nowait(Worker())

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `Worker.run`."""
        free = await self._free.get()
        try:
            return await free.run(function, *args, **kwargs)
        finally:
            self._free.put_nowait(free)


@cache
def workers() -> Workers:
    """This process's workers."""
    return Workers()

"""A process beside this one for files that people hand in: a bad one can neither end nor starve the service.

One worker, limited in memory and in time for each file; if it dies it is started anew and the caller is told.
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
ORPHAN_CHECK_SECONDS = 1

P = ParamSpec("P")
T = TypeVar("T")


class TooHeavy(Exception):
    """The work took more memory or time than a file may take, or ended its process."""


class Worker:
    """Runs functions in the process, one after the other."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `function` answers; it and its values must be picklable. Raises TooHeavy."""
        pool = self._pool = self._pool or ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _limit)
        try:
            return await asyncio.wrap_future(pool.submit(_timed, function, args, kwargs))
        except (MemoryError, TimeoutError) as why:
            raise TooHeavy from why
        except BrokenProcessPool as why:
            if self._pool is pool:
                self._pool = None
            raise TooHeavy from why


def _limit() -> None:
    """In the new process: bounds, no Ctrl-C of the terminal, and an end with the parent's end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, _too_long)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    # A parent killed with -9 tells nobody; whoever is left sees that the parent is another.
    while os.getppid() == parent:
        time.sleep(ORPHAN_CHECK_SECONDS)
    os._exit(0)


def _too_long(*_: object) -> None:
    raise TimeoutError


def _timed(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    signal.alarm(SECONDS_MAX)
    try:
        return function(*args, **kwargs)
    finally:
        signal.alarm(0)


@cache
def worker() -> Worker:
    """This process's worker."""
    return Worker()

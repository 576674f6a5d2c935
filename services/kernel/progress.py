"""How far a long piece of work is, told to whoever listens; where nobody does, telling it costs next to nothing."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, TypeVar

Step = Literal["reading", "checking", "deciding", "recording"]
"""What is being done: a file is read, rows are checked, payments or accounts are decided, the store is written."""
T = TypeVar("T")


@dataclass(slots=True)
class Progress:
    """The step that the work is in ("" before the first) and how many of its rows are done; `total` 0: not counted."""

    step: Step | Literal[""] = ""
    done: int = 0
    total: int = 0


# Of the task that does the work and of the threads it starts: two pieces of work at once are told apart.
_listener: ContextVar[Progress | None] = ContextVar("progress", default=None)


@contextmanager
def listening() -> Iterator[Progress]:
    """What is told inside the block stands in the value that it gives."""
    told = Progress()
    mark = _listener.set(told)
    try:
        yield told
    finally:
        _listener.reset(mark)


def begin(step: Step, total: int = 0) -> Progress:
    """A new step, of so many rows."""
    told = _listener.get() or Progress()
    told.step, told.done, told.total = step, 0, total
    return told


def counted(step: Step, rows: Collection[T]) -> Iterator[T]:
    """The rows one after the other, as a step in which each counts."""
    told = begin(step, len(rows))
    for number, row in enumerate(rows, 1):
        yield row
        told.done = number

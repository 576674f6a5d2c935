"""The decider: three plain functions that hold all of a domain's decisions. Pure: no I/O, no clock, no random."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeVar

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Decider(Generic[C, S, E]):
    """What an aggregate is: where it begins, what a command makes of a state, what an event makes of a state."""

    initial: Callable[[], S]
    decide: Callable[[C, S], Sequence[E]]
    evolve: Callable[[S, E], S]

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        """The state after these events, from `state` or from the beginning."""
        return reduce(self.evolve, events, self.initial() if state is None else state)


class Rejected(Exception):
    """A command that the rules do not allow; `code` is what pages and APIs translate, raised only by deciders."""

    def __init__(self, code: str, **context: object) -> None:
        super().__init__(code)
        self.code = code
        self.context = context

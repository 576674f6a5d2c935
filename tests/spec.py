"""Given what happened, when a command comes, then this happens: how tests of deciders read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import pytest

from services.kernel.decider import Decider, Rejected

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class When(Generic[C, S, E]):
    """A command that meets a history."""

    decider: Decider[C, S, E]
    history: Sequence[E]
    command: C

    def then(self, *expected: E) -> None:
        """Exactly these events come of it, in this order."""
        assert list(self._decide()) == list(expected)

    def then_nothing(self) -> None:
        """The command is allowed and changes nothing."""
        assert list(self._decide()) == []

    def then_rejected(self, code: str, **context: object) -> None:
        """The rules refuse the command; `context` is what must be told with the code."""
        with pytest.raises(Rejected) as refusal:
            self._decide()
        assert refusal.value.code == code
        assert {name: refusal.value.context.get(name) for name in context} == context

    def _decide(self) -> Sequence[E]:
        return self.decider.decide(self.command, self.decider.fold(self.history))


@dataclass(frozen=True, slots=True)
class Given(Generic[C, S, E]):
    """A history of an aggregate."""

    decider: Decider[C, S, E]
    history: Sequence[E]

    def when(self, command: C) -> When[C, S, E]:
        return When(self.decider, self.history, command)


def given(decider: Decider[C, S, E], *events: E) -> Given[C, S, E]:
    """The history from which a test begins; no events: nothing has happened yet."""
    return Given(decider, events)

"""The register of events: a name and a schema version stand for one class; doubles are refused at start."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """A fact in the past tense. Frozen; personal data only in a field named `personal`, None where a reader lacks it.

    The stored name is the class's own name and never its path, so that code may move without touching history.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    VERSION: ClassVar[int] = 1

    @classmethod
    def type_name(cls) -> str:
        return cls.__name__


class UnknownEventType(ValueError):
    """An event whose name and version nobody registered."""


class EventTypes:
    """Name + version → class, for one or several services."""

    def __init__(self, classes: Iterable[type[Event]]) -> None:
        self._by_key: dict[tuple[str, int], type[Event]] = {}
        for one in classes:
            key = (one.type_name(), one.VERSION)
            if key in self._by_key:
                raise ValueError(f"two event classes are named {key}")
            self._by_key[key] = one
        self.names = frozenset(name.encode() for name, _ in self._by_key)

    def __iter__(self) -> Iterator[type[Event]]:
        return iter(self._by_key.values())

    def knows(self, name: str, version: int) -> bool:
        return (name, version) in self._by_key

    def decode(self, name: str, version: int, data: dict[str, Any]) -> Event:
        """The event of that name from its JSON object; raises UnknownEventType or pydantic's ValidationError."""
        found = self._by_key.get((name, version))
        if found is None:
            raise UnknownEventType(f"{name} v{version}")
        return found.model_validate(data)

"""The register of events: a name and a schema version stand for one class; doubles are refused at start."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

import orjson
from pydantic import BaseModel, ConfigDict

Data = dict[str, Any]
Upcast = Callable[[Data], Data]


class Event(BaseModel):
    """A fact in the past tense. Frozen; personal data only in a field named `personal`, None where a reader lacks it.

    The stored name is the class's own name and never its path, so that code may move without touching history.
    `OLDER` holds for each version before `VERSION` a pure function from its JSON object to that of the next version:
    what was stored is read through them and never rewritten.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    VERSION: ClassVar[int] = 1
    OLDER: ClassVar[Mapping[int, Upcast]] = {}

    @classmethod
    def type_name(cls) -> str:
        return cls.__name__


class Part(BaseModel):
    """A piece of an event: a value of its own name and shape."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class UnknownEventType(ValueError):
    """An event whose name and version nobody registered."""


class EventTypes:
    """Name + version → class, for one or several services; older versions too, where the class reads them."""

    def __init__(self, classes: Iterable[type[Event]]) -> None:
        self._by_name: dict[str, type[Event]] = {}
        for one in classes:
            name = one.type_name()
            if name in self._by_name:
                raise ValueError(f"two event classes are named {name}")
            if set(one.OLDER) != set(range(one.VERSION - len(one.OLDER), one.VERSION)):
                raise ValueError(f"{name} v{one.VERSION} does not read the versions before it without a gap")
            self._by_name[name] = one
        self.names = frozenset(name.encode() for name in self._by_name)

    def __iter__(self) -> Iterator[type[Event]]:
        return iter(self._by_name.values())

    def knows(self, name: str, version: int) -> bool:
        found = self._by_name.get(name)
        return found is not None and (version == found.VERSION or version in found.OLDER)

    def is_personal(self, name: str) -> bool:
        """Whether events of that name have a personal part."""
        found = self._by_name.get(name)
        return found is not None and "personal" in found.model_fields

    def decode(self, name: str, version: int, data: Data) -> Event:
        """The event of that name from its JSON object; raises UnknownEventType or pydantic's ValidationError."""
        if not self.knows(name, version):
            raise UnknownEventType(f"{name} v{version}")
        found = self._by_name[name]
        for older in range(version, found.VERSION):
            data = found.OLDER[older](data)
        return found.model_validate(data)

    def decode_json(self, name: str, version: int, text: str | bytes) -> Event:
        """The same from the JSON text itself, which saves the way over a dictionary."""
        if not self.knows(name, version):
            raise UnknownEventType(f"{name} v{version}")
        found = self._by_name[name]
        if version == found.VERSION:
            return found.model_validate_json(text)
        return self.decode(name, version, orjson.loads(text))

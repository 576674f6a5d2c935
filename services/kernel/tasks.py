"""What waits for whom, counted by the service whose work it is, and its record on the compacted topic `tasks`."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any

import asyncpg
import orjson
from pydantic import AfterValidator, Field, JsonValue, TypeAdapter, ValidationError

from services.kernel.envelope import BadRecord, Received
from services.kernel.event_types import Event, Part
from services.kernel.partner_record import Record

TOPIC = "tasks"
# Codes, months, days and words of ours. No name of a person has this shape, so none can slip into a count.
_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.:-]{0,39}", re.ASCII)


def _plain(value: JsonValue) -> JsonValue:
    match value:
        case dict():
            for key, one in value.items():
                _plain(key)
                _plain(one)
        case list():
            for one in value:
                _plain(one)
        case str() if not _PLAIN.fullmatch(value):
            raise ValueError("the detail of a task holds codes and numbers only")
    return value


Detail = Annotated[Mapping[str, JsonValue], AfterValidator(lambda value: _plain(dict(value)))]


class Task(Part):
    """So many things of a kind wait for a role: in an area (None: everywhere), about a month (None: about none).

    `oldest`: since when the oldest of them waits, where that is known. `detail`: what a page says or draws beside the
    number, codes and numbers only. A figure that nobody waits for (a station of the month) is a task with a detail.
    """

    role: str
    kind: str
    number: int
    area: str | None = None
    period: str | None = None
    oldest: date | None = None
    detail: Detail = Field(default_factory=dict)

    @classmethod
    def for_each(cls, roles: Iterable[str], **fields: Any) -> "list[Task]":
        """The same for several roles."""
        return [cls(role=role, **fields) for role in roles]

    @property
    def says_something(self) -> bool:
        return self.number > 0 or bool(self.detail)


Count = Callable[[asyncpg.Connection, date], Awaitable[list[Task]]]
"""Everything that waits for somebody in a service on a business day."""


class TaskTold(Event):
    """A service's word on `tasks`: a count that is another now, or (without a task) that all its others still hold.

    A task that says nothing takes the place of one that is gone. `counted_at`: the instant from which it is known.
    """

    service: str
    counted_at: datetime
    task: Task | None = None


_TASK = TypeAdapter(Task)


def key_of(service: str, task: Task) -> str:
    """What names a count: the newest record of a key is the one that counts."""
    return "/".join((service, task.role, task.area or "", task.period or "", task.kind))


def to_json(task: Task) -> str:
    """The one form in which a count is compared with what was said before."""
    return orjson.dumps(task.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS).decode()


def from_json(text: str) -> Task:
    return _TASK.validate_json(text)


def to_record(told: TaskTold) -> tuple[bytes, bytes]:
    """Key and value of the Kafka record."""
    key = key_of(told.service, told.task) if told.task else told.service
    return key.encode(), told.model_dump_json().encode()


def read(record: Record) -> Received:
    """What a record of the topic says; raises BadRecord."""
    place = f"{record.topic}-{record.partition}-{record.offset}"
    try:
        told = TaskTold.model_validate_json(record.value or b"")
    except ValidationError as why:
        raise BadRecord("the record is no count of tasks") from why
    return Received(told.service, place, 1, place, told, told.counted_at, "")

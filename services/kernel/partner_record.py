"""Records that partners write to topics of their own: one JSON object each and no CloudEvent."""

from typing import Protocol

from services.kernel import clock
from services.kernel.envelope import Received
from services.kernel.event_types import Event


class Record(Protocol):
    """What is needed of a Kafka record."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def value(self) -> bytes | None: ...


def received(record: Record, said: Event) -> Received:
    """What a partner said, known by its place in the topic; heard of now."""
    place = f"{record.topic}-{record.partition}-{record.offset}"
    return Received(record.topic, place, 1, place, said, clock.now(), "")

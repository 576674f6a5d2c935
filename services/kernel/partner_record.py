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
    def timestamp(self) -> int: ...
    @property
    def value(self) -> bytes | None: ...


def received(record: Record, said: Event) -> Received:
    """What a partner said, known by its place in the topic and its instant; heard of now.

    A topic that was made anew begins at offset 0 again: the place alone would take a new record for an old one.
    """
    place = f"{record.topic}-{record.partition}-{record.offset}-{record.timestamp}"
    return Received(record.topic, place, 1, place, said, clock.now(), "")

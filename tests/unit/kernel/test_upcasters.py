"""An event that changed its shape: what was stored before is read as what it means now."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import pytest

from services.kernel.consumer import read_event
from services.kernel.envelope import BadRecord, Recorded, event_id, to_record
from services.kernel.event_types import Event, EventTypes, UnknownEventType


def _hours_to_minutes(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "hours"} | {"minutes": data["hours"] * 60}


def _place_unknown(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"place": None}


class VisitEnded(Event):
    """Version 1 told hours, version 2 minutes, version 3 also the place."""

    VERSION = 3
    OLDER: ClassVar = {1: _hours_to_minutes, 2: _place_unknown}

    who: str
    minutes: int
    place: str | None


TYPES = EventTypes([VisitEnded])


@pytest.mark.parametrize(
    ("version", "data", "event"),
    [
        (1, {"who": "b", "hours": 2}, VisitEnded(who="b", minutes=120, place=None)),
        (2, {"who": "b", "minutes": 90}, VisitEnded(who="b", minutes=90, place=None)),
        (3, {"who": "b", "minutes": 5, "place": "x"}, VisitEnded(who="b", minutes=5, place="x")),
    ],
)
def test_each_version_ever_stored_is_read_as_the_present_one_and_stays_as_it_is(
    version: int, data: dict[str, Any], event: Event
) -> None:
    stored = dict(data)
    assert TYPES.decode("VisitEnded", version, data) == event
    assert data == stored


@pytest.mark.parametrize("version", [0, 4])
def test_a_version_that_nobody_reads_is_told(version: int) -> None:
    assert not TYPES.knows("VisitEnded", version)
    with pytest.raises(UnknownEventType, match=f"VisitEnded v{version}"):
        TYPES.decode("VisitEnded", version, {"who": "b", "minutes": 5, "place": "x"})


class _Record:
    """What aiokafka hands over, as far as a reader looks at it."""

    def __init__(self, version: int, data: bytes) -> None:
        row = Recorded(
            7,
            "s-1",
            3,
            UUID(bytes=event_id("test", "s-1", 3)),
            "VisitEnded",
            version,
            data,
            {},
            datetime(2023, 11, 5, tzinfo=UTC),
        )
        _, self.value, headers = to_record("test", row)
        self.headers = list(headers)


def test_a_reader_takes_old_records_and_puts_aside_those_of_a_newer_publisher() -> None:
    old = read_event(_Record(1, b'{"who":"b","hours":1}'), TYPES, personal=False)
    assert old is not None
    assert old.event == VisitEnded(who="b", minutes=60, place=None)
    with pytest.raises(BadRecord, match="version 4 of VisitEnded is not known here"):
        read_event(_Record(4, b'{"who":"b"}'), TYPES, personal=False)


def test_a_gap_between_the_versions_is_refused_at_start() -> None:
    class Gone(Event):
        VERSION = 3
        OLDER: ClassVar = {1: _place_unknown}

    with pytest.raises(ValueError, match="Gone v3"):
        EventTypes([Gone])

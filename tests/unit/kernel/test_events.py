"""Events: the register, the way to a Kafka record and back, what is taken out on the way."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import BaseModel

from services.kernel.consumer import read_event, reason_of
from services.kernel.decider import Decider
from services.kernel.envelope import BadRecord, Recorded, event_id, to_record
from services.kernel.event_types import Event, EventTypes
from services.kernel.telemetry import redact


class Details(BaseModel):
    name: str


class SomebodyCame(Event):
    who: str
    personal: Details | None = None


TYPES = EventTypes([SomebodyCame])


class FakeRecord:
    """What aiokafka hands over, as far as a reader looks at it."""

    def __init__(self, value: bytes, headers: list[tuple[str, bytes]]) -> None:
        self.value = value
        self.headers = headers


def _record() -> FakeRecord:
    data = b'{"who":"b-1","personal":{"name":"Nguyen Van An"}}'
    instant = datetime(2023, 11, 5, 8, tzinfo=UTC)
    row = Recorded(7, "s-1", 3, UUID(bytes=event_id("test", "s-1", 3)), "SomebodyCame", 1, data, {}, instant)
    _, value, headers = to_record("test", row)
    return FakeRecord(value, list(headers))


def test_a_reader_that_did_not_ask_for_personal_data_never_sees_it() -> None:
    event = read_event(_record(), TYPES, personal=False)
    assert event is not None
    assert event.event == SomebodyCame(who="b-1")
    assert (event.stream_id, event.version, event.source) == ("s-1", 3, "test")
    seen = read_event(_record(), TYPES, personal=True)
    assert seen is not None
    assert seen.event == SomebodyCame(who="b-1", personal=Details(name="Nguyen Van An"))


def test_an_event_of_a_type_that_a_reader_has_no_use_for_is_passed_over() -> None:
    assert read_event(_record(), EventTypes([]), personal=False) is None


@pytest.mark.parametrize("lacking", ["ce_id", "ce_type", "ce_subject", "ce_time", "ce_streamversion"])
def test_a_record_that_lacks_an_attribute_is_a_bad_record(lacking: str) -> None:
    record = _record()
    record.headers = [pair for pair in record.headers if pair[0] != lacking]
    with pytest.raises(BadRecord):
        read_event(record, TYPES, personal=False)


def test_the_reason_of_a_dead_letter_tells_the_field_and_not_its_value() -> None:
    with pytest.raises(ValueError, match="validation") as why:
        SomebodyCame.model_validate({"who": ["Nguyen Van An"]})
    assert reason_of(why.value) == "fields not as declared: who: string_type"


def test_two_events_of_one_name_are_refused_at_start() -> None:
    with pytest.raises(ValueError, match="SomebodyCame"):
        EventTypes([SomebodyCame, SomebodyCame])


def test_the_same_event_has_the_same_id_for_ever() -> None:
    assert event_id("test", "s-1", 3) == event_id("test", "s-1", 3)
    assert event_id("test", "s-1", 3) != event_id("test", "s-1", 4)


def test_a_log_line_shows_no_name_and_no_number() -> None:
    line = redact(None, "info", {"event": "x", "name": "Nguyễn Văn An", "citizen_id": "001", "stream_id": "s"})
    assert line == {"event": "x", "name": "…", "citizen_id": "…", "stream_id": "s"}


def test_a_decider_folds_its_events_from_where_it_begins() -> None:
    count: Decider[int, int, int] = Decider(lambda: 1, lambda command, _: [command], lambda state, event: state + event)
    assert count.fold([2, 3]) == 6
    assert count.fold([2], 10) == 12

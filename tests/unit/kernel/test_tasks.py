"""The record of a count: what names it, what may stand in it, what is no count."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from services.kernel.envelope import BadRecord
from services.kernel.tasks import Task, TaskTold, from_json, key_of, read, to_json, to_record

AT = datetime(2023, 11, 5, 2, 0, tzinfo=UTC)
CASH = Task(
    role="commune-officer",
    kind="cash-unsigned",
    number=24,
    area="10114",
    period="2023-11",
    oldest=date(2023, 11, 9),
    detail={"amount": 12_480_000, "communes": {"10114": "done"}, "last_day": "2023-11-04", "forms": ["form-1"]},
)


@dataclass(frozen=True, slots=True)
class OnKafka:
    value: bytes | None
    topic: str = "tasks"
    partition: int = 0
    offset: int = 3


def test_a_count_is_named_by_service_role_area_month_and_kind() -> None:
    assert key_of("disbursement", CASH) == "disbursement/commune-officer/10114/2023-11/cash-unsigned"
    bare = Task(role="admin", kind="dead-letters", number=1)
    assert key_of("registry", bare) == "registry/admin///dead-letters"


def test_what_is_sent_is_what_is_read() -> None:
    key, value = to_record(TaskTold(service="disbursement", counted_at=AT, task=CASH))
    assert key == b"disbursement/commune-officer/10114/2023-11/cash-unsigned"
    received = read(OnKafka(value))
    assert (received.source, received.recorded_at) == ("disbursement", AT)
    assert received.event == TaskTold(service="disbursement", counted_at=AT, task=CASH)
    assert to_record(TaskTold(service="disbursement", counted_at=AT))[0] == b"disbursement"


def test_the_form_that_is_compared_does_not_hang_on_the_order_of_a_detail() -> None:
    one = Task(role="r", kind="k", number=1, detail={"a": 1, "b": 2})
    assert to_json(one) == to_json(Task(role="r", kind="k", number=1, detail={"b": 2, "a": 1}))
    assert from_json(to_json(CASH)) == CASH


@pytest.mark.parametrize(
    "detail",
    [
        {"who": "Nguyễn Văn An"},
        {"who": ["Nguyen Van An"]},
        {"Nguyễn Văn An": 1},
        {"deep": {"deeper": [{"address": "thôn 3, xã Bình Minh"}]}},
        {"long": "a" * 41},
        {"none": ""},
    ],
)
def test_no_name_and_no_sentence_stands_in_a_detail(detail: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Task(role="r", kind="k", number=1, detail=detail)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [None, b"", b"{}", b"[]", b'{"service": "x", "counted_at": "yesterday"}'])
def test_what_is_no_count_is_put_aside(value: bytes | None) -> None:
    with pytest.raises(BadRecord):
        read(OnKafka(value))


def test_a_count_of_nothing_says_something_only_by_its_detail() -> None:
    assert not Task(role="r", kind="k", number=0).says_something
    assert Task(role="r", kind="station", number=0, detail={"communes": {"10114": "empty"}}).says_something

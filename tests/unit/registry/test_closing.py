"""What closing a roll makes happen by itself, decided on people as they stand."""

import pytest

from services.kernel.period import Period
from services.registry import closing
from services.registry.beneficiary import beneficiary
from services.registry.commands import End, Frame, LapseMove, Scope, Suspend
from services.registry.events import EntitlementGranted
from services.registry.person import State
from tests.unit.registry.histories import (
    ADDED,
    DECEMBER,
    FEBRUARY,
    JANUARY,
    MARCH,
    NOVEMBER,
    ended,
    granted,
    merit,
    resumed,
    suspended,
)

RIGHT = granted()
APRIL = Period("2024-04")


def frame(period: Period) -> Frame:
    return Frame(f"roll-{period}", "", period)


def person(*events: object) -> State:
    return beneficiary.fold([ADDED, RIGHT, *events])  # type: ignore[list-item]


@pytest.mark.parametrize(("closed", "lapses"), [(DECEMBER, False), (JANUARY, False), (FEBRUARY, True), (MARCH, True)])
@pytest.mark.parametrize(("half", "kind"), [("OUT", "move-out-ended"), ("IN", "move-in-lapsed")])
def test_a_half_alone_lapses_when_the_roll_of_l_and_two_is_closed(
    half: str, kind: str, closed: Period, lapses: bool
) -> None:
    row = {"beneficiary_id": "van", "half": half, "effective_period": DECEMBER}
    expected = [(LapseMove(half, frame(closed)), {"kind": kind})] if lapses else []  # type: ignore[arg-type]
    assert list(closing._lapse(row, closed, frame(closed))) == expected


def missed(state: State, since: Period = NOVEMBER, programme: str = "BTXH") -> list[object]:
    """The cash of the three periods from `since` on stayed; the roll of the next one is closed."""
    period = since.plus(3)
    row = {"beneficiary_id": "van", "programme": programme, "since": since}
    return [command for command, _ in closing._suspend(row, period, frame(period), state)]


def test_who_left_three_periods_uncollected_is_suspended_from_the_next() -> None:
    assert missed(person()) == [Suspend(Scope("BTXH"), FEBRUARY, "UNCOLLECTED", frame(FEBRUARY))]


def test_only_the_programme_that_was_left_is_suspended() -> None:
    [command] = missed(person(merit()), programme="NCC")
    assert isinstance(command, Suspend)
    assert command.scope == Scope("NCC")


@pytest.mark.parametrize(
    "state",
    [person(suspended(RIGHT, JANUARY)), person(ended(RIGHT, JANUARY))],
    ids=["suspended already", "ended"],
)
def test_who_gets_nothing_any_more_is_not_suspended(state: State) -> None:
    assert missed(state) == []


def test_periods_before_a_resumption_do_not_count() -> None:
    back = person(suspended(RIGHT, DECEMBER), resumed(RIGHT, DECEMBER, JANUARY))
    assert missed(back, DECEMBER) == []
    assert len(missed(back, JANUARY)) == 1


def asked(state: State, closed: Period) -> list[object]:
    row = {"beneficiary_id": "van", "programme": "BTXH"}
    return [command for command, _ in closing._end(row, closed, frame(closed), state)]


def test_nobody_resumed_it_and_it_ends_from_the_third_period_after() -> None:
    waits = person(suspended(RIGHT, JANUARY, cause="UNCOLLECTED"))
    assert asked(waits, MARCH) == []
    assert asked(waits, APRIL) == [End(Scope("BTXH", None, "BTXH.05C"), APRIL, "UNCOLLECTED", frame(APRIL))]


def test_an_end_that_a_closing_skipped_lies_in_its_own_month() -> None:
    waits = person(suspended(RIGHT, JANUARY, cause="UNCOLLECTED"))
    [command] = asked(waits, APRIL.plus(2))
    assert isinstance(command, End)
    assert command.from_month == APRIL


@pytest.mark.parametrize(
    "events",
    [
        (suspended(RIGHT, JANUARY),),
        (suspended(RIGHT, JANUARY, cause="UNCOLLECTED"), resumed(RIGHT, FEBRUARY)),
        (suspended(RIGHT, JANUARY, cause="UNCOLLECTED"), ended(RIGHT, FEBRUARY)),
    ],
    ids=["suspended by a list", "resumed", "ended"],
)
def test_only_an_uncollected_suspension_that_stands_ends_by_itself(events: tuple[object, ...]) -> None:
    assert asked(person(*events), APRIL) == []
    assert isinstance(RIGHT, EntitlementGranted)

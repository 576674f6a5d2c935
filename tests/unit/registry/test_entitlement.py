"""One right through time: what it is in a month, as far as the lists that count go."""

import pytest

from services.kernel.period import Period
from services.registry.catalogue import load
from services.registry.entitlement import Entitlement, Terms, View, evolve
from services.registry.person import State
from tests.unit.registry.histories import (
    DECEMBER,
    FEBRUARY,
    JANUARY,
    MARCH,
    NOVEMBER,
    OCTOBER,
    adjusted,
    ended,
    granted,
    resumed,
    suspended,
)

RIGHT = granted()


def right(*changes: object) -> Entitlement:
    return Entitlement(RIGHT, changes)  # type: ignore[arg-type]


def on_roll(one: Entitlement, month: Period) -> str:
    """What the roll of the month says."""
    return one.standing(month, View(month, at_once=False))


def paid(one: Entitlement, month: Period, run: Period) -> str:
    """What a run for `run` says of the month."""
    return one.standing(month, View(run, at_once=True))


def test_a_right_is_pending_before_its_first_month_and_active_from_then_on() -> None:
    assert [on_roll(right(), month) for month in (OCTOBER, NOVEMBER, DECEMBER)] == ["PENDING", "ACTIVE", "ACTIVE"]


def test_a_right_of_a_later_list_counts_for_nothing_before_its_period() -> None:
    late = Entitlement(granted(effective_period=DECEMBER))
    assert on_roll(late, NOVEMBER) == "PENDING"
    assert paid(late, NOVEMBER, NOVEMBER) == "PENDING"
    assert paid(late, NOVEMBER, DECEMBER) == "ACTIVE"


def test_an_end_counts_for_money_as_soon_as_it_is_approved_and_on_the_roll_from_l() -> None:
    gone = right(ended(RIGHT, DECEMBER, JANUARY))
    assert paid(gone, DECEMBER, DECEMBER) == "ENDED"
    assert on_roll(gone, DECEMBER) == "ACTIVE"
    assert on_roll(gone, JANUARY) == "ENDED"


def test_a_suspension_counts_for_money_as_soon_as_it_is_approved_and_on_the_roll_from_l() -> None:
    waits = right(suspended(RIGHT, DECEMBER, JANUARY))
    assert paid(waits, DECEMBER, DECEMBER) == "SUSPENDED"
    assert on_roll(waits, DECEMBER) == "ACTIVE"
    assert on_roll(waits, JANUARY) == "SUSPENDED"


def test_the_end_of_a_right_that_was_replaced_waits_for_l_in_money_too() -> None:
    replaced = right(ended(RIGHT, DECEMBER, JANUARY, "REPLACED"))
    assert paid(replaced, DECEMBER, DECEMBER) == "ACTIVE"
    assert paid(replaced, DECEMBER, JANUARY) == "ENDED"


def test_the_last_word_on_an_end_counts() -> None:
    moved = right(ended(RIGHT, DECEMBER), ended(RIGHT, FEBRUARY))
    assert moved.end == FEBRUARY
    assert [paid(moved, month, FEBRUARY) for month in (DECEMBER, JANUARY, FEBRUARY)] == ["ACTIVE", "ACTIVE", "ENDED"]


def test_a_resumption_counts_from_its_list_and_may_reach_back() -> None:
    back = right(suspended(RIGHT, DECEMBER), resumed(RIGHT, JANUARY, FEBRUARY))
    assert paid(back, JANUARY, JANUARY) == "SUSPENDED"
    assert [paid(back, month, FEBRUARY) for month in (DECEMBER, JANUARY)] == ["SUSPENDED", "ACTIVE"]
    assert [on_roll(back, month) for month in (JANUARY, FEBRUARY)] == ["SUSPENDED", "ACTIVE"]


def test_a_right_may_be_suspended_a_second_time() -> None:
    twice = right(suspended(RIGHT, DECEMBER), resumed(RIGHT, JANUARY), suspended(RIGHT, FEBRUARY))
    months = (DECEMBER, JANUARY, FEBRUARY)
    assert [paid(twice, month, MARCH) for month in months] == ["SUSPENDED", "ACTIVE", "SUSPENDED"]
    assert twice.suspension is not None
    assert twice.suspension.first == FEBRUARY


def test_a_resumption_from_before_the_suspension_leaves_nothing_of_it() -> None:
    undone = right(suspended(RIGHT, DECEMBER), resumed(RIGHT, NOVEMBER, JANUARY))
    assert [paid(undone, month, JANUARY) for month in (NOVEMBER, DECEMBER, JANUARY)] == ["ACTIVE"] * 3
    assert undone.suspension is None


def test_what_ended_while_suspended_stays_known_as_suspended() -> None:
    gone = right(suspended(RIGHT, DECEMBER), ended(RIGHT, JANUARY))
    view = View(FEBRUARY, at_once=True)
    assert gone.standing(FEBRUARY, view) == "ENDED"
    assert gone.is_suspended(FEBRUARY, view)
    assert not right(ended(RIGHT, JANUARY)).is_suspended(FEBRUARY, view)


def test_an_amount_holds_until_an_adjustment_from_its_month_on() -> None:
    raised = right(adjusted(RIGHT, 500_000, JANUARY))
    view = View(JANUARY, at_once=True)
    assert raised.terms(DECEMBER, view) == Terms(440_000, True, 1)
    assert raised.terms(JANUARY, view) == Terms(500_000, False, 1)


def test_an_adjustment_counts_from_its_list() -> None:
    raised = right(adjusted(RIGHT, 500_000, DECEMBER, JANUARY))
    assert raised.terms(DECEMBER, View(DECEMBER, at_once=True)).amount == 440_000
    assert raised.terms(DECEMBER, View(JANUARY, at_once=True)).amount == 500_000


@pytest.mark.parametrize(
    ("terms", "month", "worth"),
    [
        (Terms(440_000, True, 1), NOVEMBER, 440_000),
        (Terms(440_000, True, 1), Period("2024-07"), 500_000),
        (Terms(880_000, True, 2), Period("2024-07"), 1_000_000),
        (Terms(450_000, False, 1), Period("2024-07"), 450_000),
        (Terms(123_456, True, 1), Period("2001-01"), 123_456),
    ],
    ids=["the figure", "a later figure", "twice the figure", "an accepted amount", "no figure: the list's amount"],
)
def test_a_right_is_worth_what_the_catalogue_or_the_list_says(terms: Terms, month: Period, worth: int) -> None:
    assert terms.worth("BTXH.05C", month, load()) == worth


def test_what_happens_to_one_right_leaves_the_others_alone() -> None:
    other = granted("BTXH.06.SEVERE", 660_000)
    rights = evolve(evolve((Entitlement(RIGHT),), other), ended(other, DECEMBER))
    assert [one.end for one in rights] == [None, DECEMBER]
    assert [one.code for one in State("van", entitlements=rights).running] == ["BTXH.05C"]

"""What a GIẢM ends of a person's rights, and whose end it moves."""

import pytest

from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.commands import End, Scope
from tests.spec import given
from tests.unit.registry.histories import (
    ADDED,
    DECEMBER,
    FEBRUARY,
    JANUARY,
    NOVEMBER,
    OCTOBER,
    ended,
    granted,
    listed,
    merit,
    suspended,
)

OLD_AGE, SEVERE = granted(), granted("BTXH.06.SEVERE", 660_000)
PRISON = merit("NCC.09", 1_233_000, item="9")


def end(month: Period, scope: Scope | None = None, effective: Period | None = None) -> End:
    return End(scope or Scope(), month, "ORDINARY", listed(effective or month))


@pytest.mark.parametrize(
    ("scope", "gone"),
    [
        (Scope("BTXH", None, "BTXH.05C"), (OLD_AGE,)),
        (Scope(None, None, "BTXH.06.SEVERE"), (SEVERE,)),
        (Scope("NCC", "9", None), (PRISON,)),
        (Scope("BTXH"), (OLD_AGE, SEVERE)),
        (Scope(), (OLD_AGE, SEVERE, PRISON)),
    ],
    ids=["a code", "a code alone", "an item", "a programme", "all"],
)
def test_a_decrease_ends_what_its_filled_cells_name(scope: Scope, gone: tuple[object, ...]) -> None:
    given(beneficiary, ADDED, OLD_AGE, SEVERE, PRISON).when(end(DECEMBER, scope)).then(
        *(ended(right, DECEMBER) for right in gone)  # type: ignore[arg-type]
    )


def test_only_what_still_runs_is_ended() -> None:
    given(beneficiary, ADDED, OLD_AGE, SEVERE, ended(OLD_AGE, DECEMBER)).when(end(JANUARY)).then(ended(SEVERE, JANUARY))


@pytest.mark.parametrize("month", [NOVEMBER, FEBRUARY], ids=["earlier", "later"])
def test_if_nothing_of_it_runs_the_end_of_what_ended_last_moves(month: Period) -> None:
    history = (ADDED, OLD_AGE, SEVERE, ended(OLD_AGE, DECEMBER), ended(SEVERE, JANUARY))
    given(beneficiary, *history).when(end(month, effective=FEBRUARY)).then(ended(SEVERE, month, FEBRUARY))


def test_what_ended_together_moves_together() -> None:
    history = (ADDED, OLD_AGE, PRISON, ended(OLD_AGE, DECEMBER), ended(PRISON, DECEMBER))
    given(beneficiary, *history).when(end(JANUARY)).then(ended(OLD_AGE, JANUARY), ended(PRISON, JANUARY))


def test_an_end_that_is_known_already_changes_nothing() -> None:
    given(beneficiary, ADDED, OLD_AGE, ended(OLD_AGE, DECEMBER)).when(end(DECEMBER)).then_nothing()


def test_what_the_person_never_had_cannot_end() -> None:
    given(beneficiary, ADDED, OLD_AGE).when(end(DECEMBER, Scope("NCC"))).then_rejected("right-unknown")


def test_a_suspended_right_runs_and_may_end() -> None:
    given(beneficiary, ADDED, OLD_AGE, suspended(OLD_AGE, DECEMBER)).when(end(JANUARY)).then(ended(OLD_AGE, JANUARY))


def test_of_a_right_that_began_twice_and_ended_in_one_month_only_the_last_moves() -> None:
    """Both moved, each month from December on would be due twice."""
    again = granted(entitlement_id="e2", first_month=DECEMBER)
    history = (ADDED, OLD_AGE, ended(OLD_AGE, DECEMBER), again, ended(again, DECEMBER))
    given(beneficiary, *history).when(end(FEBRUARY)).then(ended(again, FEBRUARY))


def test_an_end_before_a_right_was_put_back_ends_what_it_continues_too() -> None:
    """Removed from December by mistake and put back from December: an end from October leaves November to nobody."""
    again = granted(entitlement_id="e2", first_month=DECEMBER)
    history = (ADDED, OLD_AGE, ended(OLD_AGE, DECEMBER), again)
    given(beneficiary, *history).when(end(OCTOBER, effective=JANUARY)).then(
        ended(again, OCTOBER, JANUARY), ended(OLD_AGE, OCTOBER, JANUARY)
    )


def test_an_end_before_a_right_took_the_place_of_another_ends_both() -> None:
    new = granted("BTXH.06.SEVERE", 660_000, first_month=DECEMBER)
    history = (ADDED, OLD_AGE, ended(OLD_AGE, DECEMBER, cause="REPLACED"), new)
    given(beneficiary, *history).when(end(NOVEMBER, Scope(None, None, "BTXH.06.SEVERE"), DECEMBER)).then(
        ended(new, NOVEMBER, DECEMBER), ended(OLD_AGE, NOVEMBER, DECEMBER)
    )


def test_an_end_leaves_alone_what_ended_long_before_the_right_began_again() -> None:
    again = granted(entitlement_id="e2", first_month=FEBRUARY)
    history = (ADDED, OLD_AGE, ended(OLD_AGE, DECEMBER), again)
    given(beneficiary, *history).when(end(OCTOBER, effective=FEBRUARY)).then(ended(again, OCTOBER, FEBRUARY))

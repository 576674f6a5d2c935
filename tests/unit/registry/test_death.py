"""A death: every right ends, and the family may have a funeral grant."""

from dataclasses import replace
from typing import Any

import pytest

from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.commands import Die
from services.registry.events import BeneficiaryDied, FuneralGranted, PayeeDetails
from tests.spec import given
from tests.unit.registry.histories import (
    ADDED,
    DECEMBER,
    FEBRUARY,
    JANUARY,
    NOVEMBER,
    OCTOBER,
    SON,
    TO_SON,
    ended,
    granted,
    listed,
    merit,
    suspended,
)

GRANT = 8_800_000  # 20 × 440.000
RIGHT = granted()
SICK = merit()
RESISTANCE = merit("NCC.12", 1_000_000, item="12")


def die(month: Period, payee: PayeeDetails | None = None, effective: Period | None = None) -> Die:
    """Of that row the first month without the person."""
    return Die(month, GRANT, None, payee, listed(effective or month))


def died(month: Period, grant: int = GRANT, effective: Period | None = None, **other: Any) -> BeneficiaryDied:
    values = {"beneficiary_id": "van", "month": month, "funeral_grant": grant, "office_decides": False}
    return BeneficiaryDied.model_validate(
        values | {"effective_period": effective or month.plus(1), "list_id": "L2"} | other
    )


def funeral(effective: Period, amount: int = GRANT) -> FuneralGranted:
    return FuneralGranted(beneficiary_id="van", amount=amount, effective_period=effective, list_id="L2")


def test_a_death_ends_all_rights_of_all_programmes_and_lies_in_the_month_before() -> None:
    resistance = RESISTANCE
    given(beneficiary, ADDED, RIGHT, resistance).when(die(DECEMBER)).then(
        ended(RIGHT, DECEMBER, cause="DEATH"), ended(resistance, DECEMBER, cause="DEATH"), died(NOVEMBER)
    )


def test_a_death_never_moves_an_end_later_but_earlier() -> None:
    other = granted("BTXH.06.SEVERE", 660_000)
    history = (ADDED, RIGHT, other, ended(RIGHT, DECEMBER), ended(other, FEBRUARY))
    given(beneficiary, *history).when(die(JANUARY)).then(ended(other, JANUARY, cause="DEATH"), died(DECEMBER))


def test_whom_the_row_names_receives_and_gets_the_grant() -> None:
    named = TO_SON.model_copy(update={"from_month": DECEMBER, "wish": None, "after_death": True})
    given(beneficiary, ADDED, RIGHT).when(die(DECEMBER, SON)).then(
        ended(RIGHT, DECEMBER, cause="DEATH"), died(NOVEMBER), named, funeral(DECEMBER)
    )


def test_the_wish_of_the_living_person_holds_for_the_family() -> None:
    events = beneficiary.decide(
        die(DECEMBER, PayeeDetails(name="Hồ Thị Nga")), beneficiary.fold([ADDED, RIGHT, TO_SON])
    )
    named = next(event for event in events if event.type_name() == TO_SON.type_name())
    assert (named.wish, named.personal.name) == ("ACCOUNT", "Hồ Thị Nga")  # type: ignore[attr-defined]


def test_nobody_named_gets_no_grant() -> None:
    given(beneficiary, ADDED, RIGHT).when(die(DECEMBER)).then(ended(RIGHT, DECEMBER, cause="DEATH"), died(NOVEMBER))


@pytest.mark.parametrize(
    ("history", "amount"),
    [
        ((RIGHT,), GRANT),
        ((RIGHT, ended(RIGHT, NOVEMBER)), 0),
        ((RIGHT, ended(RIGHT, DECEMBER)), GRANT),
        ((granted("BTXH.CARE.EXTREME_DISABLED_HOUSEHOLD"),), 0),
        ((SICK,), 0),
        ((granted(first_month=DECEMBER),), 0),
    ],
    ids=["assistance", "ended before", "ended after", "care only", "merit only", "begins after"],
)
def test_a_grant_wants_a_right_of_assistance_in_the_month_of_death(history: tuple[Event, ...], amount: int) -> None:
    events = beneficiary.decide(die(DECEMBER, SON), beneficiary.fold([ADDED, *history]))
    assert [event.funeral_grant for event in events if isinstance(event, BeneficiaryDied)] == [amount]
    assert any(isinstance(event, FuneralGranted) for event in events) == bool(amount)


@pytest.mark.parametrize(("beside", "decides"), [(SICK, True), (RESISTANCE, False)], ids=["item 6", "item 12"])
def test_with_a_right_of_merit_beside_the_office_decides(beside: Event, decides: bool) -> None:
    events = beneficiary.decide(die(DECEMBER, SON), beneficiary.fold([ADDED, RIGHT, beside]))
    assert [event.office_decides for event in events if isinstance(event, BeneficiaryDied)] == [decides]
    assert any(isinstance(event, FuneralGranted) for event in events) == (not decides)


def test_a_right_of_merit_that_ended_before_the_death_is_no_rival() -> None:
    events = beneficiary.decide(die(DECEMBER, SON), beneficiary.fold([ADDED, RIGHT, SICK, ended(SICK, NOVEMBER)]))
    assert any(isinstance(event, FuneralGranted) for event in events)


def test_the_grant_is_made_once() -> None:
    first = beneficiary.fold([ADDED, RIGHT])
    state = beneficiary.fold(beneficiary.decide(die(DECEMBER, SON), first), first)
    assert not [
        event for event in beneficiary.decide(die(DECEMBER, SON), state) if event.type_name() != TO_SON.type_name()
    ]


def test_a_death_reported_again_earlier_ends_earlier_and_mends_the_grant() -> None:
    first = beneficiary.fold([ADDED, RIGHT])
    state = beneficiary.fold(beneficiary.decide(die(JANUARY, SON), first), first)
    again = replace(die(DECEMBER, effective=FEBRUARY), grant=7_600_000)
    assert list(beneficiary.decide(again, state)) == [
        ended(RIGHT, DECEMBER, FEBRUARY, "DEATH"),
        died(NOVEMBER, 7_600_000, FEBRUARY),
        funeral(FEBRUARY, 7_600_000),
    ]


def test_a_death_reported_again_later_names_the_family_and_moves_nothing() -> None:
    history = (ADDED, RIGHT, ended(RIGHT, DECEMBER, cause="DEATH"), died(NOVEMBER))
    named = TO_SON.model_copy(update={"from_month": FEBRUARY, "wish": None, "after_death": True})
    given(beneficiary, *history).when(die(FEBRUARY, SON)).then(named, funeral(FEBRUARY))


def test_a_death_while_suspended_leaves_the_suspension_for_the_office() -> None:
    state = beneficiary.fold([ADDED, RIGHT, suspended(RIGHT, DECEMBER)])
    after = beneficiary.fold(beneficiary.decide(die(JANUARY, SON), state), state)
    assert after.entitlements[0].end == JANUARY
    assert after.entitlements[0].suspension is not None


def test_somebody_without_any_right_cannot_be_reported_dead() -> None:
    given(beneficiary, ADDED).when(die(OCTOBER)).then_rejected("right-unknown")

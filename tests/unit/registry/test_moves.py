"""A move inside the district: two halves, told by two communes, in either order; and what becomes of one alone."""

from dataclasses import replace

import pytest

from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.commands import Frame, LapseMove, ReportMove
from services.registry.events import BeneficiaryMoved, MoveLapsed, MoveReported, PayoutChosen
from tests.spec import given
from tests.unit.registry.histories import (
    ADDED,
    CU_KHE,
    DECEMBER,
    FEBRUARY,
    JANUARY,
    KIM_BAI,
    NIECE,
    NOVEMBER,
    TO_SON,
    ended,
    granted,
    half,
    listed,
    merit,
)

RIGHT = granted()
PERSON = (ADDED, RIGHT)
OUT, IN = half("OUT", CU_KHE, DECEMBER), half("IN", CU_KHE, DECEMBER)


def leave(month: Period = DECEMBER, effective: Period | None = None) -> ReportMove:
    return ReportMove("OUT", CU_KHE, month, None, None, None, listed(effective or month))


def arrive(month: Period = DECEMBER, effective: Period | None = None) -> ReportMove:
    frame = replace(listed(effective or month, CU_KHE), list_id="L3")
    return ReportMove("IN", CU_KHE, month, None, None, None, frame)


def moved(month: Period, list_id: str, commune: str = CU_KHE) -> BeneficiaryMoved:
    return BeneficiaryMoved(beneficiary_id="van", commune=commune, from_month=month, list_id=list_id)


def test_one_half_alone_is_open_and_moves_nobody() -> None:
    given(beneficiary, *PERSON).when(leave()).then(OUT)
    given(beneficiary, *PERSON).when(arrive()).then(IN.model_copy(update={"list_id": "L3"}))
    assert beneficiary.fold([*PERSON, OUT]).commune_in(FEBRUARY) == KIM_BAI


@pytest.mark.parametrize("departure_first", [True, False])
def test_the_second_half_moves_the_person_in_the_later_month_of_both(departure_first: bool) -> None:
    if departure_first:
        given(beneficiary, *PERSON, OUT).when(arrive(JANUARY)).then(moved(JANUARY, "L3"))
    else:
        given(beneficiary, *PERSON, half("IN", CU_KHE, JANUARY)).when(leave(DECEMBER)).then(moved(JANUARY, "L2"))


def test_a_half_that_comes_late_moves_the_person_in_its_period() -> None:
    given(beneficiary, *PERSON, OUT).when(arrive(DECEMBER, FEBRUARY)).then(moved(FEBRUARY, "L3"))
    late = half("OUT", CU_KHE, NOVEMBER, JANUARY)
    given(beneficiary, *PERSON, late).when(arrive(NOVEMBER, DECEMBER)).then(moved(JANUARY, "L3"))


def test_a_move_takes_all_pairs_and_is_no_end_and_no_start() -> None:
    sick = merit()
    given(beneficiary, *PERSON, sick, OUT).when(arrive()).then(moved(DECEMBER, "L3"))
    state = beneficiary.fold([*PERSON, sick, OUT, moved(DECEMBER, "L3")])
    assert (len(state.running), state.halves) == (2, ())


def test_the_rows_of_one_list_for_each_right_are_one_move() -> None:
    history = (*PERSON, merit(), OUT)
    given(beneficiary, *history).when(leave()).then_nothing()
    given(beneficiary, *history, moved(DECEMBER, "L3")).when(arrive()).then_nothing()


def test_rows_of_one_list_with_two_months_move_in_the_later_one() -> None:
    given(beneficiary, *PERSON, OUT).when(leave(JANUARY, DECEMBER)).then(half("OUT", CU_KHE, JANUARY, DECEMBER))


def test_wish_and_payee_of_the_arrival_hold_from_the_month_of_the_move() -> None:
    command = replace(arrive(JANUARY), wish="CASH", relation="GUARDIAN", payee=NIECE)
    chosen = PayoutChosen(beneficiary_id="van", from_month=JANUARY, wish="CASH", relation="GUARDIAN", personal=NIECE)
    given(beneficiary, *PERSON, TO_SON, OUT).when(command).then(moved(JANUARY, "L3"), chosen)
    first = half("IN", CU_KHE, JANUARY, wish="CASH", relation="GUARDIAN", personal=NIECE)
    given(beneficiary, *PERSON, TO_SON, first).when(leave()).then(moved(JANUARY, "L2"), chosen)


def test_an_arrival_that_says_nothing_of_payout_leaves_it() -> None:
    given(beneficiary, *PERSON, TO_SON, OUT).when(arrive()).then(moved(DECEMBER, "L3"))


def test_whoever_has_no_running_right_cannot_move() -> None:
    given(beneficiary, *PERSON, ended(RIGHT, DECEMBER)).when(leave()).then_rejected("right-unknown")


def test_an_arrival_in_the_own_commune_takes_the_departure_back() -> None:
    back = replace(arrive(), commune=KIM_BAI, frame=Frame("L3", KIM_BAI, DECEMBER))
    given(beneficiary, *PERSON, OUT).when(back).then(MoveLapsed(beneficiary_id="van", half="OUT"))
    given(beneficiary, *PERSON).when(back).then_rejected("lives-there-already")


def test_an_arrival_in_the_commune_that_took_over_the_own_one_is_no_move() -> None:
    """Xuân Dương (10177) is Cao Xuân Dương (10174) from January 2025 on."""
    lives = ADDED.model_copy(update={"commune": "10177"})
    month = Period("2025-02")
    command = replace(arrive(month), commune="10174", frame=Frame("L3", "10174", month))
    given(beneficiary, lives, RIGHT).when(command).then_rejected("lives-there-already")


def test_a_move_completed_after_a_merger_leads_to_the_commune_that_took_over() -> None:
    december, january = Period("2024-12"), Period("2025-01")
    arrival = half("IN", "10177", december)
    given(beneficiary, *PERSON, arrival).when(leave(december, january)).then(moved(january, "L2", "10174"))


def test_a_departure_alone_too_long_becomes_an_end_from_the_month_it_named() -> None:
    lapse = LapseMove("OUT", Frame("roll-2024-02", "", FEBRUARY))
    gone = ended(RIGHT, DECEMBER, FEBRUARY, "MOVED_AWAY")
    given(beneficiary, *PERSON, OUT).when(lapse).then(MoveLapsed(beneficiary_id="van", half="OUT"), gone)


def test_an_arrival_alone_too_long_is_dropped() -> None:
    lapse = LapseMove("IN", Frame("roll-2024-02", "", FEBRUARY))
    given(beneficiary, *PERSON, IN).when(lapse).then(MoveLapsed(beneficiary_id="van", half="IN"))
    given(beneficiary, *PERSON).when(lapse).then_nothing()


def test_what_lapsed_is_open_no_more() -> None:
    state = beneficiary.fold([*PERSON, OUT, MoveLapsed(beneficiary_id="van", half="OUT")])
    assert state.halves == ()
    assert isinstance(OUT, MoveReported)

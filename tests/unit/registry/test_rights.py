"""Rights granted, suspended, resumed, adjusted and replaced, as rows of lists ask for it."""

from dataclasses import replace

import pytest

from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.commands import Adjust, Grant, Resume, Scope, Suspend
from services.registry.entitlement import Terms
from services.registry.events import (
    BeneficiaryDied,
    BeneficiaryMoved,
    EntitlementGranted,
    EntitlementSuspended,
    FuneralGranted,
    PayoutChosen,
)
from tests.spec import given
from tests.unit.registry.histories import (
    ADDED,
    CU_KHE,
    DECEMBER,
    FRAME,
    JANUARY,
    NOVEMBER,
    TO_SON,
    adjusted,
    ended,
    granted,
    listed,
    merit,
    resumed,
    suspended,
)

RIGHT, SEVERE = granted(), granted("BTXH.06.SEVERE", 660_000)
FOLLOWS = Terms(440_000, True, 1)
GRANT = Grant("e-BTXH.05C", "BTXH", None, "BTXH.05C", FOLLOWS, NOVEMBER, replace(FRAME, list_id="L0"))


def again(month: Period, entitlement_id: str = "e2", commune: str = "10114") -> Grant:
    return Grant(entitlement_id, "BTXH", None, "BTXH.05C", FOLLOWS, month, listed(month, commune))


def put_back(month: Period) -> EntitlementGranted:
    """What `again` makes happen."""
    return granted(first_month=month, entitlement_id="e2", list_id="L2")


def test_a_right_from_the_month_of_the_list_is_on_the_roll_from_that_month() -> None:
    given(beneficiary, ADDED).when(GRANT).then(RIGHT)


def test_a_right_from_before_the_list_is_on_the_roll_from_the_month_of_the_list() -> None:
    expected = RIGHT.model_copy(update={"roll_from": DECEMBER, "effective_period": DECEMBER})
    command = replace(GRANT, frame=replace(GRANT.frame, effective_period=DECEMBER))
    given(beneficiary, ADDED).when(command).then(expected)


def test_a_right_from_after_the_list_is_on_the_roll_from_its_own_month() -> None:
    expected = RIGHT.model_copy(update={"first_month": DECEMBER, "roll_from": DECEMBER})
    given(beneficiary, ADDED).when(replace(GRANT, first_month=DECEMBER)).then(expected)


def test_a_right_that_runs_already_is_not_granted_again() -> None:
    given(beneficiary, ADDED, RIGHT).when(again(DECEMBER)).then_rejected("right-runs-already")


def test_a_suspended_right_runs() -> None:
    history = (ADDED, RIGHT, suspended(RIGHT, DECEMBER))
    given(beneficiary, *history).when(again(JANUARY)).then_rejected("right-runs-already")


def test_a_right_whose_end_is_known_may_begin_again_from_that_end_on_and_not_before() -> None:
    history = (ADDED, RIGHT, ended(RIGHT, JANUARY))
    given(beneficiary, *history).when(again(DECEMBER)).then_rejected("right-runs-already")
    given(beneficiary, *history).when(again(JANUARY)).then(put_back(JANUARY))


def test_a_right_that_ended_with_its_first_month_never_was_and_is_in_nobody_s_way() -> None:
    empty = granted(entitlement_id="e0", first_month=JANUARY)
    history = (ADDED, RIGHT, ended(RIGHT, DECEMBER), empty, ended(empty, JANUARY))
    given(beneficiary, *history).when(again(DECEMBER)).then(put_back(DECEMBER))


def test_an_adjustment_from_before_a_right_was_put_back_holds_for_what_it_continues_too() -> None:
    """Removed from December by mistake and put back: a raise from November leaves no month at the old amount."""
    back = put_back(DECEMBER)
    history = (ADDED, RIGHT, ended(RIGHT, DECEMBER), back)
    given(beneficiary, *history).when(adjust(Scope("BTXH"), Terms(500_000, False, 1), NOVEMBER)).then(
        adjusted(back, 500_000, NOVEMBER), adjusted(RIGHT, 500_000, NOVEMBER)
    )


def test_a_replacement_from_before_a_right_was_put_back_takes_the_place_of_what_it_continues_too() -> None:
    back = put_back(JANUARY)
    history = (ADDED, RIGHT, ended(RIGHT, JANUARY), back)
    command = Adjust(Scope("BTXH", None, "BTXH.06.SEVERE"), Terms(660_000, True, 1), "e3", DECEMBER, listed(JANUARY))
    new = granted(
        "BTXH.06.SEVERE", 660_000, entitlement_id="e3", first_month=DECEMBER, effective_period=JANUARY, list_id="L2"
    )
    given(beneficiary, *history).when(command).then(
        ended(back, DECEMBER, JANUARY, "REPLACED"), ended(RIGHT, DECEMBER, JANUARY, "REPLACED"), new
    )


def test_another_code_of_the_same_programme_is_another_right() -> None:
    command = replace(GRANT, entitlement_id=SEVERE.entitlement_id, code=SEVERE.code, terms=Terms(660_000, True, 1))
    given(beneficiary, ADDED, RIGHT).when(command).then(SEVERE)


def test_the_same_item_number_in_another_programme_is_another_right() -> None:
    of_merit = merit(item="1", code=None)
    command = replace(GRANT, programme="KHAC", item="1", code=None)
    expected = RIGHT.model_copy(update={"programme": "KHAC", "item": "1", "code": None})
    given(beneficiary, ADDED, of_merit).when(command).then(expected)


def test_whoever_had_ended_and_joins_again_elsewhere_lives_there_from_then_on() -> None:
    moved = BeneficiaryMoved(beneficiary_id="van", commune=CU_KHE, from_month=JANUARY, list_id="L2")
    given(beneficiary, ADDED, RIGHT, ended(RIGHT, DECEMBER)).when(again(JANUARY, commune=CU_KHE)).then(
        moved, put_back(JANUARY)
    )


def test_joining_again_in_the_commune_that_took_over_the_own_one_is_no_move() -> None:
    """Xuân Dương (10177) is Cao Xuân Dương (10174) from January 2025 on."""
    lives = ADDED.model_copy(update={"commune": "10177"})
    events = beneficiary.decide(
        again(Period("2025-02"), commune="10174"), beneficiary.fold([lives, RIGHT, ended(RIGHT, DECEMBER)])
    )
    assert [type(event) for event in events] == [type(RIGHT)]


def test_a_death_by_mistake_is_undone_with_its_grant_and_payee_by_a_right_put_back() -> None:
    died = BeneficiaryDied(
        beneficiary_id="van",
        month=NOVEMBER,
        funeral_grant=8_800_000,
        office_decides=False,
        effective_period=DECEMBER,
        list_id="L2",
    )
    for_family = TO_SON.model_copy(update={"after_death": True})
    grant = FuneralGranted(beneficiary_id="van", amount=8_800_000, effective_period=DECEMBER, list_id="L2")
    before = beneficiary.fold([ADDED, RIGHT, ended(RIGHT, DECEMBER, cause="DEATH"), died, for_family, grant])
    events = beneficiary.decide(again(DECEMBER), before)
    restored = PayoutChosen(beneficiary_id="van", from_month=DECEMBER, wish="ACCOUNT", relation=None)
    assert events[0] == restored
    after = beneficiary.fold(events, before)
    assert (after.died, after.funeral, len(after.running)) == (None, None, 1)


def test_a_suspension_takes_what_its_cells_name() -> None:
    history = (ADDED, RIGHT, merit())
    given(beneficiary, *history).when(Suspend(Scope("BTXH"), DECEMBER, "ORDINARY", listed(DECEMBER))).then(
        suspended(RIGHT, DECEMBER)
    )
    given(beneficiary, *history).when(Suspend(Scope(), DECEMBER, "ORDINARY", listed(DECEMBER))).then(
        suspended(RIGHT, DECEMBER), suspended(merit(), DECEMBER)
    )


def test_only_what_runs_and_is_not_suspended_can_be_suspended() -> None:
    command = Suspend(Scope(), JANUARY, "ORDINARY", listed(JANUARY))
    given(beneficiary, ADDED, RIGHT, ended(RIGHT, DECEMBER)).when(command).then_rejected("right-unknown")
    given(beneficiary, ADDED, RIGHT, suspended(RIGHT, DECEMBER)).when(command).then_rejected("suspended-already")


def test_a_resumption_with_empty_cells_takes_all_that_is_suspended() -> None:
    history = (ADDED, RIGHT, merit(), suspended(RIGHT, DECEMBER), suspended(merit(), DECEMBER))
    command = Resume(Scope(), DECEMBER, listed(JANUARY))
    given(beneficiary, *history).when(command).then(
        resumed(RIGHT, DECEMBER, JANUARY), resumed(merit(), DECEMBER, JANUARY)
    )
    only = Resume(Scope("NCC"), JANUARY, listed(JANUARY))
    given(beneficiary, *history).when(only).then(resumed(merit(), JANUARY))


def test_what_is_not_suspended_cannot_be_resumed() -> None:
    command = Resume(Scope(), JANUARY, listed(JANUARY))
    given(beneficiary, ADDED, RIGHT).when(command).then_rejected("not-suspended")
    given(beneficiary, ADDED).when(command).then_rejected("right-unknown")


def test_what_ended_while_suspended_may_still_be_resumed_by_a_list() -> None:
    history = (ADDED, RIGHT, suspended(RIGHT, DECEMBER), ended(RIGHT, JANUARY))
    given(beneficiary, *history).when(Resume(Scope(), DECEMBER, listed(JANUARY))).then(
        resumed(RIGHT, DECEMBER, JANUARY)
    )


def adjust(scope: Scope, terms: Terms | None, month: Period = DECEMBER) -> Adjust:
    return Adjust(scope, terms, "e2", month, listed(month))


def test_an_adjustment_changes_the_amount_of_the_right_it_names() -> None:
    command = adjust(Scope("BTXH", None, "BTXH.05C"), Terms(500_000, False, 1))
    given(beneficiary, ADDED, RIGHT, SEVERE).when(command).then(adjusted(RIGHT, 500_000, DECEMBER))


def test_an_adjustment_to_what_holds_already_changes_nothing() -> None:
    given(beneficiary, ADDED, RIGHT).when(adjust(Scope("BTXH"), FOLLOWS)).then_nothing()


def test_a_code_that_the_person_has_not_replaces_the_only_right_of_the_programme() -> None:
    command = adjust(Scope("BTXH", None, "BTXH.06.SEVERE"), Terms(660_000, True, 1))
    new = granted("BTXH.06.SEVERE", 660_000, entitlement_id="e2", first_month=DECEMBER, list_id="L2")
    given(beneficiary, ADDED, RIGHT, merit()).when(command).then(ended(RIGHT, DECEMBER, cause="REPLACED"), new)


def test_a_right_that_replaces_a_suspended_one_is_suspended() -> None:
    command = adjust(Scope("BTXH", None, "BTXH.06.SEVERE"), Terms(660_000, True, 1), JANUARY)
    events = beneficiary.decide(command, beneficiary.fold([ADDED, RIGHT, suspended(RIGHT, DECEMBER)]))
    assert [event.type_name() for event in events][:2] == [ended(RIGHT, JANUARY).type_name(), RIGHT.type_name()]
    assert events[2] == suspended(RIGHT.model_copy(update={"entitlement_id": "e2"}), JANUARY)


def test_months_that_were_suspended_and_resumed_stay_so_under_another_code() -> None:
    history = (ADDED, RIGHT, suspended(RIGHT, DECEMBER), resumed(RIGHT, JANUARY))
    command = Adjust(Scope("BTXH", None, "BTXH.06.SEVERE"), Terms(660_000, True, 1), "e2", NOVEMBER, listed(JANUARY))
    new = granted("BTXH.06.SEVERE", 660_000, entitlement_id="e2", effective_period=JANUARY, list_id="L2")
    given(beneficiary, *history).when(command).then(
        ended(RIGHT, NOVEMBER, JANUARY, "REPLACED"),
        new,
        suspended(new, DECEMBER, JANUARY),
        resumed(new, JANUARY, JANUARY),
    )


def test_a_right_that_replaces_two_suspended_ones_after_another_is_suspended_once_and_resumed_by_one_row() -> None:
    """Found by the law on money through time: a suspension carried twice outlived its resumption."""
    second = granted("BTXH.06.SEVERE", 660_000, entitlement_id="e2", first_month=DECEMBER, list_id="L2")
    replaced = ended(RIGHT, DECEMBER, cause="REPLACED")
    history = (ADDED, RIGHT, suspended(RIGHT, DECEMBER), replaced, second, suspended(second, DECEMBER))
    command = Adjust(Scope("BTXH", None, "BTXH.08"), Terms(440_000, True, 1), "e3", NOVEMBER, listed(DECEMBER))
    events = beneficiary.decide(command, beneficiary.fold(history))
    third = granted("BTXH.08", 440_000, entitlement_id="e3", effective_period=DECEMBER, list_id="L2")
    assert [event for event in events if isinstance(event, EntitlementSuspended)] == [suspended(third, DECEMBER)]
    (right,) = [one for one in beneficiary.fold((*history, *events)).entitlements if one.entitlement_id == "e3"]
    assert right.after(resumed(third, DECEMBER)).suspension is None


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        (Scope("BTXH", None, "BTXH.08"), "right-ambiguous"),
        (Scope("BTXH"), "right-ambiguous"),
        (Scope("NCC"), "right-unknown"),
        (Scope("NCC", None, "NCC.10"), "right-unknown"),
    ],
    ids=["several to replace", "several to adjust", "no right of the programme", "nothing to replace"],
)
def test_an_adjustment_that_could_mean_several_rights_or_none_is_refused(scope: Scope, code: str) -> None:
    command = adjust(scope, Terms(500_000, False, 1))
    given(beneficiary, ADDED, RIGHT, SEVERE).when(command).then_rejected(code)


def test_a_replacement_without_any_amount_needs_one() -> None:
    given(beneficiary, ADDED, RIGHT).when(adjust(Scope("BTXH", None, "BTXH.08"), None)).then_rejected("amount-needed")


def test_a_right_put_back_after_an_ordinary_end_leaves_the_payee_as_registered() -> None:
    given(beneficiary, ADDED, RIGHT, TO_SON, ended(RIGHT, DECEMBER)).when(again(DECEMBER)).then(put_back(DECEMBER))

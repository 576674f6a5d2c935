"""What is due in each month: over changes of the level, with several rights, and as runs of each period see it."""

import pytest

from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import load
from services.registry.due import due_changed
from services.registry.events import (
    DueChanged,
    DueLayer,
    DueSpan,
    EntitlementGranted,
    OnRoll,
    PayoutChosen,
    Residence,
    WishFrom,
)
from tests.unit.registry.histories import ADDED, DECEMBER, JANUARY, NOVEMBER, merit
from tests.unit.registry.histories import granted as right

JUNE_2024, JULY_2024 = Period("2024-06"), Period("2024-07")
LAST_OF_2024, FIRST_OF_2025 = Period("2024-12"), Period("2025-01")
CARE = right("BTXH.CARE.EXTREME_DISABLED_HOUSEHOLD", 440_000)


def span(amount: int, first: Period, last: Period | None = None, item: str | None = None) -> DueSpan:
    return DueSpan(item=item, first=first, last=last, amount=amount)


def due(*events: Event) -> DueChanged:
    """What is due in the programme of the first right."""
    programme = next(event.programme for event in events if isinstance(event, EntitlementGranted))
    return due_changed(beneficiary.fold([ADDED, *events]), programme, load())


def spans(*events: Event) -> tuple[DueSpan, ...]:
    """What the newest layer has."""
    return due(*events).layers[-1].spans


def due_in_november(*rights: EntitlementGranted) -> int:
    """Đồng of November 2023."""
    return sum(one.amount for one in spans(*rights) if one.first <= NOVEMBER and (one.last or NOVEMBER) >= NOVEMBER)


OLD_AGE = right("BTXH.05C", 440_000)


def test_a_right_follows_every_change_of_the_level() -> None:
    assert spans(OLD_AGE) == (
        span(440_000, NOVEMBER, JUNE_2024),
        span(500_000, JULY_2024, LAST_OF_2024),
        span(650_000, FIRST_OF_2025),
    )


def test_arrears_over_a_change_of_the_level_are_due_at_the_level_of_their_month() -> None:
    found = spans(right("BTXH.05C", 500_000, first_month=JUNE_2024, effective_period=Period("2024-08")))
    assert found == (
        span(440_000, JUNE_2024, JUNE_2024),
        span(500_000, JULY_2024, LAST_OF_2024),
        span(650_000, FIRST_OF_2025),
    )


def test_a_right_from_the_month_of_a_change_never_had_the_level_before() -> None:
    assert spans(right("BTXH.05C", 650_000, first_month=FIRST_OF_2025)) == (span(650_000, FIRST_OF_2025),)


def test_a_different_amount_that_was_accepted_does_not_follow_the_catalogue() -> None:
    assert spans(right("BTXH.05C", 460_000, follows_catalogue=False)) == (span(460_000, NOVEMBER),)


def test_a_month_without_a_figure_takes_the_amount_of_the_row() -> None:
    sick = merit(amount=2_100_000, first_month=Period("2023-06"))
    assert spans(sick) == (
        span(2_100_000, Period("2023-06"), Period("2023-06"), "6"),
        span(2_145_000, Period("2023-07"), JUNE_2024, "6"),
        span(2_911_000, JULY_2024, None, "6"),
    )


def test_a_multiple_is_so_many_times_the_figure_of_each_month() -> None:
    assert spans(right("BTXH.04", 1_320_000, multiple=3)) == (
        span(1_320_000, NOVEMBER, JUNE_2024),
        span(1_500_000, JULY_2024, LAST_OF_2024),
        span(1_950_000, FIRST_OF_2025),
    )


def test_an_amount_of_no_code_stays_as_the_list_said() -> None:
    other = right(None, 300_000, programme="KHAC", item="16", follows_catalogue=False)
    assert spans(other) == (span(300_000, NOVEMBER, None, "16"),)


def test_all_codes_of_an_item_are_added_up_and_items_stay_apart() -> None:
    mother = right("NCC.03", 6_165_000, programme="NCC", item="3")
    supplement = right("NCC.03.SUPP", 1_722_000, programme="NCC", item="3", first_month=JANUARY)
    medal = right("NCC.10", 1_000_000, programme="NCC", item="10", follows_catalogue=False)
    assert [one for one in spans(mother, supplement, medal) if one.first < JULY_2024] == [
        span(1_000_000, NOVEMBER, None, "10"),
        span(6_165_000, NOVEMBER, DECEMBER, "3"),
        span(7_887_000, JANUARY, JUNE_2024, "3"),
    ]


def test_of_several_social_codes_the_highest_alone_is_due() -> None:
    assert due_in_november(OLD_AGE, right("BTXH.06.SEVERE.CHILD_OR_OLD", 880_000)) == 880_000


def test_the_highest_is_chosen_month_by_month() -> None:
    assert spans(OLD_AGE, right("BTXH.06.SEVERE.CHILD_OR_OLD", 880_000, first_month=JANUARY)) == (
        span(440_000, NOVEMBER, DECEMBER),
        span(880_000, JANUARY, JUNE_2024),
        span(1_000_000, JULY_2024, LAST_OF_2024),
        span(1_300_000, FIRST_OF_2025),
    )


def test_the_highest_goes_by_coefficient_and_not_by_amount() -> None:
    lowered = right("BTXH.06.SEVERE.CHILD_OR_OLD", 400_000, follows_catalogue=False)
    assert due_in_november(OLD_AGE, lowered) == 400_000


@pytest.mark.parametrize(
    ("code", "together"),
    [
        ("BTXH.05C", 880_000),
        ("BTXH.06.SEVERE", 1_100_000),
        ("BTXH.08", 1_100_000),
    ],
)
def test_the_poor_single_parent_adds_to_groups_5_6_and_8(code: str, together: int) -> None:
    assert due_in_november(right("BTXH.04", 440_000), right(code, 0)) == together


@pytest.mark.parametrize(
    ("code", "highest"),
    [
        ("BTXH.01.U4", 1_100_000),
        ("BTXH.01.4+", 660_000),
        ("BTXH.02", 660_000),
        ("BTXH.03.4-16", 880_000),
        ("BTXH.07", 660_000),
    ],
)
def test_the_poor_single_parent_does_not_add_to_groups_1_2_3_and_7(code: str, highest: int) -> None:
    assert due_in_november(right("BTXH.04", 440_000), right(code, 0)) == highest


def test_a_single_parent_of_three_counts_higher_than_a_code_that_it_does_not_add_to() -> None:
    assert due_in_november(right("BTXH.04", 1_320_000, multiple=3), right("BTXH.01.U4", 1_100_000)) == 1_320_000


def test_a_single_parent_of_two_adds_both_children_to_the_highest_of_the_others() -> None:
    two = right("BTXH.04", 880_000, multiple=2)
    assert due_in_november(two, right("BTXH.06.SEVERE", 660_000), right("BTXH.05A.80+", 880_000)) == 1_760_000


def test_equally_high_codes_are_paid_once_beside_the_single_parent() -> None:
    found = due_in_november(right("BTXH.04", 440_000), right("BTXH.06.SEVERE", 660_000), right("BTXH.08", 660_000))
    assert found == 1_100_000


def test_care_adds_to_the_highest() -> None:
    assert due_in_november(CARE, OLD_AGE, right("BTXH.06.SEVERE", 660_000)) == 1_100_000


def test_care_adds_to_a_single_parent_alone() -> None:
    assert due_in_november(CARE, right("BTXH.04", 440_000)) == 880_000


def test_care_adds_also_where_the_single_parent_does_not() -> None:
    assert due_in_november(CARE, right("BTXH.04", 440_000), right("BTXH.01.U4", 1_100_000)) == 1_540_000


def test_each_period_in_which_a_list_took_effect_has_its_own_layer() -> None:
    disabled = right("BTXH.06.SEVERE", 660_000, first_month=DECEMBER, effective_period=JANUARY)
    found = due(OLD_AGE, disabled)
    assert found.layers == (
        DueLayer(
            counts_from=NOVEMBER,
            spans=(
                span(440_000, NOVEMBER, JUNE_2024),
                span(500_000, JULY_2024, LAST_OF_2024),
                span(650_000, FIRST_OF_2025),
            ),
        ),
        DueLayer(
            counts_from=JANUARY,
            spans=(
                span(440_000, NOVEMBER, NOVEMBER),
                span(660_000, DECEMBER, JUNE_2024),
                span(750_000, JULY_2024, LAST_OF_2024),
                span(975_000, FIRST_OF_2025),
            ),
        ),
    )


def test_lists_of_the_same_period_share_a_layer() -> None:
    disabled = right("BTXH.06.SEVERE", 660_000)
    found = due(OLD_AGE, disabled)
    assert [layer.counts_from for layer in found.layers] == [NOVEMBER]


def test_the_roll_begins_with_the_first_right_of_each_item() -> None:
    later = right("NCC.03.SUPP", 1_722_000, programme="NCC", item="3", first_month=JANUARY)
    earlier = right("NCC.03", 6_165_000, programme="NCC", item="3", effective_period=DECEMBER)
    medal = right("NCC.10", 1_233_000, programme="NCC", item="10", first_month=JANUARY)
    assert due(later, earlier, medal).roll == (
        OnRoll(item="10", first=JANUARY, last=None),
        OnRoll(item="3", first=DECEMBER, last=None),
    )


def test_only_the_programme_that_is_asked_for_is_told_with_homes_and_wishes() -> None:
    home = Residence(commune="10114", from_month=NOVEMBER)
    wish = PayoutChosen(beneficiary_id="van", from_month=DECEMBER, wish="ACCOUNT", relation=None)
    found = due(merit(effective_period=DECEMBER), OLD_AGE, wish)
    assert (found.beneficiary_id, found.programme) == ("van", "NCC")
    assert found.residences == (home,)
    assert found.wishes == (WishFrom(wish="ACCOUNT", from_month=DECEMBER),)
    assert found.roll == (OnRoll(item="6", first=DECEMBER, last=None),)
    assert found.layers == (
        DueLayer(
            counts_from=DECEMBER,
            spans=(span(2_145_000, NOVEMBER, JUNE_2024, "6"), span(2_911_000, JULY_2024, None, "6")),
        ),
    )

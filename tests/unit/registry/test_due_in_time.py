"""What is due as each run sees it: ends, suspensions, resumptions, replacements, the roll and the funeral grant."""

from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import Level, load, with_levels
from services.registry.due import due_changed
from services.registry.events import (
    BeneficiaryDied,
    DueChanged,
    EntitlementGranted,
    FuneralDue,
    FuneralGranted,
    OnRoll,
    SuspendedSpan,
)
from tests.unit.registry.histories import (
    ADDED,
    DECEMBER,
    FEBRUARY,
    JANUARY,
    MARCH,
    NOVEMBER,
    SEPTEMBER,
    adjusted,
    ended,
    granted,
    merit,
    resumed,
    suspended,
)

RIGHT, SEVERE = granted(), granted("BTXH.06.SEVERE", 660_000)
MONTHS = (NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH)


def due(*events: Event) -> DueChanged:
    programme = next(event.programme for event in events if isinstance(event, EntitlementGranted))
    return due_changed(beneficiary.fold([ADDED, *events]), programme, load())


def seen(found: DueChanged, run: Period, item: str | None = None) -> list[int]:
    """Thousands of đồng of November to March, as the run sees them."""
    layer = [one for one in found.layers if one.counts_from <= run][-1]
    return [
        sum(
            span.amount // 1000
            for span in layer.spans
            if span.item == item and span.first <= month and (span.last is None or month <= span.last)
        )
        for month in MONTHS
    ]


def roll(found: DueChanged) -> list[tuple[str, str | None]]:
    return [(span.first, span.last) for span in found.roll]


def test_a_right_that_ended_is_due_through_the_month_before() -> None:
    found = due(RIGHT, ended(RIGHT, JANUARY))
    assert seen(found, JANUARY) == [440, 440, 0, 0, 0]
    assert roll(found) == [(NOVEMBER, DECEMBER)]


def test_a_late_decrease_counts_for_money_at_once_and_on_the_roll_from_l() -> None:
    found = due(RIGHT, ended(RIGHT, DECEMBER, FEBRUARY))
    assert seen(found, NOVEMBER) == seen(found, FEBRUARY) == [440, 0, 0, 0, 0]
    assert roll(found) == [(NOVEMBER, JANUARY)]


def test_an_increase_counts_for_money_from_the_run_of_l_on_and_brings_arrears() -> None:
    found = due(RIGHT, granted("BTXH.06.SEVERE", 660_000, first_month=DECEMBER, effective_period=FEBRUARY))
    assert seen(found, JANUARY) == [440] * 5
    assert seen(found, FEBRUARY) == [440, 660, 660, 660, 660]


def test_a_suspension_takes_its_months_and_says_so() -> None:
    found = due(RIGHT, suspended(RIGHT, DECEMBER))
    assert seen(found, DECEMBER) == [440, 0, 0, 0, 0]
    assert found.layers[-1].suspended == (SuspendedSpan(item=None, first=DECEMBER, last=None),)
    assert roll(found) == [(NOVEMBER, NOVEMBER)]


def test_a_resumption_from_before_l_carries_arrears_and_is_back_on_the_roll_from_l() -> None:
    found = due(RIGHT, suspended(RIGHT, DECEMBER), resumed(RIGHT, JANUARY, FEBRUARY))
    assert seen(found, JANUARY) == [440, 0, 0, 0, 0]
    assert seen(found, FEBRUARY) == [440, 0, 440, 440, 440]
    assert found.layers[-1].suspended == (SuspendedSpan(item=None, first=DECEMBER, last=DECEMBER),)
    assert roll(found) == [(NOVEMBER, NOVEMBER), (FEBRUARY, None)]


def test_what_ended_while_suspended_stays_suspended_so_that_nothing_is_paid_by_itself() -> None:
    found = due(RIGHT, suspended(RIGHT, DECEMBER), ended(RIGHT, JANUARY))
    assert seen(found, JANUARY) == [440, 0, 0, 0, 0]
    assert found.layers[-1].suspended == (SuspendedSpan(item=None, first=DECEMBER, last=None),)


def test_one_item_suspended_leaves_the_other_paid() -> None:
    sick, medal = merit(), merit("NCC.10", 1_000_000, item="10", follows_catalogue=False)
    found = due(sick, medal, suspended(sick, DECEMBER))
    assert seen(found, DECEMBER, "6") == [2145, 0, 0, 0, 0]
    assert seen(found, DECEMBER, "10") == [1000] * 5
    assert found.layers[-1].suspended == (SuspendedSpan(item="6", first=DECEMBER, last=None),)


def test_of_two_codes_one_suspended_the_next_highest_is_paid_and_the_pair_is_not_suspended() -> None:
    found = due(RIGHT, SEVERE, suspended(SEVERE, DECEMBER))
    assert seen(found, DECEMBER) == [660, 440, 440, 440, 440]
    assert found.layers[-1].suspended == ()
    assert roll(found) == [(NOVEMBER, None)]


def test_when_the_highest_ends_the_next_is_paid_without_a_new_row() -> None:
    assert seen(due(RIGHT, SEVERE, ended(SEVERE, JANUARY)), JANUARY) == [660, 660, 440, 440, 440]


def test_a_right_put_back_from_the_lost_month_carries_arrears_and_comes_back_on_the_roll() -> None:
    again = granted(entitlement_id="e2", first_month=DECEMBER, effective_period=JANUARY)
    found = due(RIGHT, ended(RIGHT, DECEMBER), again)
    assert seen(found, DECEMBER) == [440, 0, 0, 0, 0]
    assert seen(found, JANUARY) == [440] * 5
    assert roll(found) == [(NOVEMBER, NOVEMBER), (JANUARY, None)]


def test_a_replacement_changes_the_money_from_the_run_of_l_on_and_nobody_leaves_the_roll() -> None:
    new = granted("BTXH.06.SEVERE", 660_000, first_month=DECEMBER, effective_period=JANUARY)
    found = due(RIGHT, ended(RIGHT, DECEMBER, JANUARY, "REPLACED"), new)
    assert seen(found, DECEMBER) == [440] * 5
    assert seen(found, JANUARY) == [440, 660, 660, 660, 660]
    assert roll(found) == [(NOVEMBER, None)]


def test_a_replacement_by_another_item_takes_one_off_and_brings_the_other_on_from_l() -> None:
    sick = merit()
    other = merit("NCC.10", 1_000_000, item="10", first_month=DECEMBER, effective_period=JANUARY)
    found = due(sick, ended(sick, DECEMBER, JANUARY, "REPLACED"), other)
    assert found.roll == (OnRoll(item="10", first=JANUARY, last=None), OnRoll(item="6", first=NOVEMBER, last=DECEMBER))


def test_an_accepted_amount_holds_until_an_adjustment_and_from_its_month_on() -> None:
    found = due(RIGHT, adjusted(RIGHT, 460_000, DECEMBER, JANUARY), adjusted(RIGHT, 440_000, MARCH, follows=True))
    assert seen(found, DECEMBER) == [440] * 5
    assert seen(found, MARCH) == [440, 460, 460, 460, 440]


def test_a_level_entered_later_is_due_to_everyone_who_follows_back_to_its_date() -> None:
    raised = with_levels((Level("BTXH", "area 01", None, 480_000, "2023-12", "NQ"),))
    followed = due_changed(beneficiary.fold([ADDED, RIGHT]), "BTXH", raised)
    assert seen(followed, NOVEMBER) == [440, 480, 480, 480, 480]
    accepted = granted(amount=450_000, follows_catalogue=False)
    assert seen(due_changed(beneficiary.fold([ADDED, accepted]), "BTXH", raised), NOVEMBER) == [450] * 5


def test_no_month_before_the_opening_is_due() -> None:
    old = granted(first_month=SEPTEMBER, effective_period=NOVEMBER)
    found = due_changed(beneficiary.fold([ADDED, old]), "BTXH", with_levels((), NOVEMBER))
    assert found.layers[0].spans[0].first == NOVEMBER
    whole = due_changed(beneficiary.fold([ADDED, old]), "BTXH", load())
    assert whole.layers[0].spans[0].first == SEPTEMBER


def test_the_funeral_grant_stands_with_assistance_alone_and_counts_from_its_list() -> None:
    died = BeneficiaryDied(
        beneficiary_id="van",
        month=NOVEMBER,
        funeral_grant=8_800_000,
        office_decides=False,
        effective_period=JANUARY,
        list_id="L2",
    )
    grant = FuneralGranted(beneficiary_id="van", amount=8_800_000, effective_period=JANUARY, list_id="L2")
    state = beneficiary.fold([ADDED, RIGHT, merit(), died, grant])
    found = due_changed(state, "BTXH", load())
    assert found.funeral == FuneralDue(amount=8_800_000, counts_from=JANUARY)
    of_merit = due_changed(state, "NCC", load())
    assert (of_merit.funeral, of_merit.died) == (None, NOVEMBER)

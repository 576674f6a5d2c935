"""What a row asks of the person it means: one command after the other."""

from dataclasses import replace

import pytest

from services.kernel.clock import derived_id
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import load
from services.registry.commands import (
    Adjust,
    ChangeDetails,
    ChoosePayout,
    Command,
    Die,
    End,
    Frame,
    Grant,
    ReportMove,
    Resume,
    Scope,
    Suspend,
)
from services.registry.entitlement import Terms
from services.registry.events import PayeeDetails, PersonalDetails
from services.registry.headings import ADDRESS, PAYEE, PHONE, WISH
from services.registry.row import ReasonKind, Row
from services.registry.row_effects import commands, registration, right_of, scope_of, terms
from tests.unit.registry.histories import ADDED, DECEMBER, FRAME, NOVEMBER, OCTOBER, ROW, VAN, granted

DECREASE = replace(ROW, kind="DECREASE", code=None, amount=None, from_period=DECEMBER)
ADJUST = replace(ROW, kind="ADJUST", programme=None, code=None, amount=None, from_period=DECEMBER)
SAME = ChangeDetails(VAN, False, "L1")


def asked(row: Row, *history: Event, frame: Frame = FRAME) -> list[Command]:
    """What the row asks of Vân with that history."""
    return list(commands(row, beneficiary.fold([ADDED, *history]), load(), frame))


def of(kind: type[Command], row: Row, *history: Event) -> Command:
    [found] = [one for one in asked(row, *history) if isinstance(one, kind)]
    return found


def test_the_right_of_a_row_takes_its_item_from_the_code() -> None:
    assert right_of(replace(ROW, programme="NCC", code="NCC.06.41-50"), load()) == ("NCC", "6", "NCC.06.41-50")


def test_the_right_of_a_row_without_code_has_the_rows_item() -> None:
    assert right_of(replace(ROW, programme="KHAC", item="16", code=None), load()) == ("KHAC", "16", None)


def test_filled_cells_narrow_what_a_row_is_about() -> None:
    assert scope_of(DECREASE, load()) == Scope("BTXH")
    assert scope_of(replace(DECREASE, programme=None), load()) == Scope()
    assert scope_of(replace(DECREASE, programme=None, code="NCC.10"), load()) == Scope("NCC", None, "NCC.10")


def test_a_person_is_taken_up_with_what_any_of_their_rows_says() -> None:
    rows = [replace(ROW, phone="0912345678"), replace(ROW, number=3, phone="0987654321", old_id="012345678")]
    told = registration(rows, "van", FRAME).personal
    assert told == PersonalDetails(
        name="Hồ Thị Vân",
        birth="1943-11-15",
        sex="F",
        citizen_id="001143186310",
        old_id="012345678",
        phone="0912345678",
    )


@pytest.mark.parametrize(
    ("months", "since"),
    [((DECEMBER, OCTOBER), NOVEMBER), ((DECEMBER, Period("2024-01")), DECEMBER), ((OCTOBER,), NOVEMBER)],
)
def test_a_person_lives_in_the_commune_from_the_first_month_of_the_roll(
    months: tuple[Period, ...], since: Period
) -> None:
    taken = registration([replace(ROW, from_period=month) for month in months], "van", FRAME)
    assert (taken.commune, taken.from_month) == ("10114", since)


def test_a_person_whose_right_begins_after_a_merger_lives_in_the_commune_that_takes_over() -> None:
    frame = Frame("L1", "10177", Period("2024-12"))
    assert registration([replace(ROW, from_period=Period("2025-01"))], "van", frame).commune == "10174"


def test_an_increase_grants_the_right_of_its_row() -> None:
    grant = Grant(derived_id("van", "L1", 2), "BTXH", None, "BTXH.05C", Terms(440_000, True, 1), NOVEMBER, FRAME)
    assert asked(ROW) == [grant, SAME]


def test_an_increase_brings_contact_and_payout() -> None:
    row = replace(ROW, phone="0912345678", wish="ACCOUNT", payee_name="Hồ Văn Sơn", relation="GUARDIAN")
    details = ChangeDetails(VAN.model_copy(update={"phone": "0912345678"}), False, "L1")
    choice = ChoosePayout(NOVEMBER, "ACCOUNT", "GUARDIAN", PayeeDetails(name="Hồ Văn Sơn"), frame=FRAME)
    assert asked(row)[1:] == [details, choice]


@pytest.mark.parametrize(("month", "holds"), [(OCTOBER, NOVEMBER), (DECEMBER, DECEMBER)])
def test_wish_and_payee_hold_from_the_later_of_the_rows_month_and_l(month: Period, holds: Period) -> None:
    choice = of(ChoosePayout, replace(ROW, wish="CASH", from_period=month))
    assert isinstance(choice, ChoosePayout)
    assert choice.from_month == holds


@pytest.mark.parametrize(
    ("code", "amount", "month", "found"),
    [
        ("BTXH.05C", None, NOVEMBER, Terms(440_000, True, 1)),
        ("BTXH.05C", 440_000, NOVEMBER, Terms(440_000, True, 1)),
        ("BTXH.05C", 500_000, NOVEMBER, Terms(500_000, False, 1)),
        ("BTXH.04", 1_320_000, NOVEMBER, Terms(1_320_000, True, 3)),
        (None, 300_000, NOVEMBER, Terms(300_000, False, 1)),
        (None, None, NOVEMBER, None),
        ("BTXH.05C", 500_000, Period("2024-07"), Terms(500_000, True, 1)),
    ],
    ids=["empty", "equal", "different", "three children", "no code", "nothing", "of the month that it begins in"],
)
def test_an_amount_is_held_against_the_catalogue(
    code: str | None, amount: int | None, month: Period, found: Terms | None
) -> None:
    assert terms(replace(ROW, amount=amount, from_period=month), code, load(), FRAME) == found


def test_an_amount_is_the_catalogues_of_l_where_the_right_is_older() -> None:
    august = Frame("L1", "10114", Period("2024-08"))
    row = replace(ROW, amount=500_000, from_period=Period("2024-06"))
    assert terms(row, "BTXH.05C", load(), august) == Terms(500_000, True, 1)


@pytest.mark.parametrize(
    ("reason", "command"),
    [
        (ReasonKind.ORDINARY, End(Scope("BTXH"), DECEMBER, "ORDINARY", FRAME)),
        (ReasonKind.LEAVE_DISTRICT, End(Scope("BTXH"), DECEMBER, "ORDINARY", FRAME)),
        (ReasonKind.SUSPEND, Suspend(Scope("BTXH"), DECEMBER, "ORDINARY", FRAME)),
        (ReasonKind.MOVE_OUT, ReportMove("OUT", "10120", DECEMBER, None, None, None, FRAME)),
        (ReasonKind.DEATH, Die(DECEMBER, 8_800_000, None, None, FRAME)),
    ],
)
def test_a_decrease_means_what_its_reason_begins_with(reason: ReasonKind, command: Command) -> None:
    row = replace(DECREASE, reason_kind=reason, reason_commune="10120")
    assert asked(row, granted()) == [command]


def test_the_funeral_grant_is_20_times_the_level_of_the_month_of_death_not_of_the_month_after() -> None:
    """The level rises from 440.000 to 500.000 in July 2024."""
    june = replace(DECREASE, reason_kind=ReasonKind.DEATH, from_period=Period("2024-07"))
    july = replace(june, from_period=Period("2024-08"))
    grants = [one.grant for row in (june, july) for one in asked(row, granted()) if isinstance(one, Die)]
    assert grants == [8_800_000, 10_000_000]


def test_a_resumption_asks_for_what_its_cells_name() -> None:
    row = replace(ROW, reason_kind=ReasonKind.RESUME, programme=None, code=None, amount=None)
    assert asked(row, granted()) == [Resume(Scope(), NOVEMBER, FRAME), SAME]


def test_an_arrival_moves_who_has_a_running_right_and_its_code_and_amount_do_not_count() -> None:
    row = replace(ROW, reason_kind=ReasonKind.MOVE_IN, code="BTXH.08", wish="CASH", phone="0912345678")
    move, details = asked(row, granted())
    assert move == ReportMove("IN", "10114", NOVEMBER, "CASH", None, None, FRAME)
    assert isinstance(details, ChangeDetails)
    assert details.personal.phone == "0912345678"


def test_an_arrival_of_somebody_with_no_running_right_is_an_ordinary_increase() -> None:
    assert isinstance(asked(replace(ROW, reason_kind=ReasonKind.MOVE_IN))[0], Grant)


def test_a_second_arrival_row_of_a_newcomer_is_an_ordinary_increase_too() -> None:
    first = granted("BTXH.08", 660_000, list_id="L1")
    assert isinstance(asked(replace(ROW, reason_kind=ReasonKind.MOVE_IN), first)[0], Grant)


def test_an_adjustment_with_empty_cells_changes_nothing() -> None:
    assert asked(replace(ADJUST, citizen_id=None), granted()) == [SAME]


def test_an_adjustment_that_names_rights_without_amount_leaves_them_however_many() -> None:
    two = (granted(), granted("BTXH.08", 660_000))
    assert asked(replace(ADJUST, programme="BTXH", phone="0912345678"), *two) == [
        ChangeDetails(VAN.model_copy(update={"phone": "0912345678"}), False, "L1")
    ]


def test_an_adjustment_changes_the_amount_of_the_right_it_means() -> None:
    adjust = of(Adjust, replace(ADJUST, programme="BTXH", amount=500_000), granted())
    assert adjust == Adjust(Scope("BTXH"), Terms(500_000, False, 1), derived_id("van", "L1", 2), DECEMBER, FRAME)


def test_an_adjustment_to_another_code_takes_the_catalogues_amount() -> None:
    adjust = of(Adjust, replace(ADJUST, programme="BTXH", code="BTXH.06.SEVERE"), granted())
    assert isinstance(adjust, Adjust)
    assert (adjust.scope.code, adjust.terms) == ("BTXH.06.SEVERE", Terms(660_000, True, 1))


def test_a_dash_clears_contact_wish_and_payee() -> None:
    row = replace(ADJUST, cleared=frozenset({PHONE, ADDRESS, WISH, PAYEE}))
    details, choice = asked(row, ADDED.model_copy(update={"personal": VAN.model_copy(update={"phone": "0912345678"})}))
    assert details == SAME
    assert choice == ChoosePayout(DECEMBER, None, None, None, True, True, FRAME)


def test_an_adjustment_brings_a_citizen_id_and_mends_nothing_else_of_the_person() -> None:
    row = replace(ADJUST, citizen_id="001143999999", name="HỒ THỊ VÂN", birth="1943", sex="M")
    assert asked(row) == [ChangeDetails(VAN.model_copy(update={"citizen_id": "001143999999"}), False, "L1")]


def test_a_correction_mends_name_birth_and_sex_as_far_as_they_are_filled() -> None:
    row = replace(ADJUST, reason_kind=ReasonKind.CORRECTION, name="Hồ Văn Vân", birth=None, sex="M")
    assert asked(row) == [ChangeDetails(VAN.model_copy(update={"name": "Hồ Văn Vân", "sex": "M"}), True, "L1")]

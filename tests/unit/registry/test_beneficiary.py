"""A person in the register: taken up once, details and payout kept until something else is said."""

from dataclasses import replace
from datetime import date

import pytest

from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.commands import ChangeDetails, ChoosePayout, Command, Grant, Register, Review
from services.registry.entitlement import Terms
from services.registry.events import (
    BeneficiaryDied,
    BeneficiaryMoved,
    BeneficiaryReviewed,
    FuneralGranted,
    PersonalDetailsChanged,
    Residence,
)
from services.registry.person import State
from tests.spec import given
from tests.unit.registry.histories import ADDED, DECEMBER, FRAME, JANUARY, NIECE, NOVEMBER, SON, TO_SON, VAN, granted

REVIEWED = BeneficiaryReviewed(beneficiary_id="van", reviewed_on=date(2023, 11, 20), commune="10114")
DIED = BeneficiaryDied(
    beneficiary_id="van",
    month=NOVEMBER,
    funeral_grant=8_800_000,
    office_decides=False,
    effective_period=DECEMBER,
    list_id="L2",
)
GRANTED = FuneralGranted(beneficiary_id="van", amount=8_800_000, effective_period=DECEMBER, list_id="L2")
FOR_FAMILY = TO_SON.model_copy(update={"from_month": DECEMBER, "after_death": True})

REGISTER = Register("van", "10114", NOVEMBER, "L0", VAN)
GRANT = Grant("e1", "BTXH", None, "BTXH.05C", Terms(440_000, True, 1), NOVEMBER, FRAME)
CHOOSE = ChoosePayout(NOVEMBER, "ACCOUNT", "AUTHORISED", SON, frame=FRAME)
REVIEW = Review(date(2023, 11, 20), "10114")
DETAILS = ChangeDetails(VAN.model_copy(update={"phone": "0912345678"}), False, "L2")


def choose(month: Period = DECEMBER, **said: object) -> ChoosePayout:
    values = {"wish": None, "relation": None, "payee": None, "frame": replace(FRAME, effective_period=month)}
    return ChoosePayout(month, **(values | said))  # type: ignore[arg-type]


def test_a_person_is_taken_up_with_their_commune_and_month() -> None:
    given(beneficiary).when(REGISTER).then(ADDED)


def test_a_person_without_citizen_id_is_taken_up_as_such() -> None:
    nameless = VAN.model_copy(update={"citizen_id": None})
    expected = ADDED.model_copy(update={"has_citizen_id": False, "personal": nameless})
    given(beneficiary).when(replace(REGISTER, personal=nameless)).then(expected)


def test_a_person_is_not_taken_up_twice() -> None:
    given(beneficiary, ADDED).when(REGISTER).then_rejected("person-known")


@pytest.mark.parametrize("command", [GRANT, CHOOSE, REVIEW, DETAILS], ids=["grant", "payout", "review", "details"])
def test_nothing_can_be_said_of_a_person_nobody_took_up(command: Command) -> None:
    given(beneficiary).when(command).then_rejected("person-unknown")


def test_a_person_lives_in_the_commune_of_the_list_from_its_month_on() -> None:
    assert beneficiary.fold([ADDED]).residences == (Residence(commune="10114", from_month=NOVEMBER),)


def test_the_commune_of_a_month_is_told_by_the_name_that_it_bears_then() -> None:
    """Cao Dương and Xuân Dương became Cao Xuân Dương on 1/1/2025 and part of Dân Hòa on 1/7/2025."""
    lives = State("van", residences=(Residence(commune="10177", from_month=NOVEMBER),))
    assert [lives.commune_in(Period(month)) for month in ("2023-10", "2024-12", "2025-01", "2025-07")] == [
        *("10177", "10177", "10174", "10180")
    ]


def test_a_move_in_a_month_replaces_a_later_one_that_was_said_before() -> None:
    moves = [
        BeneficiaryMoved(beneficiary_id="van", commune=commune, from_month=month, list_id="L2")
        for commune, month in (("10120", JANUARY), ("10126", DECEMBER))
    ]
    assert [home.commune for home in beneficiary.fold([ADDED, *moves]).residences] == ["10114", "10126"]


def test_details_are_told_whole_and_once() -> None:
    expected = PersonalDetailsChanged(
        beneficiary_id="van", has_citizen_id=True, corrected=False, list_id="L2", personal=DETAILS.personal
    )
    given(beneficiary, ADDED).when(DETAILS).then(expected)
    given(beneficiary, ADDED, expected).when(DETAILS).then_nothing()


def test_what_was_believed_before_a_correction_stays_in_the_history() -> None:
    corrected = VAN.model_copy(update={"name": "Hồ Thị Vấn"})
    [event] = beneficiary.decide(ChangeDetails(corrected, True, "L2"), beneficiary.fold([ADDED]))
    assert isinstance(event, PersonalDetailsChanged)
    assert (event.corrected, event.personal) == (True, corrected)
    assert ADDED.personal == VAN


def test_a_citizen_id_that_is_brought_is_told() -> None:
    nameless = ADDED.model_copy(
        update={"has_citizen_id": False, "personal": VAN.model_copy(update={"citizen_id": None})}
    )
    [event] = beneficiary.decide(ChangeDetails(VAN, False, "L2"), beneficiary.fold([nameless]))
    assert isinstance(event, PersonalDetailsChanged)
    assert event.has_citizen_id


def test_wish_and_payee_are_told_whole() -> None:
    given(beneficiary, ADDED).when(CHOOSE).then(TO_SON)


def test_a_payee_may_be_named_without_any_wish() -> None:
    expected = TO_SON.model_copy(update={"wish": None})
    given(beneficiary, ADDED).when(replace(CHOOSE, wish=None)).then(expected)


def test_the_payee_is_kept_when_only_the_wish_is_said() -> None:
    expected = TO_SON.model_copy(update={"from_month": DECEMBER, "wish": "CASH"})
    given(beneficiary, ADDED, TO_SON).when(choose(wish="CASH")).then(expected)


def test_the_wish_is_kept_when_only_a_payee_is_named() -> None:
    expected = TO_SON.model_copy(update={"from_month": DECEMBER, "relation": "GUARDIAN", "personal": NIECE})
    given(beneficiary, ADDED, TO_SON).when(choose(relation="GUARDIAN", payee=NIECE)).then(expected)


def test_what_is_kept_is_what_was_said_last() -> None:
    to_niece = TO_SON.model_copy(update={"from_month": DECEMBER, "relation": "GUARDIAN", "personal": NIECE})
    expected = to_niece.model_copy(update={"from_month": JANUARY, "wish": "CASH"})
    given(beneficiary, ADDED, TO_SON, to_niece).when(choose(JANUARY, wish="CASH")).then(expected)


def test_a_dash_clears_the_payee_and_keeps_the_wish() -> None:
    expected = TO_SON.model_copy(update={"from_month": DECEMBER, "relation": None, "personal": None})
    given(beneficiary, ADDED, TO_SON).when(choose(clear_payee=True)).then(expected)


def test_a_dash_clears_the_wish_and_keeps_the_payee() -> None:
    expected = TO_SON.model_copy(update={"from_month": DECEMBER, "wish": None})
    given(beneficiary, ADDED, TO_SON).when(choose(clear_wish=True)).then(expected)


@pytest.mark.parametrize(
    "command",
    [CHOOSE, choose(wish="ACCOUNT"), choose(relation="AUTHORISED", payee=SON), choose()],
    ids=["all the same", "the same wish", "the same payee", "nothing said"],
)
def test_a_payout_that_holds_already_changes_nothing(command: ChoosePayout) -> None:
    given(beneficiary, ADDED, TO_SON).when(command).then_nothing()


def test_whom_a_later_adjustment_names_after_a_death_gets_the_funeral_grant() -> None:
    grant = GRANTED.model_copy(update={"effective_period": JANUARY, "list_id": "L1"})
    named = choose(JANUARY, relation="AUTHORISED", payee=SON)
    expected = FOR_FAMILY.model_copy(update={"from_month": JANUARY})
    given(beneficiary, ADDED, granted(), TO_SON, DIED).when(named).then(expected, grant)


def test_a_wish_said_after_a_death_keeps_the_family_s_payee_as_such() -> None:
    expected = FOR_FAMILY.model_copy(update={"from_month": JANUARY, "wish": "CASH"})
    given(beneficiary, ADDED, DIED, FOR_FAMILY, GRANTED).when(choose(JANUARY, wish="CASH")).then(expected)


def test_a_payee_cleared_after_a_death_is_nobody() -> None:
    expected = TO_SON.model_copy(update={"from_month": JANUARY, "relation": None, "personal": None})
    given(beneficiary, ADDED, DIED, FOR_FAMILY, GRANTED).when(choose(JANUARY, clear_payee=True)).then(expected)


def test_a_review_is_recorded_with_its_day_and_commune() -> None:
    given(beneficiary, ADDED).when(REVIEW).then(REVIEWED)


def test_a_second_review_on_the_same_day_changes_nothing() -> None:
    given(beneficiary, ADDED, REVIEWED).when(REVIEW).then_nothing()


def test_a_review_on_another_day_is_another_review() -> None:
    expected = REVIEWED.model_copy(update={"reviewed_on": date(2023, 11, 21)})
    given(beneficiary, ADDED, REVIEWED).when(replace(REVIEW, reviewed_on=date(2023, 11, 21))).then(expected)

"""A person in the register: taken up once, each right granted once, payout kept until something else is said."""

from dataclasses import replace
from datetime import date

import pytest

from services.kernel.period import Period
from services.registry.beneficiary import ChoosePayout, Command, Grant, Register, Review, beneficiary
from services.registry.events import (
    BeneficiaryAdded,
    BeneficiaryReviewed,
    EntitlementGranted,
    PayeeDetails,
    PayoutChosen,
    PersonalDetails,
    Residence,
)
from tests.spec import given

OCTOBER, NOVEMBER, DECEMBER = Period("2023-10"), Period("2023-11"), Period("2023-12")
VAN = PersonalDetails(name="Hồ Thị Vân", birth="1943-11-15", sex="F", citizen_id="001143186310")
SON = PayeeDetails(name="Hồ Văn Sơn", citizen_id="001070111222")
NIECE = PayeeDetails(name="Hồ Thị Nga")

ADDED = BeneficiaryAdded(
    beneficiary_id="van", commune="10114", from_month=NOVEMBER, has_citizen_id=True, list_id="L1", personal=VAN
)
GRANTED = EntitlementGranted(
    beneficiary_id="van",
    entitlement_id="e1",
    programme="BTXH",
    item=None,
    code="BTXH.05C",
    amount=440_000,
    follows_catalogue=True,
    multiple=1,
    first_month=NOVEMBER,
    roll_from=NOVEMBER,
    effective_period=NOVEMBER,
    list_id="L1",
)
TO_SON = PayoutChosen(beneficiary_id="van", from_month=NOVEMBER, wish="ACCOUNT", relation="AUTHORISED", personal=SON)
REVIEWED = BeneficiaryReviewed(beneficiary_id="van", reviewed_on=date(2023, 11, 20), commune="10114")

REGISTER = Register("van", "10114", NOVEMBER, "L1", VAN)
GRANT = Grant("e1", "BTXH", None, "BTXH.05C", 440_000, True, 1, NOVEMBER, NOVEMBER, "L1")
CHOOSE = ChoosePayout(NOVEMBER, "ACCOUNT", "AUTHORISED", SON)
REVIEW = Review(date(2023, 11, 20), "10114")


def test_a_person_is_taken_up_with_their_commune_and_month() -> None:
    given(beneficiary).when(REGISTER).then(ADDED)


def test_a_person_without_citizen_id_is_taken_up_as_such() -> None:
    nameless = VAN.model_copy(update={"citizen_id": None})
    expected = ADDED.model_copy(update={"has_citizen_id": False, "personal": nameless})
    given(beneficiary).when(replace(REGISTER, personal=nameless)).then(expected)


def test_a_person_is_not_taken_up_twice() -> None:
    given(beneficiary, ADDED).when(REGISTER).then_rejected("person-known")


@pytest.mark.parametrize("command", [GRANT, CHOOSE, REVIEW], ids=["grant", "payout", "review"])
def test_nothing_can_be_said_of_a_person_nobody_took_up(command: Command) -> None:
    given(beneficiary).when(command).then_rejected("person-unknown")


def test_a_person_lives_in_the_commune_of_the_list_from_its_month_on() -> None:
    assert beneficiary.fold([ADDED]).residences == (Residence(commune="10114", from_month=NOVEMBER),)


def test_a_right_from_the_month_of_the_list_is_on_the_roll_from_that_month() -> None:
    given(beneficiary, ADDED).when(GRANT).then(GRANTED)


def test_a_right_from_before_the_list_is_on_the_roll_from_the_month_of_the_list() -> None:
    expected = GRANTED.model_copy(update={"first_month": NOVEMBER, "roll_from": DECEMBER, "effective_period": DECEMBER})
    given(beneficiary, ADDED).when(replace(GRANT, effective_period=DECEMBER)).then(expected)


def test_a_right_from_after_the_list_is_on_the_roll_from_its_own_month() -> None:
    expected = GRANTED.model_copy(update={"first_month": DECEMBER, "roll_from": DECEMBER, "effective_period": NOVEMBER})
    given(beneficiary, ADDED).when(replace(GRANT, first_month=DECEMBER)).then(expected)


def test_the_same_right_is_not_granted_twice() -> None:
    again = replace(GRANT, entitlement_id="e2", amount=500_000, first_month=DECEMBER, list_id="L2")
    given(beneficiary, ADDED, GRANTED).when(again).then_rejected("right-runs-already")


def test_another_code_of_the_same_programme_is_another_right() -> None:
    command = replace(GRANT, entitlement_id="e2", code="BTXH.06.SEVERE", amount=660_000)
    expected = GRANTED.model_copy(update={"entitlement_id": "e2", "code": "BTXH.06.SEVERE", "amount": 660_000})
    given(beneficiary, ADDED, GRANTED).when(command).then(expected)


def test_the_same_item_number_in_another_programme_is_another_right() -> None:
    of_merit = GRANTED.model_copy(update={"programme": "NCC", "item": "1", "code": None})
    command = replace(GRANT, entitlement_id="e2", programme="KHAC", item="1", code=None, amount=300_000)
    expected = GRANTED.model_copy(
        update={"entitlement_id": "e2", "programme": "KHAC", "item": "1", "code": None, "amount": 300_000}
    )
    given(beneficiary, ADDED, of_merit).when(command).then(expected)


def test_wish_and_payee_are_told_whole() -> None:
    given(beneficiary, ADDED).when(CHOOSE).then(TO_SON)


def test_a_payee_may_be_named_without_any_wish() -> None:
    expected = TO_SON.model_copy(update={"wish": None})
    given(beneficiary, ADDED).when(replace(CHOOSE, wish=None)).then(expected)


def test_the_payee_is_kept_when_only_the_wish_is_said() -> None:
    expected = TO_SON.model_copy(update={"from_month": DECEMBER, "wish": "CASH"})
    given(beneficiary, ADDED, TO_SON).when(ChoosePayout(DECEMBER, "CASH", None, None)).then(expected)


def test_the_wish_is_kept_when_only_a_payee_is_named() -> None:
    expected = TO_SON.model_copy(update={"from_month": DECEMBER, "relation": "GUARDIAN", "personal": NIECE})
    given(beneficiary, ADDED, TO_SON).when(ChoosePayout(DECEMBER, None, "GUARDIAN", NIECE)).then(expected)


def test_what_is_kept_is_what_was_said_last() -> None:
    to_niece = TO_SON.model_copy(update={"from_month": DECEMBER, "relation": "GUARDIAN", "personal": NIECE})
    january = Period("2024-01")
    expected = to_niece.model_copy(update={"from_month": january, "wish": "CASH"})
    given(beneficiary, ADDED, TO_SON, to_niece).when(ChoosePayout(january, "CASH", None, None)).then(expected)


@pytest.mark.parametrize(
    "command",
    [
        CHOOSE,
        ChoosePayout(DECEMBER, "ACCOUNT", None, None),
        ChoosePayout(DECEMBER, None, "AUTHORISED", SON),
        ChoosePayout(DECEMBER, None, None, None),
    ],
    ids=["all the same", "the same wish", "the same payee", "nothing said"],
)
def test_a_payout_that_holds_already_changes_nothing(command: ChoosePayout) -> None:
    given(beneficiary, ADDED, TO_SON).when(command).then_nothing()


def test_a_review_is_recorded_with_its_day_and_commune() -> None:
    given(beneficiary, ADDED).when(REVIEW).then(REVIEWED)


def test_a_second_review_on_the_same_day_changes_nothing() -> None:
    given(beneficiary, ADDED, REVIEWED).when(REVIEW).then_nothing()


def test_a_review_on_another_day_is_another_review() -> None:
    expected = REVIEWED.model_copy(update={"reviewed_on": date(2023, 11, 21)})
    given(beneficiary, ADDED, REVIEWED).when(replace(REVIEW, reviewed_on=date(2023, 11, 21))).then(expected)

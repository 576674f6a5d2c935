"""To which account a person's money goes, or in cash to whom."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.disbursement.payee import Account, Payee, Receiver, account_for, receiving_name

TODAY = date(2023, 12, 8)
HEARD = datetime(2023, 12, 6, 3, tzinfo=UTC)
OWN = Account(
    account_id="own",
    holder="OWN",
    opened_on=date(2023, 12, 1),
    closed_on=None,
    name_differs=False,
    confirmed=False,
    usable_since=HEARD,
    bank_code="VBA",
    account_number="2200205002329",
    holder_name="Mai Thị Xuân",
    holder_citizen_id="001143194229",
)
GUARDIANS = replace(
    OWN,
    account_id="guardian",
    holder="GUARDIAN",
    opened_on=date(2023, 10, 1),
    holder_name="Nguyễn Văn Hoà",
    holder_citizen_id="001070000001",
)
HOA = Payee("Nguyễn Văn Hòa", "001070000001")
PERSON = Receiver("Mai Thị Xuân", True, "ACCOUNT", None, [OWN], {})


def chosen(person: Receiver, today: date = TODAY) -> str | None:
    account = account_for(person, today)
    return account.account_id if account else None


def test_the_own_account_is_paid_to() -> None:
    assert chosen(PERSON) == "own"


@pytest.mark.parametrize(
    "person",
    [
        replace(PERSON, has_citizen_id=False),
        replace(PERSON, wish="CASH"),
        replace(PERSON, wish=None),
        replace(PERSON, accounts=[]),
    ],
)
def test_without_citizen_id_wish_or_account_it_is_cash(person: Receiver) -> None:
    assert chosen(person) is None


@pytest.mark.parametrize(
    ("today", "account"),
    [
        (date(2023, 11, 30), None),
        (date(2023, 12, 1), "own"),
        (date(2023, 12, 8), "own"),
        (date(2023, 12, 9), None),
    ],
)
def test_an_account_is_in_force_from_its_opening_to_the_day_before_its_closing(
    today: date, account: str | None
) -> None:
    assert chosen(replace(PERSON, accounts=[replace(OWN, closed_on=date(2023, 12, 9))]), today) == account


@pytest.mark.parametrize(("confirmed", "account"), [(False, None), (True, "own")])
def test_an_account_in_another_name_waits_for_confirmation(confirmed: bool, account: str | None) -> None:
    assert chosen(replace(PERSON, accounts=[replace(OWN, name_differs=True, confirmed=confirmed)])) == account


@pytest.mark.parametrize(
    ("failed", "account"),
    [
        (datetime(2023, 12, 5, tzinfo=UTC), "own"),
        (HEARD, None),
        (datetime(2023, 12, 7, tzinfo=UTC), None),
    ],
)
def test_an_account_that_failed_waits_until_someone_vouches_for_it_again(failed: datetime, account: str | None) -> None:
    assert chosen(replace(PERSON, failed={"own": failed})) == account


def test_the_failure_of_another_account_does_not_count() -> None:
    assert chosen(replace(PERSON, failed={"other": datetime(2023, 12, 7, tzinfo=UTC)})) == "own"


def test_the_newest_opened_account_is_taken() -> None:
    older = replace(OWN, account_id="older", opened_on=date(2023, 5, 1))
    assert chosen(replace(PERSON, accounts=[older, OWN])) == "own"
    assert chosen(replace(PERSON, accounts=[OWN, older])) == "own"


def test_an_older_account_is_taken_if_the_newest_is_not_usable() -> None:
    older = replace(OWN, account_id="older", opened_on=date(2023, 5, 1))
    newest = replace(OWN, closed_on=date(2023, 12, 7))
    assert chosen(replace(PERSON, accounts=[older, newest])) == "older"


def test_the_payees_account_goes_before_the_own_even_if_older() -> None:
    assert chosen(replace(PERSON, payee=HOA, accounts=[OWN, GUARDIANS])) == "guardian"


def test_the_own_account_is_taken_while_the_payees_is_not_in_force() -> None:
    closed = replace(GUARDIANS, closed_on=date(2023, 12, 1))
    assert chosen(replace(PERSON, payee=HOA, accounts=[OWN, closed])) == "own"


@pytest.mark.parametrize("payee", [None, Payee("Trần Thị Lan", "001070000002"), Payee("Trần Thị Lan", None)])
def test_the_account_of_someone_who_is_not_the_payee_is_not_paid_to(payee: Payee | None) -> None:
    assert chosen(replace(PERSON, payee=payee, accounts=[GUARDIANS])) is None


def test_a_payee_of_the_same_name_but_another_citizen_id_is_someone_else() -> None:
    namesake = Payee("Nguyễn Văn Hòa", "001070000009")
    assert chosen(replace(PERSON, payee=namesake, accounts=[GUARDIANS])) is None


@pytest.mark.parametrize(
    ("payee", "account"),
    [
        (Payee("NGUYỄN VĂN HÒA", None), GUARDIANS),
        (HOA, replace(GUARDIANS, holder_citizen_id=None)),
    ],
)
def test_a_payee_without_citizen_id_is_known_by_name(payee: Payee, account: Account) -> None:
    assert chosen(replace(PERSON, payee=payee, accounts=[account])) == "guardian"


def test_the_name_on_the_payment_is_the_holder_or_who_comes_for_the_cash() -> None:
    with_payee = replace(PERSON, payee=HOA)
    assert receiving_name(with_payee, GUARDIANS) == "Nguyễn Văn Hoà"
    assert receiving_name(with_payee, OWN) == "Mai Thị Xuân"
    assert receiving_name(PERSON, replace(OWN, holder_name="")) == "Mai Thị Xuân"
    assert receiving_name(with_payee, None) == "Nguyễn Văn Hòa"
    assert receiving_name(PERSON, None) == "Mai Thị Xuân"


def test_after_a_death_never_the_own_account() -> None:
    assert chosen(replace(PERSON, died=True)) is None
    assert chosen(replace(PERSON, died=True, payee=HOA, accounts=[OWN, GUARDIANS])) == "guardian"
    assert chosen(replace(PERSON, died=True, payee=HOA, accounts=[OWN])) is None

"""What others' events become: rows keyed by the version they came with."""

from datetime import UTC, date, datetime

import pytest

from services.disbursement.events import Payment, PaymentReturned
from services.kernel.envelope import Received
from services.kernel.event_types import Event
from services.onboarding.reactions import NOT_ON_ROLL, RESIDENCES, rows_of
from services.registry.events import (
    BeneficiaryAdded,
    DueChanged,
    OnRoll,
    PayeeDetails,
    PayoutChosen,
    PersonalDetails,
    Residence,
)

Spans = tuple[tuple[str, str | None], ...]
AT = datetime(2023, 11, 5, 8, tzinfo=UTC)
ADDED = BeneficiaryAdded(
    beneficiary_id="b1",
    commune="10114",
    from_month="2023-11",
    has_citizen_id=True,
    list_id="l1",
    personal=PersonalDetails(name="Nguyễn Thị An", birth="1941", sex="F", citizen_id="001141178391"),
)


def rows(event: Event, version: int = 3) -> dict[str, list[tuple[object, ...]]]:
    """Table → rows."""
    received = Received("registry", "beneficiary-b1", version, "e", event, AT, "")
    return {table.name: found for table, found in rows_of([received]).items()}


def test_a_person_is_kept_with_their_home() -> None:
    assert rows(ADDED, 1) == {
        "people": [("b1", "Nguyễn Thị An", "1941", "001141178391", None, 1)],
        "residences": [("b1", "10114", "2023-11", 1)],
    }


def test_of_two_versions_in_one_batch_the_higher_is_kept_whatever_comes_first() -> None:
    later = ADDED.model_copy(update={"commune": "10120"})
    for batch in ([(ADDED, 1), (later, 2)], [(later, 2), (ADDED, 1)]):
        received = [Received("registry", "beneficiary-b1", version, "e", event, AT, "") for event, version in batch]
        assert rows_of(received)[RESIDENCES] == [("b1", "10120", "2023-11", 2)]


def test_a_choice_is_kept_with_its_payee() -> None:
    chosen = PayoutChosen(
        beneficiary_id="b1",
        from_month="2023-11",
        wish="ACCOUNT",
        relation="GUARDIAN",
        personal=PayeeDetails(name="Hoàng Thị Mai", citizen_id="001165004417"),
    )
    assert rows(chosen) == {"payouts": [("b1", "2023-11", "ACCOUNT", "GUARDIAN", "Hoàng Thị Mai", "001165004417", 3)]}


@pytest.mark.parametrize(
    ("roll", "last"),
    [
        ((), NOT_ON_ROLL),
        ((("2023-11", "2023-12"), ("2024-03", "2024-05")), "2024-05"),
        ((("2023-11", None), ("2023-11", "2023-12")), None),
    ],
)
def test_what_is_due_tells_the_last_month_on_the_roll(
    roll: tuple[tuple[str, str | None], ...], last: str | None
) -> None:
    due = DueChanged(
        beneficiary_id="b1",
        programme="BTXH",
        residences=(
            Residence(commune="10120", from_month="2024-01"),
            Residence(commune="10114", from_month="2023-11"),
        ),
        wishes=(),
        roll=tuple(OnRoll(item=None, first=first, last=end) for first, end in roll),
        layers=(),
    )
    assert rows(due) == {"rolls": [("b1", "BTXH", last, 3)], "residences": [("b1", "10120", "2024-01", 3)]}


@pytest.mark.parametrize("account", ["a1", None])
def test_only_a_failed_payment_to_an_account_concerns_it(account: str | None) -> None:
    payment = Payment(
        payment_id="p1",
        end_to_end_id="E1",
        run_id="r1",
        period="2023-11",
        beneficiary_id="b1",
        programme="BTXH",
        commune="10114",
        amount=440_000,
        method="ACCOUNT" if account else "CASH",
        account_id=account,
        lines=(),
        replaces=(),
    )
    returned = PaymentReturned(payment=payment, value_date=date(2023, 12, 1), bank_reference=None, reason=None)
    assert rows(returned) == ({"failures": [("beneficiary-b1", "a1", AT, 3)]} if account else {})

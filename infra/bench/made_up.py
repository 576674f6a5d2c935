"""Made-up people, rights and payments, in memory; the same number gives the same ones. Nobody real."""

from collections.abc import Sequence
from datetime import date
from functools import cache

from services.disbursement.events import (
    Line,
    MonthAmount,
    PayeeAccount,
    Payment,
    PaymentInstructed,
    PaymentSettled,
)
from services.disbursement.preparing import reference
from services.kernel import clock
from services.kernel.period import Period
from services.onboarding.events import AccountDetails, AccountOpened
from services.reference import areas
from services.reference.programmes import Programme
from services.registry.events import (
    BeneficiaryAdded,
    DueChanged,
    DueLayer,
    DueSpan,
    OnRoll,
    PersonalDetails,
    Residence,
    WishFrom,
)

OPENING = Period("2023-11")
DISTRICT = "278"
AMOUNTS = (440_000, 660_000, 880_000, 1_100_000)
VALUE_DATE = date(2023, 11, 10)


@cache
def _communes() -> Sequence[str]:
    return areas.communes(DISTRICT, OPENING)


def beneficiary_id(number: int) -> str:
    return f"{number:032x}"


def added(number: int) -> BeneficiaryAdded:
    """The person of that number, registered."""
    details = PersonalDetails(name=f"Nguyễn Thị Mẫu {number}", birth="1950", sex="F", citizen_id=f"{number:012d}")
    return BeneficiaryAdded(
        beneficiary_id=beneficiary_id(number),
        commune=_communes()[number % len(_communes())],
        from_month=OPENING,
        has_citizen_id=True,
        list_id="list",
        personal=details,
    )


@cache
def _roll() -> tuple[OnRoll, ...]:
    return (OnRoll(item=None, first=OPENING, last=None),)


@cache
def _layers(amount: int) -> tuple[DueLayer, ...]:
    return (DueLayer(counts_from=OPENING, spans=(DueSpan(item=None, first=OPENING, last=None, amount=amount),)),)


@cache
def _home(commune: str) -> tuple[Residence, ...]:
    return (Residence(commune=commune, from_month=OPENING),)


@cache
def _wish() -> tuple[WishFrom, ...]:
    return (WishFrom(wish="ACCOUNT", from_month=OPENING),)


def due(number: int, programme: Programme = "BTXH") -> DueChanged:
    """What is due to the person each month from the opening on, to an account."""
    return DueChanged(
        beneficiary_id=beneficiary_id(number),
        programme=programme,
        residences=_home(_communes()[number % len(_communes())]),
        wishes=_wish(),
        roll=_roll(),
        layers=_layers(AMOUNTS[number % len(AMOUNTS)]),
    )


def opened(number: int) -> AccountOpened:
    """The person's own account, opened before the first run."""
    details = AccountDetails(
        bank_code="VBA",
        account_number=f"2200{number:09d}",
        account_name=f"NGUYEN THI MAU {number}",
        holder_name=f"Nguyễn Thị Mẫu {number}",
    )
    return AccountOpened(
        account_id=f"a{number:031x}",
        beneficiary_id=beneficiary_id(number),
        holder="OWN",
        opened_on=date(2023, 11, 1),
        name_differs=False,
        personal=details,
    )


@cache
def lines(amount: int, month: Period) -> tuple[Line, ...]:
    """A month's own money as the lines of a payment; equal ones are made once, as in a run."""
    return (Line(purpose="REGULAR", item=None, months=(MonthAmount(month=month, amount=amount),), amount=amount),)


def payment(run_id: str, number: int) -> Payment:
    """One month's payment to the person of that number."""
    payment_id = clock.derived_id(run_id, number)
    amount = AMOUNTS[number % len(AMOUNTS)]
    return Payment(
        payment_id=payment_id,
        end_to_end_id=reference(payment_id),
        run_id=run_id,
        period=OPENING,
        beneficiary_id=beneficiary_id(number),
        programme="BTXH",
        commune=_communes()[number % len(_communes())],
        amount=amount,
        method="ACCOUNT",
        account_id=f"a{number:031x}",
        lines=lines(amount, OPENING),
        replaces=(),
    )


def instructed(run_id: str, number: int) -> PaymentInstructed:
    """That payment, given to the bank."""
    payee = PayeeAccount(payee_name=f"Nguyễn Thị Mẫu {number}", account_number=f"2200{number:09d}", bank_code="VBA")
    return PaymentInstructed(payment=payment(run_id, number), sent_on=date(2023, 11, 9), personal=payee)


def settled(run_id: str, number: int) -> PaymentSettled:
    """That payment, moved by the bank."""
    return PaymentSettled(payment=payment(run_id, number), value_date=VALUE_DATE, bank_reference=f"FT{number:08d}")

"""What happened to Hồ Thị Vân, as tests begin with it: events with the usual values unless something else is said."""

from typing import Any

from services.kernel.period import Period
from services.registry.commands import Frame
from services.registry.events import (
    BeneficiaryAdded,
    EntitlementAdjusted,
    EntitlementEnded,
    EntitlementGranted,
    EntitlementResumed,
    EntitlementSuspended,
    MoveReported,
    PayeeDetails,
    PayoutChosen,
    PersonalDetails,
)
from services.registry.row import Row

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (Period(month) for month in ("2023-09", "2023-10", "2023-11", "2023-12"))
JANUARY, FEBRUARY, MARCH = (Period(month) for month in ("2024-01", "2024-02", "2024-03"))
KIM_BAI, CU_KHE = "10114", "10120"
FRAME = Frame("L1", KIM_BAI, NOVEMBER)
VAN = PersonalDetails(name="Hồ Thị Vân", birth="1943-11-15", sex="F", citizen_id="001143186310")
SON = PayeeDetails(name="Hồ Văn Sơn", citizen_id="001070111222")
NIECE = PayeeDetails(name="Hồ Thị Nga")
ROW = Row(
    number=2,
    kind="INCREASE",
    name="Hồ Thị Vân",
    birth="1943-11-15",
    sex="F",
    citizen_id="001143186310",
    programme="BTXH",
    code="BTXH.05C",
    amount=440_000,
    from_period=NOVEMBER,
)
"""Vân as a list first names her."""
ADDED = BeneficiaryAdded(
    beneficiary_id="van", commune=KIM_BAI, from_month=NOVEMBER, has_citizen_id=True, list_id="L0", personal=VAN
)
TO_SON = PayoutChosen(beneficiary_id="van", from_month=NOVEMBER, wish="ACCOUNT", relation="AUTHORISED", personal=SON)


def listed(period: Period, commune: str = KIM_BAI) -> Frame:
    """The list L2 that takes effect in `period`."""
    return Frame("L2", commune, period)


def granted(code: str | None = "BTXH.05C", amount: int = 440_000, **other: Any) -> EntitlementGranted:
    """A BTXH right of November 2023 that follows the catalogue."""
    first = other.pop("first_month", NOVEMBER)
    effective = other.pop("effective_period", first)
    values: dict[str, Any] = {
        "beneficiary_id": "van",
        "entitlement_id": f"e-{code}",
        "programme": "BTXH",
        "item": None,
        "code": code,
        "amount": amount,
        "follows_catalogue": True,
        "multiple": 1,
        "first_month": first,
        "roll_from": max(first, effective),
        "effective_period": effective,
        "list_id": "L0",
    }
    return EntitlementGranted.model_validate(values | other)


def merit(code: str | None = "NCC.06.41-50", amount: int = 2_145_000, **other: Any) -> EntitlementGranted:
    """A right of merit, of item 6 unless something else is said."""
    return granted(code, amount, **{"programme": "NCC", "item": "6", **other})


def _of(right: EntitlementGranted, month: Period, effective: Period | None, **other: Any) -> dict[str, Any]:
    return {
        "beneficiary_id": "van",
        "entitlement_id": right.entitlement_id,
        "from_month": month,
        "effective_period": effective or month,
        "list_id": "L2",
        **other,
    }


def ended(
    right: EntitlementGranted, month: Period, effective: Period | None = None, cause: str = "ORDINARY"
) -> EntitlementEnded:
    """By list L2; the first month without it."""
    return EntitlementEnded.model_validate(_of(right, month, effective, cause=cause, at_once=cause != "REPLACED"))


def suspended(
    right: EntitlementGranted, month: Period, effective: Period | None = None, cause: str = "ORDINARY"
) -> EntitlementSuspended:
    return EntitlementSuspended.model_validate(_of(right, month, effective, cause=cause))


def resumed(right: EntitlementGranted, month: Period, effective: Period | None = None) -> EntitlementResumed:
    return EntitlementResumed.model_validate(_of(right, month, effective))


def adjusted(
    right: EntitlementGranted, amount: int, month: Period, effective: Period | None = None, follows: bool = False
) -> EntitlementAdjusted:
    return EntitlementAdjusted.model_validate(
        _of(right, month, effective, amount=amount, follows_catalogue=follows, multiple=1)
    )


def half(which: str, commune: str | None, month: Period, effective: Period | None = None, **other: Any) -> MoveReported:
    """One half of a move, told by list L2."""
    values = {"beneficiary_id": "van", "half": which, "commune": commune, "from_month": month, "list_id": "L2"}
    return MoveReported.model_validate(values | {"effective_period": effective or month} | other)

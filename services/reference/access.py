"""Roles of the plan's bodies, and whose area a caller may see."""

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem
from services.reference import areas

DISTRICT_OFFICER = "district-officer"
DISTRICT_APPROVER = "district-approver"
COMMUNE_OFFICER = "commune-officer"
POLICE = "police"
FINANCE = "finance"
TREASURY = "treasury"
OUTREACH = "outreach"
BANK = "bank"
AUDITOR = "auditor"
ADMIN = "admin"
ROLES = (
    DISTRICT_OFFICER,
    DISTRICT_APPROVER,
    COMMUNE_OFFICER,
    POLICE,
    FINANCE,
    TREASURY,
    OUTREACH,
    BANK,
    AUDITOR,
    ADMIN,
)
SEES_ALL = (DISTRICT_OFFICER, DISTRICT_APPROVER, AUDITOR)
BOUND_TO_COMMUNE = (COMMUNE_OFFICER,)


def communes_seen(caller: Caller, period: str) -> list[str] | None:
    """The communes whose people the caller may see in that month; None for no bound."""
    if caller.area is None:
        return None
    return areas.communes(caller.area, period)


def communes_ever(caller: Caller) -> list[str] | None:
    """The communes of any month whose things the caller sees: those of the own area, and those they took over; None
    for no bound."""
    if caller.area is None:
        return None
    today = Period.of(clock.today())
    every = [one for one in areas.all_areas() if one.level == "commune"]
    return sorted({one.code for one in every if areas.lies_in(one.code, one.first, caller.area, today)})


def commune_of(caller: Caller) -> str | None:
    """The one commune that the caller is bound to, None for a wider area or none."""
    return caller.area if any(one.code == caller.area and one.level == "commune" for one in areas.all_areas()) else None


def require_commune(caller: Caller, commune: str, period: str) -> None:
    """Raises Problem 422 for a commune that did not exist in the month, 403 for one that is not the caller's."""
    area = areas.find(commune, period)
    if area is None or area.level != "commune":
        raise Problem(
            422,
            "no-such-commune",
            f"Tháng {period[5:]}/{period[:4]} không có xã, thị trấn mã {commune[:10]}.",
            f"There was no commune {commune[:10]} in {period}.",
        )
    if not _sees(caller, commune, period):
        raise Problem(403, "not-allowed", "Đơn vị này không thuộc địa bàn của bạn.", "This area is not yours.")


def _sees(caller: Caller, commune: str, period: str) -> bool:
    """A successor has what its predecessors left, their open lists too."""
    return caller.area is None or areas.lies_in(commune, period, caller.area, Period.of(clock.today()))

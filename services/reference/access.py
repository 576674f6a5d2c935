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
    seen = communes_seen(caller, period)
    if seen is None or commune in seen:
        return True
    today = Period.of(clock.today())
    return areas.commune_in(commune, period, today) in (communes_seen(caller, today) or ())

"""Which role sees and does what in disbursement, and whose payments: an officer's commune, and those it took over."""

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem
from services.reference import access, areas

RUNS = (*access.SEES_ALL, access.FINANCE, access.TREASURY, access.BANK, access.COMMUNE_OFFICER)
PAYMENTS = (*access.SEES_ALL, access.FINANCE, access.BANK, access.COMMUNE_OFFICER)
MONEY = (*access.SEES_ALL, access.FINANCE)
CLAIMS = (access.DISTRICT_OFFICER, access.FINANCE, access.AUDITOR)
OFFICE = (access.DISTRICT_OFFICER, access.DISTRICT_APPROVER)
ANSWERING = (access.BANK, access.DISTRICT_OFFICER)
BANK_LISTS = (*access.SEES_ALL, access.BANK)
CASH_LISTS = (*access.SEES_ALL, access.COMMUNE_OFFICER)


def communes_seen(caller: Caller) -> list[str] | None:
    """The communes, as payments of any month name them; None for no bound."""
    if caller.area is None:
        return None
    month = Period.of(clock.today())
    return sorted(
        {
            one.code
            for one in areas.all_areas()
            if one.level == "commune" and caller.area in (one.code, areas.commune_in(one.code, one.first, month))
        }
    )


def communes_asked(caller: Caller, commune: str | None) -> list[str] | None:
    """The communes that a call for one of them, or for all, is about. Raises Problem 422 or 403."""
    seen = communes_seen(caller)
    if commune is None:
        return seen
    if not areas.known(commune):
        raise Problem(
            422, "no-such-commune", f"Không có xã, thị trấn mã {commune[:10]}.", f"There is no commune {commune[:10]}."
        )
    if seen is not None and commune not in seen:
        raise Problem(403, "not-allowed", "Đơn vị này không thuộc địa bàn của bạn.", "This area is not yours.")
    return [commune]

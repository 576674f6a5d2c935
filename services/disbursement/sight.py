"""Which role sees and does what in disbursement, and whose payments: an officer's commune, and those it took over."""

from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem
from services.reference import access, areas

RUNS = (*access.SEES_ALL, access.FINANCE, access.TREASURY, access.BANK, access.COMMUNE_OFFICER)
PAYMENTS = (*access.SEES_ALL, access.FINANCE, access.BANK, access.COMMUNE_OFFICER)
# The contract gives police their area of every call "by role"; no page of theirs has that work.
RUNS_BY_CALL = (*RUNS, access.POLICE)
PAYMENTS_BY_CALL = (*PAYMENTS, access.POLICE)
MONEY = (*access.SEES_ALL, access.FINANCE)
CLAIMS = (access.DISTRICT_OFFICER, access.FINANCE, access.AUDITOR)
OFFICE = (access.DISTRICT_OFFICER, access.DISTRICT_APPROVER)
ANSWERING = (access.BANK, access.DISTRICT_OFFICER)
BANK_LISTS = (*access.SEES_ALL, access.BANK)
CASH_LISTS = (*access.SEES_ALL, access.COMMUNE_OFFICER)


def communes_asked(caller: Caller, commune: str | None) -> list[str] | None:
    """The communes that a call for one of them, or for all, is about. Raises Problem 422 or 403."""
    seen = access.communes_ever(caller)
    if commune is None:
        return seen
    if not areas.known(commune):
        raise Problem(
            422, "no-such-commune", f"Không có xã, thị trấn mã {commune[:10]}.", f"There is no commune {commune[:10]}."
        )
    if seen is not None and commune not in seen:
        raise Problem(403, "not-allowed", "Đơn vị này không thuộc địa bàn của bạn.", "This area is not yours.")
    return [commune]

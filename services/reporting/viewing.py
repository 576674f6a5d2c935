"""Which report a page shows, to whom and from which instant: the area, and frozen, as on a day, or as known now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from fastapi import Request

from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.pages.render import period_of
from services.kernel.web.pages.typed import day_typed
from services.kernel.web.problems import Problem
from services.reference import areas
from services.reference.areas import Area
from services.reporting import showing
from services.reporting.events import FormId
from services.reporting.layout import Figures
from services.reporting.reports import Asked
from services.reporting.showing import Frozen
from services.reporting.sight import OVERSEERS, end_of, instant, require_form, sees_form

Number = Literal["1", "2"]
NOW = "nay"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report as a page shows it. `known`: the instant asked for, None for now; `stands`: the figures are those that
    were frozen."""

    asked: Asked
    figures: Figures
    known: datetime | None
    frozen: Frozen | None
    stands: bool


def form_id(number: Number) -> FormId:
    return "form-1" if number == "1" else "form-2"


def listed(caller: Caller, period: Period) -> Sequence[Area]:
    """The areas with a form that the caller may see, the largest first, then the communes in their order."""
    codes = [_largest(period), *areas.everywhere(period)]
    found = [area for code in codes if (area := areas.find(code, period))]
    return [area for area in found if sees_form(caller, area, period)]


def _largest(period: Period) -> str:
    return "278" if areas.find("278", period) else "01"


def asked_by(request: Request, caller: Caller, number: Number) -> Asked:
    """The report of the address; without an area, the caller's own or the largest. Raises Problem 403 or 422."""
    period = period_of(request)
    own = caller.area if caller.area and areas.find(caller.area, period) else _largest(period)
    asked = showing.asked_of(request, form_id(number), period, request.query_params.get("area") or own)
    require_form(caller, asked.area, period)
    return asked


def known_at(request: Request) -> datetime | None:
    """The instant of the address: an ISO one, or a day as people type it, which is its end. Raises Problem 422."""
    typed = request.query_params.get("as_of", "").strip()
    if not typed:
        return None
    try:
        return instant(typed)
    except Problem:
        return end_of(day_typed(typed))


async def sheet(request: Request, caller: Caller, asked: Asked, known: datetime | None) -> Sheet:
    """What the address asks for: at `known`; or now where it says so; else as frozen, if it was."""
    frozen = await showing.frozen(request, asked) if caller.role in OVERSEERS else None
    if frozen and known is None and request.query_params.get("xem") != NOW:
        return Sheet(asked, frozen.figures, None, frozen, stands=True)
    figures = (await showing.figures(request, asked, known)).rows
    return Sheet(asked, figures, known, frozen, stands=False)


def address(asked: Asked, rest: str = "", **more: str) -> str:
    """Where a report's page stands; `rest` is what comes after it (`/nop`, `.pdf`)."""
    number = asked.form.removeprefix("form-")
    query = {"period": asked.period, "area": asked.area.code} | {key: value for key, value in more.items() if value}
    return f"/bao-cao/bieu-{number}{rest}?{urlencode(query)}"


def beside(asked: Asked, months: int) -> str:
    """Where the same form stands so many months later; that of the caller's own area if this one did not exist."""
    period = asked.period.plus(months)
    if found := areas.find(asked.area.code, period):
        return address(Asked(asked.form, period, found))
    return f"/bao-cao/bieu-{asked.form.removeprefix('form-')}?period={period}"

"""Báo cáo: which forms of a month are frozen and which have other figures by now; all that was frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from fastapi import APIRouter, Depends, Request, Response

from services import reference
from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.pages.render import Pages, period_of
from services.kernel.web.pages.session import signed_in
from services.kernel.web.paging import number_after, page
from services.kernel.web.writes import running_of
from services.reference import areas
from services.reference.areas import Area
from services.reporting import showing, submissions, viewing
from services.reporting.events import FormId
from services.reporting.sight import FORMS, OVERSEERS, areas_seen

router = APIRouter()
PAGES = Pages(Path(__file__).parent, reference.FOLDER)
VIEWERS = Depends(signed_in(*FORMS))
OVERSEER = Depends(signed_in(*OVERSEERS))
FORM_IDS: Sequence[FormId] = get_args(FormId)
PAGE = 100
LAST_DAY = 4
"""Forms of a month are in time before the 5th of the next (the plan, part III)."""


@dataclass(frozen=True, slots=True)
class Line:
    """An area and what was submitted of each of its forms."""

    area: Area
    submitted: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def lacks(self) -> bool:
        return len(self.submitted) < len(FORM_IDS)

    @property
    def differs(self) -> bool:
        return any(one["differences"] for one in self.submitted.values())


@router.get("/bao-cao")
async def reports(request: Request, caller: Caller = VIEWERS) -> Response:
    """Each area with both its forms; `loc` is `thieu` (not submitted) or `khac` (other figures by now)."""
    period = period_of(request)
    lines = await _lines(request, caller, period)
    chosen = request.query_params.get("loc", "")
    kept = {"thieu": [one for one in lines if one.lacks], "khac": [one for one in lines if one.differs]}
    context = {
        "lines": kept.get(chosen, lines),
        "counts": [("", len(lines)), *((key, len(some)) for key, some in kept.items())],
        "chosen": chosen if chosen in kept else "",
        "forms": [(form.removeprefix("form-"), form) for form in FORM_IDS],
        "sees_submissions": caller.role in OVERSEERS,
        "due": period.plus(1).first_day.replace(day=LAST_DAY + 1),
        "late": clock.today() > period.plus(1).first_day.replace(day=LAST_DAY),
        "ahead": period >= Period.of(clock.today()),
    }
    return PAGES.page(request, "reports.html", context, caller=caller)


async def _lines(request: Request, caller: Caller, period: Period) -> list[Line]:
    lines = {area.code: Line(area) for area in viewing.listed(caller, period)}
    if caller.role in OVERSEERS:
        for one in await showing.newest_of_month(request, period, list(lines)):
            lines[one["area"]].submitted[one["form"]] = one
    return list(lines.values())


@router.get("/bao-cao/da-chot")
async def frozen(request: Request, cursor: str | None = None, caller: Caller = OVERSEER) -> Response:
    """What was frozen, of the month or (`ky=moi`) of all, oldest first, with the cells that are others now."""
    period, every = period_of(request), request.query_params.get("ky") == "moi"
    wanted = submissions.Wanted(None, None if every else period, areas_seen(caller, None), number_after(cursor))
    async with running_of(request).pool.acquire() as connection:
        rows, following = page(await submissions.find(connection, wanted, PAGE), PAGE, "number")
        items = await submissions.compared(connection, rows, clock.now())
    context = {"items": items, "following": following, "every": every, "name_of": areas.name_of}
    return PAGES.page(request, "frozen.html", context, caller=caller)

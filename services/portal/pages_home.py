"""Việc cần làm: each role's first page, and the numbers beside the sections of the others."""

import os
from datetime import date
from pathlib import Path

from fastapi import APIRouter, Depends, Request, Response

from services import reference
from services.kernel import clock, settings
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.pages.render import Pages, Site, period_of
from services.kernel.web.pages.session import own_path, signed_in
from services.kernel.web.writes import running_of
from services.portal import home, month_picture
from services.portal.tasks import Waiting, tasks_for
from services.reference import access, areas

router = APIRouter()
PAGES = Pages(Path(__file__).parent, reference.FOLDER)
ANYBODY = Depends(signed_in())
HOLIDAYS_SETTING = "ANSINH_HOLIDAYS"
"""Days off besides Saturdays and Sundays: `2024-01-01,2024-02-08`."""


async def _waiting(request: Request, caller: Caller, period: Period) -> Waiting:
    async with running_of(request).pool.acquire() as connection:
        return await tasks_for(connection, caller.role, caller.area, period)


def holidays() -> list[date]:
    """The days off of the settings; raises ValueError for what is no day."""
    told = settings.read(HOLIDAYS_SETTING, os.environ) or ""
    return [date.fromisoformat(one.strip()) for one in told.split(",") if one.strip()]


# Where a role's work may take long: its lines about it are drawn on the home page too.
LONG_WORK = {
    access.COMMUNE_OFFICER: ("registry",),
    access.DISTRICT_OFFICER: ("registry", "disbursement"),
    access.DISTRICT_APPROVER: ("registry", "disbursement"),
    access.BANK: ("onboarding", "disbursement"),
}


@router.get("/")
async def first_page(request: Request, caller: Caller = ANYBODY) -> Response:
    """What there is to do, the month as a picture, and for the office its communes."""
    period, today = period_of(request), clock.today()
    waiting = await _waiting(request, caller, period)
    tasks = [one.task for one in waiting.tasks]
    context = {
        "today": today,
        "groups": home.lines(waiting.tasks, today, period),
        "sections": home.by_section(
            waiting.tasks, [one.address for one in request.app.state.site.entries(caller.role)]
        ),
        "stations": month_picture.stations(tasks, period, period.plus(-1)) if caller.role in access.SEES_ALL else [],
        "communes": month_picture.communes(tasks, period) if caller.role in access.SEES_ALL else [],
        "long_work": LONG_WORK.get(caller.role, ()),
        "known": PAGES.texts,
        "name_of": lambda code: areas.name_of(code, period),
        "days_left": home.days_left,
        "last_working_day": lambda due: home.last_working_day(due, holidays()),
    }
    return PAGES.page(request, "home.html", context, caller=caller, period=period, as_of=waiting.as_of)


@router.get("/viec/so-luong")
async def numbers(request: Request, caller: Caller = ANYBODY) -> Response:
    """The sections with the number of things waiting in each, for the head of any page (`trang`)."""
    waiting = await _waiting(request, caller, period_of(request))
    context = {
        "sections": home.by_section(waiting.tasks, _entries(request, caller)),
        "page_path": own_path(request.query_params.get("trang", "/")),
    }
    return PAGES.page(request, "numbers.html", context, caller=caller)


def _entries(request: Request, caller: Caller) -> list[str]:
    site: Site = request.app.state.site
    return [one.address for one in site.entries(caller.role)]

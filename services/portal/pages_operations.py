"""Vận hành: all services at a glance, each row drawn by the service itself; on top, what waits for somebody."""

from pathlib import Path

from fastapi import APIRouter, Depends, Request, Response

from services import reference
from services.kernel.web.auth import Caller
from services.kernel.web.pages.render import Pages, period_of
from services.kernel.web.pages.session import signed_in
from services.kernel.web.writes import running_of
from services.portal.tasks import tasks_for
from services.reference import access

router = APIRouter()
PAGES = Pages(Path(__file__).parent, reference.FOLDER)
OPERATORS = Depends(signed_in(access.ADMIN, access.AUDITOR, access.DISTRICT_OFFICER))
SERVICES = ("registry", "onboarding", "disbursement", "reporting")


@router.get("/van-hanh")
async def overview(request: Request, caller: Caller = OPERATORS) -> Response:
    """The services, refreshed every ten seconds unless `dung=1`; without script, the way to each."""
    period = period_of(request)
    async with running_of(request).pool.acquire() as connection:
        waiting = await tasks_for(connection, access.ADMIN, None, period)
    letters = {one.service: one.task.number for one in waiting.tasks if one.task.kind == "dead-letters"}
    context = {
        "services": SERVICES,
        "letters": {service: number for service, number in letters.items() if number},
        "stopped": request.query_params.get("dung") == "1",
    }
    return PAGES.page(request, "overview.html", context, caller=caller, as_of=waiting.as_of)

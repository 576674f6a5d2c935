"""Thiết lập: how this system is set, and the made-up months of a new one."""

import os
from pathlib import Path

from fastapi import APIRouter, Depends, Request, Response

from services import reference
from services.kernel import clock, settings
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import posted
from services.kernel.web.pages.render import Pages, see
from services.kernel.web.pages.session import signed_in
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.portal import sample_months
from services.reference import access

router = APIRouter()
PAGES = Pages(Path(__file__).parent, reference.FOLDER)
ADMIN = Depends(signed_in(access.ADMIN))
# What an administrator of the office asks about; every setting stands in docs/settings.md.
SHOWN = ("ANSINH_UNIT", "ANSINH_OPENING_PERIOD", "ANSINH_HOLIDAYS", "ANSINH_PAYER_NAME", "ANSINH_OIDC_ISSUER")


@router.get("/thiet-lap")
async def shown(request: Request, caller: Caller = ADMIN) -> Response:
    """The settings, which are made where the system is started, and the made-up months."""
    pool = running_of(request).pool
    fill = request.app.state.fill
    context = {
        "settings": [(name, settings.read(name, os.environ)) for name in SHOWN],
        "today": clock.today(),
        "sample": await sample_months.state_of(pool),
        "may_fill": fill is not None and await sample_months.is_new(pool),
    }
    return PAGES.page(request, "settings.html", context, caller=caller)


@router.post("/thiet-lap/thang-mau")
async def fill_in(request: Request, caller: Caller = ADMIN) -> Response:
    """Begins the made-up months."""
    await posted(request, caller)
    fill = request.app.state.fill
    if fill is None:
        raise Problem(404, "not-found")
    if not await sample_months.is_new(running_of(request).pool):
        raise Problem(
            409, "state-conflict", "Hệ thống đã có dữ liệu, không điền tháng mẫu vào.", "The system holds data already."
        )
    await sample_months.begin(running_of(request).pool, fill)
    return see("/thiet-lap", "sample_begun")

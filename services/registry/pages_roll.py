"""Khóa sổ: the communes' people and money of a month, and closing the roll."""

from collections.abc import Mapping
from typing import Any

import asyncpg
from fastapi import APIRouter, Depends, Request, Response

from services.kernel.commands import Answer, Work
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import posted
from services.kernel.web.pages.long_work import Kind, Run, carried_out
from services.kernel.web.pages.render import address_after, period_of
from services.kernel.web.pages.session import signed_in
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access
from services.registry import api, list_reading, roll
from services.registry.page_frame import PAGES, SHARED

router = APIRouter()
READ = Depends(signed_in(*access.SEES_ALL, access.FINANCE))
OFFICER = Depends(signed_in(access.DISTRICT_OFFICER))
ORDER = ("RETURNED", "SUBMITTED", "DRAFT", "APPROVED")


def sums(totals: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """People (pairs) and đồng by commune."""
    return {
        commune: {
            "people": sum(one["people"] for one in by_programme.values()),
            "amount": sum(one["amount"] for one in by_programme.values()),
        }
        for commune, by_programme in totals.items()
    }


def whole(by_commune: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The sum over all communes."""
    return {field: sum(one[field] for one in by_commune.values()) for field in ("people", "amount")}


async def _seen(connection: asyncpg.Connection, period: Period) -> dict[str, Any]:
    shown = await roll.shown(connection, period)
    told = await list_reading.told(connection, period)
    now, closed = sums(shown["now"]), sums(shown["totals"]) if shown["closed"] else {}
    communes = [*told, *(one for one in now if one not in told)]
    nothing = {"people": 0, "amount": 0}
    rows = [
        {
            "code": commune,
            "status": next((one for one in ORDER if one in told.get(commune, ())), ""),
            "outstanding": commune in shown["outstanding"],
            "now": now.get(commune, nothing),
            "closed": closed.get(commune, nothing),
        }
        for commune in communes
    ]
    return {
        "roll": shown,
        "rows": sorted(rows, key=lambda row: not row["outstanding"]),
        "now": whole(now),
        "closed": whole(closed),
        "changed": [row for row in rows if shown["closed"] and row["now"] != row["closed"]],
    }


async def _page(
    request: Request, caller: Caller, template: str, period: Period, why: Problem | None = None
) -> Response:
    async with running_of(request).pool.acquire() as connection:
        seen = await _seen(connection, period)
    context = {
        **SHARED,
        **seen,
        "may_close": caller.role == access.DISTRICT_OFFICER,
        "sees_lists": caller.role in access.SEES_ALL,
    }
    return PAGES.page(request, template, context, caller=caller, period=period, refusal=why)


@router.get("/danh-sach/khoa-so")
async def the_roll(request: Request, caller: Caller = READ) -> Response:
    """The roll of the month by commune, those outstanding first."""
    return await _page(request, caller, "roll.html", api.period_of(period_of(request)))


@router.get("/danh-sach/khoa-so/xac-nhan")
async def confirm(request: Request, caller: Caller = OFFICER) -> Response:
    """What closing means, and how much it is."""
    return await _page(request, caller, "roll_close.html", api.period_of(period_of(request)))


@router.post("/danh-sach/khoa-so/xac-nhan")
async def close(request: Request, caller: Caller = OFFICER) -> Response:
    """Closes the roll with the sums that the page showed."""
    form = await posted(request, caller)
    period = api.period_of(form.one("period"))
    try:
        return await carried_out(request, caller, form, "roll-close", f"/danh-sach/khoa-so/xac-nhan?period={period}")
    except Problem as why:
        if why.status != 409:
            raise
        return await _page(request, caller, "roll_close.html", period, why)


async def _close(run: Run) -> str:
    form, period = run.form, api.period_of(run.form.one("period"))

    async def handle(work: Work) -> Answer:
        now = whole(sums(roll.plain(await roll.totals(work.connection, period))))
        if (form.one("people"), form.one("amount")) != (str(now["people"]), str(now["amount"])):
            raise Problem(
                409,
                "roll-changed",
                "Số khoản hoặc số tiền vừa thay đổi. Xem lại số mới ở đây rồi khóa.",
                "The sums have just changed. Look at the new ones here, then close the roll.",
            )
        return await roll.close(work, run.caller, period)

    await run.submit(handle)
    return address_after("/danh-sach/khoa-so", said="roll_closed", period=period)


LONG_WORK = {"roll-close": Kind(_close, "Khóa sổ", "Closing of the roll")}

"""Pages of sums without persons: payment orders for the treasury, the year's money for the finance office."""

from typing import Any

import asyncpg
import orjson
from fastapi import APIRouter, Depends, Request, Response

from services.disbursement import run_balance, sight, told
from services.disbursement.page_frame import PAGES
from services.kernel.web.auth import Caller
from services.kernel.web.pages.render import period_of
from services.kernel.web.pages.session import signed_in
from services.kernel.web.writes import running_of
from services.reference import access
from services.reference.programmes import PROGRAMMES

router = APIRouter()
TREASURY = Depends(signed_in(access.TREASURY, access.AUDITOR))
BALANCE = Depends(signed_in(*sight.MONEY, access.ADMIN))
FINANCE = Depends(signed_in(access.FINANCE, access.AUDITOR))
SENT = "select * from runs where status = 'SENT' and period between $1 and $2 order by number desc"


async def _sent(connection: asyncpg.Connection, first: str, last: str) -> list[dict[str, Any]]:
    rows = await connection.fetch(SENT, first, last)
    return [{**row, "totals": orjson.loads(row["totals"])} for row in rows]


@router.get("/chi-tra/can-doi")
async def balance(request: Request, caller: Caller = BALANCE) -> Response:
    """Where the money of the sent runs is, and that none is missing; in place of another page only the sums.

    Who runs the system is told whether it is equal, without amounts.
    """
    async with running_of(request).pool.acquire() as connection:
        runs = await run_balance.balances(connection)
    context = {
        "runs": runs,
        "wrong": [run for run in runs if run.difference],
        "whole": run_balance.whole(runs),
        "methods": run_balance.METHODS,
        "sees_money": caller.role in sight.MONEY,
    }
    template = "balance_part.html" if request.headers.get("hx-request") else "balance.html"
    return PAGES.page(request, template, context, caller=caller)


@router.get("/lenh-chi")
async def orders(request: Request, caller: Caller = TREASURY) -> Response:
    """The totals of the runs of a month that were sent: what is to be moved to the office's account at the bank."""
    period = period_of(request)
    async with running_of(request).pool.acquire() as connection:
        runs = await _sent(connection, period, period)
        steps = await told.steps(connection, [run["run_id"] for run in runs])
        latest = await connection.fetchval("select max(period) from runs where status = 'SENT' and period < $1", period)
    context = {"runs": runs, "steps": steps, "latest": latest, "programmes": PROGRAMMES}
    return PAGES.page(request, "orders.html", context, caller=caller)


@router.get("/du-toan")
async def budget(request: Request, caller: Caller = FINANCE) -> Response:
    """What was sent in the months of the year so far, by programme."""
    period = period_of(request)
    async with running_of(request).pool.acquire() as connection:
        runs = await _sent(connection, f"{period[:4]}-01", period)
    months: dict[str, dict[str, int]] = {}
    for run in reversed(runs):
        sums = months.setdefault(run["period"], dict.fromkeys(PROGRAMMES, 0))
        for programme, sum_of in run["totals"]["by_programme"].items():
            sums[programme] += sum_of["amount"]
    context = {"months": months, "programmes": PROGRAMMES, "year": period[:4]}
    return PAGES.page(request, "budget.html", context, caller=caller)

"""Pages of the cash of a run: the list to print and sign, and what became of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import asyncpg
import orjson
from fastapi import APIRouter, Depends, Request, Response

from services.disbursement import cash_lists, cash_results, showing, sight, told
from services.disbursement.page_frame import PAGES, ordinal, require
from services.disbursement.sight import communes_asked
from services.kernel import clock
from services.kernel.commands import Answer, Work
from services.kernel.period import Period
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import Form, posted, submit
from services.kernel.web.pages.render import see
from services.kernel.web.pages.session import language_of, signed_in
from services.kernel.web.pages.typed import day_typed
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access, areas

router = APIRouter()
READERS = Depends(signed_in(*sight.CASH_LISTS))
COMMUNE = Depends(signed_in(access.COMMUNE_OFFICER))


@router.get("/tien-mat")
async def cash(request: Request, caller: Caller = READERS) -> Response:
    """The sent runs with cash, newest first, with what is signed for of each."""
    async with running_of(request).pool.acquire() as connection:
        found = await cash_lists.runs(connection, access.communes_ever(caller))
    return PAGES.page(request, "cash.html", {"runs": found}, caller=caller)


@router.get("/tien-mat/{run_id}")
async def of_run(request: Request, run_id: str, caller: Caller = READERS) -> Response:
    """A commune's list of a run; the office chooses the commune (`commune`) from a table of them all."""
    return await _list(request, caller, run_id)


async def _list(
    request: Request, caller: Caller, run_id: str, form: Form | None = None, why: Problem | None = None
) -> Response:
    commune = request.query_params.get("commune")
    async with running_of(request).pool.acquire() as connection:
        run, number = await _sent(connection, run_id, caller)
        period = Period(run["period"])
        if access.commune_of(caller) is None and not commune:
            found = await cash_lists.by_commune(connection, run_id)
            context = {
                "run": showing.run_fields(run, caller.role),
                "ordinal": number,
                "communes": [
                    (one, areas.name_of(one, period), found[one]) for one in areas.everywhere(period) if one in found
                ],
            }
            return PAGES.page(request, "cash_communes.html", context, caller=caller, period=period)
        rows = await cash_lists.listed(connection, run_id, communes_asked(caller, commune))
        missed = await cash_lists.missed_before(connection, rows, period)
        outcomes = await told.outcomes(connection, [row["payment_id"] for row in rows])
    await looks.record(request, caller, "list", [row["beneficiary_id"] for row in rows], commune)
    context = {
        "run": showing.run_fields(run, caller.role),
        "ordinal": number,
        "commune": areas.name_of(commune or access.commune_of(caller) or "", period),
        "rows": rows,
        "outcomes": outcomes,
        "missed": missed,
        "may_write": caller.role == access.COMMUNE_OFFICER,
        "ticked": form.all("payment") if form else [],
        "day": form.one("day") if form else f"{clock.today():%d/%m/%Y}",
        "wrong_slug": why.slug if why else "",
    }
    return PAGES.page(request, "cash_list.html", context, caller=caller, period=period, refusal=why)


async def _sent(connection: asyncpg.Connection, run_id: str, caller: Caller) -> tuple[asyncpg.Record, int]:
    """The run, if it was sent, and which of its month it is. Raises Problem 404."""
    run = await showing.run_row(connection, run_id, caller.role)
    require(run["status"] == "SENT", "not-sent-yet")
    return run, await ordinal(connection, run)


@router.post("/tien-mat/{run_id}")
async def collected(request: Request, run_id: str, caller: Caller = COMMUNE) -> Response:
    """Records the ticked people as having signed for their cash on one day."""
    form = await posted(request, caller)
    ticked = form.all("payment")
    try:
        day = _day(form.one("day"))
        require(ticked, "nobody-ticked")
        rows = [{"payment_id": one, "collected_on": day.isoformat()} for one in ticked]
        results = await _record(request, caller, run_id, form, rows)
    except Problem as why:
        if why.status != 422:
            raise
        return await _list(request, caller, run_id, form, why)
    return _told(run_id, "collected", results)


def _day(text: str) -> date:
    """The day of collection; raises Problem 422."""
    day = day_typed(text)
    require(day <= clock.today(), "day-to-come")
    return day


async def _record(
    request: Request, caller: Caller, run_id: str, form: Form, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    async with running_of(request).pool.acquire() as connection:
        await _sent(connection, run_id, caller)
    spoken = language_of(request)

    async def handler(work: Work) -> Answer:
        return Answer.json(
            {"results": await cash_results.record(work, run_id, access.communes_ever(caller), rows, spoken)}
        )

    answer = await submit(request, caller, form, handler)
    results: list[dict[str, Any]] = orjson.loads(answer.body)["results"]
    return results


def _told(run_id: str, said: str, results: Sequence[dict[str, Any]]) -> Response:
    """On to the list, which says how many were recorded, or that some were not."""
    taken = sum(one["outcome"] in ("applied", "repeated") for one in results)
    whole = taken == len(results)
    return see(f"/tien-mat/{run_id}", said if whole else "some_not_recorded", taken if whole else len(results) - taken)


@router.get("/tien-mat/{run_id}/khong-den")
async def leaving(request: Request, run_id: str, caller: Caller = COMMUNE) -> Response:
    """Asks whether everybody who has not signed is to be recorded as not having come."""
    async with running_of(request).pool.acquire() as connection:
        run, number = await _sent(connection, run_id, caller)
        rows = await cash_lists.listed(connection, run_id, access.communes_ever(caller), ["CASH_LISTED"])
        missed = await cash_lists.missed_before(connection, rows, run["period"])
    await looks.record(request, caller, "list", [row["beneficiary_id"] for row in rows])
    context = {
        "run": showing.run_fields(run, caller.role),
        "ordinal": number,
        "rows": rows,
        "missed": missed,
        "amount": sum(row["amount"] for row in rows),
    }
    return PAGES.page(request, "cash_left.html", context, caller=caller, period=Period(run["period"]))


@router.post("/tien-mat/{run_id}/khong-den")
async def left(request: Request, run_id: str, caller: Caller = COMMUNE) -> Response:
    """Records the people whom the page named as not having come for their cash."""
    form = await posted(request, caller)
    rows = [{"payment_id": one, "uncollected": True} for one in form.all("payment")]
    return _told(run_id, "uncollected", await _record(request, caller, run_id, form, rows))

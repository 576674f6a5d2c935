"""Tài khoản: how far the communes are, the dossiers and accounts of one commune, the share with an account."""

from collections.abc import Sequence
from typing import Any, Literal

import asyncpg
from fastapi import APIRouter, Depends, Request, Response

from services.kernel.period import Period
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.session import signed_in
from services.kernel.web.paging import part
from services.kernel.web.writes import running_of
from services.onboarding import api, by_commune, page_reads, read_model
from services.onboarding.page_frame import PAGES, ROWS, First
from services.onboarding.read_model import AccountFilter, Place
from services.onboarding.shown import counts
from services.reference import access, areas

router = APIRouter()
READERS = Depends(signed_in(*api.APPLICATIONS))
SHARE_READERS = Depends(signed_in(*access.SEES_ALL, access.OUTREACH))
WAITING = "WAITING"
Shown = Literal["WAITING", "OPEN", "NAME_DIFFERS", "BLOCKED", "REFUSED", "CLOSED"]
Sort = Literal["commune", "share"]


@router.get("/tai-khoan")
async def overview(
    request: Request, commune: str = "", status: Shown = "WAITING", first: First = 0, caller: Caller = READERS
) -> Response:
    """Every commune the person sees with its figures; of one commune, its dossiers or accounts."""
    month = api.this_month()
    chosen = commune or _only(caller, month)
    if chosen:
        return await _of_commune(request, caller, chosen, status, first)
    async with running_of(request).pool.acquire() as connection:
        communes = await _seen(connection, caller, month)
    context = {"communes": communes, "whole": by_commune.whole(communes), "name_of": _names(month)}
    return PAGES.page(request, "accounts.html", context, caller=caller)


async def _of_commune(request: Request, caller: Caller, commune: str, status: Shown, first: int) -> Response:
    month = api.this_month()
    async with running_of(request).pool.acquire() as connection:
        places = await api.places_of_call(connection, caller, commune, month)
        counted = await read_model.count_accounts(connection, AccountFilter(places))
        found = await _listed(connection, caller, places, status, month)
        numbers = {one["status"]: one["accounts"] for one in counts(counted, month) if one["commune"] == commune}
        waiting = found if status == WAITING else await page_reads.dossiers(connection, places, month)
        rows, following = part(found, first, ROWS)
        remarks = await page_reads.remarks(connection, rows) if status != WAITING else {}
    await looks.record(request, caller, "list", [one["beneficiary_id"] for one in rows], commune)
    context = {
        "commune": commune,
        "commune_name": areas.name_of(commune, month),
        "of_many": not _only(caller, month),
        "status": status,
        "numbers": numbers | {WAITING: len(waiting)},
        "rows": rows,
        "remarks": remarks,
        "first": first,
        "following": following,
    }
    return PAGES.page(request, "commune_accounts.html", context, caller=caller)


async def _listed(
    connection: asyncpg.Connection, caller: Caller, places: Sequence[Place] | None, status: Shown, month: Period
) -> Sequence[dict[str, Any]]:
    if status == WAITING:
        return await page_reads.dossiers(connection, places, month)
    return await page_reads.accounts(connection, caller, AccountFilter(places, status), month)


def _only(caller: Caller, month: Period) -> str:
    """The commune of somebody who has only one."""
    seen = access.communes_seen(caller, month)
    return seen[0] if seen is not None and len(seen) == 1 else ""


async def _seen(connection: asyncpg.Connection, caller: Caller, month: Period) -> by_commune.ByCommune:
    """The communes that the person sees in the table's order, those of nobody too."""
    counted = await by_commune.counted(connection, month)
    seen = access.communes_seen(caller, month)
    nobody = dict.fromkeys(by_commune.FIGURES, 0)
    return {code: counted.get(code, nobody) for code in (areas.everywhere(month) if seen is None else seen)}


def _names(month: Period) -> Any:
    return lambda code: areas.name_of(code, month)


@router.get("/tai-khoan/ho-so.xlsx")
async def workbook(request: Request, commune: str | None = None, caller: Caller = READERS) -> Response:
    """The dossiers as a workbook; without `commune` all that the person sees."""
    answer = await api.get_applications_workbook(request, caller, commune)
    answer.headers["cache-control"] = "no-store"
    return answer


@router.get("/tai-khoan/ty-le")
async def share(request: Request, sort: Sort = "commune", caller: Caller = SHARE_READERS) -> Response:
    """How many of those on the roll have an account, by commune, of nobody by name."""
    month = api.this_month()
    async with running_of(request).pool.acquire() as connection:
        communes = await _seen(connection, caller, month)
    rows = list(communes.items())
    if sort == "share":
        rows.sort(key=lambda one: one[1]["open"] / one[1]["people"] if one[1]["people"] else 1)
    context = {"rows": rows, "whole": by_commune.whole(communes), "sort": sort, "name_of": _names(month)}
    return PAGES.page(request, "share.html", context, caller=caller)

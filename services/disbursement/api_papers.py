"""Disbursement over HTTP: a run's lists for the bank and for the communes."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Depends, Query, Request, Response

from services.disbursement import papers, showing, sight
from services.disbursement.events import run_stream
from services.disbursement.iso20022 import pain001
from services.disbursement.sight import communes_asked
from services.kernel import clock, settings
from services.kernel.web import documented, looks
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access

router = APIRouter()
ToTheBank = Annotated[Caller, Depends(allowed(*sight.BANK_LISTS))]
ToACommune = Annotated[Caller, Depends(allowed(*sight.CASH_LISTS))]
XML = "application/xml"
# What a payment's status is while it stands on no list, or on none any more.
UNLISTED = ("PREPARED", "CANCELLED", "NETTED")


async def _listed(
    request: Request, run_id: str, caller: Caller, method: str, communes: Sequence[str] | None
) -> list[asyncpg.Record]:
    """The payments of a run on a list: once it was sent, for the office also once it is approved. A look at them all.

    Raises Problem 404 or 409.
    """
    async with running_of(request).pool.acquire() as connection:
        run = await showing.run_shown(connection, run_id, caller.role)
        listed = ("SENT", "APPROVED") if caller.role in access.SEES_ALL else ("SENT",)
        if run["status"] not in listed:
            raise Problem(
                409,
                "run-state",
                f"Đợt chi trả đang ở trạng thái {run['status']}, chưa có danh sách. Phê duyệt và gửi đợt trước.",
                f"The run is {run['status']} and has no lists yet. Approve and send it first.",
            )
        rows: list[asyncpg.Record] = await connection.fetch(
            "select * from payments where run_id = $1 and method = $2 and ($3::text[] is null or"
            " commune = any($3::text[])) and status <> all($4::text[]) and amount > 0 order by number",
            run_id,
            method,
            communes,
            list(UNLISTED),
        )
    area = communes[0] if communes and len(communes) == 1 else None
    await looks.record(request, caller, "export", [row["beneficiary_id"] for row in rows], area)
    return rows


@router.get("/runs/{run_id}/instructions.xml", response_class=Response, responses=documented.answers(XML))
async def instructions_xml(request: Request, run_id: str, caller: ToTheBank) -> Response:
    """The payment orders for the bank as pain.001.001.09."""
    rows = await _listed(request, run_id, caller, "ACCOUNT", None)
    if not rows:
        raise Problem(
            409,
            "nothing-for-the-bank",
            "Đợt này không có khoản chuyển khoản nào. Dùng danh sách tiền mặt của xã.",
            "The run has no payment to an account. Use the communes' cash lists.",
        )
    order = await _order(request, run_id, rows[0]["period"])
    return Response(await asyncio.to_thread(pain001.write, order, rows), media_type=XML)


async def _order(request: Request, run_id: str, period: str) -> pain001.Order:
    """The same run gives the same file: its instants are those of the run's events."""
    found = await running_of(request).pool.fetch(
        "select type, recorded_at, data ->> 'sent_on' as sent_on from events"
        " where stream_id = $1 and type in ('RunApproved', 'RunSent')",
        run_stream(run_id),
    )
    of_type = {row["type"]: row for row in found}
    sent = of_type.get("RunSent")
    return pain001.Order(
        run_id=run_id,
        period=period,
        frozen_at=of_type["RunApproved"]["recorded_at"],
        execute_on=date.fromisoformat(sent["sent_on"]) if sent else clock.today(),
        payer=_payer(),
    )


def _payer() -> pain001.Payer:
    """The office as the settings `ANSINH_PAYER_NAME`, `_ACCOUNT` and `_BANK` name it."""
    stated = {name: settings.read(f"ANSINH_PAYER_{name.upper()}") for name in ("name", "account", "bank")}
    return pain001.Payer(**{name: value for name, value in stated.items() if value})


@router.get("/runs/{run_id}/instructions.csv", response_class=Response, responses=documented.answers(documented.CSV))
async def instructions_csv(request: Request, run_id: str, caller: ToTheBank) -> Response:
    """The payment list for the bank."""
    rows = await _listed(request, run_id, caller, "ACCOUNT", None)
    return Response(papers.as_csv(papers.BANK_COLUMNS, rows), media_type=documented.CSV)


@router.get("/runs/{run_id}/instructions.xlsx", response_class=documented.Workbook)
async def instructions_xlsx(request: Request, run_id: str, caller: ToTheBank) -> Response:
    """The payment list for the bank."""
    rows = await _listed(request, run_id, caller, "ACCOUNT", None)
    return await _workbook(papers.BANK_COLUMNS, rows)


@router.get("/runs/{run_id}/cash-list.xlsx", response_class=documented.Workbook)
async def cash_list(
    request: Request,
    run_id: str,
    caller: ToACommune,
    commune: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """A commune's cash list; an officer of a commune gets the own, with those of communes that it took over."""
    rows = await _listed(request, run_id, caller, "CASH", communes_asked(caller, commune))
    return await _workbook(papers.CASH_COLUMNS, rows)


async def _workbook(columns: Sequence[str], rows: Sequence[Any]) -> Response:
    return documented.Workbook(await asyncio.to_thread(papers.as_xlsx, columns, rows))

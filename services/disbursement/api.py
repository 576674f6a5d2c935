"""Disbursement over HTTP."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.disbursement import bank_answers, cash_results, papers, run_handlers, showing
from services.disbursement.run import Approve, Cancel, Command, Refuse
from services.kernel.commands import Answer, Work
from services.kernel.period import Period
from services.kernel.web import paging
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.body import Body, read_body
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of, write
from services.reference import access
from services.reference.programmes import Programme

router = APIRouter()
OFFICER = Depends(allowed(access.DISTRICT_OFFICER))
APPROVER = Depends(allowed(access.DISTRICT_APPROVER))
OFFICE = Depends(allowed(access.DISTRICT_OFFICER, access.DISTRICT_APPROVER))
COMMUNE = Depends(allowed(access.COMMUNE_OFFICER))
BANK = Depends(allowed(access.BANK, access.DISTRICT_OFFICER))
READ_RUNS = Depends(allowed(*access.SEES_ALL, access.FINANCE, access.TREASURY, access.BANK, access.COMMUNE_OFFICER))
READ_PAYMENTS = Depends(allowed(*access.SEES_ALL, access.FINANCE, access.BANK, access.COMMUNE_OFFICER))
READ_MONEY = Depends(allowed(*access.SEES_ALL, access.FINANCE))
CLAIMS = Depends(allowed(access.DISTRICT_OFFICER, access.FINANCE, access.AUDITOR))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MAX = 100_000
Text = Annotated[str | None, Query(max_length=100)]


class RunInput(BaseModel):
    """Which run to make."""

    model_config = ConfigDict(extra="ignore")
    period: Period
    programmes: Annotated[list[Programme], Field(min_length=1, max_length=3)]


class ReasonInput(BaseModel):
    """Why a run is refused or cancelled."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


def _rows(body: Body) -> list[Any]:
    if body.media_type not in ("application/json", ""):
        raise Problem(415, "media-type", "Gửi mảng JSON (application/json).", "Send a JSON array.")
    rows = body.json()
    if not isinstance(rows, list):
        raise Problem(422, "input-wrong", "Cần một mảng JSON.", "A JSON array is needed.")
    if len(rows) > ROWS_MAX:
        raise Problem(413, "too-large", f"Nhiều hơn {ROWS_MAX} dòng, hãy chia nhỏ.", f"Over {ROWS_MAX} rows.")
    return rows


@router.post("/runs", status_code=201)
async def prepare_run(request: Request, asked: RunInput, caller: Caller = OFFICER) -> Response:
    """Prepares a run for a period and programmes."""
    programmes = sorted(set(asked.programmes))
    return await write(
        request,
        caller,
        (asked.model_dump_json().encode(),),
        lambda work: run_handlers.prepare(work, caller, asked.period, programmes),
    )


@router.get("/runs")
async def runs(
    request: Request,
    period: Text = None,
    limit: paging.Limit = 100,
    cursor: paging.Cursor = None,
    caller: Caller = READ_RUNS,
) -> dict[str, Any]:
    """Runs, oldest first."""
    rows = await running_of(request).pool.fetch(
        "select * from runs where number > $1 and ($2::text is null or period = $2) order by number limit $3",
        paging.number_after(cursor),
        period,
        limit + 1,
    )
    shown, following = paging.page(rows, limit, "number")
    return {"items": [showing.run_fields(row, caller.role) for row in shown], "next_cursor": following}


@router.get("/runs/{run_id}")
async def one_run(request: Request, run_id: str, caller: Caller = READ_RUNS) -> dict[str, Any]:
    """A run with its totals and hash."""
    async with running_of(request).pool.acquire() as connection:
        return await showing.run_shown(connection, run_id, caller.role)


async def _move(request: Request, caller: Caller, run_id: str, command: Command, reason: str = "") -> Response:
    return await write(
        request, caller, (reason.encode(),), lambda work: run_handlers.move(work, caller, run_id, command)
    )


@router.post("/runs/{run_id}/approve")
async def approve_run(request: Request, run_id: str, caller: Caller = APPROVER) -> Response:
    """Freezes the run with its totals and hash."""
    return await _move(request, caller, run_id, Approve(caller.name))


@router.post("/runs/{run_id}/refuse")
async def refuse_run(request: Request, run_id: str, asked: ReasonInput, caller: Caller = APPROVER) -> Response:
    """Drops a prepared run with a reason; it is prepared anew."""
    command = Refuse(caller.name, asked.reason)
    return await write(
        request, caller, (asked.reason.encode(),), lambda work: run_handlers.move(work, caller, run_id, command)
    )


@router.post("/runs/{run_id}/cancel")
async def cancel_run(request: Request, run_id: str, asked: ReasonInput, caller: Caller = OFFICE) -> Response:
    """Drops a run that is not sent."""
    command = Cancel(caller.name, asked.reason)
    return await write(
        request, caller, (asked.reason.encode(),), lambda work: run_handlers.move(work, caller, run_id, command)
    )


@router.post("/runs/{run_id}/send")
async def send_run(request: Request, run_id: str, caller: Caller = APPROVER) -> Response:
    """Instructs the bank and lists the cash."""
    return await write(request, caller, (), lambda work: run_handlers.send(work, caller, run_id))


async def _listed(request: Request, run_id: str, method: str, commune: str | None) -> list[Any]:
    rows: list[Any] = await running_of(request).pool.fetch(
        "select * from payments where run_id = $1 and method = $2 and ($3::text is null or commune = $3)"
        " and status not in ('PREPARED', 'APPROVED', 'CANCELLED', 'NETTED') order by number",
        run_id,
        method,
        commune,
    )
    return rows


@router.get("/runs/{run_id}/instructions.{suffix}")
async def instructions(
    request: Request,
    run_id: str,
    suffix: str,
    caller: Caller = Depends(allowed(*access.SEES_ALL, access.BANK)),  # noqa: B008
) -> Response:
    """The payment list for the bank, `.xlsx` or `.csv`."""
    await one_run(request, run_id, caller)
    rows = await _listed(request, run_id, "ACCOUNT", None)
    if suffix == "csv":
        return Response(papers.as_csv(papers.BANK_COLUMNS, rows), media_type="text/csv")
    if suffix == "xlsx":
        return Response(await asyncio.to_thread(papers.as_xlsx, papers.BANK_COLUMNS, rows), media_type=XLSX)
    raise Problem(404, "not-found", "Chỉ có .xlsx và .csv.", "There are .xlsx and .csv only.")


@router.get("/runs/{run_id}/cash-list.xlsx")
async def cash_list(
    request: Request,
    run_id: str,
    commune: Text = None,
    caller: Caller = Depends(allowed(*access.SEES_ALL, access.COMMUNE_OFFICER)),  # noqa: B008
) -> Response:
    """A commune's cash list; an officer of a commune gets the own."""
    run = await one_run(request, run_id, caller)
    wanted = commune or caller.area
    if wanted:
        access.require_commune(caller, wanted, run["period"])
    rows = await _listed(request, run_id, "CASH", wanted)
    return Response(await asyncio.to_thread(papers.as_xlsx, papers.CASH_COLUMNS, rows), media_type=XLSX)


@router.get("/payments")
async def payments(
    request: Request,
    run: Text = None,
    period: Text = None,
    status: Text = None,
    beneficiary_id: Text = None,
    limit: paging.Limit = 100,
    cursor: paging.Cursor = None,
    caller: Caller = READ_PAYMENTS,
) -> dict[str, Any]:
    """Payments; a commune sees its own, the bank those it was sent, finance no accounts."""
    asked = {
        "run": run,
        "period": period,
        "status": status,
        "beneficiary_id": beneficiary_id,
        "commune": caller.area,
        "sent_only": "yes" if caller.role == access.BANK else None,
    }
    async with running_of(request).pool.acquire() as connection:
        rows = await showing.payments(connection, asked, paging.number_after(cursor), limit + 1)
    shown, following = paging.page(rows, limit, "number")
    return {"items": [showing.payment_fields(row, caller.role) for row in shown], "next_cursor": following}


@router.get("/claims")
async def claims(
    request: Request, limit: paging.Limit = 100, cursor: paging.Cursor = None, _caller: Caller = CLAIMS
) -> dict[str, Any]:
    """Recoveries still to come."""
    async with running_of(request).pool.acquire() as connection:
        found = await showing.claims(connection)
    start = paging.number_after(cursor)
    numbered = [{**claim, "number": start + place} for place, claim in enumerate(found[start:], 1)]
    shown, following = paging.page(numbered, limit, "number")
    items = [{key: value for key, value in claim.items() if key != "number"} for claim in shown]
    return {"items": items, "next_cursor": following}


@router.get("/open-answers")
async def open_answers(
    request: Request,
    limit: paging.Limit = 100,
    cursor: paging.Cursor = None,
    _caller: Caller = Depends(allowed(*access.SEES_ALL)),  # noqa: B008
) -> dict[str, Any]:
    """Answers of the bank that wait for a human."""
    rows = await running_of(request).pool.fetch(
        "select * from open_answers where number > $1 order by number limit $2",
        paging.number_after(cursor),
        limit + 1,
    )
    shown, following = paging.page(rows, limit, "number")
    return {
        "items": [{key: value for key, value in row.items() if key != "number"} for row in shown],
        "next_cursor": following,
    }


@router.get("/conservation")
async def conservation(request: Request, _caller: Caller = READ_MONEY) -> dict[str, Any]:
    """Every đồng by programme: instructed = settled + rejected + open; settled = kept + returned; cash likewise."""
    rows = await running_of(request).pool.fetch(showing.CONSERVATION)
    return {"items": [dict(row) for row in rows], "next_cursor": None}


@router.post("/bank-results")
async def bank_results(request: Request, caller: Caller = BANK) -> Response:
    """What became of payments: a JSON array; each row gets its word."""
    body = await read_body(request)
    rows = _rows(body)

    async def handler(work: Work) -> Answer:
        return Answer.json({"results": await bank_answers.record(work, rows, body.content)})

    return await write(request, caller, body.identity(), handler)


@router.post("/runs/{run_id}/cash-results")
async def cash_result(request: Request, run_id: str, caller: Caller = COMMUNE) -> Response:
    """Who collected, when; not mentioned is still listed."""
    body = await read_body(request)
    rows = _rows(body)
    await one_run(request, run_id, caller)

    async def handler(work: Work) -> Answer:
        return Answer.json({"results": await cash_results.record(work, run_id, caller.area, rows)})

    return await write(request, caller, body.identity(), handler)

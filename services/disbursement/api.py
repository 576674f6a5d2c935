"""Disbursement over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.disbursement import recoveries, run_handlers, showing, sight
from services.disbursement.run import Approve, Cancel, Command, Refuse
from services.kernel.period import Period
from services.kernel.web import looks, paging
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.writes import running_of, write
from services.reference import access
from services.reference.programmes import Programme

router = APIRouter()
OFFICER = Depends(allowed(access.DISTRICT_OFFICER))
APPROVER = Depends(allowed(access.DISTRICT_APPROVER))
OFFICE = Depends(allowed(*sight.OFFICE))
READ_RUNS = Depends(allowed(*sight.RUNS_BY_CALL))
READ_PAYMENTS = Depends(allowed(*sight.PAYMENTS_BY_CALL))
READ_MONEY = Depends(allowed(*sight.MONEY))
CLAIMS = Depends(allowed(*sight.CLAIMS))
Text = Annotated[str | None, Query(max_length=100)]


class RunInput(BaseModel):
    """Which run to make."""

    model_config = ConfigDict(extra="ignore")
    period: Period
    programmes: Annotated[list[Programme], Field(min_length=1, max_length=3)]


class ReasonInput(BaseModel):
    """Why a run is refused or cancelled."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


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
    """Runs, oldest first; the bank those that were sent."""
    async with running_of(request).pool.acquire() as connection:
        rows = await showing.runs(connection, period, caller.role, paging.number_after(cursor), limit + 1)
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
    asked = showing.Asked(
        run=run,
        period=period,
        status=status,
        beneficiary_id=beneficiary_id,
        communes=access.communes_ever(caller),
        sent_only=caller.role == access.BANK,
    )
    async with running_of(request).pool.acquire() as connection:
        rows = await showing.payments(connection, asked, paging.number_after(cursor), limit + 1)
    shown, following = paging.page(rows, limit, "number")
    seen: looks.What = "person" if beneficiary_id else "list"
    await looks.record(request, caller, seen, [row["beneficiary_id"] for row in shown])
    return {"items": [showing.payment_fields(row, caller.role) for row in shown], "next_cursor": following}


@router.get("/claims")
async def claims(
    request: Request, limit: paging.Limit = 100, cursor: paging.Cursor = None, caller: Caller = CLAIMS
) -> dict[str, Any]:
    """Recoveries still to come."""
    async with running_of(request).pool.acquire() as connection:
        found = await recoveries.to_come(connection)
    start = paging.number_after(cursor)
    numbered = [{**claim, "number": start + place} for place, claim in enumerate(found[start:], 1)]
    shown, following = paging.page(numbered, limit, "number")
    items = [{key: value for key, value in claim.items() if key != "number"} for claim in shown]
    await looks.record(request, caller, "list", [one["beneficiary_id"] for one in items])
    return {"items": items, "next_cursor": following}


@router.get("/conservation")
async def conservation(request: Request, _caller: Caller = READ_MONEY) -> dict[str, Any]:
    """Every đồng by programme: instructed = settled + rejected + open; settled = kept + returned; cash likewise."""
    rows = await running_of(request).pool.fetch(showing.CONSERVATION)
    return {"items": [dict(row) for row in rows], "next_cursor": None}

"""Pages of runs: those of a month with what comes next, and one run with what it is made of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import asyncpg
import orjson
from fastapi import APIRouter, Depends, Request, Response

from services.disbursement import coming_run, repeating, run_account, run_checks, run_handlers, showing, sight, told
from services.disbursement.page_frame import PAGES, ordinal, require, rows_of_page
from services.disbursement.run_account import Change
from services.kernel.period import Period
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import Form, posted
from services.kernel.web.pages.long_work import Kind, Run, carried_out
from services.kernel.web.pages.render import address_after, period_of
from services.kernel.web.pages.session import signed_in
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access, areas
from services.reference.programmes import PROGRAMMES, Programme

router = APIRouter()
READERS = Depends(signed_in(*sight.RUNS))
OFFICER = Depends(signed_in(access.DISTRICT_OFFICER))
ALL = Depends(signed_in(*access.SEES_ALL))
MONEY = Depends(signed_in(*sight.MONEY))
Tell = Callable[[asyncpg.Connection, asyncpg.Record, Sequence[Any]], Awaitable[Sequence[Any]]]
RUNS_MAX = 1_000
REPEATS_SHOWN = 20


@router.get("/chi-tra")
async def runs(request: Request, caller: Caller = READERS) -> Response:
    """The runs of a month, and what comes next."""
    return await _runs(request, caller)


async def _runs(request: Request, caller: Caller, form: Form | None = None, why: Problem | None = None) -> Response:
    period = Period(form.one("period")) if form else period_of(request)
    async with running_of(request).pool.acquire() as connection:
        rows = await showing.runs(connection, period, caller.role, 0, RUNS_MAX)
        context = {
            "runs": [(showing.run_fields(row, caller.role), await ordinal(connection, row)) for row in rows],
            "steps": await told.steps(connection, [row["run_id"] for row in rows]),
            "roll": await connection.fetchrow("select sequence from rolls where period = $1", period),
            "choices": await _choices(connection, period) if caller.role in access.SEES_ALL else [],
            "open_answers": await _open_answers(connection) if caller.role in access.SEES_ALL else 0,
        }
    context |= {
        "ticked": form.all("programmes") if form else None,
        "wrong_slug": why.slug if why else "",
        "wrong_communes": [areas.name_of(one, period) for one in why.more.get("communes", ())] if why else [],
    }
    return PAGES.page(request, "runs.html", context, caller=caller, period=period, refusal=why)


async def _choices(connection: asyncpg.Connection, period: str) -> Any:
    roll = await connection.fetchrow("select totals from rolls where period = $1", period)
    if roll is None:
        return []
    rows = await connection.fetch(
        "select run_id, period, programmes, status from runs where period = $1 or status in ('PREPARED', 'APPROVED')",
        period,
    )
    newest = await connection.fetch(
        "select programme, max(period) as period from runs, unnest(programmes) as programme"
        " where status = 'SENT' group by programme"
    )
    return coming_run.choices(
        period, orjson.loads(roll["totals"]), rows, {row["programme"]: row["period"] for row in newest}
    )


async def _open_answers(connection: asyncpg.Connection) -> int:
    number: int = await connection.fetchval(
        "select count(*) from open_answers where decision is null and outcome <> 'waiting'"
    )
    return number


@router.post("/chi-tra/lap")
async def prepare(request: Request, caller: Caller = OFFICER) -> Response:
    """Makes a run of the ticked programmes."""
    form = await posted(request, caller)
    try:
        period, _ = _asked(form)
        return await carried_out(request, caller, form, "run-prepare", f"/chi-tra?period={period}")
    except Problem as why:
        if why.status not in (409, 422) or why.slug == "month-wrong":
            raise
        return await _runs(request, caller, form, why)


async def _prepare(run: Run) -> str:
    period, programmes = _asked(run.form)
    answer = await run.submit(lambda work: run_handlers.prepare(work, run.caller, period, programmes))
    made = orjson.loads(answer.body)
    return address_after(f"/chi-tra/{made['id']}", "prepared", made["totals"]["count"])


LONG_WORK = {"run-prepare": Kind(_prepare, "Lập đợt chi trả", "Preparation of a run")}


def _asked(form: Form) -> tuple[Period, list[Programme]]:
    """What the form asks for; raises Problem 422."""
    period = _month(form.one("period"))
    ticked = [programme for programme in PROGRAMMES if programme in form.all("programmes")]
    require(ticked, "no-programme")
    return period, ticked


def _month(text: str) -> Period:
    """The month that a form names; raises Problem 422."""
    try:
        return Period(text)
    except ValueError:
        require(False, "month-wrong")
        raise


@router.get("/chi-tra/{run_id}")
async def one_run(request: Request, run_id: str, caller: Caller = READERS) -> Response:
    """A run: its steps, what it is made of, and after it was sent what became of its money."""
    async with running_of(request).pool.acquire() as connection:
        row = await showing.run_row(connection, run_id, caller.role)
        context: dict[str, Any] = {
            "run": showing.run_fields(row, caller.role),
            "ordinal": await ordinal(connection, row),
            "steps": (await told.steps(connection, [run_id])).get(run_id, {}),
            "repeats": [],
        }
        if caller.role in sight.MONEY:
            context |= await _figures(connection, row)
        if caller.role in access.SEES_ALL:
            context |= await _checks(connection, row)
        repeats = await repeating.to_repeat(connection, row, context["repeats"][:REPEATS_SHOWN])
    await looks.record(request, caller, "list", [one.beneficiary_id for one in repeats])
    context |= {
        "repeats_shown": repeats,
        "name_of": lambda code: areas.name_of(code, row["period"]),
        "communes": areas.everywhere(row["period"]),
    }
    return PAGES.page(request, "run.html", context, caller=caller, period=Period(row["period"]))


async def _figures(connection: asyncpg.Connection, row: asyncpg.Record) -> dict[str, Any]:
    run_id = row["run_id"]
    return {
        "parts": await run_account.parts(connection, run_id),
        "difference": await run_account.difference(connection, row),
        "money": (await run_account.money(connection, {run_id: orjson.loads(row["totals"])}))[run_id],
    }


async def _checks(connection: asyncpg.Connection, row: asyncpg.Record) -> dict[str, Any]:
    """What only those see who may see everybody: checks before the approval, or what is open after the sending."""
    if row["status"] == "SENT":
        return {
            "repeats": await repeating.open_of(connection, row),
            "open_answers": await _open_answers(connection),
        }
    return {
        "marked": {mark: await run_checks.marked(connection, row["run_id"], mark) for mark in run_checks.MARKS},
        "left_out": await run_checks.left_out(connection, row),
        "newest_roll": await connection.fetchval("select sequence from rolls where period = $1", row["period"]),
        "roll_sequence": row["roll_sequence"],
    }


async def _people_page(
    request: Request,
    caller: Caller,
    run_id: str,
    cursor: str,
    template: str,
    find: Callable[[asyncpg.Connection, asyncpg.Record], Awaitable[Sequence[Any]]],
    of_all: Callable[[Sequence[Any]], Mapping[str, Any]] = lambda _: {},
    tell: Tell | None = None,
) -> Response:
    """The people whom `find` gives of a run, a page of them after `cursor`; `of_all`: what is said of them together;
    `tell`: what is told of those on the page."""
    async with running_of(request).pool.acquire() as connection:
        row = await showing.run_row(connection, run_id, caller.role)
        found = await find(connection, row)
        number = await ordinal(connection, row)
        rows, following = rows_of_page(found, cursor)
        rows = await tell(connection, row, rows) if tell else rows
    await looks.record(request, caller, "list", [one.beneficiary_id for one in rows])
    context = {
        "run": showing.run_fields(row, caller.role),
        "ordinal": number,
        "rows": rows,
        "number": len(found),
        "cursor": cursor,
        "following": following,
        "name_of": lambda code: areas.name_of(code, row["period"]),
        **of_all(found),
    }
    return PAGES.page(request, template, context, caller=caller, period=Period(row["period"]))


@router.get("/chi-tra/{run_id}/khac-ky-truoc")
async def changes(request: Request, run_id: str, group: str = "", cursor: str = "", caller: Caller = ALL) -> Response:
    """The people behind a line of the account against the month before."""
    if group not in run_account.GROUPS:
        raise Problem(404, "not-found")

    async def of_group(connection: asyncpg.Connection, row: asyncpg.Record) -> list[Change]:
        found = await run_account.difference(connection, row)
        return [change for change in found.changes if change.group == group]

    def sums(found: Sequence[Change]) -> dict[str, Any]:
        return {"group": group, "before": sum(one.before for one in found), "now": sum(one.now for one in found)}

    return await _people_page(request, caller, run_id, cursor, "changes.html", of_group, sums)


@router.get("/chi-tra/{run_id}/khong-chi")
async def left_out(request: Request, run_id: str, cursor: str = "", caller: Caller = ALL) -> Response:
    """Who gets nothing in a run, and why."""
    return await _people_page(request, caller, run_id, cursor, "left_out.html", run_checks.left_out)


@router.get("/chi-tra/{run_id}/chua-chi-lai")
async def repeats(request: Request, run_id: str, cursor: str = "", caller: Caller = ALL) -> Response:
    """All of a run that came back and is not paid again."""

    def amount(found: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        return {"amount": sum(one["amount"] for one in found)}

    return await _people_page(
        request, caller, run_id, cursor, "repeats.html", repeating.open_of, amount, repeating.to_repeat
    )

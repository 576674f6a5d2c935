"""Pages of payments: those of a run, those of a person, and recoveries still to come."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import asyncpg
from fastapi import APIRouter, Depends, Request, Response

from services.disbursement import recoveries, run_checks, showing, sight, told
from services.disbursement.events import Purpose
from services.disbursement.page_frame import (
    LIMIT,
    PAGES,
    SEES_NAMES,
    ordinal,
    place,
    require,
    rows_of_page,
)
from services.disbursement.picture import commune_in
from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web import looks, paging
from services.kernel.web.auth import Caller
from services.kernel.web.pages.session import signed_in
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access, areas
from services.registry.events import DueChanged

router = APIRouter()
READERS = Depends(signed_in(*sight.PAYMENTS))
CLAIMS = Depends(signed_in(*sight.CLAIMS))
FILTERS = ("status", "commune", "programme", "purpose", "method", "mark")
PAYMENTS_OF_PERSON_MAX = 1_000
PURPOSES: Sequence[str] = get_args(Purpose)


@router.get("/chi-tra/truy-thu")
async def claims(request: Request, cursor: str = "", caller: Caller = CLAIMS) -> Response:
    """Recoveries still to come."""
    async with running_of(request).pool.acquire() as connection:
        found = await recoveries.to_come(connection)
        rows, following = rows_of_page(found, cursor)
        names = await _names(connection, [row["beneficiary_id"] for row in rows]) if caller.role in SEES_NAMES else {}
    await looks.record(request, caller, "list", [row["beneficiary_id"] for row in rows])
    context = {
        "rows": rows,
        "names": names,
        "number": len(found),
        "amount": sum(row["amount"] for row in found),
        "cursor": cursor,
        "following": following,
    }
    return PAGES.page(request, "claims.html", context, caller=caller)


async def _names(connection: asyncpg.Connection, people: Sequence[str]) -> dict[str, str]:
    rows = await connection.fetch(
        "select beneficiary_id, name from people where beneficiary_id = any($1::text[])", list(people)
    )
    return {row["beneficiary_id"]: row["name"] for row in rows}


@router.get("/chi-tra/{run_id}/khoan")
async def of_run(request: Request, run_id: str, cursor: str | None = None, caller: Caller = READERS) -> Response:
    """The payments of a run, by status, commune, programme, purpose, method, or as a check points them out."""
    chosen = {name: request.query_params[name] for name in FILTERS if request.query_params.get(name)}
    async with running_of(request).pool.acquire() as connection:
        run = await showing.run_row(connection, run_id, caller.role)
        asked = await _asked(connection, run, chosen, caller)
        counts = await showing.counts(connection, asked)
        rows = await showing.payments(connection, asked, paging.number_after(cursor), LIMIT + 1)
        shown, following = paging.page(rows, LIMIT, "number")
        said = await told.outcomes(connection, [row["payment_id"] for row in shown])
        number = await ordinal(connection, run)
    await looks.record(request, caller, "list", [row["beneficiary_id"] for row in shown], chosen.get("commune"))
    context = {
        "run": showing.run_fields(run, caller.role),
        "ordinal": number,
        "rows": payments_shown(shown, caller.role, said),
        "chosen": {name: chosen.get(name, "") for name in FILTERS},
        "filtered": bool(chosen),
        "counts": counts,
        "begin": place(request.query_params.get("tt")) if cursor else 0,
        "following": following,
        "communes": [(code, areas.name_of(code, run["period"])) for code in areas.everywhere(run["period"])],
        "purposes": PURPOSES,
        "name_of": areas.name_of,
    }
    return PAGES.page(request, "payments.html", context, caller=caller, period=Period(run["period"]))


async def _asked(
    connection: asyncpg.Connection, run: Mapping[str, Any], chosen: Mapping[str, str], caller: Caller
) -> showing.Asked:
    """What the filters ask for, within what the caller sees. Raises Problem 422, 403 or 404."""
    mark = next((mark for mark in run_checks.MARKS if mark == chosen.get("mark")), None)
    if ("mark" in chosen and mark is None) or (mark and caller.role not in access.SEES_ALL):
        raise Problem(404, "not-found")
    return showing.Asked(
        run=run["run_id"],
        status=chosen.get("status"),
        communes=sight.communes_asked(caller, chosen.get("commune")),
        sent_only=caller.role == access.BANK,
        programme=chosen.get("programme"),
        method=chosen.get("method"),
        purpose=chosen.get("purpose"),
        only=(await run_checks.marked(connection, run["run_id"], mark)).payments if mark else None,
    )


def payments_shown(
    rows: Sequence[Mapping[str, Any]], role: str, said: Mapping[str, told.Outcome]
) -> list[dict[str, Any]]:
    """Payments as that role sees them, with the beneficiary's name if the role may, and what was last said of each."""
    return [
        showing.payment_fields(row, role)
        | {"person": row["person_name"] if role in SEES_NAMES else None, "said": said.get(row["payment_id"])}
        for row in rows
    ]


@router.get("/chi-tra/doi-tuong/{beneficiary_id}")
async def of_person(request: Request, beneficiary_id: str, caller: Caller = READERS) -> Response:
    """All payments of a person, newest first: a page with the person's tabs, or (htmx) the section alone."""
    asked = showing.Asked(
        beneficiary_id=beneficiary_id,
        communes=access.communes_ever(caller),
        sent_only=caller.role == access.BANK,
    )
    async with running_of(request).pool.acquire() as connection:
        rows = list(await showing.payments(connection, asked, 0, PAYMENTS_OF_PERSON_MAX))
        said = await told.outcomes(connection, [row["payment_id"] for row in rows])
        name = await _name(connection, beneficiary_id, asked.communes, bool(rows), caller.role)
    require(name is not None or rows, "not-of-the-area")
    await looks.record(request, caller, "person", [beneficiary_id])
    rows.sort(key=lambda row: (row["period"], row["number"]), reverse=True)
    context = {
        "beneficiary_id": beneficiary_id,
        "name": name,
        "rows": payments_shown(rows, caller.role, said),
        "earlier": {row["payment_id"]: row for row in rows},
    }
    alone = request.headers.get("hx-request") and not request.headers.get("hx-boosted")
    return PAGES.page(request, "person_section.html" if alone else "person_payments.html", context, caller=caller)


async def _name(
    connection: asyncpg.Connection, beneficiary_id: str, communes: Sequence[str] | None, paid: bool, role: str
) -> str | None:
    """The person's name for who may read it and whose area it is: money was paid there, or they live there now."""
    if role not in SEES_NAMES or not (
        paid or communes is None or await _lives_in(connection, beneficiary_id, communes)
    ):
        return None
    name: str | None = await connection.fetchval("select name from people where beneficiary_id = $1", beneficiary_id)
    return name


async def _lives_in(connection: asyncpg.Connection, beneficiary_id: str, communes: Sequence[str]) -> bool:
    rows = await connection.fetch("select data from due where beneficiary_id = $1", beneficiary_id)
    month = Period.of(clock.today())
    return any(commune_in(DueChanged.model_validate_json(row["data"]), month) in communes for row in rows)

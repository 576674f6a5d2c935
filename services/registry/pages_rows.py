"""One row of a list: mended with its errors beside the fields, added, pasted, dropped; people to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from fastapi import APIRouter, Depends, Request, Response

from services.kernel.commands import Work
from services.kernel.period import Period
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import Form, posted, submit
from services.kernel.web.pages.render import see
from services.kernel.web.pages.session import signed_in
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access, areas
from services.registry import levels, list_effects, list_handlers, parsing, register
from services.registry.commands import Frame
from services.registry.list_reading import answered, row_findings
from services.registry.list_rows import WRONG, kind_of
from services.registry.page_frame import PAGES, ROWS_A_PAGE, SHARED, new_rows
from services.registry.pages_list import TO_MEND, Filter, seen_list
from services.registry.row import Row
from services.registry.row_form import (
    CHOICES,
    FIELDS,
    added,
    as_table,
    changed,
    dropped,
    mark,
    mended,
    row_of,
    typed,
    values,
)
from services.registry.showing import row_shown

router = APIRouter()
ENTRY = Depends(signed_in(access.COMMUNE_OFFICER, access.DISTRICT_OFFICER))
SEVERAL, NOT_THE_CATALOGUES = "person-ambiguous", "amount-differs"
IN_LIST = "loc"
"""The field of a form that stands in the list itself: the list's filter, to come back to."""
ADDRESSES = "select beneficiary_id, citizen_id, name, birth, address from people where beneficiary_id = any($1::text[])"


@dataclass(frozen=True, slots=True)
class Seen:
    """A row as it stands, its findings, and the ways out: people to choose from, the catalogue's amount."""

    whole: Mapping[str, Any]
    row: Mapping[str, Any]
    findings: list[dict[str, Any]]
    people: list[asyncpg.Record] = field(default_factory=list)
    figure: int | None = None


def _row(loaded: list_effects.Loaded, number: int) -> dict[str, Any]:
    found = next((one for one in loaded.rows if one[0] == number), None)
    if found is None:
        raise Problem(
            404,
            "not-found",
            f"Danh sách không còn dòng {number}: dòng đã bị bỏ hoặc tệp đã được thay.",
            f"The list has no row {number} any more: it was dropped, or the file was replaced.",
        )
    return row_shown(*found)


async def _look_at(request: Request, list_id: str, number: int, caller: Caller) -> Seen:
    running = running_of(request)
    async with running.pool.acquire() as connection:
        shown = await seen_list(request, connection, list_id, caller)
        loaded = await list_effects.load(Work(connection, running.store, {}), list_id)
        row = _row(loaded, number)
        findings = row_findings(shown).get(number, [])
        codes = {one["code"] for one in findings}
        people: list[asyncpg.Record] = []
        figure = None
        if codes & {SEVERAL, NOT_THE_CATALOGUES}:
            read, frame = await list_effects.read_row(loaded, number), loaded.frame
            if SEVERAL in codes and read:
                people = await _alike(connection, read, frame)
            if NOT_THE_CATALOGUES in codes and read and read.code:
                month = max(read.from_period or frame.effective_period, frame.effective_period)
                figure = (await levels.current(connection)).amount(read.code, month)
    whom = [one["beneficiary_id"] for one in people]
    await looks.record(request, caller, "person" if whom else "list", whom or [list_id], shown["commune"])
    return Seen(shown, row, findings, people, figure)


async def _alike(connection: asyncpg.Connection, row: Row, frame: Frame) -> list[asyncpg.Record]:
    """Those of the commune whom a row without a number may mean."""
    found = await register.look_up(connection, [row], frame.commune, frame.effective_period)
    return list(await connection.fetch(ADDRESSES, [one.beneficiary_id for one in found.named(row)]))


def _context(seen: Seen, form: Form | None = None, why: Problem | None = None) -> dict[str, Any]:
    """What the fields of a row need to know: as they stand or were sent, and which of them come first."""
    now = values(seen.row)
    kept = now | typed(form.fields) if form else now
    differs = {name for name in FIELDS if kept[name] != now[name]} if why and why.status == 409 else set()
    wrong = {one["column"] for one in seen.findings if one["severe"] or one["needs_acceptance"]}
    return {
        **SHARED,
        "list": seen.whole,
        "number": seen.row["row"],
        "now": now,
        "typed": kept,
        "differs": differs,
        "mark": mark(seen.row),
        "fields": FIELDS,
        "choices": CHOICES,
        "findings": seen.findings,
        "wrong_columns": wrong,
        "urgent": [name for name, heading in FIELDS.items() if heading in wrong or name in differs],
        "kind": kind_of(seen.row),
        "people": seen.people,
        "figure": seen.figure,
    }


def _page(
    request: Request, caller: Caller, seen: Seen, form: Form | None = None, why: Problem | None = None
) -> Response:
    period = Period(seen.whole["period"])
    return PAGES.page(request, "row.html", _context(seen, form, why), caller=caller, period=period, refusal=why)


@router.get("/danh-sach/{list_id}/dong/{number}")
async def one(request: Request, list_id: str, number: int, wanted: Filter = "", caller: Caller = ENTRY) -> Response:
    """A row of a list that may be mended: a page, or for the list's own page the row opened in its place."""
    seen = await _look_at(request, list_id, number, caller)
    in_place = request.headers.get("hx-request")
    if seen.whole["status"] not in TO_MEND:
        there = see(f"/danh-sach/{list_id}", tu=str(number))
        # The whole page is out of date, not the row alone.
        return Response(headers={"HX-Redirect": there.headers["location"]}) if in_place else there
    if in_place:
        return PAGES.page(request, "row_here.html", {**_context(seen), "wanted": wanted}, caller=caller)
    return _page(request, caller, seen)


@router.post("/danh-sach/{list_id}/dong/{number}")
async def mend(request: Request, list_id: str, number: int, caller: Caller = ENTRY) -> Response:
    """Saves the cells that were typed anew, then leads to the next wrong row."""
    form = await posted(request, caller)
    seen = await _look_at(request, list_id, number, caller)
    cells = changed(values(seen.row), typed(form.fields))
    change = mended(number, cells, form.one("mark"))
    try:
        answer = await submit(
            request, caller, form, lambda work: list_handlers.mend_row(work, caller, list_id, number, change)
        )
    except Problem as why:
        if why.status in (403, 404):
            raise
        return _page(request, caller, seen, form, why)
    return _onward(list_id, number, answered(answer.body), "row_saved", form)


def _onward(list_id: str, number: int, now: Mapping[str, Any], said: str, form: Form) -> Response:
    """To the row itself while it has errors, then to the next wrong one, at last back to the list."""
    wrong = sorted({one["row"] for one in now["errors"]})
    base = f"/danh-sach/{list_id}"
    if number in wrong:
        said = "row_still_wrong"
    after = next((one for one in wrong if one >= number), wrong[0] if wrong else None)
    if after is None:
        return see(base, said=said, n=number)
    if IN_LIST not in form.fields:
        return see(f"{base}/dong/{after}", said=said, n=number)
    query = {IN_LIST: WRONG} if form.one(IN_LIST) == WRONG else {}
    if len(now["rows"]) > ROWS_A_PAGE:
        query["tu"] = str(after)
    return see(base, said=said, n=number, at=f"d{after}", **query)


@router.post("/danh-sach/{list_id}/dong/{number}/bo")
async def drop(request: Request, list_id: str, number: int, caller: Caller = ENTRY) -> Response:
    """Takes the row out."""
    form = await posted(request, caller)
    answer = await submit(
        request, caller, form, lambda work: list_handlers.mend_row(work, caller, list_id, number, dropped([number]))
    )
    return _onward(list_id, number, answered(answer.body), "row_dropped", form)


@router.get("/danh-sach/{list_id}/them")
async def more(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Another row, or many pasted from a sheet."""
    return await _more_page(request, caller, list_id)


async def _more_page(
    request: Request, caller: Caller, list_id: str, form: Form | None = None, why: Problem | None = None
) -> Response:
    async with running_of(request).pool.acquire() as connection:
        shown = await seen_list(request, connection, list_id, caller)
    if shown["status"] not in TO_MEND:
        return see(f"/danh-sach/{list_id}")
    period = Period(shown["period"])
    context = {
        **SHARED,
        "commune": shown["commune"],
        "commune_name": areas.name_of,
        **new_rows(list_id, f"/danh-sach/{list_id}/them", form),
    }
    return PAGES.page(request, "row_new.html", context, caller=caller, period=period, refusal=why)


@router.post("/danh-sach/{list_id}/them")
async def add(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Adds the row typed, or the rows pasted, behind those that are there."""
    form = await posted(request, caller)
    try:
        if form.one("rows"):
            async with running_of(request).pool.acquire() as connection:
                shown = await seen_list(request, connection, list_id, caller)
            new = list((await parsing.read(as_table(form.fields["rows"][-1]), Period(shown["period"]))).raw)
        else:
            new = [row_of(typed(form.fields))]
        answer = await submit(
            request, caller, form, lambda work: list_handlers.mend_rows(work, caller, list_id, added(new))
        )
    except Problem as why:
        if why.status in (403, 404):
            raise
        return await _more_page(request, caller, list_id, form, why)
    now = answered(answer.body)
    if form.one("rows"):
        return see(f"/danh-sach/{list_id}", said="rows_added", n=len(new))
    last = max(one["row"] for one in now["rows"])
    if any(one["row"] == last for one in now["errors"]):
        return see(f"/danh-sach/{list_id}/dong/{last}", said="row_still_wrong", n=last)
    return see(f"/danh-sach/{list_id}/them", said="row_added", n=last)

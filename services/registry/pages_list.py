"""One list: its rows with what is wrong and what they would change; hand in, replace, withdraw, drop wrong rows."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Depends, Query, Request, Response

from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.period import Period
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import posted, submit
from services.kernel.web.pages.long_work import Kind, Run, carried_out
from services.kernel.web.pages.render import address_after, see
from services.kernel.web.pages.session import language_of, signed_in
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access
from services.registry import list_effects, list_handlers, list_reading, parsing, showing
from services.registry.checking import kept_rows
from services.registry.effects import Effect
from services.registry.headings import AMOUNT
from services.registry.list_reading import answered, course, last_day, require_as_seen, row_findings
from services.registry.list_rows import Sorted, kind_of
from services.registry.page_frame import PAGES, ROWS_A_PAGE, SHARED
from services.registry.pages_lists import require_file
from services.registry.row_form import dropped
from services.registry.showing import row_shown

router = APIRouter()
READ = Depends(signed_in(access.COMMUNE_OFFICER, *access.SEES_ALL))
ENTRY = Depends(signed_in(access.COMMUNE_OFFICER, access.DISTRICT_OFFICER))
ON_ITS_WAY = ("DRAFT", "SUBMITTED", "RETURNED")
TO_MEND = ("DRAFT", "RETURNED")
Filter = Annotated[str, Query(alias="loc", max_length=20)]
FromRow = Annotated[int, Query(alias="tu", ge=0, le=10**6)]


async def seen_list(request: Request, connection: asyncpg.Connection, list_id: str, caller: Caller) -> dict[str, Any]:
    """The list without its rows as shown to this person, who may see it; raises Problem 403 or 404."""
    shown = await showing.list_shown(connection, list_id, language_of(request), with_rows=False)
    access.require_commune(caller, shown["commune"], shown["period"])
    return shown


@router.get("/danh-sach/{list_id}")
async def one(
    request: Request, list_id: str, wanted: Filter = "", start: FromRow = 0, caller: Caller = READ
) -> Response:
    """A list with its rows."""
    return await _list_page(request, caller, list_id, wanted, start)


async def _list_page(
    request: Request, caller: Caller, list_id: str, wanted: str = "", start: int = 0, why: Problem | None = None
) -> Response:
    running = running_of(request)
    async with running.pool.acquire() as connection:
        shown = await seen_list(request, connection, list_id, caller)
        work = Work(connection, running.store, {})
        loaded = await list_effects.load(work, list_id)
        every = Sorted.of(loaded.rows, shown)
        rows = [one for one in every.left_by(wanted) if one[0] >= start]
        page = rows[:ROWS_A_PAGE]
        effects: Mapping[int, Effect] = {}
        if shown["status"] in ON_ITS_WAY and page:
            effects = (await list_effects.work_out(work, loaded, {number for number, _ in page})).effects
        went = await course(connection, list_id)
        follows = None
        if caller.role in (access.DISTRICT_OFFICER, access.DISTRICT_APPROVER):
            follows = await list_reading.next_waiting(connection, caller.name, list_id, shown["period"])
    await looks.record(request, caller, "list", [list_id], shown["commune"])
    mends = caller.role in (access.COMMUNE_OFFICER, access.DISTRICT_OFFICER)
    context = {
        **SHARED,
        "list": shown,
        "rows": [row_shown(*one) for one in page],
        "following": rows[ROWS_A_PAGE][0] if len(rows) > ROWS_A_PAGE else 0,
        "wanted": wanted,
        "counts": every.counts(),
        "findings": row_findings(shown),
        "effects": effects,
        "course": went,
        "kind_of": kind_of,
        "amount_of": lambda row: _amount(row.get(AMOUNT)),
        "wrong_rows": every.with_errors(shown["errors"]),
        "may_mend": mends and shown["status"] in TO_MEND,
        "may_withdraw": mends and shown["status"] in ON_ITS_WAY,
        "may_decide": caller.role in (access.DISTRICT_OFFICER, access.DISTRICT_APPROVER),
        "next_list": follows,
        "days_left": (last_day(shown["period"]) - clock.today()).days + 1,
    }
    period = Period(shown["period"])
    return PAGES.page(request, "list.html", context, caller=caller, period=period, refusal=why)


def _amount(cell: object) -> int | str:
    """An amount that is a whole number of đồng as such, everything else as it stands in the file."""
    text = str(cell if cell is not None else "")
    return int(text) if text.isascii() and text.isdigit() else text


@router.post("/danh-sach/{list_id}/nop")
async def hand_in(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Hands the list in."""
    form = await posted(request, caller)
    try:
        answer = await submit(request, caller, form, lambda work: list_handlers.submit(work, caller, list_id))
    except Problem as why:
        if why.status != 409:
            raise
        return await _list_page(request, caller, list_id, why=why)
    return see(f"/danh-sach/{list_id}", said="list_submitted", n=answered(answer.body)["rows_count"])


async def _confirm(
    request: Request,
    caller: Caller,
    list_id: str,
    template: str,
    why: Problem | None = None,
    allowed: Sequence[str] = TO_MEND,
) -> Response:
    """A page that says what is lost, before it is; of a list that is in no status `allowed` for it, the list."""
    async with running_of(request).pool.acquire() as connection:
        shown = await seen_list(request, connection, list_id, caller)
        if shown["status"] not in allowed and why is None:
            return see(f"/danh-sach/{list_id}")
        went = await course(connection, list_id)
        raw = await connection.fetchval("select raw from change_lists where list_id = $1", list_id)
    await looks.record(request, caller, "list", [list_id], shown["commune"])
    context = {
        **SHARED,
        "list": shown,
        "course": went,
        "wrong_rows": Sorted.of(kept_rows(raw), shown).with_errors(shown["errors"]),
        "mended": sum(step.kind == "ListMended" for step in went.steps),
    }
    period = Period(shown["period"])
    return PAGES.page(request, template, context, caller=caller, period=period, refusal=why)


@router.get("/danh-sach/{list_id}/rut")
async def withdraw_page(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """What withdrawing means."""
    return await _confirm(request, caller, list_id, "list_withdraw.html", allowed=ON_ITS_WAY)


@router.post("/danh-sach/{list_id}/rut")
async def withdraw(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Takes the list back."""
    form = await posted(request, caller)

    async def handle(work: Work) -> Any:
        await require_as_seen(work.connection, list_id, form.one("mark"))
        return await list_handlers.withdraw(work, caller, list_id)

    try:
        await submit(request, caller, form, handle)
    except Problem as why:
        if why.status != 409:
            raise
        return await _confirm(request, caller, list_id, "list_withdraw.html", why)
    return see(f"/danh-sach/{list_id}", said="list_withdrawn")


@router.get("/danh-sach/{list_id}/tep")
async def replace_page(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Another file, and what is lost with it."""
    return await _confirm(request, caller, list_id, "list_file.html")


@router.post("/danh-sach/{list_id}/tep")
async def replace(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Another file in the place of the rows; the same one changes nothing and says so."""
    form = await posted(request, caller)
    try:
        async with running_of(request).pool.acquire() as connection:
            await seen_list(request, connection, list_id, caller)
        require_file(form)
        return await carried_out(request, caller, form, "list-file", f"/danh-sach/{list_id}/tep")
    except Problem as why:
        if why.status in (403, 404):
            raise
        return await _confirm(request, caller, list_id, "list_file.html", why)


async def _replace(run: Run) -> str:
    form, list_id = run.form, run.path["list_id"]
    async with run.running.pool.acquire() as connection:
        shown = await showing.list_shown(connection, list_id, run.language, with_rows=False)
    parsed = await parsing.read(require_file(form), Period(shown["period"]))

    async def handle(work: Work) -> Any:
        await require_as_seen(work.connection, list_id, form.one("mark"))
        await list_reading.require_other_rows(work.connection, list_id, parsed)
        return await list_handlers.mend(work, run.caller, list_id, parsed)

    try:
        answer = await run.submit(handle)
    except Problem as why:
        if why.slug != "same-rows":
            raise
        return address_after(f"/danh-sach/{list_id}", said="list_same_file")
    return address_after(f"/danh-sach/{list_id}", said="list_uploaded", n=answered(answer.body)["rows_count"])


LONG_WORK = {"list-file": Kind(_replace, "Tải tệp khác lên thay danh sách", "Another file in the place of a list")}


@router.get("/danh-sach/{list_id}/bo-dong-sai")
async def drop_wrong_page(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Which rows would be taken out."""
    return await _confirm(request, caller, list_id, "list_drop_wrong.html")


@router.post("/danh-sach/{list_id}/bo-dong-sai")
async def drop_wrong(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Takes out the rows with errors that the page named."""
    form = await posted(request, caller)
    numbers = [int(one) for one in form.all("row") if one.isascii() and one.isdigit()]

    async def handle(work: Work) -> Any:
        await require_as_seen(work.connection, list_id, form.one("mark"))
        return await list_handlers.mend_rows(work, caller, list_id, dropped(numbers))

    try:
        await submit(request, caller, form, handle)
    except Problem as why:
        if why.status != 409:
            raise
        return await _confirm(request, caller, list_id, "list_drop_wrong.html", why)
    return see(f"/danh-sach/{list_id}", said="list_rows_dropped", n=len(numbers))

"""Registry over HTTP: change lists and rolls."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.period import Period
from services.kernel.tables.table import as_json
from services.kernel.web import documented, looks, paging
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.body import Body, read_body
from services.kernel.web.problems import Problem, language
from services.kernel.web.uploads import require_table
from services.kernel.web.writes import running_of, write
from services.reference import access
from services.registry import (
    bodies,
    checking,
    list_effects,
    list_handlers,
    list_reading,
    parsing,
    roll,
    showing,
    template,
)
from services.registry.headings import HEADINGS
from services.registry.list_handlers import enter

router = APIRouter()
ENTRY = Depends(allowed(access.COMMUNE_OFFICER, access.DISTRICT_OFFICER))
OFFICE = Depends(allowed(access.DISTRICT_OFFICER, access.DISTRICT_APPROVER))
OFFICER = Depends(allowed(access.DISTRICT_OFFICER))
READ_LISTS = Depends(allowed(access.COMMUNE_OFFICER, access.DISTRICT_OFFICER, access.DISTRICT_APPROVER, access.AUDITOR))
READ_ROLL = Depends(allowed(access.DISTRICT_OFFICER, access.DISTRICT_APPROVER, access.FINANCE, access.AUDITOR))
# Beyond it a number in JSON is no longer exact; no cell of a list needs more.
NUMBERS_MAX = 1 << 53
FIRST_PERIOD = Period("2000-01")
MONTHS_AHEAD = 12
Month = Annotated[str, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
OptionalMonth = Annotated[str | None, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Text = Annotated[str | None, Query(max_length=200)]


def period_of(text: object) -> Period:
    """A month of the input, within reach of the software; raises Problem 422."""
    try:
        period = Period(str(text))
    except ValueError as why:
        raise Problem(422, "input-wrong", "Kỳ phải dạng YYYY-MM.", "The period must be YYYY-MM.") from why
    last = Period.of(clock.today()).plus(MONTHS_AHEAD)
    if not FIRST_PERIOD <= period <= last:
        raise Problem(
            422,
            "period-out-of-reach",
            f"Kỳ phải từ {FIRST_PERIOD} đến {last}. Kiểm tra lại tháng và năm.",
            f"The period must lie between {FIRST_PERIOD} and {last}.",
        )
    return period


def _object(body: Body) -> dict[str, Any]:
    """The JSON object of a body; an empty body is an empty one."""
    found = body.json() if body.content.strip() else {}
    if not isinstance(found, dict):
        raise Problem(422, "input-wrong", "Cần một đối tượng JSON.", "A JSON object is needed.")
    return found


@router.post("/change-lists", status_code=201, openapi_extra=bodies.ENTERED)
async def enter_list(request: Request, caller: Caller = ENTRY) -> Response:
    """A commune's list of a month as a file, or JSON `{commune, period, no_change: true}`."""
    body = await read_body(request)
    form = body.fields if body.file_name else _object(body)
    commune, period = str(form.get("commune") or ""), period_of(form.get("period") or "")
    access.require_commune(caller, commune, period)
    no_change = not body.file_name
    if no_change and form.get("no_change") is not True:
        raise Problem(
            422, "input-wrong", "Gửi tệp danh sách, hoặc no_change: true.", "Send a file, or no_change: true."
        )
    parsed = parsing.NOTHING if no_change else await parsing.read(body.content, period)
    return await write(
        request, caller, body.identity(), lambda work: enter(work, caller, commune, period, parsed, no_change)
    )


@router.get("/change-lists")
async def lists(
    request: Request,
    period: OptionalMonth = None,
    commune: Text = None,
    status: Text = None,
    limit: paging.Limit = 100,
    cursor: paging.Cursor = None,
    caller: Caller = READ_LISTS,
) -> dict[str, Any]:
    """Lists, oldest first."""
    async with running_of(request).pool.acquire() as connection:
        rows = await list_reading.lists(
            connection, period, commune, status, access.communes_ever(caller), paging.number_after(cursor), limit + 1
        )
    shown, following = paging.page(rows, limit, "number")
    return {"items": [showing.list_summary(row) for row in shown], "next_cursor": following}


@router.get("/change-lists/template.xlsx", response_class=documented.Workbook)
async def list_template(
    request: Request, commune: Annotated[str, Query(max_length=10)], caller: Caller = READ_LISTS
) -> Response:
    """The workbook to fill in, with the commune's present roll."""
    period = Period.of(clock.today())
    access.require_commune(caller, commune, period)
    async with running_of(request).pool.acquire() as connection:
        people = await showing.people(
            connection, period, {"communes": [commune], "status": "ACTIVE", "limit": template.ROWS}
        )
    await looks.record(request, caller, "export", [one["beneficiary_id"] for one in people], commune)
    return Response(await asyncio.to_thread(template.template, people), media_type=documented.XLSX)


@router.get("/change-lists/{list_id}")
async def one_list(request: Request, list_id: str, caller: Caller = READ_LISTS) -> dict[str, Any]:
    """A list with its rows, its findings and, until it is approved, what each row would change."""
    running = running_of(request)
    async with running.pool.acquire() as connection:
        shown = await showing.list_shown(connection, list_id, language(request))
        access.require_commune(caller, shown["commune"], shown["period"])
        if shown["status"] in ("DRAFT", "SUBMITTED", "RETURNED"):
            change = await list_effects.would_change(Work(connection, running.store, {}), list_id)
            shown["rows"] = [{**row, "changes": change.get(row["row"], [])} for row in shown["rows"]]
    await looks.record(request, caller, "list", [list_id], shown["commune"])
    return shown


@router.put("/change-lists/{list_id}/file", openapi_extra=bodies.FILE)
async def replace_file(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Another file in the place of a draft's or returned list's."""
    body = await read_body(request)
    require_table(body)
    shown = await one_list(request, list_id, caller)
    parsed = await parsing.read(body.content, Period(shown["period"]))
    return await write(request, caller, body.identity(), lambda work: list_handlers.mend(work, caller, list_id, parsed))


def _cells(body: Body) -> dict[str, Any]:
    """`{heading: value}` of a mended row; raises Problem 422 for another heading or a value that no cell has."""
    cells = _object(body)
    for heading, value in cells.items():
        if heading not in HEADINGS:
            raise Problem(
                422,
                "input-wrong",
                f"Không có cột “{heading[:50]}”. Ghi đúng tên cột của danh sách.",
                f"There is no column “{heading[:50]}”. Use the headings of the list.",
            )
        number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < NUMBERS_MAX
        if not (value is None or isinstance(value, str) or number):
            raise Problem(
                422,
                "input-wrong",
                f"Giá trị của cột {heading} phải là chữ, số hoặc null.",
                f"The value of column {heading} must be text, a number or null.",
            )
    return {heading: None if value is None else as_json(value) for heading, value in cells.items()}


@router.patch("/change-lists/{list_id}/rows/{number}", openapi_extra=bodies.CELLS)
async def mend_row(request: Request, list_id: str, number: int, caller: Caller = ENTRY) -> Response:
    """Other values in some cells of a row: `{heading: value}`."""
    body = await read_body(request)
    cells = _cells(body)
    return await write(
        request,
        caller,
        body.identity(),
        lambda work: list_handlers.mend_row(
            work, caller, list_id, number, lambda rows: checking.with_cells(rows, number, cells)
        ),
    )


@router.delete("/change-lists/{list_id}/rows/{number}")
async def drop_row(request: Request, list_id: str, number: int, caller: Caller = ENTRY) -> Response:
    """Takes a row out; the others keep their numbers."""
    return await write(
        request,
        caller,
        (),
        lambda work: list_handlers.mend_row(
            work, caller, list_id, number, lambda rows: checking.without_row(rows, number)
        ),
    )


@router.post("/change-lists/{list_id}/submit")
async def submit_list(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Hands the list in."""
    return await write(request, caller, (), lambda work: list_handlers.submit(work, caller, list_id))


@router.post("/change-lists/{list_id}/withdraw")
async def withdraw_list(request: Request, list_id: str, caller: Caller = ENTRY) -> Response:
    """Takes the list back."""
    return await write(request, caller, (), lambda work: list_handlers.withdraw(work, caller, list_id))


@router.post("/change-lists/{list_id}/return", openapi_extra=bodies.REASON)
async def return_list(request: Request, list_id: str, caller: Caller = OFFICE) -> Response:
    """Gives the list back with `{reason}`."""
    body = await read_body(request)
    reason = str(_object(body).get("reason") or "").strip()[:500]
    if not reason:
        raise Problem(422, "input-wrong", "Cần lý do trả lại (reason).", "A reason is needed.")
    return await write(
        request, caller, body.identity(), lambda work: list_handlers.give_back(work, caller, list_id, reason)
    )


@router.post("/change-lists/{list_id}/approve", openapi_extra=bodies.APPROVAL)
async def approve_list(request: Request, list_id: str, caller: Caller = OFFICE) -> Response:
    """Lets the list take effect: `{allow_late?, accept_warnings?, reason?}`."""
    body = await read_body(request)
    choice = _object(body)
    for flag in ("allow_late", "accept_warnings"):
        if not isinstance(choice.get(flag), bool | None):
            raise Problem(422, "input-wrong", f"{flag} phải là true hoặc false.", f"{flag} must be true or false.")
    reason = choice.get("reason")
    if reason is not None and not isinstance(reason, str):
        raise Problem(422, "input-wrong", "Lý do (reason) phải là chữ.", "The reason must be text.")
    choice["reason"] = (reason or "").strip()[:500] or None
    return await write(
        request, caller, body.identity(), lambda work: list_handlers.approve(work, caller, list_id, choice)
    )


@router.get("/rolls/{period}")
async def roll_of(request: Request, period: str, _caller: Caller = READ_ROLL) -> dict[str, Any]:
    """The roll of a month."""
    async with running_of(request).pool.acquire() as connection:
        return await roll.shown(connection, period_of(period))


@router.post("/rolls/{period}/close")
async def close_roll(request: Request, period: str, caller: Caller = OFFICER) -> Response:
    """Closes the roll, or closes it again."""
    month = period_of(period)
    return await write(request, caller, (), lambda work: roll.close(work, caller, month))

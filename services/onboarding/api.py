"""The calls of onboarding: who may ask what, and in which form."""

import asyncio
from typing import Annotated, Any, Literal

import asyncpg
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, StringConstraints

from services.kernel import clock
from services.kernel.commands import Answer, Work
from services.kernel.period import Period
from services.kernel.web import documented, looks
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.body import Body, parse_json, read_body
from services.kernel.web.paging import Cursor, Limit, after, page
from services.kernel.web.problems import Problem, language
from services.kernel.web.uploads import read_upload, require_table
from services.kernel.web.writes import running_of, write
from services.onboarding import handlers, read_model, shown, tables
from services.onboarding.read_model import AccountFilter, Page
from services.reference import access, areas

router = APIRouter()

Status = Literal["OPEN", "NAME_DIFFERS", "BLOCKED", "CLOSED", "REFUSED"]
Bank = Annotated[Caller, Depends(allowed(access.BANK))]
Officer = Annotated[Caller, Depends(allowed(access.DISTRICT_OFFICER))]
APPLICATIONS = (access.BANK, access.COMMUNE_OFFICER, access.DISTRICT_OFFICER, access.AUDITOR)
"""Who reads dossiers; the auditor may read every call."""
ACCOUNTS = (*access.SEES_ALL, access.COMMUNE_OFFICER, access.POLICE, access.BANK)
"""Who reads whose accounts there are; outreach gets their numbers only."""
Applicants = Annotated[Caller, Depends(allowed(*APPLICATIONS))]
Reader = Annotated[Caller, Depends(allowed(*ACCOUNTS, access.OUTREACH))]
JSON_TYPES = ("application/json", "")
APPLICATIONS_MAX = 1_000_000
FIELDS = (
    "beneficiary_id",
    "citizen_id",
    "holder",
    "holder_citizen_id",
    "holder_name",
    "bank_code",
    "account_number",
    "account_name",
    "result",
    "opened_on",
    "closed_on",
    "reason",
)
RESULTS = documented.takes(
    {
        documented.JSON: documented.rows(**{name: {"type": ["string", "null"]} for name in FIELDS}),
        documented.XLSX: documented.BINARY,
        documented.CSV: documented.BINARY,
        documented.FORM: documented.form(),
    }
)


class Reason(BaseModel):
    """Why the office lets an account be paid to."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


def this_month() -> Period:
    """The month of the business day, whose communes and rolls the calls go by."""
    return Period.of(clock.today())


@router.post("/account-results", openapi_extra=RESULTS)
async def post_account_results(request: Request, caller: Bank) -> Response:
    """Takes the bank's account results: a JSON array, or XLSX or CSV with the same names as headings."""
    body = await read_body(request)
    rows = await rows_in(body)
    spoken = language(request)

    async def handle(work: Work) -> Answer:
        return await handlers.record_results(work, rows, spoken)

    return await write(request, caller, body.identity(), handle)


async def rows_in(body: Body) -> list[Any]:
    """The rows of the body; a file's format is known by content. Raises Problem 413, 415 or 422."""
    if body.media_type not in JSON_TYPES:
        require_table(body)
    begins = body.content[:20].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    is_json = begins in (b"[", b"{") or (body.media_type in JSON_TYPES and not body.file_name)
    if not is_json:
        return await read_upload(tables.read_rows, body.content)
    rows = await asyncio.to_thread(parse_json, body.content)
    if not isinstance(rows, list):
        raise Problem(
            422,
            "input-wrong",
            "Nội dung phải là một mảng JSON, mỗi phần tử một kết quả mở tài khoản.",
            "The body must be a JSON array of account results.",
        )
    return rows


@router.get("/accounts")
async def get_accounts(
    request: Request,
    caller: Reader,
    commune: str | None = None,
    status: Status | None = None,
    beneficiary_id: str | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Accounts as the caller may see them; for outreach their numbers by commune and status, of nobody by name."""
    month = this_month()
    async with running_of(request).pool.acquire() as connection:
        places = await places_of_call(connection, caller, commune, month)
        if caller.role == access.OUTREACH:
            counted = await read_model.count_accounts(connection, AccountFilter(places, status))
            return {"items": shown.counts(counted, month), "next_cursor": None}
        wanted = AccountFilter(places, status, beneficiary_id)
        rows = await read_model.find_accounts(connection, wanted, Page(after(cursor), limit))
    items, following = page(rows, limit, "account_id")
    seen: looks.What = "person" if beneficiary_id else "list"
    await looks.record(request, caller, seen, [row["beneficiary_id"] for row in items], commune)
    return {"items": [shown.account_item(row, caller, month) for row in items], "next_cursor": following}


@router.post("/accounts/{account_id}/confirm")
async def confirm_account(request: Request, caller: Officer, account_id: str, said: Reason) -> Response:
    """Lets an account be paid to whose name differs, or to which a payment was rejected or returned."""

    async def handle(work: Work) -> Answer:
        return await handlers.confirm_account(work, account_id, caller.name, said.reason)

    return await write(request, caller, (said.reason.encode(),), handle)


@router.get("/applications")
async def get_applications(
    request: Request, caller: Applicants, commune: str | None = None, limit: Limit = 100, cursor: Cursor = None
) -> dict[str, Any]:
    """Who wants an account and has none, with what the dossier lacks."""
    items, following = await _applications(request, caller, commune, Page(after(cursor), limit))
    await looks.record(request, caller, "list", [one["beneficiary_id"] for one in items], commune)
    return {"items": items, "next_cursor": following}


@router.get("/applications.xlsx", response_class=documented.Workbook)
async def get_applications_workbook(request: Request, caller: Applicants, commune: str | None = None) -> Response:
    """The same as a workbook, whole."""
    items, _ = await _applications(request, caller, commune, Page("", APPLICATIONS_MAX))
    await looks.record(request, caller, "export", [one["beneficiary_id"] for one in items], commune)
    by_commune = sorted(items, key=lambda one: (one["commune"], one["beneficiary_id"]))
    content = await asyncio.to_thread(tables.write_applications, by_commune)
    disposition = {"Content-Disposition": 'attachment; filename="ho-so-mo-tai-khoan.xlsx"'}
    return Response(content, media_type=tables.WORKBOOK, headers=disposition)


async def _applications(
    request: Request, caller: Caller, commune: str | None, part: Page
) -> tuple[list[dict[str, Any]], str | None]:
    month = this_month()
    async with running_of(request).pool.acquire() as connection:
        places = await places_of_call(connection, caller, commune, month)
        rows = await read_model.find_applications(connection, places, month, part)
    found, following = page(rows, part.limit, "beneficiary_id")
    return [shown.application_item(row, month) for row in found], following


async def places_of_call(
    connection: asyncpg.Connection, caller: Caller, commune: str | None, month: str
) -> list[read_model.Place] | None:
    """The places whose people the call is about. Raises Problem 422 or 403 for a commune it cannot be about."""
    if commune is not None and not areas.known(commune):
        raise Problem(
            422, "no-such-commune", f"Không có xã, thị trấn mã {commune[:10]}.", f"There is no commune {commune[:10]}."
        )
    known = await read_model.places(connection)
    if commune is not None and caller.area is not None and not shown.in_area(commune, caller.area, month):
        raise Problem(403, "not-allowed", "Đơn vị này không thuộc địa bàn của bạn.", "This area is not yours.")
    return shown.places_seen(caller, commune, known, month)

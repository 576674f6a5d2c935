"""The calls of reporting: who may ask for which form, what is behind a figure, and what was submitted."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ValidationError

from services.kernel import clock
from services.kernel.commands import Answer, Work
from services.kernel.period import Period
from services.kernel.web import documented, looks
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.body import read_body
from services.kernel.web.paging import Cursor, Limit, number_after, page
from services.kernel.web.problems import from_validation
from services.kernel.web.writes import running_of, write
from services.reporting import handlers, showing, submissions
from services.reporting.events import FormId
from services.reporting.layout import Printed
from services.reporting.print_pdf import form_pdf
from services.reporting.print_xlsx import form_xlsx
from services.reporting.read_model import Behind
from services.reporting.reports import Asked, printed
from services.reporting.sight import (
    FORMS,
    OVERSEERS,
    PERSONS,
    SUBMITTERS,
    areas_seen,
    instant,
    require_form,
    require_persons,
)

router = APIRouter()

Viewer = Annotated[Caller, Depends(allowed(*FORMS))]
Examiner = Annotated[Caller, Depends(allowed(*PERSONS))]
Submitter = Annotated[Caller, Depends(allowed(*SUBMITTERS))]
Overseer = Annotated[Caller, Depends(allowed(*OVERSEERS))]
AreaCode = Annotated[str, Query(max_length=10)]
AsOf = Annotated[str | None, Query(max_length=40)]
Print = Callable[[Printed], bytes]
PRINTS: dict[str, tuple[Print, str]] = {
    "xlsx": (form_xlsx, documented.XLSX),
    "pdf": (form_pdf, documented.PDF),
}


class Submission(BaseModel):
    """Which report is submitted."""

    form: FormId
    period: Period
    area: str


@router.get(
    "/forms/{form}.{suffix}",
    response_class=Response,
    responses=documented.answers(documented.XLSX, documented.PDF),
)
async def get_printed_form(
    request: Request,
    caller: Viewer,
    form: FormId,
    suffix: Literal["xlsx", "pdf"],
    period: Period,
    area: AreaCode,
    as_of: AsOf = None,
) -> Response:
    """A form to print and sign, as a workbook or a PDF."""
    asked = showing.asked_of(request, form, period, area)
    require_form(caller, asked.area, period)
    figures = await showing.figures(request, asked, instant(as_of) if as_of is not None else None)
    draw, media_type = PRINTS[suffix]
    content = await asyncio.to_thread(draw, printed(asked, figures.rows, clock.today()))
    name = f"{form}-{area}-{period}.{suffix}"
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


@router.get("/forms/{form}")
async def get_form(
    request: Request, caller: Viewer, form: FormId, period: Period, area: AreaCode, as_of: AsOf = None
) -> dict[str, Any]:
    """A form's figures: `rows` as printed, `dong` the same before rounding."""
    asked, known = showing.asked_of(request, form, period, area), instant(as_of)
    require_form(caller, asked.area, period)
    figures = await showing.figures(request, asked, known if as_of is not None else None)
    return _head(asked, known) | {"rows": figures.rows, "dong": figures.dong}


@router.get("/forms/{form}/explain")
async def explain(
    request: Request,
    caller: Examiner,
    form: FormId,
    row: str,
    column: str,
    period: Period,
    area: AreaCode,
    as_of: AsOf = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The people (amount 1) or payments (đồng) that make a figure, and the event behind each; `dong` is their sum."""
    asked, known = showing.asked_of(request, form, period, area), instant(as_of)
    require_persons(caller, asked.area, period)
    found = await showing.behind_all(request, asked, showing.sources_in(form, row, column), known)
    start = number_after(cursor)
    numbered = [
        {"number": number, "item": one} for number, one in enumerate(found[start : start + limit + 1], start + 1)
    ]
    shown, following = page(numbered, limit, "number")
    await looks.record(request, caller, "list", [one["item"].beneficiary_id for one in shown], asked.area.code)
    return _head(asked, known) | {
        "row": row,
        "column": column,
        "dong": sum(one.amount for one in found),
        "items": [_shown(one["item"]) for one in shown],
        "next_cursor": following,
    }


@router.post(
    "/submissions", status_code=201, openapi_extra=documented.takes({documented.JSON: Submission.model_json_schema()})
)
async def post_submission(request: Request, caller: Submitter) -> Response:
    """Submits a report: freezes it as it is known now."""
    body = await read_body(request)
    try:
        wanted = Submission.model_validate(body.json())
    except ValidationError as why:
        raise from_validation(why.errors()) from why
    asked = showing.asked_of(request, wanted.form, wanted.period, wanted.area)
    require_persons(caller, asked.area, asked.period)

    async def handle(work: Work) -> Answer:
        return await handlers.submit(work, caller.name, asked)

    return await write(request, caller, body.identity(), handle)


@router.get("/submissions")
async def get_submissions(
    request: Request,
    caller: Overseer,
    form: FormId | None = None,
    period: Period | None = None,
    area: Annotated[str | None, Query(max_length=10)] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Submitted reports, oldest first, each with the cells whose figure is another now."""
    wanted = submissions.Wanted(form, period, areas_seen(caller, area), number_after(cursor))
    async with running_of(request).pool.acquire() as connection:
        shown, following = page(await submissions.find(connection, wanted, limit), limit, "number")
        items = await submissions.compared(connection, shown, clock.now())
    return {"items": items, "next_cursor": following}


def _head(asked: Asked, known: datetime) -> dict[str, Any]:
    return {"form": asked.form, "period": asked.period, "area": asked.area.code, "as_of": known.isoformat()}


def _shown(one: Behind) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "beneficiary_id": one.beneficiary_id,
        "programme": one.programme,
        "item": one.item,
        "amount": one.amount,
        "event": {"stream_id": one.stream_id, "version": one.version},
    }
    return shown | ({"payment_id": one.payment_id} if one.payment_id else {})

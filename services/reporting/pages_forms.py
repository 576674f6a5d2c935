"""Biểu 1, Biểu 2: a form as it is printed, its workbook and PDF, and what stands behind a figure."""

import asyncio
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request, Response

from services import reference
from services.kernel import clock
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.render import Pages
from services.kernel.web.pages.session import signed_in
from services.kernel.web.paging import number_after, page
from services.kernel.web.problems import Problem
from services.reference import access
from services.reporting import showing, viewing
from services.reporting.api import PRINTS
from services.reporting.layout import Printed, layout, number
from services.reporting.reports import printed
from services.reporting.sight import FORMS, PERSONS, SUBMITTERS, require_persons, sees_persons
from services.reporting.viewing import Number, Sheet, address

router = APIRouter()
PAGES = Pages(Path(__file__).parent, reference.FOLDER)
VIEWERS = Depends(signed_in(*FORMS))
EXAMINERS = Depends(signed_in(*PERSONS))
PAGE = 100


@router.get("/bao-cao/bieu-{form_number}.{suffix}")
async def print_form(
    request: Request, form_number: Number, suffix: Literal["xlsx", "pdf"], caller: Caller = VIEWERS
) -> Response:
    """The form to sign, as the page with the same address shows it."""
    asked = viewing.asked_by(request, caller, form_number)
    shown = await viewing.sheet(request, caller, asked, viewing.known_at(request))
    draw, media_type = PRINTS[suffix]
    content = await asyncio.to_thread(draw, _printed(shown))
    name = f"{asked.form}-{asked.area.code}-{asked.period}.{suffix}"
    return Response(
        content,
        media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )


def _printed(shown: Sheet) -> Printed:
    """A frozen form bears the day on which it was frozen, another that of today."""
    return printed(shown.asked, shown.figures, shown.frozen.on if shown.stands and shown.frozen else clock.today())


@router.get("/bao-cao/bieu-{form_number}")
async def form(request: Request, form_number: Number, caller: Caller = VIEWERS) -> Response:
    """The form exactly as it is printed, each figure a way to what is behind it."""
    asked = viewing.asked_by(request, caller, form_number)
    refusal = None
    try:
        known = viewing.known_at(request)
    except Problem as why:
        known, refusal = None, why
    shown = await viewing.sheet(request, caller, asked, known)
    context = {
        "sheet": shown,
        "form": layout(asked.form),
        "printed": _printed(shown),
        "number": number,
        "number_of": form_number,
        "areas": viewing.listed(caller, asked.period),
        "address": address,
        "beside": viewing.beside,
        "view": _view(request, shown),
        "may_open": caller.role in PERSONS and sees_persons(caller, asked.area, asked.period),
        "may_submit": caller.role in SUBMITTERS and sees_persons(caller, asked.area, asked.period),
        "typed": request.query_params.get("as_of", "") if refusal else "",
    } | await _differing(request, shown)
    as_of = shown.frozen.at if shown.stands and shown.frozen else known
    return PAGES.page(request, "form.html", context, caller=caller, period=asked.period, as_of=as_of, refusal=refusal)


def _view(request: Request, shown: Sheet) -> dict[str, str]:
    """What an address needs to show the same figures again."""
    if shown.known:
        return {"as_of": shown.known.isoformat()}
    return {"xem": viewing.NOW} if request.query_params.get("xem") == viewing.NOW else {}


async def _differing(request: Request, shown: Sheet) -> dict[str, Any]:
    """The cells that are others by now, a letter for each row that has some; and what arrived since."""
    frozen = shown.frozen
    if frozen is None or not shown.stands or not frozen.differences:
        return {"letters": {}, "differing": [], "arrived": []}
    rows = list(dict.fromkeys(str(one["row"]) for one in frozen.differences))
    # Form 2 has 17 rows: the alphabet suffices.
    letters = dict(zip(rows, ascii_lowercase, strict=False))
    return {
        "letters": {(one["row"], one["column"]): letters[str(one["row"])] for one in frozen.differences},
        "differing": [
            (letter, row, [one for one in frozen.differences if one["row"] == row]) for row, letter in letters.items()
        ],
        "arrived": await showing.arrived_since(request, shown.asked, frozen.at),
    }


@router.get("/bao-cao/bieu-{form_number}/o")
async def cell(
    request: Request,
    form_number: Number,
    row: str,
    column: str,
    cursor: str | None = None,
    caller: Caller = EXAMINERS,
) -> Response:
    """A cell opened: the people or payments that make its figure, and the event behind each."""
    asked = viewing.asked_by(request, caller, form_number)
    require_persons(caller, asked.area, asked.period)
    sources, known = showing.sources_in(asked.form, row, column), viewing.known_at(request)
    instant = known or clock.now()
    found, figure = await asyncio.gather(
        showing.behind_all(request, asked, sources, instant), showing.figure(request, asked, row, column, instant)
    )
    start = number_after(cursor)
    numbered = [{"number": n, "item": one} for n, one in enumerate(found[start : start + PAGE + 1], start + 1)]
    shown, following = page(numbered, PAGE, "number")
    await looks.record(request, caller, "list", [one["item"].beneficiary_id for one in shown], asked.area.code)
    named = next(one for one in layout(asked.form).rows if one.id == row)
    context = {
        "asked": asked,
        "number_of": form_number,
        "row": named,
        "column": column,
        "column_words": layout(asked.form).column_words(column),
        "figure": figure,
        "money": any(source.row == "III.2" for source in sources),
        "lines": shown,
        "count": len(found),
        "people": len({one.beneficiary_id for one in found}),
        "sum": sum(one.amount for one in found),
        "view": {"as_of": known.isoformat()} if known else {},
        "following": following,
        "address": address,
        "beside": viewing.beside,
        "may_pay": caller.role != access.POLICE,
        "stream_kind": lambda stream: str(stream).partition("-")[0],
    }
    return PAGES.page(request, "cell.html", context, caller=caller, period=asked.period, as_of=known)

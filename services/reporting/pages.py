"""Báo cáo: every area's two forms, a form as printed with what is behind each figure, and handing it in."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import asyncpg
from fastapi import APIRouter, Depends, Request, Response

from services import reference
from services.kernel import clock
from services.kernel.decider import Rejected
from services.kernel.period import Period
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import posted, submit
from services.kernel.web.pages.render import Pages, period_of, see
from services.kernel.web.pages.session import signed_in
from services.kernel.web.paging import number_after, page
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access, areas
from services.reference.areas import Area
from services.reporting import handlers, submissions
from services.reporting.api import PRINTS, areas_seen, behind_cell, figures_of
from services.reporting.cells import sources_of
from services.reporting.events import FormId
from services.reporting.layout import NATIONAL_HEADING, layout
from services.reporting.reports import Asked, area_in, place_of, printed
from services.reporting.sight import FORMS, PERSONS, instant, require_form, require_persons

router = APIRouter()
PAGES = Pages(Path(__file__).parent, reference.FOLDER)
VIEWERS = Depends(signed_in(*FORMS))
EXAMINERS = Depends(signed_in(*PERSONS))
SUBMITTERS = Depends(signed_in(access.COMMUNE_OFFICER, access.DISTRICT_OFFICER))
OVERSEERS = Depends(signed_in(access.COMMUNE_OFFICER, *access.SEES_ALL))
Number = Literal["1", "2"]
EVERY_SUBMISSION = 1_000
PAGE = 100


def _form_id(number: Number) -> FormId:
    return get_args(FormId)[int(number) - 1]  # type: ignore[no-any-return]


def _areas(caller: Caller, period: Period) -> list[Area]:
    """The areas whose forms the person sees in a month: the whole first, then its communes."""
    codes = areas.everywhere(period)
    first = areas.find(codes[0], period) if codes else None
    whole = areas.find(first.parent, period) if first else None
    seen = access.communes_seen(caller, period)
    own = [area for code in codes if (seen is None or code in seen) and (area := areas.find(code, period))]
    return [*([whole] if whole else []), *own]


def _asked(number: Number, period: Period, code: str, caller: Caller) -> Asked:
    """The form asked for; without an area that of the person's own. Raises Problem 403 or 404."""
    known = _areas(caller, period)
    if not known:
        raise Problem(404, "not-found")
    own = next((one.code for one in known if one.code == caller.area), known[0].code)
    try:
        asked = Asked(_form_id(number), period, area_in(code or own, period))
    except Rejected as why:
        raise Problem(404, "not-found") from why
    require_form(caller, asked.area, period)
    return asked


async def _frozen(
    connection: asyncpg.Connection, caller: Caller, period: Period, form: str | None = None, area: str | None = None
) -> dict[tuple[str, str], dict[str, Any]]:
    """The last submission of each form and area that the person sees, with the cells that are others now."""
    if caller.role not in (access.COMMUNE_OFFICER, *access.SEES_ALL):
        return {}
    wanted = submissions.Wanted(form, period, areas_seen(caller, area), 0)
    rows = await submissions.find(connection, wanted, EVERY_SUBMISSION)
    return {(one["form"], one["area"]): one for one in await submissions.compared(connection, rows, clock.now())}


@router.get("/bao-cao")
async def overview(request: Request, caller: Caller = VIEWERS) -> Response:
    """Area by form: as it stands, when it was frozen, and how many cells are others by now."""
    period = period_of(request)
    async with running_of(request).pool.acquire() as connection:
        frozen = await _frozen(connection, caller, period)
    context = {"areas": _areas(caller, period), "frozen": frozen, "forms": get_args(FormId)}
    return PAGES.page(request, "reports.html", context, caller=caller)


@router.get("/bao-cao/da-chot")
async def frozen_forms(request: Request, caller: Caller = OVERSEERS) -> Response:
    """The frozen forms of a month with the cells whose figure is another now."""
    period = period_of(request)
    async with running_of(request).pool.acquire() as connection:
        frozen = await _frozen(connection, caller, period)
    names = {one.code: one.name for one in _areas(caller, period)}
    context = {"frozen": list(frozen.values()), "names": names}
    return PAGES.page(request, "frozen.html", context, caller=caller)


@router.get("/bao-cao/bieu-{number}.{suffix}")
async def printed_form(
    request: Request, number: Number, suffix: Literal["xlsx", "pdf"], caller: Caller = VIEWERS
) -> Response:
    """The form to print and sign; what is frozen prints as it was frozen."""
    period, code = period_of(request), request.query_params.get("area", "")
    asked = _asked(number, period, code, caller)
    as_of = request.query_params.get("as_of") or None
    rows = (await figures_of(request, asked, as_of)).rows
    if not as_of:
        async with running_of(request).pool.acquire() as connection:
            kept = (await _frozen(connection, caller, period, asked.form, asked.area.code)).get(
                (asked.form, asked.area.code)
            )
        rows = kept["rows"] if kept else rows
    draw, media_type = PRINTS[suffix]
    content = await asyncio.to_thread(draw, printed(asked, rows, clock.today()))
    name = f"{asked.form}-{asked.area.code}-{period}.{suffix}"
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


@router.get("/bao-cao/bieu-{number}")
async def one_form(request: Request, number: Number, caller: Caller = VIEWERS) -> Response:
    """A form as printed. Frozen: as it was frozen, with what is another now; `now=1` or a day: as known then."""
    period, query = period_of(request), request.query_params
    asked = _asked(number, period, query.get("area", ""), caller)
    as_of = query.get("as_of") or None
    known = instant(as_of)
    figures = await figures_of(request, asked, as_of)
    async with running_of(request).pool.acquire() as connection:
        frozen = (await _frozen(connection, caller, period, asked.form, asked.area.code)).get(
            (asked.form, asked.area.code)
        )
    shows_frozen = frozen is not None and not as_of and query.get("now") != "1"
    differing = frozen["differences"] if frozen and shows_frozen else []
    context = {
        **_sheet(asked, frozen["rows"] if frozen and shows_frozen else figures.rows),
        "number": number,
        "frozen": frozen,
        "shows_frozen": shows_frozen,
        "letters": {(one["row"], one["column"]): _letter(at) for at, one in enumerate(differing)},
        "differing": differing,
        "explained": caller.role in PERSONS and _sees_persons(caller, asked),
        "may_submit": caller.role in (access.COMMUNE_OFFICER, access.DISTRICT_OFFICER)
        and _sees_persons(caller, asked)
        and not shows_frozen
        and not as_of,
        "as_of_day": as_of or "",
        **_beside(asked, caller),
    }
    at = known if as_of else None
    return PAGES.page(request, "form.html", context, caller=caller, period=period, as_of=at)


def _letter(place: int) -> str:
    """a, b, … z, aa, ab, …"""
    first, last = divmod(place, 26)
    return (chr(96 + first) if first else "") + chr(97 + last)


def _sees_persons(caller: Caller, asked: Asked) -> bool:
    try:
        require_persons(caller, asked.area, asked.period)
    except Problem:
        return False
    return True


def _sheet(asked: Asked, rows: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """What the sheet prints, word for word."""
    form = layout(asked.form)
    return {
        "form": form,
        "head": [[cell for cell in form.header if cell.row == level] for level in range(form.header_height)],
        "rows": rows,
        "area": asked.area,
        "issuer": form.issuer(asked.area.level, asked.area.name),
        "national": NATIONAL_HEADING,
        "subtitle": form.subtitle(asked.period),
        "place": form.place_line(place_of(asked.area.name), clock.today()),
    }


def _beside(asked: Asked, caller: Caller) -> dict[str, Any]:
    """The areas to choose from, and those before and after this one."""
    known = _areas(caller, asked.period)
    codes = [one.code for one in known]
    at = codes.index(asked.area.code) if asked.area.code in codes else 0
    return {
        "areas": known,
        "before": known[at - 1] if len(known) > 1 else None,
        "after": known[(at + 1) % len(known)] if len(known) > 1 else None,
    }


@router.get("/bao-cao/bieu-{number}/o")
async def one_cell(request: Request, number: Number, caller: Caller = EXAMINERS) -> Response:
    """A figure opened: the people or payments that make it, and the event behind each."""
    period, query = period_of(request), request.query_params
    asked = _asked(number, period, query.get("area", ""), caller)
    require_persons(caller, asked.area, period)
    row, column = query.get("row", ""), query.get("column", "")
    sources = sources_of(asked.form, row, column)
    if sources is None:
        raise Problem(404, "not-found")
    found = await behind_cell(request, asked, sources, instant(query.get("as_of") or None))
    start = number_after(query.get("cursor"))
    numbered = [{"number": at, "item": one} for at, one in enumerate(found[start : start + PAGE + 1], start + 1)]
    shown, following = page(numbered, PAGE, "number")
    await looks.record(request, caller, "list", [one["item"].beneficiary_id for one in shown], asked.area.code)
    context = {
        "number": number,
        "area": asked.area,
        "row": next(one for one in layout(asked.form).rows if one.id == row),
        "column": column,
        "items": shown,
        "following": following,
        "count": len(found),
        "total": sum(one.amount for one in found),
        "as_of_day": query.get("as_of") or "",
        "linked": caller.role in (*access.SEES_ALL, access.COMMUNE_OFFICER, access.POLICE, access.FINANCE),
    }
    return PAGES.page(request, "cell.html", context, caller=caller, period=period)


@router.get("/bao-cao/bieu-{number}/nop")
async def confirm(request: Request, number: Number, caller: Caller = SUBMITTERS) -> Response:
    """What handing in means, before it is done."""
    period = period_of(request)
    asked = _asked(number, period, request.query_params.get("area", ""), caller)
    require_persons(caller, asked.area, period)
    figures = await figures_of(request, asked, None)
    context = {"number": number, "area": asked.area, "totals": _totals(asked, figures.rows)}
    return PAGES.page(request, "form_confirm.html", context, caller=caller, period=period)


def _totals(asked: Asked, rows: Mapping[str, Mapping[str, int]]) -> Sequence[tuple[str, str, int]]:
    """Label, unit and figure of the first and the last row that has figures, in the form's first column."""
    form = layout(asked.form)
    told = [row for row in form.rows if form.columns[0] in rows[row.id]]
    return [(row.label, row.unit, rows[row.id][form.columns[0]]) for row in (told[0], told[-1])]


@router.post("/bao-cao/bieu-{number}/nop")
async def hand_in(request: Request, number: Number, caller: Caller = SUBMITTERS) -> Response:
    """Freezes the form as it is known now."""
    form = await posted(request, caller)
    period = period_of(request)
    asked = _asked(number, period, form.one("area"), caller)
    require_persons(caller, asked.area, period)
    await submit(request, caller, form, lambda work: handlers.submit(work, caller.name, asked))
    return see(f"/bao-cao/bieu-{number}", "handed_in", period=period, area=asked.area.code)

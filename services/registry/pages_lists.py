"""Danh sách: all lists of a month, and the three ways to begin one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web import paging
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import Form, posted, submit
from services.kernel.web.pages.long_work import Kind, Run, carried_out
from services.kernel.web.pages.render import address_after, period_of, see
from services.kernel.web.pages.session import signed_in
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access, areas
from services.registry import api, list_handlers, list_reading, parsing
from services.registry.change_list import is_late
from services.registry.list_reading import answered, last_day
from services.registry.page_frame import PAGES, ROWS_A_PAGE, SHARED, new_rows
from services.registry.row_form import as_table, row_of, typed

router = APIRouter()
READ = Depends(signed_in(access.COMMUNE_OFFICER, *access.SEES_ALL))
ENTRY = Depends(signed_in(access.COMMUNE_OFFICER, access.DISTRICT_OFFICER))
STATUSES = ("SUBMITTED", "RETURNED", "DRAFT", "APPROVED", "WITHDRAWN")
LACKING = "LACKING"
"""The filter for communes of which no list is there."""
Word = Annotated[str, Query(max_length=20)]


@router.get("/danh-sach")
async def index(
    request: Request, status: Word = "", commune: Word = "", cursor: paging.Cursor = None, caller: Caller = READ
) -> Response:
    """Every commune with its lists of the month; a commune sees its own, or how to begin one."""
    period = period_of(request)
    place = access.commune_of(caller) or commune or None
    wanted = status if status in STATUSES else None
    async with running_of(request).pool.acquire() as connection:
        rows = await list_reading.lists(
            connection,
            period,
            place,
            wanted,
            access.communes_ever(caller),
            paging.number_after(cursor),
            ROWS_A_PAGE + 1,
        )
        told = await list_reading.told(connection, period)
        counts = await list_reading.statuses(connection, period, place)
    shown, following = paging.page([] if status == LACKING else rows, ROWS_A_PAGE, "number")
    lacking = [one for one, said in told.items() if not said and place in (None, one)]
    context: dict[str, Any] = {
        **SHARED,
        **_frame(period, place or ""),
        "lists": shown,
        "following": following,
        "counts": counts,
        "status": status,
        "lacking": lacking if status in ("", LACKING) and not cursor else [],
        "lacking_count": len(lacking),
        "communes": len(told),
        "may_enter": caller.role in (access.COMMUNE_OFFICER, access.DISTRICT_OFFICER),
        "whole_district": access.commune_of(caller) is None,
    }
    return PAGES.page(request, "lists.html", context, caller=caller, period=period)


def _frame(period: Period, commune: str) -> dict[str, Any]:
    today = clock.today()
    return {
        "commune": commune,
        "overdue": is_late(period, today),
        "days_left": (last_day(period) - today).days + 1,
        "everywhere": areas.everywhere(period),
    }


@router.get("/danh-sach/mau.xlsx")
async def template(request: Request, commune: Word = "", caller: Caller = READ) -> Response:
    """The workbook to fill in."""
    place = access.commune_of(caller) or commune
    answer = await api.list_template(request, place, caller)
    answer.headers["content-disposition"] = f'attachment; filename="mau-danh-sach-{place}.xlsx"'
    answer.headers["cache-control"] = "no-store"
    return answer


@router.get("/danh-sach/moi")
async def new(request: Request, commune: Word = "", caller: Caller = ENTRY) -> Response:
    """The three ways to begin a list."""
    period = api.period_of(period_of(request))
    return await _new_page(request, caller, period, access.commune_of(caller) or commune)


async def _new_page(
    request: Request, caller: Caller, period: Period, commune: str, why: Problem | None = None
) -> Response:
    async with running_of(request).pool.acquire() as connection:
        rows = await list_reading.lists(connection, period, commune, None, access.communes_ever(caller), 0, ROWS_A_PAGE)
    context = {
        **SHARED,
        **_frame(period, commune),
        "already": [row for row in rows if row["status"] != "WITHDRAWN"] if commune else [],
        "whole_district": access.commune_of(caller) is None,
    }
    return PAGES.page(request, "list_new.html", context, caller=caller, period=period, refusal=why)


def _place(form: Form, caller: Caller) -> tuple[str, Period]:
    """Commune and month of a list to be; raises Problem."""
    commune, period = form.one("commune") or access.commune_of(caller) or "", api.period_of(form.one("period"))
    if not commune:
        raise Problem(422, "input-wrong", "Chưa chọn xã, thị trấn.", "No commune was chosen.")
    access.require_commune(caller, commune, period)
    return commune, period


@router.post("/danh-sach/moi")
async def upload(request: Request, caller: Caller = ENTRY) -> Response:
    """A file becomes a draft, with what is wrong about it."""
    form = await posted(request, caller)
    try:
        require_file(form)
        commune, period = _place(form, caller)
        back = f"/danh-sach/moi?period={period}&commune={commune}"
        return await carried_out(request, caller, form, "list-upload", back)
    except Problem as why:
        if why.status == 403:
            raise
        month = Period.of(clock.today()) if why.slug == "period-out-of-reach" else api.period_of(form.one("period"))
        return await _new_page(request, caller, month, form.one("commune"), why)


async def _upload(run: Run) -> str:
    caller = run.caller
    commune, period = _place(run.form, caller)
    parsed = await parsing.read(require_file(run.form), period)
    answer = await run.submit(lambda work: list_handlers.enter(work, caller, commune, period, parsed, False))
    entered = answered(answer.body)
    return address_after(f"/danh-sach/{entered['id']}", said="list_uploaded", n=entered["rows_count"])


LONG_WORK = {"list-upload": Kind(_upload, "Tải danh sách lên và kiểm tra", "Upload and check of a list")}


def require_file(form: Form) -> bytes:
    """The file of a form; raises Problem 422."""
    if not form.file:
        raise Problem(
            422,
            "file-missing",
            "Chưa chọn tệp. Chọn tệp .xlsx hoặc .csv rồi tải lên.",
            "No file was chosen. Choose an .xlsx or .csv file.",
        )
    return form.file


@router.get("/danh-sach/khong-bien-dong")
async def no_change(request: Request, commune: Word = "", caller: Caller = ENTRY) -> Response:
    """What it means that a commune has no change."""
    period = api.period_of(period_of(request))
    place = access.commune_of(caller) or commune
    access.require_commune(caller, place, period)
    context = {**SHARED, **_frame(period, place)}
    return PAGES.page(request, "list_no_change.html", context, caller=caller, period=period)


@router.post("/danh-sach/khong-bien-dong")
async def hand_in_no_change(request: Request, caller: Caller = ENTRY) -> Response:
    """A list of no rows, entered and handed in."""
    form = await posted(request, caller)
    commune, period = _place(form, caller)
    answer = await submit(
        request, caller, form, lambda work: list_handlers.enter(work, caller, commune, period, parsing.NOTHING, True)
    )
    list_id = answered(answer.body)["id"]
    # A second write with a key of its own: a page pressed twice enters one list and hands it in once.
    again = Form(form.fields, key=f"{form.key}-nop" if form.key else "")
    await submit(request, caller, again, lambda work: list_handlers.submit(work, caller, list_id))
    return see(f"/danh-sach/{list_id}", said="list_no_change")


@router.get("/danh-sach/nhap")
async def first_rows(request: Request, commune: Word = "", caller: Caller = ENTRY) -> Response:
    """Nhập từng dòng: the first row of a list, or many pasted from a sheet."""
    period = api.period_of(period_of(request))
    place = access.commune_of(caller) or commune
    access.require_commune(caller, place, period)
    return _first_page(request, caller, period, place)


def _first_page(
    request: Request, caller: Caller, period: Period, commune: str, form: Form | None = None, why: Problem | None = None
) -> Response:
    context = {**SHARED, **_frame(period, commune), **new_rows("", "/danh-sach/nhap", form)}
    return PAGES.page(request, "row_new.html", context, caller=caller, period=period, refusal=why)


@router.post("/danh-sach/nhap")
async def enter_first_rows(request: Request, caller: Caller = ENTRY) -> Response:
    """The rows typed or pasted become a draft, read as a file is."""
    form = await posted(request, caller)
    commune, period = _place(form, caller)
    try:
        if form.one("rows"):
            parsed = await parsing.read(as_table(form.fields["rows"][-1]), period)
        else:
            parsed = await parsing.check([row_of(typed(form.fields))], period)
        answer = await submit(
            request, caller, form, lambda work: list_handlers.enter(work, caller, commune, period, parsed, False)
        )
    except Problem as why:
        return _first_page(request, caller, period, commune, form, why)
    entered = answered(answer.body)
    return see(f"/danh-sach/{entered['id']}", said="list_begun", n=entered["rows_count"])

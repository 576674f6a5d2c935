"""Duyệt danh sách: the account against last month, every row's effect, the two answers side by side."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.kernel.commands import Answer, Work
from services.kernel.period import Period
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import Form, posted, submit
from services.kernel.web.pages.long_work import Kind, Run, carried_out
from services.kernel.web.pages.render import address_after, see
from services.kernel.web.pages.session import language_of, signed_in
from services.kernel.web.paging import part
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access
from services.registry import list_effects, list_handlers, list_reading
from services.registry.effects import Effect
from services.registry.headings import NAME
from services.registry.list_effects import Sums, Worked
from services.registry.list_reading import answered, course, last_day, require_as_seen
from services.registry.list_rows import KINDS, kind_of
from services.registry.page_frame import PAGES, ROWS_A_PAGE, SHARED
from services.registry.pages_list import seen_list
from services.registry.row import Finding
from services.registry.showing import row_shown
from services.registry.spreadsheet import RawRow

router = APIRouter()
OFFICE = Depends(signed_in(access.DISTRICT_OFFICER, access.DISTRICT_APPROVER))
REASON_LETTERS_MAX = 500
LetIn = Annotated[bool, Query(alias="vao")]
Place = Annotated[int, Query(alias="tt", ge=0, le=10**6)]


@router.get("/danh-sach/{list_id}/duyet")
async def one(
    request: Request, list_id: str, let_in: LetIn = False, start: Place = 0, caller: Caller = OFFICE
) -> Response:
    """A list that waits for approval; `vao`: as if a late one counted in its own month."""
    return await _page(request, caller, list_id, let_in, start)


async def _page(
    request: Request,
    caller: Caller,
    list_id: str,
    let_in: bool,
    start: int = 0,
    form: Form | None = None,
    why: Problem | None = None,
) -> Response:
    running = running_of(request)
    async with running.pool.acquire() as connection:
        shown = await seen_list(request, connection, list_id, caller)
        if shown["status"] != "SUBMITTED" and why is None:
            return see(f"/danh-sach/{list_id}")
        work = Work(connection, running.store, {})
        loaded = await list_effects.load(work, list_id, let_in=let_in)
        worked = await list_effects.work_out(work, loaded)
        frame = worked.checked.frame
        account = await list_effects.account(connection, frame.commune, frame.effective_period)
        went = await course(connection, list_id)
        follows = await list_reading.next_waiting(connection, caller.name, list_id, shown["period"])
    await looks.record(request, caller, "list", [list_id], shown["commune"])
    rows = sorted(loaded.rows, key=lambda one: ([*KINDS, None].index(kind_of(one[1])), one[0]))
    shown_rows, following = part(rows, start, ROWS_A_PAGE)
    page = [row_shown(*one) for one in shown_rows]
    period = Period(shown["period"])
    first = went.submissions[0].submitted_on if went.submissions else None
    context = {
        **SHARED,
        "list": shown,
        "effective": frame.effective_period,
        "let_in": let_in,
        "account": account,
        "groups": _groups(loaded.rows, worked),
        "total": _total(account, worked),
        "once": _once(worked.effects.values()),
        "rows": page,
        "rows_of": {kind: [row for row in page if kind_of(row) == kind] for kind in (*KINDS, None)},
        "start": start,
        "following": following,
        "effects": worked.effects,
        "findings": _findings(worked, language_of(request)),
        "to_accept": [_said(one, language_of(request)) for one in worked.checked.warnings if one.needs_acceptance],
        "wrong": {one.row for one in worked.checked.errors},
        "names": {number: cells.get(NAME, "") for number, cells in loaded.rows},
        "kind_of": kind_of,
        "course": went,
        "late_days": (first - last_day(period)).days if first else 0,
        "own": caller.name in went.worked_on,
        "next_list": follows,
        "ticked": form.all("accept") if form else [],
        "reason": form.one("reason") if form else "",
        "return_reason": form.one("return_reason") if form else "",
    }
    return PAGES.page(request, "approve.html", context, caller=caller, period=period, refusal=why)


def _groups(rows: Sequence[RawRow], worked: Worked) -> Mapping[str, Mapping[str, int]]:
    """Per kind of row: rows, pairs that come or go, đồng a month more or less."""
    found: dict[str, dict[str, int]] = {kind: {"rows": 0, "people": 0, "amount": 0} for kind in KINDS}
    for number, cells in rows:
        kind, effect = kind_of(cells), worked.effects.get(number)
        if kind:
            group = found[kind]
            group["rows"] += 1
            group["people"] += effect.people if effect else 0
            group["amount"] += effect.difference if effect else 0
    return found


def _total(account: list_effects.Account, worked: Worked) -> Sums:
    every = worked.effects.values()
    before, others = account.last_month, account.others
    return Sums(
        before.people + others.people + sum(one.people for one in every),
        before.amount + others.amount + sum(one.difference for one in every),
    )


def _once(effects: Any) -> Mapping[str, int]:
    """Đồng that are due, or no more due, once."""
    every: list[Effect] = list(effects)
    funerals = [change["amount"] for one in every for change in one.changes if change["kind"] == "funeral-granted"]
    return {
        "arrears": sum(sum(one.arrears.values()) for one in every),
        "recoveries": sum(sum(one.recoveries.values()) for one in every),
        "funerals": sum(funerals),
    }


def _said(one: Finding, language: str) -> dict[str, Any]:
    return {
        "row": one.row,
        "column": one.column,
        "message": one.vi if language == "vi" else one.en,
        "needs_acceptance": one.needs_acceptance,
        "key": key_of(one.row, one.code, one.column),
    }


def _findings(worked: Worked, language: str) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for severe, several in ((True, worked.checked.errors), (False, worked.checked.warnings)):
        for one in several:
            found.setdefault(one.row, []).append({**_said(one, language), "severe": severe})
    return found


def key_of(row: int, code: str, column: str) -> str:
    """Names a warning, so that the tick beside it is that warning's and no other's."""
    return f"{row}|{code}|{column}"


def _require_ticks(answer: Answer, ticked: list[str]) -> None:
    """Raises Problem 409 if a warning that the list has at this moment was not ticked one by one."""
    open_ones = [
        one
        for one in answered(answer.body)["warnings"]
        if one["needs_acceptance"] and key_of(one["row"], one["code"], one["column"]) not in ticked
    ]
    if open_ones:
        numbers = ", ".join(str(number) for number in sorted({one["row"] for one in open_ones}))
        raise Problem(
            409,
            "warnings-not-accepted",
            f"Chưa đánh dấu chấp nhận lưu ý của dòng {numbers}. Xem từng lưu ý rồi đánh dấu, hoặc trả lại xã.",
            f"The warnings of rows {numbers} are not ticked. Look at each and tick it, or give the list back.",
        )


@router.post("/danh-sach/{list_id}/duyet")
async def approve(request: Request, list_id: str, caller: Caller = OFFICE) -> Response:
    """Lets the list take effect as it was seen, every warning ticked."""
    form = await posted(request, caller)
    try:
        return await carried_out(request, caller, form, "list-approve", f"/danh-sach/{list_id}/duyet")
    except Problem as why:
        if why.status not in (409, 422):
            raise
        return await _page(request, caller, list_id, form.one("late") == "in", form=form, why=why)


async def _approve(run: Run) -> str:
    form, list_id = run.form, run.path["list_id"]
    ticked = form.all("accept")
    reason = form.one("reason")[:REASON_LETTERS_MAX] or None
    choice = {"allow_late": form.one("late") == "in", "accept_warnings": bool(ticked), "reason": reason}

    async def handle(work: Work) -> Answer:
        await require_as_seen(work.connection, list_id, form.one("mark"))
        answer = await list_handlers.approve(work, run.caller, list_id, choice)
        _require_ticks(answer, ticked)
        return answer

    answer = await run.submit(handle)
    return address_after(f"/danh-sach/{list_id}", said="list_approved", n=answered(answer.body)["rows_count"])


LONG_WORK = {"list-approve": Kind(_approve, "Duyệt danh sách", "Approval of a list")}


def _require_reason(reason: str) -> None:
    if not reason:
        raise Problem(
            422,
            "reason-missing",
            "Chưa ghi lý do trả lại. Ghi rõ dòng nào, sửa gì.",
            "A reason is needed. Say which row, and what to mend.",
        )


@router.post("/danh-sach/{list_id}/tra-lai")
async def give_back(request: Request, list_id: str, caller: Caller = OFFICE) -> Response:
    """Gives the list back to the commune, which reads the reason word by word."""
    form = await posted(request, caller)
    reason = form.one("return_reason")[:REASON_LETTERS_MAX]

    async def handle(work: Work) -> Answer:
        _require_reason(reason)
        await require_as_seen(work.connection, list_id, form.one("mark"))
        return await list_handlers.give_back(work, caller, list_id, reason)

    try:
        await submit(request, caller, form, handle)
    except Problem as why:
        if why.status not in (409, 422):
            raise
        return await _page(request, caller, list_id, form.one("late") == "in", form=form, why=why)
    return see(f"/danh-sach/{list_id}", said="list_returned")

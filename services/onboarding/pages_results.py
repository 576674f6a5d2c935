"""The bank's account results as a file, and accounts that the office has to confirm before they are paid to."""

from collections import Counter

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from services.kernel.commands import Answer, Work, kept_answer
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.body import Body
from services.kernel.web.pages.forms import Form, posted, submit
from services.kernel.web.pages.long_work import Kind, Run, carried_out
from services.kernel.web.pages.render import see
from services.kernel.web.pages.session import signed_in
from services.kernel.web.paging import part
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.onboarding import api, handlers, page_reads
from services.onboarding.page_frame import PAGES, ROWS, First
from services.reference import access, areas

router = APIRouter()
BANK = Depends(signed_in(access.BANK))
OFFICER = Depends(signed_in(access.DISTRICT_OFFICER))
READERS = Depends(signed_in(access.BANK, *access.SEES_ALL))
OUTCOMES = (
    *("accepted", "name-differs", "repeated", "unknown-person", "citizen-id-differs", "holder-differs"),
    *("no-such-account", "refused"),
)
KEPT = ("accepted", "name-differs", "repeated")
"""The outcomes of rows that need no mending; the others were not taken in."""


@router.get("/tai-khoan/ket-qua")
async def results(request: Request, first: First = 0, caller: Caller = READERS) -> Response:
    """Where the bank hands in its results; and the accounts that are not paid to until the office confirms them."""
    return await _page(request, caller, first)


async def _page(
    request: Request,
    caller: Caller,
    first: int = 0,
    why: Problem | None = None,
    form: Form | None = None,
    account_id: str = "",
) -> Response:
    """`account_id`: the account whose confirmation was refused, "" where it was the file."""
    month = api.this_month()
    async with running_of(request).pool.acquire() as connection:
        places = await api.places_of_call(connection, caller, None, month)
        found = await page_reads.unusable(connection, caller, places, month)
        rows, following = part(found, first, ROWS)
        remarks = await page_reads.remarks(connection, rows)
    await looks.record(request, caller, "list", [one["beneficiary_id"] for one in rows])
    context = {
        "rows": rows,
        "remarks": remarks,
        "number": len(found),
        "first": first,
        "following": following,
        "name_of": lambda code: areas.name_of(code, month) if code else "",
        "wrong_account": account_id,
        "file_name": form.file_name if form else "",
        "reason": form.one("reason") if form else "",
    }
    return PAGES.page(request, "results.html", context, caller=caller, refusal=why)


@router.post("/tai-khoan/ket-qua")
async def take(request: Request, caller: Caller = BANK) -> Response:
    """Takes the bank's file in; each row gets its outcome, shown on a page that can be opened again."""
    form = await posted(request, caller)
    try:
        _body(form)
        return await carried_out(request, caller, form, "account-results", "/tai-khoan/ket-qua")
    except Problem as why:
        if why.status not in (413, 415, 422):
            raise
        return await _page(request, caller, why=why, form=form)


async def _take(run: Run) -> str:
    form = run.form
    rows = await api.rows_in(_body(form))

    async def handle(work: Work) -> Answer:
        answer = await handlers.record_results(work, rows, run.language)
        return Answer.json({"file": form.file_name, **orjson.loads(answer.body)})

    await run.submit(handle)
    return f"/tai-khoan/ket-qua/{form.key}"


LONG_WORK = {"account-results": Kind(_take, "Nhận tệp kết quả mở tài khoản", "The bank's file of account results")}


def _body(form: Form) -> Body:
    if not form.file:
        raise Problem(
            422,
            "file-missing",
            "Chưa chọn tệp, hoặc tệp trống. Chọn tệp kết quả rồi tải lên.",
            "No file is chosen, or it is empty. Choose the file of results and upload it.",
        )
    return Body(form.file, "", {}, form.file_name)


@router.get("/tai-khoan/ket-qua/{key}")
async def taken(request: Request, key: str, outcome: str = "", first: First = 0, caller: Caller = BANK) -> Response:
    """What became of each row of a file that this person handed in."""
    async with running_of(request).pool.acquire() as connection:
        kept = await kept_answer(connection, caller.name, key)
    told = orjson.loads(kept.body) if kept else {}
    if not {"file", "results"} <= told.keys():
        raise Problem(404, "not-found")
    every = [
        {"place": place, "who": one.get("citizen_id") or one.get("beneficiary_id"), **one}
        for place, one in enumerate(told["results"], 1)
    ]
    rows, following = part([one for one in every if outcome in ("", one["outcome"])], first, ROWS)
    named = [one["beneficiary_id"] for one in rows if isinstance(one.get("beneficiary_id"), str)]
    await looks.record(request, caller, "list", named)
    counted = Counter(one["outcome"] for one in every)
    context = {
        "file": told["file"],
        "number": len(every),
        "counts": counted,
        "lost": sum(number for word, number in counted.items() if word not in KEPT),
        "outcomes": OUTCOMES,
        "outcome": outcome,
        "rows": rows,
        "first": first,
        "following": following,
    }
    return PAGES.page(request, "taken.html", context, caller=caller)


@router.post("/tai-khoan/xac-nhan/{account_id}")
async def confirm(request: Request, account_id: str, caller: Caller = OFFICER) -> Response:
    """Lets an account be paid to whose name differs, or to which a payment was rejected or returned."""
    form = await posted(request, caller)
    try:
        reason = _reason(form)

        async def handle(work: Work) -> Answer:
            return await handlers.confirm_account(work, account_id, caller.name, reason)

        await submit(request, caller, form, handle)
    except Problem as why:
        if why.status not in (409, 422):
            raise
        return await _page(request, caller, why=why, form=form, account_id=account_id)
    return see("/tai-khoan/ket-qua", "confirmed")


def _reason(form: Form) -> str:
    """The reason as the call takes it. Raises Problem 422."""
    try:
        return api.Reason(reason=form.one("reason")).reason
    except ValidationError as why:
        raise Problem(
            422,
            "reason-missing",
            "Ghi lý do, tối đa 500 chữ: đã đối chiếu với giấy tờ nào, ai cho biết.",
            "State the reason in at most 500 letters: which paper was compared, who told.",
        ) from why

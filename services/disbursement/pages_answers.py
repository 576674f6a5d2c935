"""Pages of what the bank says: files of answers taken in, and answers that fit nothing decided by a human."""

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import orjson
from fastapi import APIRouter, Depends, Request, Response

from services.disbursement import bank_answers, bank_files, nearest, open_answers, sight
from services.disbursement.deciding import Book, Decision, Dismiss, Match
from services.disbursement.page_frame import LIMIT, PAGES, require, rows_of_page
from services.kernel.commands import Answer, Work, kept_answer
from services.kernel.web import looks, paging
from services.kernel.web.auth import Caller
from services.kernel.web.body import Body
from services.kernel.web.pages.forms import Form, posted, submit
from services.kernel.web.pages.long_work import Kind, Run, carried_out
from services.kernel.web.pages.render import see
from services.kernel.web.pages.session import language_of, signed_in
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access, areas

router = APIRouter()
ANSWERING = Depends(signed_in(*sight.ANSWERING))
READERS = Depends(signed_in(*access.SEES_ALL))
OFFICE = Depends(signed_in(*sight.OFFICE))
OUTCOMES = ("applied", "repeated", "waiting", "unmatched", "conflict", "noted", "refused")
REASON_LETTERS_MAX = 500


@router.get("/chi-tra/ket-qua")
async def upload(request: Request, caller: Caller = ANSWERING) -> Response:
    """Where a file of the bank's answers is handed in."""
    return PAGES.page(request, "upload.html", {"file_name": ""}, caller=caller)


@router.post("/chi-tra/ket-qua")
async def take(request: Request, caller: Caller = ANSWERING) -> Response:
    """Takes a file in; each of its rows gets its word, shown on a page that can be opened again."""
    form = await posted(request, caller)
    try:
        require(form.file, "file-missing")
        return await carried_out(request, caller, form, "bank-answers", "/chi-tra/ket-qua")
    except Problem as why:
        if why.status not in (413, 415, 422):
            raise
        return PAGES.page(request, "upload.html", {"file_name": form.file_name}, caller=caller, refusal=why)


async def _take(run: Run) -> str:
    form = run.form
    rows = await bank_files.rows_in(Body(form.file, "", {}, form.file_name))

    async def handler(work: Work) -> Answer:
        place_of = await asyncio.to_thread(bank_answers.in_file, form.file)
        judged = await bank_answers.take(work, rows, place_of)
        return Answer.json({"file": form.file_name, "results": [one.shown(run.language) for one in judged]})

    await run.submit(handler)
    return f"/chi-tra/ket-qua/{form.key}"


LONG_WORK = {"bank-answers": Kind(_take, "Nhận tệp kết quả của ngân hàng", "The bank's file of answers")}


@router.get("/chi-tra/ket-qua/{key}")
async def taken(
    request: Request, key: str, outcome: str = "", cursor: str = "", caller: Caller = ANSWERING
) -> Response:
    """What became of each row of a file that this person handed in."""
    async with running_of(request).pool.acquire() as connection:
        kept = await kept_answer(connection, caller.name, key)
    told = orjson.loads(kept.body) if kept else {}
    if "results" not in told or "file" not in told:
        raise Problem(404, "not-found")
    results = [{"place": place, **one} for place, one in enumerate(told["results"], 1)]
    rows, following = rows_of_page([one for one in results if outcome in ("", one["outcome"])], cursor)
    context = {
        "key": key,
        "file": told["file"],
        "counts": Counter(one["outcome"] for one in results),
        "outcomes": OUTCOMES,
        "outcome": outcome,
        "number": len(results),
        "rows": rows,
        "cursor": cursor,
        "following": following,
    }
    return PAGES.page(request, "results.html", context, caller=caller)


@router.get("/chi-tra/chua-khop")
async def waiting(request: Request, cursor: str | None = None, caller: Caller = READERS) -> Response:
    """The bank's answers that wait for a human."""
    async with running_of(request).pool.acquire() as connection:
        rows = await open_answers.listed(connection, paging.number_after(cursor), LIMIT + 1)
    shown, following = paging.page(rows, LIMIT, "number")
    await looks.record(request, caller, "list", [row["beneficiary_id"] for row in shown if row["beneficiary_id"]])
    spoken = language_of(request)
    context = {
        "rows": [(open_answers.fields(row, spoken), row) for row in shown],
        "following": following,
        "name_of": areas.name_of,
    }
    return PAGES.page(request, "open_answers.html", context, caller=caller)


@router.get("/chi-tra/chua-khop/{answer_id}")
async def one_answer(request: Request, answer_id: str, caller: Caller = READERS) -> Response:
    """One answer beside the payment that it names or those nearest to it, and what can be decided."""
    return await _answer(request, caller, answer_id)


async def _answer(
    request: Request, caller: Caller, answer_id: str, form: Form | None = None, why: Problem | None = None
) -> Response:
    async with running_of(request).pool.acquire() as connection:
        row = await open_answers.one(connection, answer_id)
        unmatched = row["outcome"] == "unmatched"
        candidates = await nearest.nearest(connection, row) if unmatched else []
    seen = [one["beneficiary_id"] for one in candidates] + [row["beneficiary_id"]]
    await looks.record(request, caller, "list", [one for one in seen if one])
    context = {
        "answer": open_answers.fields(row, language_of(request)),
        "row": row,
        "unmatched": unmatched,
        "candidates": candidates,
        "may_decide": caller.role in sight.OFFICE and row["decision"] is None,
        "may_book": caller.role == access.DISTRICT_APPROVER,
        "typed": {name: form.one(name) if form else "" for name in ("payment", "reference", "reason", "what")},
        "name_of": areas.name_of,
    }
    return PAGES.page(request, "open_answer.html", context, caller=caller, refusal=why)


@router.post("/chi-tra/chua-khop/{answer_id}")
async def decide(request: Request, answer_id: str, caller: Caller = OFFICE) -> Response:
    """Matches an answer to a payment, books a conflicting one (an approver), or puts it aside."""
    form = await posted(request, caller)
    spoken = language_of(request)
    try:
        async with running_of(request).pool.acquire() as connection:
            decision = await _decision(connection, answer_id, form, caller)

        async def handler(work: Work) -> Answer:
            return await open_answers.decide(work, decision, spoken)

        answer = await submit(request, caller, form, handler)
    except Problem as why:
        if why.status in (403, 404):
            raise
        return await _answer(request, caller, answer_id, form, why)
    outcome: Any = orjson.loads(answer.body)["outcome"]
    said = {Match: f"matched_{outcome}", Book: "booked", Dismiss: "dismissed"}[type(decision)]
    return see("/chi-tra/chua-khop", said)


async def _decision(connection: asyncpg.Connection, answer_id: str, form: Form, caller: Caller) -> Decision:
    """What the form decides. Raises Problem 403 or 422."""
    what, reason = form.one("what"), form.one("reason")[:REASON_LETTERS_MAX]
    if what == "match":
        return Match(answer_id, await _chosen(connection, form), caller.name)
    require(what != "book" or caller.role == access.DISTRICT_APPROVER, "only-an-approver-books")
    require(reason, "reason-missing")
    return Book(answer_id, caller.name, reason) if what == "book" else Dismiss(answer_id, caller.name, reason)


async def _chosen(connection: asyncpg.Connection, form: Form) -> str:
    """The payment that is ticked, or whose reference is typed. Raises Problem 422."""
    if form.one("reference"):
        found: str | None = await connection.fetchval(
            "select payment_id from payments where end_to_end_id = $1", form.one("reference").upper()
        )
        require(found, "no-such-payment")
        return str(found)
    require(form.one("payment"), "no-payment")
    return form.one("payment")

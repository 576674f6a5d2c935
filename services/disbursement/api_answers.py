"""Disbursement over HTTP: what banks and communes say became of payments, and what a human decides about it."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from services.disbursement import bank_answers, bank_files, cash_results, open_answers, showing, sight
from services.disbursement.deciding import Book, Decision, Dismiss, Match
from services.kernel.commands import Answer, Work
from services.kernel.web import documented, looks, paging
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.body import read_body
from services.kernel.web.problems import Problem, language
from services.kernel.web.writes import running_of, write
from services.reference import access

router = APIRouter()
Answering = Annotated[Caller, Depends(allowed(*sight.ANSWERING))]
Commune = Annotated[Caller, Depends(allowed(access.COMMUNE_OFFICER))]
Reader = Annotated[Caller, Depends(allowed(*access.SEES_ALL))]
Office = Annotated[Caller, Depends(allowed(*sight.OFFICE))]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]

_TEXT = {"type": ["string", "null"]}
_BANK_ROW = documented.rows(
    end_to_end_id=_TEXT,
    result={"enum": ["SETTLED", "REJECTED", "RETURNED"]},
    amount={"type": ["number", "null"]},
    value_date=_TEXT,
    bank_reference=_TEXT,
    reason=_TEXT,
)
BANK_RESULTS = documented.takes(
    {
        documented.JSON: _BANK_ROW,
        "application/xml": documented.BINARY,
        documented.XLSX: documented.BINARY,
        documented.CSV: documented.BINARY,
        documented.FORM: documented.form(),
    }
)
CASH_RESULTS = documented.takes(
    {documented.JSON: documented.rows(payment_id=_TEXT, collected_on=_TEXT, uncollected={"type": "boolean"})}
)


class DecisionInput(BaseModel):
    """One of three: whose payment's answer it is, that it counts as it stands, or that it does not."""

    model_config = ConfigDict(extra="ignore")
    payment_id: Annotated[str, StringConstraints(pattern="^[0-9A-Za-z]{1,100}$")] | None = None
    book: bool = False
    dismiss: bool = False
    reason: Reason | None = None

    @model_validator(mode="after")
    def _one(self) -> "DecisionInput":
        if (self.payment_id is not None) + self.book + self.dismiss != 1:
            raise ValueError("one of payment_id, book: true, dismiss: true")
        if self.payment_id is None and self.reason is None:
            raise ValueError("book and dismiss need a reason")
        return self


@router.post("/bank-results", openapi_extra=BANK_RESULTS)
async def bank_results(request: Request, caller: Answering) -> Response:
    """What became of payments: a JSON array, camt.054, camt.053, pain.002, CSV or XLSX; each row gets its word."""
    body = await read_body(request)
    rows = await bank_files.rows_in(body)
    spoken = language(request)

    async def handler(work: Work) -> Answer:
        place_of = await asyncio.to_thread(bank_answers.in_file, body.content)
        judged = await bank_answers.take(work, rows, place_of)
        return Answer.json({"results": [one.shown(spoken) for one in judged]})

    return await write(request, caller, body.identity(), handler)


@router.post("/runs/{run_id}/cash-results", openapi_extra=CASH_RESULTS)
async def cash_result(request: Request, run_id: str, caller: Commune) -> Response:
    """Who collected, when; not mentioned is still listed."""
    body = await read_body(request)
    if body.media_type not in bank_files.JSON_TYPES:
        raise Problem(415, "media-type", "Gửi mảng JSON (application/json).", "Send a JSON array.")
    rows = await asyncio.to_thread(bank_files.json_rows, body.content)
    spoken = language(request)
    async with running_of(request).pool.acquire() as connection:
        await showing.run_shown(connection, run_id, caller.role)

    async def handler(work: Work) -> Answer:
        return Answer.json(
            {"results": await cash_results.record(work, run_id, access.communes_ever(caller), rows, spoken)}
        )

    return await write(request, caller, body.identity(), handler)


@router.get("/open-answers")
async def list_open_answers(
    request: Request, caller: Reader, limit: paging.Limit = 100, cursor: paging.Cursor = None
) -> dict[str, Any]:
    """Answers of the bank that wait for a human."""
    async with running_of(request).pool.acquire() as connection:
        rows = await open_answers.listed(connection, paging.number_after(cursor), limit + 1)
    shown, following = paging.page(rows, limit, "number")
    await looks.record(request, caller, "list", [row["beneficiary_id"] for row in shown if row["beneficiary_id"]])
    spoken = language(request)
    return {"items": [open_answers.fields(row, spoken) for row in shown], "next_cursor": following}


@router.post("/open-answers/{answer_id}")
async def decide_open_answer(request: Request, answer_id: str, said: DecisionInput, caller: Office) -> Response:
    """Matches an answer to a payment, books a conflicting one (an approver), or puts it aside."""
    if said.book and caller.role != access.DISTRICT_APPROVER:
        raise Problem(
            403, "not-allowed", "Chỉ lãnh đạo phòng được ghi nhận tin trái ngược.", "Only an approver books an answer."
        )
    decision, spoken = _decision(answer_id, said, caller.name), language(request)

    async def handler(work: Work) -> Answer:
        return await open_answers.decide(work, decision, spoken)

    return await write(request, caller, (said.model_dump_json().encode(),), handler)


def _decision(answer_id: str, said: DecisionInput, by: str) -> Decision:
    if said.payment_id is not None:
        return Match(answer_id, said.payment_id, by)
    reason = said.reason or ""
    return Book(answer_id, by, reason) if said.book else Dismiss(answer_id, by, reason)

"""Answers of the bank that wait for a human: shown, and decided once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import asyncpg

from services.disbursement import deciding, tables, targets
from services.disbursement.answering import Answer as BankAnswer
from services.disbursement.answering import of_the_bank
from services.disbursement.bank_answers import outside_window
from services.disbursement.deciding import Book, Decision, Dismiss, Match
from services.disbursement.events import answer_stream
from services.disbursement.payment import judge, payment_decider
from services.disbursement.payment_state import State
from services.disbursement.targets import Target
from services.disbursement.words import sentence
from services.kernel.commands import Answer, Work
from services.kernel.decider import Rejected
from services.kernel.event_types import Event
from services.kernel.web.problems import Problem

SHOWN = ("end_to_end_id", "result", "state", "amount", "value_date", "bank_reference", "reason", "fault", "outcome")
ANSWERS = """
select a.*, p.run_id, p.period, p.amount as payment_amount, p.status, p.beneficiary_id, p.commune,
    p.end_to_end_id as reference, people.name as person_name
from open_answers a left join payments p using (payment_id) left join people using (beneficiary_id)
"""
OPEN = f"{ANSWERS} where a.decision is null and a.number > $1 order by a.number limit $2"
ONE = f"{ANSWERS} where a.answer_id = $1"


async def listed(connection: asyncpg.Connection, after: int, limit: int) -> Sequence[asyncpg.Record]:
    """Answers that nobody has decided, in the order in which they came."""
    rows: list[asyncpg.Record] = await connection.fetch(OPEN, after, limit)
    return rows


async def one(connection: asyncpg.Connection, answer_id: str) -> asyncpg.Record:
    """An answer that waits or waited; raises Problem 404."""
    row = await connection.fetchrow(ONE, answer_id)
    if row is None:
        raise _unknown()
    return row


def _unknown() -> Problem:
    return Problem(404, "not-found", "Không có tin này trong danh sách chưa khớp.", "There is no such open answer.")


def fields(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """An open answer with the payment that it names and why it waits."""
    code = "repeated-reference" if row["outcome"] == "repeated" else row["outcome"]
    payment = row["payment_id"] and {
        "payment_id": row["payment_id"],
        "run_id": row["run_id"],
        "period": row["period"],
        "amount": row["payment_amount"],
        "status": row["status"],
    }
    told = {"id": row["answer_id"]} | {name: row[name] for name in SHOWN}
    return told | {"payment": payment, "message": sentence(code, {}, language)}


@dataclass(slots=True)
class _Kept:
    """The stream in which an answer is kept: that of the payment it names, else its own."""

    stream_id: str
    version: int
    state: State


async def decide(work: Work, decision: Decision, language: str = "vi") -> Answer:
    """Books what a human decides. Raises Problem 404 and what `deciding.decide` rejects.

    Answers the word that the payment's table then gives.
    """
    named = await _payment_named(work, decision.answer_id)
    other = decision.payment_id if isinstance(decision, Match) else None
    # Payments before answers, as those do who take the bank's answers in.
    known = await targets.load(work, {one for one in (named, other) if one})
    row = await work.connection.fetchrow(
        "select decision from open_answers where answer_id = $1 for update", decision.answer_id
    )
    if row is None or row["decision"] is not None:
        raise Rejected("answer-decided")
    holder = known[named] if named else await _own(work, decision.answer_id)
    events = deciding.decide(decision, holder.state)
    outcome = "applied"
    if isinstance(decision, Match):
        outcome = _matched(decision, holder.state, known)
    await _write(work, decision, holder, events, known)
    return Answer.json({"id": decision.answer_id, "outcome": outcome, "message": sentence(outcome, {}, language)})


async def _payment_named(work: Work, answer_id: str) -> str | None:
    row = await work.connection.fetchrow("select payment_id from open_answers where answer_id = $1", answer_id)
    if row is None:
        raise _unknown()
    named: str | None = row["payment_id"]
    return named


async def _own(work: Work, answer_id: str) -> _Kept:
    stream_id = answer_stream(answer_id)
    stream = await work.load_one(stream_id)
    return _Kept(stream_id, stream.version, payment_decider.fold(stream.events))


def _matched(decision: Match, holder: State, known: Mapping[str, Target]) -> str:
    """What the answer does to the payment that a human says it is of."""
    target = known.get(decision.payment_id)
    if target is None or target.state.payment is None:
        raise Problem(404, "not-found", "Không có khoản chi này.", "There is no such payment.")
    if not of_the_bank(target.state):
        raise Rejected("payment-not-of-the-bank")
    said = deciding.said(holder.open[decision.answer_id], target.state.payment.end_to_end_id)
    if isinstance(said, BankAnswer) and (outside := outside_window(said, target.state)):
        raise Rejected("value-date-outside", **outside)
    judged = judge(said, target.state)
    target.take(judged.events)
    return judged.outcome


async def _write(
    work: Work, decision: Decision, holder: _Kept | Target, events: Sequence[Event], known: Mapping[str, Target]
) -> None:
    if isinstance(holder, Target):
        holder.take(events)
    else:
        work.append(holder.stream_id, holder.version, events)
    await targets.write(work, known.values())
    await tables.decide_answer(work.connection, decision.answer_id, _word(decision), decision.by)


def _word(decision: Decision) -> str:
    match decision:
        case Match():
            return "matched"
        case Book():
            return "booked"
        case Dismiss():
            return "dismissed"
        case _:
            assert_never(decision)

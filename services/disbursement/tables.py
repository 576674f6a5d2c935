"""Disbursement's rows of payments and kept answers, written set-wise in the transaction that appends the events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from services.disbursement.events import AnswerNoted, RepeatKept
from services.disbursement.payment_state import Kept, word_of
from services.disbursement.picture import LINES
from services.disbursement.preparing import Prepared

PAYMENTS = (
    "payment_id",
    "end_to_end_id",
    "run_id",
    "period",
    "beneficiary_id",
    "programme",
    "commune",
    "amount",
    "method",
    "account_id",
    "account_number",
    "bank_code",
    "payee_name",
    "status",
    "lines",
    "replaces",
)


async def write_payments(connection: asyncpg.Connection, prepared: Sequence[Prepared]) -> None:
    """The payments of a new run."""
    rows = [
        (
            one.payment.payment_id,
            one.payment.end_to_end_id,
            one.payment.run_id,
            one.payment.period,
            one.payment.beneficiary_id,
            one.payment.programme,
            one.payment.commune,
            one.payment.amount,
            one.payment.method,
            one.payment.account_id,
            one.payee.account_number,
            one.payee.bank_code,
            one.payee.payee_name,
            "PREPARED",
            LINES.dump_json(one.payment.lines).decode(),
            list(one.payment.replaces),
        )
        for one in prepared
    ]
    await connection.copy_records_to_table("payments", records=rows, columns=PAYMENTS)


async def set_statuses(connection: asyncpg.Connection, statuses: Mapping[str, str], at: datetime) -> None:
    """The new status of payments, by payment id; a rejected or returned one remembers when it failed."""
    await connection.execute(
        "update payments p set status = n.status,"
        " failed_at = case when n.status in ('REJECTED', 'RETURNED') then $3 else p.failed_at end"
        " from unnest($1::text[], $2::text[]) as n (payment_id, status) where p.payment_id = n.payment_id",
        list(statuses.keys()),
        list(statuses.values()),
        at,
    )


async def keep_answers(connection: asyncpg.Connection, answers: Iterable[tuple[str | None, Kept]]) -> None:
    """Answers that wait, each once, with the payment that it names; one that gets another word waits anew."""
    # In one order, so that two calls with the same answers meet on the first one and not crosswise.
    rows = sorted((_open_row(payment_id, one) for payment_id, one in answers), key=lambda row: str(row[0]))
    await connection.executemany(
        "insert into open_answers (answer_id, payment_id, end_to_end_id, result, state, amount, value_date,"
        " bank_reference, reason, fault, outcome) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " on conflict (answer_id) do update set outcome = excluded.outcome, decision = null, decided_by = null",
        rows,
    )


def _open_row(payment_id: str | None, one: Kept) -> tuple[Any, ...]:
    told = (one.bank_reference, one.reason)
    if isinstance(one, AnswerNoted):
        return (one.answer_id, payment_id, one.end_to_end_id, None, one.state, None, None, *told, None, word_of(one))
    fault = None if isinstance(one, RepeatKept) else one.fault
    said = (one.result, None, one.amount, one.value_date)
    return (one.answer_id, payment_id, one.end_to_end_id, *said, *told, fault, word_of(one))


async def take_answers(connection: asyncpg.Connection, answer_ids: Sequence[str]) -> None:
    """Kept answers that took effect by themselves."""
    await connection.execute(
        "update open_answers set decision = 'taken' where answer_id = any($1::text[]) and decision is null",
        list(answer_ids),
    )


async def contradict_waiting(connection: asyncpg.Connection, payment_ids: Sequence[str]) -> None:
    """What still waits at these payments is a conflict for a human now."""
    await connection.execute(
        "update open_answers set outcome = 'conflict'"
        " where payment_id = any($1::text[]) and decision is null and outcome = 'waiting'",
        list(payment_ids),
    )


async def decide_answer(connection: asyncpg.Connection, answer_id: str, decision: str, decided_by: str) -> None:
    """What a human decided about an answer."""
    await connection.execute(
        "update open_answers set decision = $2, decided_by = $3 where answer_id = $1", answer_id, decision, decided_by
    )

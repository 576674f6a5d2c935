"""Disbursement's rows of payments and kept answers, written set-wise in the transaction that appends the events."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import asyncpg

from services.disbursement.events import AnswerKept
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


async def close_waiting(connection: asyncpg.Connection, references: Sequence[str], returned: Sequence[str]) -> None:
    """A settlement ends the waiting of returns: what took effect is done, what cannot is a conflict for a human."""
    await connection.execute(
        "delete from open_answers where outcome = 'waiting' and end_to_end_id = any($1::text[])", list(returned)
    )
    await connection.execute(
        "update open_answers set outcome = 'conflict' where outcome = 'waiting' and end_to_end_id = any($1::text[])",
        list(references),
    )


async def keep_answers(connection: asyncpg.Connection, answers: Sequence[AnswerKept]) -> None:
    """Answers that wait for a human, each once."""
    await connection.executemany(
        "insert into open_answers (answer_id, end_to_end_id, result, amount, value_date, bank_reference, reason,"
        " outcome) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
        [
            (
                one.answer_id,
                one.end_to_end_id,
                one.result,
                one.amount,
                one.value_date,
                one.bank_reference,
                one.reason,
                one.outcome,
            )
            for one in answers
        ],
    )

"""Disbursement's answers to questions: runs, payments, open answers, the sums of money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson

from services.kernel.web.problems import Problem
from services.reference import access

PAYMENT = (
    "payment_id",
    "end_to_end_id",
    "run_id",
    "period",
    "beneficiary_id",
    "programme",
    "commune",
    "amount",
    "method",
    "account_number",
    "payee_name",
    "status",
)
SEES_TOTALS = (*access.SEES_ALL, access.FINANCE, access.TREASURY)
ACCOUNT_FIELDS = frozenset({"account_number", "payee_name"})
BANK_FIELDS = frozenset(
    {
        "payment_id",
        "end_to_end_id",
        "run_id",
        "period",
        "beneficiary_id",
        "amount",
        "method",
        "account_number",
        "payee_name",
        "status",
    }
)


# To the bank went what has one of these statuses.
WHERE = """
where ($1::text is null or run_id = $1) and ($2::text is null or period = $2)
    and ($3::text is null or p.beneficiary_id = $3) and ($4::text[] is null or commune = any($4::text[]))
    and (not $5 or (method = 'ACCOUNT' and status in ('INSTRUCTED', 'SETTLED', 'REJECTED', 'RETURNED')))
    and ($6::text is null or programme = $6) and ($7::text is null or method = $7)
    and ($8::jsonb is null or lines @> $8::jsonb) and ($9::text[] is null or payment_id = any($9::text[]))
"""
PAYMENTS = f"""
select p.*, people.name as person_name
from payments p left join people on people.beneficiary_id = p.beneficiary_id
{WHERE} and ($10::text is null or status = $10) and p.number > $11 order by p.number limit $12
"""
COUNTS = f"""
select status, count(*) as number, sum(amount)::bigint as amount from payments p {WHERE} group by status
"""


async def run_shown(connection: asyncpg.Connection, run_id: str, role: str) -> dict[str, Any]:
    """A run as that role sees it (the bank only what was sent); raises Problem 404."""
    return run_fields(await run_row(connection, run_id, role), role)


async def run_row(connection: asyncpg.Connection, run_id: str, role: str) -> asyncpg.Record:
    """The row of a run that the role may see; raises Problem 404."""
    row = await connection.fetchrow("select * from runs where run_id = $1", run_id)
    if row is None or (role == access.BANK and row["status"] != "SENT"):
        raise Problem(404, "not-found", "Không có đợt chi trả này.", "There is no such run.")
    return row


async def runs(
    connection: asyncpg.Connection, period: str | None, role: str, after: int, limit: int
) -> Sequence[asyncpg.Record]:
    """Runs, oldest first; the bank those that were sent."""
    rows: list[asyncpg.Record] = await connection.fetch(
        "select * from runs where number > $1 and ($2::text is null or period = $2)"
        " and (not $3 or status = 'SENT') order by number limit $4",
        after,
        period,
        role == access.BANK,
        limit,
    )
    return rows


def run_fields(row: Mapping[str, Any], role: str) -> dict[str, Any]:
    """The office and the auditor see all; finance and treasury the money; the others that there is a run."""
    shown = {
        "id": row["run_id"],
        "period": row["period"],
        "programmes": list(row["programmes"]),
        "status": row["status"],
    }
    if role not in SEES_TOTALS:
        return shown
    shown |= {
        "prepared_by": row["prepared_by"],
        "approved_by": row["approved_by"],
        "reason": row["reason"],
        "totals": orjson.loads(row["totals"]),
        "hash": row["digest"],
    }
    if role in access.SEES_ALL:
        shown |= {"excluded": orjson.loads(row["excluded"]), "differences": []}
    return shown


@dataclass(frozen=True, slots=True)
class Asked:
    """Which payments: of these communes (None: all); `sent_only`: that went to the bank; `purpose`: with such a line;
    `only`: of these ids."""

    run: str | None = None
    period: str | None = None
    status: str | None = None
    beneficiary_id: str | None = None
    communes: Sequence[str] | None = None
    sent_only: bool = False
    programme: str | None = None
    method: str | None = None
    purpose: str | None = None
    only: Sequence[str] | None = None


async def payments(connection: asyncpg.Connection, asked: Asked, after: int, limit: int) -> Sequence[asyncpg.Record]:
    """Payments in the order of their making, with the person's name."""
    rows: list[asyncpg.Record] = await connection.fetch(PAYMENTS, *_wanted(asked), asked.status, after, limit)
    return rows


async def counts(connection: asyncpg.Connection, asked: Asked) -> dict[str, tuple[int, int]]:
    """Status → how many payments and đồng there are of what is asked for, whatever status it asks for."""
    rows = await connection.fetch(COUNTS, *_wanted(asked))
    return {row["status"]: (row["number"], row["amount"]) for row in rows}


def _wanted(asked: Asked) -> tuple[Any, ...]:
    return (
        asked.run,
        asked.period,
        asked.beneficiary_id,
        asked.communes,
        asked.sent_only,
        asked.programme,
        asked.method,
        orjson.dumps([{"purpose": asked.purpose}]).decode() if asked.purpose else None,
        asked.only,
    )


def payment_fields(row: Mapping[str, Any], role: str) -> dict[str, Any]:
    """A payment as that role sees it: finance no accounts, the bank what it needs to pay and no more."""
    if role == access.BANK:
        return {field: row[field] for field in PAYMENT if field in BANK_FIELDS}
    shown = {field: row[field] for field in PAYMENT if role != access.FINANCE or field not in ACCOUNT_FIELDS}
    lines = [
        {
            "purpose": line["purpose"],
            "item": line["item"],
            "months": [part["month"] for part in line["months"]],
            "amount": line["amount"],
        }
        for line in orjson.loads(row["lines"])
    ]
    return {**shown, "lines": lines, "replaces": list(row["replaces"])}


CONSERVATION = """
select programme,
    coalesce(sum(amount) filter (where method = 'ACCOUNT' and status in
        ('INSTRUCTED', 'SETTLED', 'REJECTED', 'RETURNED')), 0)::bigint as instructed,
    coalesce(sum(amount) filter (where status in ('SETTLED', 'RETURNED')), 0)::bigint as settled,
    coalesce(sum(amount) filter (where status = 'REJECTED'), 0)::bigint as rejected,
    coalesce(sum(amount) filter (where status = 'INSTRUCTED'), 0)::bigint as open,
    coalesce(sum(amount) filter (where status = 'RETURNED'), 0)::bigint as returned,
    coalesce(sum(amount) filter (where status = 'SETTLED'), 0)::bigint as kept,
    coalesce(sum(amount) filter (where status in
        ('CASH_LISTED', 'CASH_PAID', 'CASH_UNCOLLECTED')), 0)::bigint as cash_listed,
    coalesce(sum(amount) filter (where status = 'CASH_PAID'), 0)::bigint as cash_collected,
    coalesce(sum(amount) filter (where status = 'CASH_UNCOLLECTED'), 0)::bigint as cash_uncollected,
    coalesce(sum(amount) filter (where status = 'CASH_LISTED'), 0)::bigint as cash_open
from payments group by programme order by programme
"""

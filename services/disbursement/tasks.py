"""What waits for whom in disbursement: runs on their way, answers that fit nothing, cash not signed for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import asyncpg
import orjson

from services.disbursement.run_tasks import Run, tasks_of_runs
from services.kernel import clock
from services.kernel.period import Period
from services.kernel.tasks import Task
from services.reference import access, areas

Row = Mapping[str, Any]
PAYMENTS = """
select period, commune, method, status, count(*) as number, sum(amount)::bigint as amount
from payments where status in ('CASH_LISTED', 'INSTRUCTED') or period in ($1, $2)
group by period, commune, method, status
"""
# The day on which a run was sent stands in its events; runs that matter here are few.
RUNS = """
select period, programmes, status, (totals ->> 'amount')::bigint as amount, (
    select max(data ->> 'sent_on')::date from events where stream_id = 'run-' || run_id and type = 'RunSent') as sent_on
from runs where period >= $1 or status in ('PREPARED', 'APPROVED') order by number
"""
NEWEST_ROLL = "select period, totals from rolls where period <= $1 order by period desc limit 1"
ANSWERS = """
select outcome, count(*) as number, coalesce(sum(amount), 0)::bigint as amount
from open_answers where decision is null and outcome <> 'waiting' group by outcome
"""
TO_REPEAT = """
select count(*) as number, coalesce(sum(amount), 0)::bigint as amount, min(failed_at) as oldest
from payments where status in ('REJECTED', 'RETURNED', 'CASH_UNCOLLECTED')
    and payment_id not in (select unnest(replaces) from payments where status <> 'CANCELLED')
"""
# The cash of the last three months in which the pair was paid, all uncollected: the next closing suspends them.
UNCOLLECTED = """
with often as (
    select beneficiary_id, programme from payments where status = 'CASH_UNCOLLECTED'
    group by beneficiary_id, programme having count(distinct period) >= 3
), month as (
    select beneficiary_id, programme, bool_and(status = 'CASH_UNCOLLECTED') as missed,
        row_number() over (partition by beneficiary_id, programme order by period desc) as place
    from payments join often using (beneficiary_id, programme)
    where status not in ('PREPARED', 'APPROVED', 'CANCELLED', 'NETTED') group by beneficiary_id, programme, period
)
select count(*) from (
    select from month where place <= 3 group by beneficiary_id, programme having bool_and(missed)
) pairs
"""
ANSWER_KINDS = {"unmatched": "answers-unmatched", "conflict": "answers-conflicting"}


async def count(connection: asyncpg.Connection, today: date) -> list[Task]:
    """Everything that waits for somebody on that day."""
    period = Period.of(today)
    months = (period.plus(-1), period)
    payments = await connection.fetch(PAYMENTS, *months)
    runs = [Run(**row) for row in await connection.fetch(RUNS, months[0])]
    roll = await connection.fetchrow(NEWEST_ROLL, period)
    rolled = (roll["period"], orjson.loads(roll["totals"])) if roll else None
    return [
        *tasks_of_runs(runs, rolled),
        *cash_unsigned(payments, period),
        *unanswered(payments),
        *(task for month in months for task in stations(payments, runs, month)),
        *tasks_of_answers(await connection.fetch(ANSWERS)),
        to_repeat(await connection.fetchrow(TO_REPEAT)),
        Task(
            role=access.DISTRICT_OFFICER,
            kind="cash-uncollected-thrice",
            number=await connection.fetchval(UNCOLLECTED),
        ),
    ]


def cash_unsigned(payments: Iterable[Row], period: Period) -> list[Task]:
    """Cash that is listed and not signed for, by the commune that has the list now and the month."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in payments:
        if row["status"] == "CASH_LISTED":
            commune = areas.commune_in(row["commune"], row["period"], period)
            found.setdefault((commune, row["period"]), []).append(row)
    return [
        Task(
            role=access.COMMUNE_OFFICER,
            kind="cash-unsigned",
            number=_number(rows),
            area=commune,
            period=month,
            detail={"amount": _amount(rows)},
        )
        for (commune, month), rows in sorted(found.items())
    ]


def unanswered(payments: Iterable[Row]) -> list[Task]:
    """Payments that the bank was sent and has not answered, by month."""
    found: dict[str, list[Row]] = {}
    for row in payments:
        if row["status"] == "INSTRUCTED":
            found.setdefault(row["period"], []).append(row)
    return [
        Task(
            role=access.BANK,
            kind="payments-unanswered",
            number=_number(rows),
            period=month,
            detail={"amount": _amount(rows)},
        )
        for month, rows in sorted(found.items())
    ]


def stations(payments: Sequence[Row], runs: Sequence[Run], period: str) -> list[Task]:
    """Stations 3 to 5 of a month, in đồng, and each commune's unsigned cash; nothing before there is a run."""
    alive = [run for run in runs if run.period == period and run.status in ("PREPARED", "APPROVED", "SENT")]
    if not alive:
        return []
    of_month = [row for row in payments if row["period"] == period]
    by_status = {
        status: [row for row in of_month if row["status"] == status] for status in {r["status"] for r in of_month}
    }
    sent = [run.sent_on for run in alive if run.sent_on]
    on = {"on": max(sent).isoformat()} if sent else {}
    by_run = {
        status.lower(): sum(run.amount for run in alive if run.status == status)
        for status in ("PREPARED", "APPROVED", "SENT")
    }
    bank = {
        word: _amount(by_status.get(status, ()))
        for word, status in (
            ("open", "INSTRUCTED"),
            ("settled", "SETTLED"),
            ("rejected", "REJECTED"),
            ("returned", "RETURNED"),
        )
    }
    answered = [row for status in ("SETTLED", "REJECTED", "RETURNED") for row in by_status.get(status, ())]
    figures: list[tuple[str, int, Mapping[str, object]]] = [
        ("station-run", len(alive), {**by_run, **on}),
        ("station-treasury", len(sent), {"ordered": sum(bank.values()), **on}),
        ("station-bank", _number(answered), {"ordered": sum(bank.values()), **bank}),
        ("communes-cash", _number(by_status.get("CASH_LISTED", ())), {"communes": _cash(of_month)}),
    ]
    return [
        task
        for kind, number, detail in figures
        for task in Task.for_each(access.SEES_ALL, kind=kind, number=number, period=period, detail=detail)
    ]


def _cash(payments: Iterable[Row]) -> dict[str, dict[str, int]]:
    return {
        row["commune"]: {"number": row["number"], "amount": row["amount"]}
        for row in sorted(payments, key=lambda row: str(row["commune"]))
        if row["status"] == "CASH_LISTED"
    }


def tasks_of_answers(rows: Iterable[Row]) -> list[Task]:
    """The bank's answers that wait for a human: fitting nothing, contradicting, or only noted."""
    return [
        Task(
            role=access.DISTRICT_OFFICER,
            kind=ANSWER_KINDS.get(row["outcome"], f"answers-{row['outcome']}"),
            number=row["number"],
            detail={"amount": row["amount"]},
        )
        for row in rows
    ]


def to_repeat(row: Row) -> Task:
    """Payments that came back or were not collected, and that no later payment takes the place of."""
    return Task(
        role=access.DISTRICT_OFFICER,
        kind="payments-to-repeat",
        number=row["number"],
        oldest=row["oldest"].astimezone(clock.ZONE).date() if row["oldest"] else None,
        detail={"amount": row["amount"]} if row["number"] else {},
    )


def _number(rows: Iterable[Row]) -> int:
    return sum(row["number"] for row in rows)


def _amount(rows: Iterable[Row]) -> int:
    return sum(row["amount"] for row in rows)

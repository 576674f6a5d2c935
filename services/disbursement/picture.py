"""Disbursement's own picture of everybody, loaded whole: what is due, what was paid, who receives. Set-wise."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import asyncpg
from pydantic import TypeAdapter

from services.disbursement.events import Line
from services.disbursement.money_rule import Earlier, Fate
from services.disbursement.payee import Account, Payee
from services.kernel.period import Period
from services.reference import areas
from services.registry.events import DueChanged, DueLayer

FATES = {
    "INSTRUCTED": Fate.OPEN,
    "CASH_LISTED": Fate.OPEN,
    "SETTLED": Fate.REACHED,
    "CASH_PAID": Fate.REACHED,
    "NETTED": Fate.REACHED,
    "REJECTED": Fate.DEAD,
    "RETURNED": Fate.DEAD,
    "CASH_UNCOLLECTED": Fate.DEAD,
}
Pair = tuple[str, str]
LINES = TypeAdapter(tuple[Line, ...])

# The newest of opening and closing says whether an account is closed; opening and confirming vouch for it. What was
# confirmed before an account was opened anew says nothing of its new name.
ACCOUNTS = """
select a.*, c.closed_on, coalesce(c.confirmed_version > a.version, false) as confirmed, c.known_at
from accounts a join (
    select account_id,
        (array_agg(closed_on order by version desc) filter (where kind in ('OPENED', 'CLOSED')))[1] as closed_on,
        max(version) filter (where kind = 'CONFIRMED') as confirmed_version,
        max(known_at) filter (where kind in ('OPENED', 'CONFIRMED')) as known_at
    from account_changes group by account_id
) c on c.account_id = a.account_id
where $1::text[] is null or a.beneficiary_id = any($1::text[])
"""


@dataclass(slots=True)
class Picture:
    """By person or (person, programme)."""

    due: dict[Pair, DueChanged] = field(default_factory=dict)
    earlier: dict[Pair, list[Earlier]] = field(default_factory=dict)
    people: dict[str, tuple[str, bool]] = field(default_factory=dict)
    payouts: dict[str, list[tuple[str, Payee | None]]] = field(default_factory=dict)
    accounts: dict[str, list[Account]] = field(default_factory=dict)
    failed: dict[str, datetime] = field(default_factory=dict)


async def load(
    connection: asyncpg.Connection, programmes: Sequence[str], people: Sequence[str] | None = None
) -> Picture:
    """The picture of these programmes as it is now, of everybody or of these people."""
    due = await connection.fetch(
        "select beneficiary_id, programme, data from due where programme = any($1::text[])"
        " and ($2::text[] is null or beneficiary_id = any($2::text[])) order by beneficiary_id, programme",
        list(programmes),
        people,
    )
    paid = await connection.fetch(
        "select payment_id, beneficiary_id, programme, status, lines, replaces, account_id, failed_at from payments"
        " where status = any($1::text[]) and ($2::text[] is null or beneficiary_id = any($2::text[])) order by number",
        list(FATES),
        people,
    )
    named = await connection.fetch(
        "select beneficiary_id, name, has_citizen_id from people"
        " where $1::text[] is null or beneficiary_id = any($1::text[])",
        people,
    )
    payouts = await connection.fetch(
        "select * from payouts where $1::text[] is null or beneficiary_id = any($1::text[])"
        " order by beneficiary_id, version",
        people,
    )
    return Picture(
        due={(row[0], row[1]): DueChanged.model_validate_json(row[2]) for row in due},
        earlier=_earlier(paid),
        people={row["beneficiary_id"]: (row["name"], row["has_citizen_id"]) for row in named},
        payouts=_payouts(payouts),
        accounts=await _accounts(connection, people),
        failed=_failed(paid),
    )


def _earlier(rows: Sequence[asyncpg.Record]) -> dict[Pair, list[Earlier]]:
    replaced = {one for row in rows for one in row["replaces"]}
    found: dict[Pair, list[Earlier]] = defaultdict(list)
    for row in rows:
        lines = lines_in(row["lines"])
        payment = Earlier(row["payment_id"], FATES[row["status"]], row["payment_id"] in replaced, lines)
        found[row["beneficiary_id"], row["programme"]].append(payment)
    return dict(found)


@lru_cache(4096)
def lines_in(text: str) -> tuple[Line, ...]:
    """A payment's lines from the table's JSON."""
    # Most people's lines of a month are like others': each is read once.
    return LINES.validate_json(text)


def _failed(rows: Sequence[asyncpg.Record]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for row in rows:
        if row["account_id"] and row["failed_at"]:
            before = found.get(row["account_id"])
            found[row["account_id"]] = max(row["failed_at"], before) if before else row["failed_at"]
    return found


def _payouts(rows: Sequence[asyncpg.Record]) -> dict[str, list[tuple[str, Payee | None]]]:
    found: dict[str, list[tuple[str, Payee | None]]] = defaultdict(list)
    for row in rows:
        payee = None
        if row["relation"]:
            payee = Payee(row["payee_name"], row["payee_citizen_id"], row["relation"], row["after_death"])
        found[row["beneficiary_id"]].append((row["from_month"], payee))
    return dict(found)


async def _accounts(connection: asyncpg.Connection, people: Sequence[str] | None) -> dict[str, list[Account]]:
    rows = await connection.fetch(ACCOUNTS, people)
    found: dict[str, list[Account]] = defaultdict(list)
    for row in rows:
        found[row["beneficiary_id"]].append(
            Account(
                account_id=row["account_id"],
                holder=row["holder"],
                opened_on=row["opened_on"],
                closed_on=row["closed_on"],
                name_differs=row["name_differs"],
                confirmed=row["confirmed"],
                usable_since=row["known_at"],
                bank_code=row["bank_code"],
                account_number=row["account_number"],
                holder_name=row["holder_name"],
                holder_citizen_id=row["holder_citizen_id"],
            )
        )
    return dict(found)


def layer_for(layers: Iterable[DueLayer], period: str) -> DueLayer | None:
    """What a run for that period sees as due: the last layer that counts from it or before."""
    counting = [layer for layer in layers if layer.counts_from <= period]
    return max(counting, key=lambda layer: layer.counts_from, default=None)


def commune_in(due: DueChanged, period: Period) -> str:
    """The person's commune in that month, as it is called then."""
    homes = [home for home in due.residences if home.from_month <= period] or list(due.residences[:1])
    return _named_in(homes[-1].commune, homes[-1].from_month, period)


@lru_cache(4096)
def _named_in(commune: str, since: str, period: str) -> str:
    return areas.commune_in(commune, since, period)


def wish_in(due: DueChanged, period: str) -> str | None:
    """The wish that holds in that month."""
    wishes = [wish for wish in due.wishes if wish.from_month <= period]
    return wishes[-1].wish if wishes else None

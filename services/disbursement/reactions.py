"""When registry or onboarding said something: rows, set-wise, each keyed so that saying it again changes nothing."""

from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson

from services.kernel.commands import Work
from services.kernel.envelope import Received
from services.kernel.event_types import EventTypes
from services.onboarding.events import AccountClosed, AccountConfirmed, AccountOpened
from services.registry.events import BeneficiaryAdded, DueChanged, PayoutChosen, PersonalDetailsChanged, RollClosed

TYPES = EventTypes(
    [
        *(BeneficiaryAdded, PersonalDetailsChanged, PayoutChosen, DueChanged, RollClosed),
        *(AccountOpened, AccountClosed, AccountConfirmed),
    ]
)
TOPICS = ("registry.events", "onboarding.events")

PEOPLE = (
    "insert into people select * from unnest($1::text[], $2::int[], $3::boolean[], $4::text[]) on conflict"
    " (beneficiary_id) do update set version = excluded.version, has_citizen_id = excluded.has_citizen_id,"
    " name = excluded.name where people.version < excluded.version"
)
PAYOUTS = (
    "insert into payouts select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[],"
    " $7::boolean[]) on conflict do nothing"
)
DUE = (
    "insert into due select * from unnest($1::text[], $2::text[], $3::int[], $4::jsonb[])"
    " on conflict (beneficiary_id, programme) do update set version = excluded.version, data = excluded.data"
    " where due.version < excluded.version"
)
ROLLS = (
    "insert into rolls select * from unnest($1::text[], $2::int[], $3::jsonb[]) on conflict (period) do update"
    " set sequence = excluded.sequence, totals = excluded.totals where rolls.sequence < excluded.sequence"
)
ACCOUNTS = (
    "insert into accounts select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::date[],"
    " $6::boolean[], $7::text[], $8::text[], $9::text[], $10::text[])"
    " on conflict (account_id) do update set version = excluded.version, opened_on = excluded.opened_on,"
    " name_differs = excluded.name_differs, holder = excluded.holder, holder_name = excluded.holder_name,"
    " holder_citizen_id = excluded.holder_citizen_id where accounts.version < excluded.version"
)
CHANGES = (
    "insert into account_changes select * from unnest($1::text[], $2::int[], $3::text[], $4::date[],"
    " $5::timestamptz[]) on conflict do nothing"
)
Row = tuple[Any, ...]


async def apply(work: Work, received: Sequence[Received]) -> None:
    """Turns a batch of events into rows: one statement a table."""
    rows: dict[str, dict[Row, Row]] = {}
    for one in received:
        for statement, key, row in _rows(one):
            found = rows.setdefault(statement, {})
            # Within a batch too, the highest version of a thing is the one that counts.
            if key not in found or found[key][-1] < one.version:
                found[key] = (*row, one.version)
    for statement, found in rows.items():
        await _write(work.connection, statement, [row[:-1] for row in found.values()])


async def _write(connection: asyncpg.Connection, statement: str, rows: Sequence[Row]) -> None:
    await connection.execute(statement, *(list(column) for column in zip(*rows, strict=True)))


def _rows(one: Received) -> list[tuple[str, Row, Row]]:
    """Statement, key and row for an event."""
    match one.event:
        case BeneficiaryAdded() | PersonalDetailsChanged() as told:
            name = told.personal.name if told.personal else ""
            return [(PEOPLE, (told.beneficiary_id,), (told.beneficiary_id, one.version, told.has_citizen_id, name))]
        case PayoutChosen() as chosen:
            return [_payout(one, chosen)]
        case DueChanged() as due:
            key = due.beneficiary_id, due.programme
            return [(DUE, key, (*key, one.version, due.model_dump_json()))]
        case RollClosed() as closed:
            totals = orjson.dumps(closed.model_dump(mode="json")["totals"]).decode()
            return [(ROLLS, (closed.period,), (closed.period, closed.sequence, totals))]
        case AccountOpened() as opened:
            return [*_account(one, opened), _change(one, opened.account_id, "OPENED", None)]
        case AccountClosed() as shut:
            return [_change(one, shut.account_id, "CLOSED", shut.closed_on)]
        case AccountConfirmed() as confirmed:
            return [_change(one, confirmed.account_id, "CONFIRMED", None)]
        case _:
            return []


def _payout(one: Received, chosen: PayoutChosen) -> tuple[str, Row, Row]:
    payee = chosen.personal
    named = (payee.name, payee.citizen_id) if payee else (None, None)
    row = (chosen.beneficiary_id, one.version, chosen.from_month, chosen.relation, *named, chosen.after_death)
    return PAYOUTS, row[:2], row


def _account(one: Received, opened: AccountOpened) -> list[tuple[str, Row, Row]]:
    details = opened.personal
    if details is None:
        return []
    row = (
        opened.account_id,
        one.version,
        opened.beneficiary_id,
        opened.holder,
        opened.opened_on,
        opened.name_differs,
        details.bank_code,
        details.account_number,
        details.holder_name,
        details.holder_citizen_id,
    )
    return [(ACCOUNTS, (opened.account_id,), row)]


def _change(one: Received, account_id: str, kind: str, closed_on: Any) -> tuple[str, Row, Row]:
    row = (account_id, one.version, kind, closed_on, one.recorded_at)
    return CHANGES, row[:2], row

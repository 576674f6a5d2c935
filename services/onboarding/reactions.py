"""What others' events mean here: rows, keyed so that an event said again or late changes nothing."""

from collections.abc import Iterable, Sequence

from services.disbursement.events import PaymentRejected, PaymentReturned
from services.kernel.commands import Work
from services.kernel.envelope import Received
from services.kernel.event_types import EventTypes
from services.onboarding import bank_topic
from services.registry.events import BeneficiaryAdded, DueChanged, PayoutChosen

TYPES = EventTypes([BeneficiaryAdded, PayoutChosen, DueChanged, PaymentRejected, PaymentReturned])

_PEOPLE = """insert into people (beneficiary_id, version, name, birth, citizen_id, phone)
    values ($1, $2, $3, $4, $5, $6) on conflict (beneficiary_id) do update set version = excluded.version,
    name = excluded.name, birth = excluded.birth, citizen_id = excluded.citizen_id, phone = excluded.phone
    where people.version < excluded.version"""
_RESIDENCES = """insert into residences (beneficiary_id, version, commune, from_month) values ($1, $2, $3, $4)
    on conflict (beneficiary_id) do update set version = excluded.version, commune = excluded.commune,
    from_month = excluded.from_month where residences.version < excluded.version"""
_PAYOUTS = """insert into payouts (beneficiary_id, version, from_month, wish, relation, payee_name, payee_citizen_id)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing"""
_ROLLS = """insert into rolls (beneficiary_id, programme, version, last_month) values ($1, $2, $3, $4)
    on conflict (beneficiary_id, programme) do update set version = excluded.version, last_month = excluded.last_month
    where rolls.version < excluded.version"""
_FAILURES = """insert into failures (stream_id, version, account_id, recorded_at) values ($1, $2, $3, $4)
    on conflict do nothing"""

NOT_ON_ROLL = "0000-00"
"""Stands for the last month of somebody who is on no roll: before every month."""

Rows = dict[str, list[tuple[object, ...]]]


async def apply(work: Work, received: Sequence[Received]) -> None:
    """Writes the rows of a batch, one statement for each kind; then takes in what the bank says of these people."""
    for statement, rows in rows_of(received).items():
        await work.connection.executemany(statement, rows)
    await bank_topic.apply(work, received)


def rows_of(received: Iterable[Received]) -> Rows:
    """The rows that the events become, by the statement that writes them."""
    rows: Rows = {}
    for one in received:
        for statement, row in _rows(one):
            rows.setdefault(statement, []).append(row)
    return rows


def _rows(one: Received) -> list[tuple[str, tuple[object, ...]]]:
    match one.event:
        case BeneficiaryAdded() as event:
            return _added(event, one.version)
        case PayoutChosen() as event:
            payee = event.personal
            named = (payee.name, payee.citizen_id) if payee else (None, None)
            row = (event.beneficiary_id, one.version, event.from_month, event.wish, event.relation, *named)
            return [(_PAYOUTS, row)]
        case DueChanged() as event:
            return _due(event, one.version)
        case PaymentRejected() | PaymentReturned() as event if event.payment.account_id:
            return [(_FAILURES, (one.stream_id, one.version, event.payment.account_id, one.recorded_at))]
    return []


def _added(event: BeneficiaryAdded, version: int) -> list[tuple[str, tuple[object, ...]]]:
    rows: list[tuple[str, tuple[object, ...]]] = [
        (_RESIDENCES, (event.beneficiary_id, version, event.commune, event.from_month))
    ]
    if who := event.personal:
        rows.append((_PEOPLE, (event.beneficiary_id, version, who.name, who.birth, who.citizen_id, who.phone)))
    return rows


def _due(event: DueChanged, version: int) -> list[tuple[str, tuple[object, ...]]]:
    lasts = [span.last for span in event.roll]
    last = NOT_ON_ROLL if not lasts else None if None in lasts else max(filter(None, lasts))
    rows: list[tuple[str, tuple[object, ...]]] = [(_ROLLS, (event.beneficiary_id, event.programme, version, last))]
    if event.residences:
        home = max(event.residences, key=lambda one: one.from_month)
        rows.append((_RESIDENCES, (event.beneficiary_id, version, home.commune, home.from_month)))
    return rows

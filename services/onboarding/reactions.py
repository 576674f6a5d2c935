"""What others' events mean here: rows, keyed so that an event said again or late changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from services.disbursement.events import PaymentRejected, PaymentReturned
from services.kernel.commands import Work
from services.kernel.envelope import Received
from services.kernel.event_types import EventTypes
from services.onboarding import bank_topic
from services.registry.events import BeneficiaryAdded, DueChanged, PayoutChosen, PersonalDetails, PersonalDetailsChanged

TYPES = EventTypes(
    [BeneficiaryAdded, PersonalDetailsChanged, PayoutChosen, DueChanged, PaymentRejected, PaymentReturned]
)

NOT_ON_ROLL = "0000-00"
"""Stands for the last month of somebody who is on no roll: before every month."""

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table with its columns and their types; `key` names the row. Where the version is no part of the key, a row of
    a higher version replaces one of a lower."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]

    def statement(self) -> str:
        """Writes many rows, one array a column."""
        names = list(self.columns)
        arrays = ", ".join(f"${at}::{kind}[]" for at, kind in enumerate(self.columns.values(), 1))
        begin = f"insert into {self.name} ({', '.join(names)}) select * from unnest({arrays})"
        if "version" in self.key:
            return f"{begin} on conflict do nothing"
        told = ", ".join(f"{name} = excluded.{name}" for name in names if name not in self.key)
        newer = f"{self.name}.version < excluded.version"
        return f"{begin} on conflict ({', '.join(self.key)}) do update set {told} where {newer}"

    def last(self, rows: Iterable[Row]) -> list[Row]:
        """One row for each key, that of the highest version: one statement cannot write a row twice."""
        names = list(self.columns)
        at, version = [names.index(name) for name in self.key], names.index("version")
        in_order = sorted(rows, key=itemgetter(version))
        return list({tuple(row[index] for index in at): row for row in in_order}.values())


PEOPLE = Table(
    "people",
    dict.fromkeys(("beneficiary_id", "name", "birth", "citizen_id", "phone"), "text") | {"version": "integer"},
    ("beneficiary_id",),
)
RESIDENCES = Table(
    "residences",
    dict.fromkeys(("beneficiary_id", "commune", "from_month"), "text") | {"version": "integer"},
    ("beneficiary_id",),
)
PAYOUTS = Table(
    "payouts",
    dict.fromkeys(("beneficiary_id", "from_month", "wish", "relation", "payee_name", "payee_citizen_id"), "text")
    | {"version": "integer"},
    ("beneficiary_id", "version"),
)
ROLLS = Table(
    "rolls",
    dict.fromkeys(("beneficiary_id", "programme", "last_month"), "text") | {"version": "integer"},
    ("beneficiary_id", "programme"),
)
FAILURES = Table(
    "failures",
    {"stream_id": "text", "account_id": "text", "recorded_at": "timestamptz", "version": "integer"},
    ("stream_id", "version"),
)


async def apply(work: Work, received: Sequence[Received]) -> None:
    """Writes the rows of a batch, one statement for each kind; then takes in what the bank says of these people."""
    for table, rows in rows_of(received).items():
        await work.connection.execute(table.statement(), *map(list, zip(*rows, strict=True)))
    await bank_topic.apply(work, received)


def rows_of(received: Iterable[Received]) -> dict[Table, list[Row]]:
    """The rows that the events become, by table."""
    rows: dict[Table, list[Row]] = {}
    for one in received:
        for table, row in _rows(one):
            rows.setdefault(table, []).append(row)
    return {table: table.last(found) for table, found in rows.items()}


def _rows(one: Received) -> list[tuple[Table, Row]]:
    match one.event:
        case BeneficiaryAdded() as event:
            home = (event.beneficiary_id, event.commune, event.from_month, one.version)
            return [(RESIDENCES, home), *_person(event.beneficiary_id, event.personal, one.version)]
        case PersonalDetailsChanged() as event:
            return _person(event.beneficiary_id, event.personal, one.version)
        case PayoutChosen() as event:
            payee = event.personal
            named = (payee.name, payee.citizen_id) if payee else (None, None)
            row = (event.beneficiary_id, event.from_month, event.wish, event.relation, *named, one.version)
            return [(PAYOUTS, row)]
        case DueChanged() as event:
            return _due(event, one.version)
        case PaymentRejected() | PaymentReturned() as event if event.payment.account_id:
            return [(FAILURES, (one.stream_id, event.payment.account_id, one.recorded_at, one.version))]
    return []


def _person(beneficiary_id: str, who: PersonalDetails | None, version: int) -> list[tuple[Table, Row]]:
    if who is None:
        return []
    return [(PEOPLE, (beneficiary_id, who.name, who.birth, who.citizen_id, who.phone, version))]


def _due(event: DueChanged, version: int) -> list[tuple[Table, Row]]:
    lasts = [span.last for span in event.roll]
    last = NOT_ON_ROLL if not lasts else None if None in lasts else max(filter(None, lasts))
    rows: list[tuple[Table, Row]] = [(ROLLS, (event.beneficiary_id, event.programme, last, version))]
    if event.residences:
        home = max(event.residences, key=lambda one: one.from_month)
        rows.append((RESIDENCES, (event.beneficiary_id, home.commune, home.from_month, version)))
    return rows

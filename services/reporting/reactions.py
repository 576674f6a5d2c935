"""What the other services tell → facts with value time and known time, set by set; said again it changes nothing."""

from collections.abc import Sequence

import orjson

from services.disbursement.events import PaymentReturned, PaymentSettled
from services.kernel.commands import Work
from services.kernel.envelope import Received
from services.kernel.event_types import EventTypes
from services.onboarding.events import AccountClosed, AccountConfirmed, AccountOpened
from services.registry.events import BeneficiaryReviewed, DueChanged
from services.reporting.cells import WHOLE

TOPICS = ("registry.events", "onboarding.events", "disbursement.events")
TYPES = EventTypes(
    (
        DueChanged,
        BeneficiaryReviewed,
        AccountOpened,
        AccountClosed,
        AccountConfirmed,
        PaymentSettled,
        PaymentReturned,
    )
)
Row = dict[str, object]

# Table → its columns with their types, as the rows below fill them.
TABLES = {
    "pictures": "beneficiary_id text, programme text, version integer, stream_id text, known_at timestamptz,"
    " communes text[], commune_months text[], wishes text[], wish_months text[],"
    " items text[], firsts text[], lasts text[]",
    "reviews": "stream_id text, version integer, beneficiary_id text, reviewed_on date, known_at timestamptz",
    "account_events": "stream_id text, version integer, beneficiary_id text, kind text, day date,"
    " name_differs boolean, known_at timestamptz",
    "movements": "stream_id text, version integer, item text, payment_id text, kind text, beneficiary_id text,"
    " programme text, commune text, period text, value_date date, amount bigint, known_at timestamptz",
}


async def apply(work: Work, received: Sequence[Received]) -> None:
    """Writes the facts of a batch, one statement a table."""
    rows: dict[str, list[Row]] = {}
    for one in received:
        table, facts = _facts(one)
        rows.setdefault(table, []).extend(facts)
    for table, facts in rows.items():
        names = ", ".join(column.split()[0] for column in TABLES[table].split(", "))
        await work.connection.execute(
            f"insert into {table} ({names}) select {names} from json_to_recordset($1::json) as r({TABLES[table]})"
            " on conflict do nothing",
            orjson.dumps(facts).decode(),
        )


def _facts(one: Received) -> tuple[str, list[Row]]:
    match one.event:
        case DueChanged() as event:
            return "pictures", [_picture(one, event)]
        case BeneficiaryReviewed() as event:
            return "reviews", [_told(one, event.beneficiary_id) | {"reviewed_on": event.reviewed_on}]
        case AccountOpened() as event:
            fact = {"kind": "OPENED", "day": event.opened_on, "name_differs": event.name_differs}
        case AccountClosed() as event:
            fact = {"kind": "CLOSED", "day": event.closed_on, "name_differs": False}
        case AccountConfirmed() as event:
            fact = {"kind": "CONFIRMED", "day": None, "name_differs": False}
        case PaymentSettled() as event:
            return "movements", _movements(one, event, "SETTLED", 1)
        case PaymentReturned() as event:
            return "movements", _movements(one, event, "RETURNED", -1)
        case _:
            raise TypeError(f"not subscribed to: {one.event.type_name()}")
    return "account_events", [_told(one, event.beneficiary_id) | fact]


def _told(one: Received, beneficiary_id: str) -> Row:
    return {
        "stream_id": one.stream_id,
        "version": one.version,
        "known_at": one.recorded_at,
        "beneficiary_id": beneficiary_id,
    }


def _picture(one: Received, event: DueChanged) -> Row:
    homes = sorted(event.residences, key=lambda home: home.from_month)
    wishes = sorted(event.wishes, key=lambda wish: wish.from_month)
    spans = [(item, span) for span in event.roll for item in (WHOLE, span.item) if item is not None]
    return _told(one, event.beneficiary_id) | {
        "programme": event.programme,
        "communes": [home.commune for home in homes],
        "commune_months": [home.from_month for home in homes],
        "wishes": [wish.wish for wish in wishes],
        "wish_months": [wish.from_month for wish in wishes],
        "items": [item for item, _ in spans],
        "firsts": [span.first for _, span in spans],
        "lasts": [span.last for _, span in spans],
    }


def _movements(one: Received, event: PaymentSettled | PaymentReturned, kind: str, sign: int) -> list[Row]:
    payment = event.payment
    amounts = {WHOLE: payment.amount}
    for line in payment.lines:
        if line.item is not None:
            amounts[line.item] = amounts.get(line.item, 0) + line.amount
    whole = _told(one, payment.beneficiary_id) | {
        "payment_id": payment.payment_id,
        "kind": kind,
        "programme": payment.programme,
        "commune": payment.commune,
        "period": payment.period,
        "value_date": event.value_date,
    }
    return [whole | {"item": item, "amount": sign * amount} for item, amount in amounts.items()]

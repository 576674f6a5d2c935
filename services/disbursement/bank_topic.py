"""The bank's payment results where it speaks Kafka: one JSON object a record, as the call takes them.

A record whose row the call would refuse becomes a dead letter, whole, with the reason; every other one is judged.
"""

from collections.abc import Sequence

from services.disbursement import bank_answers
from services.disbursement.bank_rows import Refusal, read_json_row
from services.disbursement.words import sentence
from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.envelope import BadRecord, Received
from services.kernel.event_types import Event
from services.kernel.partner_record import Record, received
from services.kernel.web.body import parse_json
from services.kernel.web.problems import Problem

TOPIC = "bank.payment-results"


class PaymentResultSaid(Event):
    """What the bank wrote, unread; never stored."""

    row: dict[str, object]


def read(record: Record) -> Received:
    """The record as it was said; raises BadRecord for what the call would refuse as it stands."""
    try:
        row = parse_json(record.value or b"")
    except Problem as why:
        raise BadRecord(why.detail["en"]) from why
    said = read_json_row(row).said
    if isinstance(said, Refusal):
        raise BadRecord(sentence(said.code, said.context, "en"))
    return received(record, PaymentResultSaid(row=row))


async def apply(work: Work, batch: Sequence[Received]) -> None:
    """Takes the results in, in order; raises BadRecord for one that is refused, so that it is put aside alone."""
    rows = [read_json_row(one.event.row) for one in batch if isinstance(one.event, PaymentResultSaid)]
    places = [clock.derived_id("place", one.event_id) for one in batch if isinstance(one.event, PaymentResultSaid)]
    if not rows:
        return
    for one in await bank_answers.take(work, rows, places.__getitem__):
        if one.outcome == "refused":
            raise BadRecord(sentence(one.code, one.context, "en"))

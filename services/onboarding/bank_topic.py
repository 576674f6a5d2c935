"""The bank's account results where it speaks Kafka: one JSON object a record, as the call takes them.

A record whose row is not kept becomes a dead letter, whole, with the outcome as its reason.
"""

from collections.abc import Sequence

from services.kernel.commands import Work
from services.kernel.envelope import BadRecord, Received, read_data
from services.kernel.event_types import Event
from services.kernel.partner_record import Record, received
from services.onboarding import handlers

TOPIC = "bank.account-results"
KEPT = ("accepted", "repeated", "name-differs")


class AccountResultSaid(Event):
    """What the bank wrote, unread; never stored."""

    row: dict[str, object]


def read(record: Record) -> Received:
    """The record as it was said; raises BadRecord where it is no JSON object."""
    return received(record, AccountResultSaid(row=read_data(record.value, personal=True)))


async def apply(work: Work, batch: Sequence[Received]) -> None:
    """Takes the results in, in order; raises BadRecord for one that is not kept, so that it is put aside alone."""
    rows = [one.event.row for one in batch if isinstance(one.event, AccountResultSaid)]
    if not rows:
        return
    for one in await handlers.record(work, rows):
        if one.outcome not in KEPT:
            raise BadRecord(f"{one.outcome}: {one.code} {one.context.get('column', '')}".strip())

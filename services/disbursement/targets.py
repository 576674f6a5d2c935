"""The payments that the bank's answers are about: loaded and locked together, written set-wise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import asyncpg

from services.disbursement import tables
from services.disbursement.events import AnswerKept, AnswerNoted, PaymentPrepared, RepeatKept, payment_stream
from services.disbursement.payment import payment_decider
from services.disbursement.payment_state import Kept, State
from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.event_types import Event

NOT_SENT = ("PREPARED", "APPROVED", "CANCELLED")


@dataclass(slots=True)
class Target:
    """A payment with what this call has decided so far."""

    payment_id: str
    version: int
    before: State
    state: State
    events: list[Event] = field(default_factory=list)

    def take(self, events: Iterable[Event]) -> None:
        """Adds events; the next row of this call meets them."""
        added = list(events)
        self.events += added
        self.state = payment_decider.fold(added, self.state)


async def load(work: Work, payment_ids: Iterable[str]) -> dict[str, Target]:
    """Targets by payment id, locked: one query and one load for all; payments that do not exist are left out."""
    rows = await work.connection.fetch(
        "select payment_id, status from payments where payment_id = any($1::text[]) order by payment_id for update",
        list(payment_ids),
    )
    return await _loaded(work, rows)


async def load_by_reference(work: Work, references: Iterable[str]) -> dict[str, Target]:
    """Targets by end-to-end id, locked likewise."""
    rows = await work.connection.fetch(
        "select payment_id, end_to_end_id, status from payments where end_to_end_id = any($1::text[])"
        " order by payment_id for update",
        list(references),
    )
    found = await _loaded(work, rows)
    return {row["end_to_end_id"]: found[row["payment_id"]] for row in rows}


async def _loaded(work: Work, rows: Sequence[asyncpg.Record]) -> dict[str, Target]:
    drafts = [payment_stream(row["payment_id"]) for row in rows if row["status"] in NOT_SENT]
    sent = [payment_stream(row["payment_id"]) for row in rows if row["status"] not in NOT_SENT]
    # What was sent is told whole when it was sent: the draft before it need not be read.
    streams = await work.load(drafts) | await work.load(sent, without=(PaymentPrepared.type_name(),))
    targets = {}
    for payment_id in (row["payment_id"] for row in rows):
        stream = streams[payment_stream(payment_id)]
        state = payment_decider.fold(stream.events)
        targets[payment_id] = Target(payment_id, stream.version, state, state)
    return targets


async def write(work: Work, targets: Iterable[Target]) -> None:
    """Appends what was decided, with the payments' statuses and the answers that wait or wait no more."""
    changed = [one for one in targets if one.events]
    for one in changed:
        work.append(payment_stream(one.payment_id), one.version, one.events)
    moved = {one.payment_id: str(one.state.status) for one in changed if one.state.status != one.before.status}
    await tables.set_statuses(work.connection, moved, clock.now())
    await tables.keep_answers(work.connection, [row for one in changed for row in _kept(one)])
    await tables.take_answers(work.connection, [answer_id for one in changed for answer_id in _taken(one)])
    # A return that came before a settlement with a later day, or before a rejection, waits for nothing any more.
    answered = [one.payment_id for one in changed if one.before.status == "INSTRUCTED" and one.payment_id in moved]
    await tables.contradict_waiting(work.connection, answered)


def _kept(target: Target) -> list[tuple[str | None, Kept]]:
    return [
        (target.payment_id, event)
        for event in target.events
        if isinstance(event, AnswerKept | RepeatKept) or (isinstance(event, AnswerNoted) and event.outcome != "noted")
    ]


def _taken(target: Target) -> set[str]:
    """Kept answers that took effect: no longer open, and nobody decided about them."""
    if not target.state.kept and not target.before.open:
        return set()
    kept = target.before.open.keys() | {key for key in target.state.kept if key not in target.before.kept}
    noted = {event.answer_id for event in target.events if isinstance(event, AnswerNoted)}
    return set(kept - target.state.open.keys() - target.state.decided - noted)

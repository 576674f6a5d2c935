"""The bank's answers judged set-wise: each row gets its word, and everything is written in one append."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from services.disbursement import answering, tables, targets
from services.disbursement.answering import Answer, Judged, Note
from services.disbursement.bank_rows import Refusal, Row, Said, WholeMessage, read_json_row
from services.disbursement.events import AnswerKept, AnswerNoted, answer_stream
from services.disbursement.payment import judge
from services.disbursement.payment_state import State
from services.disbursement.targets import Target
from services.disbursement.words import sentence
from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.period import Period
from services.kernel.progress import counted

Place = Callable[[int], str]
"""The identity of a row of a call by where it stands, for a row that has no other."""


def in_file(content: bytes) -> Place:
    """By the file and the place in it: the same file sent again says the same."""
    digest = hashlib.sha256(content).hexdigest()
    return lambda place: clock.derived_id("place", digest, place)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a row: its word, and the code and context of the sentence that explains it."""

    row: Said
    outcome: str
    code: str
    context: Mapping[str, str] = field(default_factory=dict)

    def shown(self, language: str) -> dict[str, Any]:
        """The row's result as the call answers it."""
        result = None if isinstance(self.row.said, Note) else self.row.said.result
        return {
            "end_to_end_id": self.row.named,
            "result": result,
            "outcome": self.outcome,
            "message": sentence(self.code, self.context, language),
        }


@dataclass(slots=True)
class Judging:
    """A call's rows against the payments they name; `nameless` are answers that name none of ours, by key."""

    targets: Mapping[str, Target]
    place_of: Place
    nameless: dict[str, AnswerKept | AnswerNoted] = field(default_factory=dict)

    def judge(self, place: int, row: Said) -> Judgement:
        """The row's word; what it changes is remembered, so that the next rows of this call meet it."""
        said = row.said
        if isinstance(said, Refusal):
            return self._refuse(place, row, said)
        target = self.targets.get(said.end_to_end_id or "")
        if target is None:
            self._keep(place, said)
            return Judgement(row, "unmatched", "unmatched")
        if isinstance(said, Answer) and (outside := outside_window(said, target.state)):
            return Judgement(row, "refused", "value-date-outside", outside)
        judged = judge(said, target.state)
        target.take(judged.events)
        return Judgement(row, judged.outcome, _code(judged))

    def _refuse(self, place: int, row: Said, why: Refusal) -> Judgement:
        refused = Judgement(row, "refused", why.code, why.context)
        if why.unmatched is None:
            return refused
        target = self.targets.get(why.unmatched.end_to_end_id or "")
        if target is None:
            self._keep(place, why.unmatched)
        elif answering.of_the_bank(target.state):
            return refused
        else:
            target.take(judge(why.unmatched, target.state).events)
        return Judgement(row, "unmatched", "unmatched")

    def _keep(self, place: int, said: Answer | Note) -> None:
        key = self._own_key(place, said)
        kept = (
            answering.kept(said, "unmatched", key)
            if isinstance(said, Answer)
            else answering.noted(said, "unmatched", key)
        )
        self.nameless.setdefault(kept.answer_id, kept)

    def _own_key(self, place: int, said: Answer | Note) -> str | None:
        """An answer without our reference is known by the bank's, else by where it stands."""
        if said.end_to_end_id:
            return None
        if said.bank_reference:
            word = said.result if isinstance(said, Answer) else said.state
            return clock.derived_id("bank-reference", said.bank_reference, word)
        return self.place_of(place)


def _code(judged: Judged) -> str:
    return "repeated-reference" if judged.outcome == "repeated" and judged.events else judged.outcome


async def record(work: Work, rows: Sequence[Any], content: bytes) -> list[dict[str, Any]]:
    """Takes rows of JSON: the result of each in the order given; `content` is what the rows were read from."""
    read = await asyncio.to_thread(lambda: [read_json_row(row) for row in rows])
    return [one.shown("vi") for one in await take(work, read, in_file(content))]


async def take(work: Work, rows: Iterable[Row], place_of: Place) -> list[Judgement]:
    """Judges each row by what is known of its payment; what is kept or changes is kept with the work."""
    said = await _spread(work, rows)
    judging = Judging(await targets.load_by_reference(work, _named(said)), place_of)
    judgements = await asyncio.to_thread(lambda: [judging.judge(*one) for one in enumerate(counted("deciding", said))])
    await targets.write(work, judging.targets.values())
    await _write_nameless(work, judging.nameless)
    return judgements


def _named(rows: Iterable[Said]) -> set[str]:
    found = (row.said.unmatched if isinstance(row.said, Refusal) else row.said for row in rows)
    return {one.end_to_end_id for one in found if one and one.end_to_end_id}


async def _spread(work: Work, rows: Iterable[Row]) -> list[Said]:
    """Rows as they are; for a whole message that was rejected one row for each of its payments."""
    said: list[Said] = []
    for row in rows:
        said += [row] if isinstance(row, Said) else await _of_message(work, row)
    return said


async def _of_message(work: Work, message: WholeMessage) -> list[Said]:
    """Our message's id is its run's."""
    found = await work.connection.fetch(
        "select end_to_end_id from payments where run_id = $1 and method = 'ACCOUNT' and amount > 0 order by number",
        message.message_id,
    )
    references = [row["end_to_end_id"] for row in found] or [None]
    return [Said(one, Answer(one, "REJECTED", None, None, reason=message.reason)) for one in references]


def outside_window(said: Answer, state: State) -> dict[str, str] | None:
    """Value dates lie from the first of the month before the run's period (Tết) to today; else the window."""
    if said.value_date is None or state.payment is None or not answering.of_the_bank(state):
        return None
    first, last = _window_begins(state.payment.period), clock.today()
    if first <= said.value_date <= last:
        return None
    return {"day": f"{said.value_date:%d/%m/%Y}", "first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}


@lru_cache(256)
def _window_begins(period: Period) -> date:
    return period.plus(-1).first_day


async def _write_nameless(work: Work, nameless: Mapping[str, AnswerKept | AnswerNoted]) -> None:
    known = await work.load(answer_stream(key) for key in nameless)
    fresh = [one for key, one in nameless.items() if answer_stream(key) not in known]
    for one in fresh:
        work.append(answer_stream(one.answer_id), 0, [one])
    await tables.keep_answers(work.connection, [(None, one) for one in fresh])

"""The bank's answers: read, judged set-wise, each row with its word, everything in one append."""

import asyncio
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from services.disbursement import payment as payments
from services.disbursement import tables
from services.disbursement.events import AnswerKept, Result, answer_stream, payment_stream
from services.disbursement.payment import Answer, State, kept
from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.event_store import Stream
from services.kernel.event_types import Event
from services.kernel.period import Period

RESULTS = ("SETTLED", "REJECTED", "RETURNED")
TEXT_MAX = 500
REFERENCE_MAX = 100
AMOUNT_MAX = 10**15
# ISO 20022's word where the instructing party gave no reference.
NO_REFERENCE = "NOTPROVIDED"
NO_DAY = "value_date phải là ngày dạng YYYY-MM-DD."
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([+-]\d{2}:\d{2}|Z)?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T", re.ASCII)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
MESSAGES = {
    "applied": "Đã ghi nhận.",
    "repeated": "Đã có từ trước, không thay đổi gì.",
    "waiting": "Giữ lại, có hiệu lực khi có tin chuyển thành công.",
    "unmatched": "Không có khoản chuyển khoản nào mang mã này; chờ cán bộ xem.",
    "conflict": "Trái với điều đã biết của khoản chi; chờ cán bộ xem.",
}


class Unreadable(ValueError):
    """A row that cannot be read; the message says why and what to do, in Vietnamese."""


@dataclass(slots=True)
class _Target:
    """A payment that answers are about, with what this call has decided so far."""

    payment_id: str
    version: int
    before: State
    state: State
    events: list[Event]


@dataclass(slots=True)
class _Judging:
    """A call's rows against the payments they name; `nameless` are answers that name none of ours, by key."""

    targets: Mapping[str, _Target]
    content: bytes
    nameless: dict[str, AnswerKept] = field(default_factory=dict)

    def judge(self, place: int, row: Any, answer: Answer | Unreadable) -> dict[str, Any]:
        """The row's word; what it changes is remembered, so that the next rows of this call meet it."""
        named = key_said(row, "end_to_end_id")
        if isinstance(answer, Unreadable):
            return {"end_to_end_id": named, "outcome": "refused", "message": str(answer)}
        target = self.targets.get(answer.end_to_end_id or "")
        outcome = "unmatched"
        if target is None:
            event = kept(answer, "unmatched", self._own_key(place, answer))
            self.nameless.setdefault(event.answer_id, event)
        elif message := _outside_window(answer, target.state):
            return {"end_to_end_id": named, "result": answer.result, "outcome": "refused", "message": message}
        else:
            judged = payments.judge(answer, target.state)
            target.events += judged.events
            target.state = payments.payment_decider.fold(judged.events, target.state)
            outcome = judged.outcome
        return {
            "end_to_end_id": named,
            "result": answer.result,
            "outcome": outcome,
            "message": MESSAGES[outcome],
        }

    def _own_key(self, place: int, answer: Answer) -> str | None:
        """An answer without our reference is known by the bank's, else by the file and its place in it."""
        if answer.end_to_end_id:
            return None
        if answer.bank_reference:
            return clock.derived_id("bank-reference", answer.bank_reference, answer.result)
        return clock.derived_id("place", hashlib.sha256(self.content).hexdigest(), place)


async def record(work: Work, rows: Sequence[Any], content: bytes) -> list[dict[str, Any]]:
    """Judges each row by what is known of its payment; `content` is what the rows were read from."""
    answers = await asyncio.to_thread(lambda: [_read(row) for row in rows])
    judging = _Judging(await _targets(work, answers), content)
    results = await asyncio.to_thread(
        lambda: [
            judging.judge(place, row, answer) for place, (row, answer) in enumerate(zip(rows, answers, strict=True))
        ]
    )
    await _write(work, list(judging.targets.values()), judging.nameless)
    return results


def _read(row: Any) -> Answer | Unreadable:
    """The answer in a row of JSON, or why there is none."""
    try:
        return _answer(row)
    except Unreadable as why:
        return why


def _answer(row: Any) -> Answer:
    if not isinstance(row, Mapping):
        raise Unreadable("Dòng không phải một đối tượng JSON.")
    if row.get("result") not in RESULTS:
        raise Unreadable("result phải là SETTLED, REJECTED hoặc RETURNED.")
    result = cast(Result, row["result"])
    reference = _text(row, "end_to_end_id")
    return Answer(
        end_to_end_id=reference[:REFERENCE_MAX] if reference and reference != NO_REFERENCE else None,
        result=result,
        amount=_amount(row.get("amount"), needed=result != "REJECTED"),
        value_date=_day(row.get("value_date"), needed=result != "REJECTED"),
        bank_reference=_text(row, "bank_reference")[:REFERENCE_MAX] or None,
        reason=_text(row, "reason")[:TEXT_MAX] or None,
    )


def key_said(row: Any, column: str) -> str | None:
    """The key of a row as its answer repeats it: whatever was said, it can be written as JSON."""
    value = row.get(column) if isinstance(row, Mapping) else None
    return value[:REFERENCE_MAX].encode(errors="replace").decode() if isinstance(value, str) else None


def _text(row: Mapping[str, Any], column: str) -> str:
    """Trimmed; control characters become a space."""
    value = row.get(column)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"{column} phải là chuỗi.")
    return _UNPRINTABLE.sub(" ", value).strip()


def _amount(value: Any, needed: bool) -> int | None:
    if value is None and not needed:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise Unreadable("amount phải là số đồng nguyên.")
    if abs(value) >= AMOUNT_MAX:
        raise Unreadable("amount lớn quá mức có thể.")
    return int(value)


def _day(value: Any, needed: bool) -> date | None:
    """A day; of an instant, its day in Việt Nam (without zone it is local)."""
    if value is None and not needed:
        return None
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value[:10])
        if not _INSTANT.match(value):
            raise Unreadable(NO_DAY)
        instant = datetime.fromisoformat(value)
        return (instant.astimezone(clock.ZONE) if instant.tzinfo else instant).date()
    except (TypeError, ValueError, OverflowError) as why:
        raise Unreadable(NO_DAY) from why


async def _targets(work: Work, answers: Iterable[Answer | Unreadable]) -> dict[str, _Target]:
    """The payments that these answers name, locked, by end-to-end id: one query and one load for all."""
    named = {one.end_to_end_id for one in answers if isinstance(one, Answer) and one.end_to_end_id}
    rows = await work.connection.fetch(
        "select payment_id, end_to_end_id from payments where end_to_end_id = any($1::text[])"
        " order by payment_id for update",
        list(named),
    )
    streams = await work.load(payment_stream(row["payment_id"]) for row in rows)
    return {
        row["end_to_end_id"]: _target(row["payment_id"], streams[payment_stream(row["payment_id"])]) for row in rows
    }


def _target(payment_id: str, stream: Stream) -> _Target:
    state = payments.payment_decider.fold(stream.events)
    return _Target(payment_id, stream.version, state, state, [])


def _outside_window(answer: Answer, state: State) -> str | None:
    """Value dates lie from the first of the month before the run's period (Tết) to today."""
    if answer.value_date is None or state.payment is None or state.payment.method != "ACCOUNT":
        return None
    first, last = Period(state.payment.period).plus(-1).first_day, clock.today()
    if first <= answer.value_date <= last:
        return None
    return f"value_date {answer.value_date:%d/%m/%Y} nằm ngoài khoảng {first:%d/%m/%Y} đến {last:%d/%m/%Y}."


async def _write(work: Work, targets: Sequence[_Target], nameless: Mapping[str, AnswerKept]) -> None:
    for target in targets:
        if target.events:
            work.append(payment_stream(target.payment_id), target.version, target.events)
    moved = [one for one in targets if one.state.status != one.before.status]
    await tables.set_statuses(work.connection, {one.payment_id: str(one.state.status) for one in moved}, clock.now())
    known = await work.load(answer_stream(key) for key in nameless)
    fresh = [one for key, one in nameless.items() if answer_stream(key) not in known]
    for one in fresh:
        work.append(answer_stream(one.answer_id), 0, [one])
    waiting = [event for one in targets for event in one.events if isinstance(event, AnswerKept)]
    await tables.keep_answers(work.connection, [*waiting, *fresh])
    settled = [one for one in moved if one.before.status == "INSTRUCTED"]
    await tables.close_waiting(
        work.connection,
        [_reference(one) for one in settled],
        [_reference(one) for one in settled if one.state.status == "RETURNED"],
    )


def _reference(target: _Target) -> str:
    assert target.state.payment is not None  # noqa: S101 - a payment in the table was prepared
    return target.state.payment.end_to_end_id

"""The bank's answers, row by row: read, judged set-wise, each with its word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from services.disbursement import payment as payments
from services.disbursement import tables
from services.disbursement.events import AnswerKept, Result, answer_stream, payment_stream
from services.disbursement.payment import Answer, Judged, State, kept
from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.event_types import Event
from services.kernel.period import Period

RESULTS = ("SETTLED", "REJECTED", "RETURNED")
TEXT_MAX = 500
REFERENCE_MAX = 100


class Unreadable(ValueError):
    """A row that cannot be read; the message says why and what to do, in Vietnamese."""


@dataclass(slots=True)
class _Target:
    """A payment that answers are about, with what this call has decided so far."""

    payment_id: str
    version: int
    state: State
    events: list[Event]


async def record(work: Work, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Judges each row by what is known of its payment; writes everything in one append."""
    read = [_read(row) for row in rows]
    targets = await _targets(work, [one for one in read if isinstance(one, Answer)])
    unmatched: dict[str, AnswerKept] = {}
    results = [_result(row, one, targets, unmatched) for row, one in zip(rows, read, strict=True)]
    await _write(work, targets.values(), unmatched)
    return results


def _read(row: Any) -> Answer | Unreadable:
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
    amount = _amount(row.get("amount"), needed=result != "REJECTED")
    return Answer(
        end_to_end_id=_text(row.get("end_to_end_id"), REFERENCE_MAX) or None,
        result=result,
        amount=amount,
        value_date=_day(row.get("value_date"), needed=result != "REJECTED"),
        bank_reference=_text(row.get("bank_reference"), REFERENCE_MAX) or None,
        reason=_text(row.get("reason"), TEXT_MAX) or None,
    )


def _text(value: Any, longest: int) -> str:
    """Trimmed; control characters become a space; cut at the length."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable("end_to_end_id, bank_reference, reason phải là chuỗi.")
    return "".join(" " if ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 else letter for letter in value).strip()[
        :longest
    ]


def _amount(value: Any, needed: bool) -> int | None:
    if value is None and not needed:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise Unreadable("amount phải là số đồng nguyên.")
    if abs(value) >= 10**15:
        raise Unreadable("amount lớn quá mức có thể.")
    return int(value)


def _day(value: Any, needed: bool) -> date | None:
    if value is None and not needed:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as why:
        raise Unreadable("value_date phải là ngày dạng YYYY-MM-DD.") from why


async def _targets(work: Work, answers: Sequence[Answer]) -> dict[str, _Target]:
    """The payments that these answers name, locked, by end-to-end id: one query and one load for all."""
    rows = await work.connection.fetch(
        "select payment_id, end_to_end_id from payments where end_to_end_id = any($1::text[])"
        " order by payment_id for update",
        list({one.end_to_end_id for one in answers if one.end_to_end_id}),
    )
    streams = await work.load(payment_stream(row["payment_id"]) for row in rows)
    found = {}
    for row in rows:
        stream = streams[payment_stream(row["payment_id"])]
        state = payments.payment_decider.fold(stream.events)
        found[row["end_to_end_id"]] = _Target(row["payment_id"], stream.version, state, [])
    return found


def _result(
    row: Any, read: Answer | Unreadable, targets: Mapping[str, _Target], unmatched: dict[str, AnswerKept]
) -> dict[str, Any]:
    name = row.get("end_to_end_id") if isinstance(row, Mapping) else None
    if isinstance(read, Unreadable):
        return {"end_to_end_id": name, "outcome": "refused", "message": str(read)}
    target = targets.get(read.end_to_end_id or "")
    if target is None:
        unmatched.setdefault(read.key(), kept(read, "unmatched"))
        return _said(read, "unmatched")
    if problem := _outside_window(read, target.state):
        return {"end_to_end_id": name, "outcome": "refused", "message": problem}
    judged: Judged = payments.judge(read, target.state)
    target.events += judged.events
    target.state = payments.payment_decider.fold(judged.events, target.state)
    return _said(read, judged.outcome)


MESSAGES = {
    "applied": "Đã ghi nhận.",
    "repeated": "Đã có từ trước, không thay đổi gì.",
    "waiting": "Giữ lại, có hiệu lực khi có tin chuyển thành công.",
    "unmatched": "Không có khoản chi nào mang mã này; chờ cán bộ xem.",
    "conflict": "Trái với điều đã biết của khoản chi; chờ cán bộ xem.",
}


def _said(answer: Answer, outcome: str) -> dict[str, Any]:
    return {
        "end_to_end_id": answer.end_to_end_id,
        "result": answer.result,
        "outcome": outcome,
        "message": MESSAGES[outcome],
    }


def _outside_window(answer: Answer, state: State) -> str | None:
    """Value dates lie from the first of the month before the run's period (Tết) to today."""
    if answer.value_date is None or state.payment is None:
        return None
    first, last = Period(state.payment.period).plus(-1).first_day, clock.today()
    if first <= answer.value_date <= last:
        return None
    return f"value_date {answer.value_date:%d/%m/%Y} nằm ngoài khoảng {first:%d/%m/%Y} đến {last:%d/%m/%Y}."


async def _write(work: Work, targets: Iterable[_Target], unmatched: Mapping[str, AnswerKept]) -> None:
    changed = [target for target in targets if target.events]
    for target in changed:
        work.append(payment_stream(target.payment_id), target.version, target.events)
    await tables.set_statuses(
        work.connection, {target.payment_id: str(target.state.status) for target in changed}, clock.now()
    )
    waiting = [event for target in changed for event in target.events if isinstance(event, AnswerKept)]
    known = await work.load(answer_stream(key) for key in unmatched)
    fresh = [one for key, one in unmatched.items() if answer_stream(key) not in known]
    for one in fresh:
        work.append(answer_stream(one.answer_id), 0, [one])
    await tables.keep_answers(work.connection, [*waiting, *fresh])

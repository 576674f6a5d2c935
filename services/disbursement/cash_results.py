"""The communes' word on their cash lists: who collected, when, and who did not."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeGuard

from services.disbursement import payment as payments
from services.disbursement import tables
from services.disbursement.bank_answers import key_said
from services.disbursement.events import payment_stream
from services.disbursement.payment import Collect, Leave, State
from services.kernel import clock
from services.kernel.commands import Work
from services.kernel.event_store import Stream

Row = dict[str, Any]
MESSAGES = {
    "applied": "Đã ghi nhận.",
    "repeated": "Đã có từ trước, không thay đổi gì.",
    "conflict": "Trái với điều đã biết: khoản này không nằm trong danh sách tiền mặt đang chờ.",
}


async def record(work: Work, run_id: str, commune: str | None, rows: Sequence[Any]) -> list[Row]:
    """Judges each row; a payment of another commune or run is refused like one that does not exist."""
    ids = [row["payment_id"] for row in rows if isinstance(row, Mapping) and _is_id(row.get("payment_id"))]
    found = await work.connection.fetch(
        "select payment_id from payments where run_id = $1 and payment_id = any($2::text[])"
        " and ($3::text is null or commune = $3) order by payment_id for update",
        run_id,
        ids,
        commune,
    )
    streams = await work.load(payment_stream(row["payment_id"]) for row in found)
    states = {key: payments.payment_decider.fold(stream.events) for key, stream in streams.items()}
    statuses: dict[str, str] = {}
    results = [_one(work, row, streams, states, statuses) for row in rows]
    await tables.set_statuses(work.connection, statuses, clock.now())
    return results


def _one(
    work: Work, row: Any, streams: Mapping[str, Stream], states: dict[str, State], statuses: dict[str, str]
) -> Row:
    payment_id = key_said(row, "payment_id")
    command = _command(row) if isinstance(row, Mapping) else "Dòng không phải một đối tượng JSON."
    if isinstance(command, str):
        return {"payment_id": payment_id, "outcome": "refused", "message": command}
    key = payment_stream(payment_id) if _is_id(payment_id) else ""
    if key not in streams:
        message = "Không có khoản tiền mặt này trong đợt và địa bàn của bạn."
        return {"payment_id": payment_id, "outcome": "refused", "message": message}
    judged = payments.judge(command, states[key])
    if judged.events:
        work.append(key, streams[key].version, judged.events)
        states[key] = payments.payment_decider.fold(judged.events, states[key])
        statuses[str(payment_id)] = str(states[key].status)
    return {"payment_id": payment_id, "outcome": judged.outcome, "message": MESSAGES[judged.outcome]}


def _is_id(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value.isascii() and value.isalnum()


def _command(row: Mapping[str, Any]) -> Collect | Leave | str:
    day_said, uncollected = row.get("collected_on"), row.get("uncollected")
    if uncollected is True and day_said is None:
        return Leave()
    try:
        day = date.fromisoformat(str(day_said))
    except ValueError:
        day = None
    if day is None or uncollected:
        return "Cần một trong hai: collected_on (YYYY-MM-DD), hoặc uncollected: true."
    return Collect(day) if day <= clock.today() else "collected_on nằm ở tương lai."

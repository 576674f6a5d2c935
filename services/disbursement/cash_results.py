"""The communes' word on their cash lists: who collected, when, and who did not."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeGuard

from services.disbursement import payment as payments
from services.disbursement import targets
from services.disbursement.bank_rows import key_said
from services.disbursement.payment import Collect, Leave
from services.disbursement.targets import Target
from services.disbursement.words import sentence
from services.kernel import clock
from services.kernel.commands import Work

Row = dict[str, Any]


async def record(
    work: Work, run_id: str, communes: Collection[str] | None, rows: Sequence[Any], language: str = "vi"
) -> list[Row]:
    """Judges each row; a payment of other communes (None: no bound) or runs is refused like one that does not exist."""
    ids = [row["payment_id"] for row in rows if isinstance(row, Mapping) and _is_id(row.get("payment_id"))]
    found = await work.connection.fetch(
        "select payment_id from payments where run_id = $1 and payment_id = any($2::text[])"
        " and ($3::text[] is null or commune = any($3::text[]))",
        run_id,
        ids,
        None if communes is None else list(communes),
    )
    known = await targets.load(work, [row["payment_id"] for row in found])
    results = [_one(row, known, language) for row in rows]
    await targets.write(work, known.values())
    return results


def _one(row: Any, known: Mapping[str, Target], language: str) -> Row:
    payment_id = key_said(row, "payment_id")
    command = _command(row) if isinstance(row, Mapping) else "row-not-object"
    if isinstance(command, str):
        return _told(payment_id, "refused", command, language)
    target = known.get(payment_id or "")
    if target is None:
        return _told(payment_id, "refused", "cash-unknown", language)
    judged = payments.judge(command, target.state)
    target.take(judged.events)
    code = "cash-conflict" if judged.outcome == "conflict" else judged.outcome
    return _told(payment_id, judged.outcome, code, language)


def _told(payment_id: str | None, outcome: str, code: str, language: str) -> Row:
    return {"payment_id": payment_id, "outcome": outcome, "message": sentence(code, {}, language)}


def _is_id(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value.isascii() and value.isalnum()


def _command(row: Mapping[str, Any]) -> Collect | Leave | str:
    """The command, or the code of what is wrong with the row."""
    day_said, uncollected = row.get("collected_on"), row.get("uncollected")
    if uncollected is True and day_said is None:
        return Leave()
    try:
        day = date.fromisoformat(str(day_said))
    except ValueError:
        day = None
    if day is None or uncollected:
        return "cash-word-missing"
    return Collect(day) if day <= clock.today() else "collected-in-future"

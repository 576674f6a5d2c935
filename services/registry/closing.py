"""What closing a roll makes happen by itself: halves of moves that lapse, cash that nobody collects. Set-wise."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.kernel.commands import Work
from services.kernel.period import Period
from services.registry import levels, people
from services.registry.commands import Command, End, Frame, LapseMove, Scope, Suspend
from services.registry.events import EntitlementResumed, beneficiary_stream, roll_stream
from services.registry.following import Followed
from services.registry.person import UNREAD, State

MONTHS_A_HALF_WAITS = 2
PERIODS_UNCOLLECTED = 3
MONTHS_SUSPENDED = 3
UNCOLLECTED = f"""
with paid as (
    select beneficiary_id, programme, period,
        bool_and(method = 'CASH' and collected is not null and not collected) as missed,
        row_number() over (partition by beneficiary_id, programme order by period desc) as place
    from payouts_made where period < $1 group by beneficiary_id, programme, period
)
select beneficiary_id, programme, min(period) as since from paid where place <= {PERIODS_UNCOLLECTED}
group by beneficiary_id, programme having bool_and(missed) and count(*) = {PERIODS_UNCOLLECTED}
"""
SUSPENDED = (
    "select distinct beneficiary_id, programme from entitlements"
    " where last_month is null and statuses[array_length(statuses, 1)] = 'SUSPENDED'"
)
Asked = tuple[Command, dict[str, Any]]


async def settle(work: Work, period: Period) -> list[dict[str, Any]]:
    """Applies it all for the roll of `period`; answers what was done to whom."""
    frame = Frame(roll_stream(period), "", period)
    halves = await work.connection.fetch("select beneficiary_id, half, effective_period from open_halves")
    missed = await work.connection.fetch(UNCOLLECTED, period)
    suspended = await work.connection.fetch(SUSPENDED)
    whom = {row["beneficiary_id"] for row in (*halves, *missed, *suspended)}
    streams = await work.load((beneficiary_stream(one) for one in whom), without=UNREAD)
    followed = {one: Followed.of(one, streams[beneficiary_stream(one)]) for one in whom}
    applied: list[dict[str, Any]] = []
    steps = [
        *((row, _lapse(row, period, frame)) for row in halves),
        *((row, _suspend(row, period, frame, followed[row["beneficiary_id"]].before)) for row in missed),
        *((row, _end(row, period, frame, followed[row["beneficiary_id"]].before)) for row in suspended),
    ]
    for row, asked in steps:
        for command, words in asked:
            if followed[row["beneficiary_id"]].take([command]):
                applied.append({"beneficiary_id": row["beneficiary_id"], **words})
    await people.keep(work, list(followed.values()), await levels.current(work.connection))
    return applied


def _lapse(row: Mapping[str, Any], period: Period, frame: Frame) -> Iterable[Asked]:
    if period.months_since(row["effective_period"]) >= MONTHS_A_HALF_WAITS:
        kind = "move-out-ended" if row["half"] == "OUT" else "move-in-lapsed"
        yield LapseMove(row["half"], frame), {"kind": kind}


def _suspend(row: Mapping[str, Any], period: Period, frame: Frame, state: State) -> Iterable[Asked]:
    """Who was resumed begins to count anew."""
    rights = [right for right in state.running if right.programme == row["programme"]]
    resumed = [
        change.effective_period
        for right in rights
        for change in right.changes
        if isinstance(change, EntitlementResumed)
    ]
    if any(right.suspension is None for right in rights) and row["since"] >= max(resumed, default=""):
        command = Suspend(Scope(row["programme"]), period, "UNCOLLECTED", frame)
        yield command, {"kind": "uncollected-suspended", "programme": row["programme"]}


def _end(row: Mapping[str, Any], period: Period, frame: Frame, state: State) -> Iterable[Asked]:
    for right in state.running:
        suspension = right.suspension
        if right.programme != row["programme"] or suspension is None or suspension.cause != "UNCOLLECTED":
            continue
        month = suspension.first.plus(MONTHS_SUSPENDED)
        if month <= period:
            scope = Scope(right.programme, right.item, right.code)
            yield (
                End(scope, month, "UNCOLLECTED", frame),
                {
                    "kind": "uncollected-ended",
                    "programme": right.programme,
                },
            )

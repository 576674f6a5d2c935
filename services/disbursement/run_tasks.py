"""What waits for whom about payment runs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.kernel.tasks import Task
from services.reference import access
from services.reference.programmes import PROGRAMMES

ALIVE = ("PREPARED", "APPROVED", "SENT")


@dataclass(frozen=True, slots=True)
class Run:
    """A run in the order of their making; `amount` in đồng."""

    period: str
    programmes: Sequence[str]
    status: str
    amount: int
    sent_on: date | None


def tasks_of_runs(runs: Sequence[Run], rolled: tuple[str, Mapping[str, Any]] | None) -> list[Task]:
    """Runs to be prepared, approved, sent or prepared anew; `rolled`: the newest closed roll's month and totals."""
    waiting = [
        *_waiting(runs, "PREPARED", access.DISTRICT_APPROVER, "run-to-approve"),
        *_waiting(runs, "APPROVED", access.DISTRICT_APPROVER, "run-to-send"),
        *_waiting(_refused(runs), "REFUSED", access.DISTRICT_OFFICER, "run-returned"),
    ]
    if rolled is None:
        return waiting
    period, totals = rolled
    with_people = {programme for by_programme in totals.values() for programme in by_programme}
    made = {programme for run in runs if run.period == period for programme in run.programmes if run.status in ALIVE}
    lacking = [programme for programme in PROGRAMMES if programme in with_people - made]
    detail = {"programmes": lacking} if lacking else {}
    prepare = Task(
        role=access.DISTRICT_OFFICER, kind="run-to-prepare", number=len(lacking), period=period, detail=detail
    )
    return [*waiting, prepare]


def _waiting(runs: Sequence[Run], status: str, role: str, kind: str) -> list[Task]:
    months = sorted({run.period for run in runs if run.status == status})
    return [
        Task(role=role, kind=kind, number=len(found), period=month, detail={"amount": sum(run.amount for run in found)})
        for month in months
        if (found := [run for run in runs if run.status == status and run.period == month])
    ]


def _refused(runs: Sequence[Run]) -> list[Run]:
    """Refused runs that were not prepared anew: no later run of the month has one of their programmes."""
    return [
        run
        for place, run in enumerate(runs)
        if run.status == "REFUSED"
        and not any(
            later.period == run.period and set(later.programmes) & set(run.programmes) for later in runs[place + 1 :]
        )
    ]

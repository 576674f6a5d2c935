"""What waits for whom about change lists, and how far each commune's list of a month is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.kernel.period import Period
from services.kernel.tasks import Task
from services.reference import access, areas
from services.registry.change_list import DUE_DAY, is_late

State = Literal["done", "pending", "stuck", "empty"]


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list that was not withdrawn; `by_office`: an officer of the district entered it."""

    commune: str
    period: str
    status: str
    late: bool
    by_office: bool
    submitted_on: date | None


def tasks_of_lists(lists: Iterable[ListRow], today: date) -> list[Task]:
    """The tasks of the business day's month and of lists of any month on their way; the stations of two months."""
    found = list(lists)
    period = Period.of(today)
    return [
        *_due(found, period),
        *_on_their_way(found, period),
        *(task for month in (period.plus(-1), period) for task in _month(found, month, today)),
    ]


def _due(lists: Sequence[ListRow], period: Period) -> list[Task]:
    """Communes that have not handed in their list; one that was given back is a task of its own."""
    statuses = _statuses(lists, period)
    lacking = [commune for commune, said in statuses.items() if not said & {"SUBMITTED", "APPROVED", "RETURNED"}]
    last_day = {"last_day": period.first_day.replace(day=DUE_DAY - 1).isoformat()}
    tasks = [
        Task(
            role=access.COMMUNE_OFFICER,
            kind="list-due",
            number=1,
            area=commune,
            period=period,
            detail={**last_day, "begun": "DRAFT" in statuses[commune]},
        )
        for commune in lacking
    ]
    detail = {"communes": lacking, **last_day} if lacking else {}
    outstanding = Task(
        role=access.DISTRICT_OFFICER, kind="lists-outstanding", number=len(lacking), period=period, detail=detail
    )
    return [*tasks, outstanding]


def _on_their_way(lists: Sequence[ListRow], period: Period) -> list[Task]:
    """Lists of any month that wait for approval or to be mended; a successor has those of its predecessors."""
    waiting: dict[tuple[str, str, str | None, str], list[ListRow]] = {}
    for one in lists:
        commune = areas.commune_in(one.commune, one.period, period)
        if one.status == "RETURNED":
            waiting.setdefault((access.COMMUNE_OFFICER, "list-returned", commune, one.period), []).append(one)
            waiting.setdefault((access.DISTRICT_OFFICER, "lists-returned", None, one.period), []).append(one)
        if one.status == "SUBMITTED":
            waiting.setdefault((access.DISTRICT_OFFICER, "lists-to-approve", None, one.period), []).append(one)
            if one.by_office:
                waiting.setdefault((access.DISTRICT_APPROVER, "lists-to-approve", None, one.period), []).append(one)
    return [
        Task(
            role=role,
            kind=kind,
            number=len(rows),
            area=area,
            period=month,
            oldest=min((row.submitted_on for row in rows if row.submitted_on), default=None),
            detail={} if area else {"communes": sorted({row.commune for row in rows})},
        )
        for (role, kind, area, month), rows in waiting.items()
    ]


def _month(lists: Sequence[ListRow], period: Period, today: date) -> list[Task]:
    """The first two stations of the month, and each commune's list for the office's table."""
    statuses = _statuses(lists, period)
    handed = {commune: handed_in(said, is_late(period, today)) for commune, said in statuses.items()}
    approvals = {commune: approved(said) for commune, said in statuses.items()}
    table = {
        commune: {"status": _word(said), "late": any(one.late for one in lists if _is_of(one, commune, period))}
        for commune, said in statuses.items()
        if said
    }
    if not table and period != Period.of(today):
        return []
    figures: list[tuple[str, int, Mapping[str, object]]] = [
        ("station-lists", sum(state == "done" for state in handed.values()), handed),
        ("station-approvals", sum(state == "done" for state in approvals.values()), approvals),
        ("communes-lists", len(table), table),
    ]
    return [
        task
        for kind, number, communes in figures
        for task in Task.for_each(
            access.SEES_ALL, kind=kind, number=number, period=period, detail={"communes": communes}
        )
    ]


def handed_in(statuses: set[str], overdue: bool) -> State:
    """Whether a commune's list of a month has come: a returned one holds things up, and so does a missing one."""
    if "RETURNED" in statuses:
        return "stuck"
    if statuses & {"SUBMITTED", "APPROVED"}:
        return "done"
    if overdue:
        return "stuck"
    return "pending" if "DRAFT" in statuses else "empty"


def approved(statuses: set[str]) -> State:
    """Whether everything that a commune handed in for a month has taken effect."""
    if "RETURNED" in statuses:
        return "stuck"
    if "SUBMITTED" in statuses:
        return "pending"
    return "done" if "APPROVED" in statuses else "empty"


def _word(statuses: set[str]) -> str:
    """The status that a commune's row shows: what is still to be done about it comes first."""
    return next(one for one in ("RETURNED", "SUBMITTED", "DRAFT", "APPROVED") if one in statuses)


def _statuses(lists: Iterable[ListRow], period: Period) -> Mapping[str, set[str]]:
    """The statuses of each commune's lists of the month, in the order of the areas."""
    found: dict[str, set[str]] = {commune: set() for commune in areas.everywhere(period)}
    for one in lists:
        if one.period == period and one.commune in found:
            found[one.commune].add(one.status)
    return found


def _is_of(one: ListRow, commune: str, period: str) -> bool:
    return one.commune == commune and one.period == period

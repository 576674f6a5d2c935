"""A commune's change list on its way: draft, submitted, returned, approved, withdrawn. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, assert_never

from services.kernel.decider import Decider, Rejected
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry.list_events import (
    ListApproved,
    ListMended,
    ListOpened,
    ListReturned,
    ListRows,
    ListSubmitted,
    ListWithdrawn,
)

# "trước ngày 05 hàng tháng" (the plan, III.7): a list submitted on the 5th is late.
DUE_DAY = 5
NO_PERIOD = Period("0001-01")
Status = Literal["DRAFT", "SUBMITTED", "RETURNED", "APPROVED", "WITHDRAWN"]


@dataclass(frozen=True, slots=True)
class Open:
    """Enter a list."""

    list_id: str
    commune: str
    period: Period
    no_change: bool
    by: str
    rows: ListRows
    rows_digest: str


@dataclass(frozen=True, slots=True)
class Mend:
    """Put other rows in the place of the list's."""

    by: str
    rows: ListRows
    rows_digest: str


@dataclass(frozen=True, slots=True)
class Submit:
    """Hand it in; `errors`: how many its rows have."""

    by: str
    today: date
    errors: int


@dataclass(frozen=True, slots=True)
class Return:
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    by: str


@dataclass(frozen=True, slots=True)
class Approve:
    """Let it take effect; `errors` and `to_accept` are what the check of this moment found."""

    by: str
    allow_late: bool
    accept_warnings: bool
    reason: str | None
    errors: int
    to_accept: int
    closed: Collection[str]


Command = Open | Mend | Submit | Return | Withdraw | Approve


@dataclass(frozen=True, slots=True)
class State:
    """Where the list stands; `late` is None until the first submission decides it."""

    status: Status | None = None
    list_id: str = ""
    commune: str = ""
    period: Period = NO_PERIOD
    no_change: bool = False
    entered_by: frozenset[str] = frozenset()
    late: bool | None = None
    rows_digest: str = ""


def is_late(period: Period, day: date) -> bool:
    """Whether a list of that period, submitted on that day, is late."""
    return day >= period.first_day.replace(day=DUE_DAY)


def effective_period(period: Period, late: bool, let_in: bool, closed: Collection[str]) -> Period:
    """L: the period itself if in time or let in, else the first later one whose roll is not closed."""
    if not late or let_in:
        return period
    later = period.plus(1)
    while later in closed:
        later = later.plus(1)
    return later


def decide(command: Command, state: State) -> Sequence[Event]:
    """Rejected: `list-state`, `list-has-errors`, `list-without-rows`, `own-entry`, `warnings-not-accepted`."""
    match command:
        case Open():
            return [_opened(command)]
        case Mend():
            return _mend(command, state)
        case Submit():
            return _submit(command, state)
        case Return():
            _require(state, "SUBMITTED")
            return [ListReturned(list_id=state.list_id, returned_by=command.by, reason=command.reason)]
        case Withdraw():
            _require(state, "DRAFT", "SUBMITTED", "RETURNED")
            return [ListWithdrawn(list_id=state.list_id, withdrawn_by=command.by)]
        case Approve():
            return _approve(command, state)
        case _:
            assert_never(command)


def _opened(command: Open) -> ListOpened:
    return ListOpened(
        list_id=command.list_id,
        commune=command.commune,
        period=command.period,
        no_change=command.no_change,
        entered_by=command.by,
        rows_digest=command.rows_digest,
        row_count=len(command.rows.rows),
        personal=command.rows,
    )


def _mend(command: Mend, state: State) -> Sequence[Event]:
    _require(state, "DRAFT", "RETURNED")
    mended = ListMended(
        list_id=state.list_id,
        mended_by=command.by,
        rows_digest=command.rows_digest,
        row_count=len(command.rows.rows),
        personal=command.rows,
    )
    return [mended]


def _submit(command: Submit, state: State) -> Sequence[Event]:
    _require(state, "DRAFT", "RETURNED")
    if command.errors:
        raise Rejected("list-has-errors", count=command.errors)
    late = is_late(state.period, command.today) if state.late is None else state.late
    return [ListSubmitted(list_id=state.list_id, submitted_by=command.by, submitted_on=command.today, late=late)]


def _approve(command: Approve, state: State) -> Sequence[Event]:
    _require(state, "SUBMITTED")
    if command.by in state.entered_by:
        raise Rejected("own-entry")
    if command.errors:
        raise Rejected("list-has-errors", count=command.errors)
    if command.to_accept and not (command.accept_warnings and command.reason):
        raise Rejected("warnings-not-accepted", count=command.to_accept)
    late = bool(state.late)
    return [
        ListApproved(
            list_id=state.list_id,
            commune=state.commune,
            approved_by=command.by,
            effective_period=effective_period(state.period, late, command.allow_late, command.closed),
            let_in=late and command.allow_late,
            accepted_warnings=bool(command.to_accept),
            reason=command.reason,
            rows_digest=state.rows_digest,
        )
    ]


def _require(state: State, *allowed: Status) -> None:
    if state.status not in allowed:
        raise Rejected("list-state", status=state.status)


def evolve(state: State, event: Event) -> State:
    """Whoever entered, mended or submitted the list is remembered: none of them may approve it."""
    match event:
        case ListOpened():
            return State(
                "DRAFT",
                event.list_id,
                event.commune,
                event.period,
                event.no_change,
                frozenset({event.entered_by}),
                None,
                event.rows_digest,
            )
        case ListMended():
            return replace(state, entered_by=state.entered_by | {event.mended_by}, rows_digest=event.rows_digest)
        case ListSubmitted():
            people = state.entered_by | {event.submitted_by}
            return replace(state, status="SUBMITTED", late=event.late, entered_by=people)
        case ListReturned():
            return replace(state, status="RETURNED")
        case ListWithdrawn():
            return replace(state, status="WITHDRAWN")
        case ListApproved():
            return replace(state, status="APPROVED")
        case _:
            return state


change_list: Decider[Command, State, Event] = Decider(State, decide, evolve)

"""A payment run: prepared by one person, approved and sent by another. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, assert_never

from services.disbursement.events import (
    RunApproved,
    RunCancelled,
    RunPrepared,
    RunRefused,
    RunSent,
)
from services.kernel.decider import Decider, Rejected
from services.kernel.event_types import Event

Status = Literal["PREPARED", "APPROVED", "SENT", "REFUSED", "CANCELLED"]


@dataclass(frozen=True, slots=True)
class Prepare:
    prepared: RunPrepared


@dataclass(frozen=True, slots=True)
class Approve:
    by: str


@dataclass(frozen=True, slots=True)
class Refuse:
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Send:
    by: str
    today: date


@dataclass(frozen=True, slots=True)
class Cancel:
    by: str
    reason: str


Command = Prepare | Approve | Refuse | Send | Cancel


@dataclass(frozen=True, slots=True)
class State:
    prepared: RunPrepared | None = None
    status: Status | None = None


def decide(command: Command, state: State) -> Sequence[Event]:
    """Rejected: `run-state` (not possible now), `own-entry` (whoever prepared a run never approves or sends it)."""
    match command:
        case Prepare():
            return [command.prepared]
        case Approve():
            run = _second_person(command.by, state, "PREPARED")
            return [RunApproved(run_id=run.run_id, approved_by=command.by, amount=run.totals.amount, digest=run.digest)]
        case Refuse():
            run = _in(state, "PREPARED")
            return [RunRefused(run_id=run.run_id, refused_by=command.by, reason=command.reason)]
        case Send():
            run = _second_person(command.by, state, "APPROVED")
            return [RunSent(run_id=run.run_id, sent_by=command.by, sent_on=command.today)]
        case Cancel():
            run = _in(state, "PREPARED", "APPROVED")
            return [RunCancelled(run_id=run.run_id, cancelled_by=command.by, reason=command.reason)]
        case _:
            assert_never(command)


def _in(state: State, *allowed: Status) -> RunPrepared:
    if state.prepared is None or state.status not in allowed:
        raise Rejected("run-state", status=state.status)
    return state.prepared


def _second_person(by: str, state: State, allowed: Status) -> RunPrepared:
    run = _in(state, allowed)
    if by == run.prepared_by:
        raise Rejected("own-entry")
    return run


def evolve(state: State, event: Event) -> State:
    match event:
        case RunPrepared():
            return State(event, "PREPARED")
        case RunApproved():
            return replace(state, status="APPROVED")
        case RunRefused():
            return replace(state, status="REFUSED")
        case RunCancelled():
            return replace(state, status="CANCELLED")
        case RunSent():
            return replace(state, status="SENT")
        case _:
            return state


run: Decider[Command, State, Event] = Decider(State, decide, evolve)

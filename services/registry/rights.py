"""Decisions on a person's rights: granted, ended, suspended, resumed, adjusted. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from services.kernel.decider import Rejected
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry import death, ending
from services.registry.commands import Adjust, Die, End, Frame, Grant, OnRights, Resume, Scope, Suspend
from services.registry.entitlement import Entitlement, Suspension, Terms
from services.registry.events import (
    BeneficiaryMoved,
    EntitlementAdjusted,
    EntitlementGranted,
    EntitlementResumed,
    EntitlementSuspended,
    PayoutChosen,
    SuspendCause,
)
from services.registry.person import State


def decide(command: OnRights, state: State) -> Sequence[Event]:
    """Rejected: `right-runs-already`, `right-unknown`, `right-ambiguous`, `suspended-already`, `not-suspended`."""
    match command:
        case Grant():
            return _grant(command, state)
        case End():
            return ending.end(command, state)
        case Die():
            return list(death.die(command, state))
        case Suspend():
            return _suspend(command, state)
        case Resume():
            return _resume(command, state)
        case Adjust():
            return _adjust(command, state)
        case _:
            assert_never(command)


def _grant(command: Grant, state: State) -> Sequence[Event]:
    right = (command.programme, command.item, command.code)
    for one in state.entitlements:
        # What ended with its first month never was, and is in nobody's way.
        if one.right == right and (one.end is None or max(command.first_month, one.first_month) < one.end):
            raise Rejected("right-runs-already")
    return [*_settle(command, state), *_revived(command, state), _granted(command, state.beneficiary_id)]


def _settle(command: Grant, state: State) -> Iterable[Event]:
    """Whoever has no running right and joins again in another commune lives there from then on."""
    month = max(command.first_month, command.frame.effective_period)
    commune = command.frame.commune_in(month)
    if not state.running and state.commune_in(month) != commune:
        yield BeneficiaryMoved(
            beneficiary_id=state.beneficiary_id, commune=commune, from_month=month, list_id=command.frame.list_id
        )


def _revived(command: Grant, state: State) -> Iterable[Event]:
    """Whoever was taken for dead receives as before: the family's payee goes with the death."""
    last = state.payouts[-1] if state.payouts else None
    if last is None or not last.after_death:
        return
    before = next((one for one in reversed(state.payouts) if not one.after_death), None)
    yield PayoutChosen(
        beneficiary_id=state.beneficiary_id,
        from_month=max(command.first_month, command.frame.effective_period),
        wish=last.wish,
        relation=before.relation if before else None,
        personal=before.personal if before else None,
    )


def _granted(command: Grant, beneficiary_id: str) -> EntitlementGranted:
    return EntitlementGranted(
        beneficiary_id=beneficiary_id,
        entitlement_id=command.entitlement_id,
        programme=command.programme,
        item=command.item,
        code=command.code,
        amount=command.terms.amount,
        follows_catalogue=command.terms.follows_catalogue,
        multiple=command.terms.multiple,
        first_month=command.first_month,
        roll_from=max(command.first_month, command.frame.effective_period),
        effective_period=command.frame.effective_period,
        list_id=command.frame.list_id,
    )


def _suspend(command: Suspend, state: State) -> Sequence[Event]:
    running = [right for right in state.running if command.scope.covers(right)]
    if not running:
        raise Rejected("right-unknown")
    chosen = [right for right in running if right.suspension is None]
    if not chosen:
        raise Rejected("suspended-already")
    return [
        _suspended(right.entitlement_id, command.from_month, command.cause, command.frame, state) for right in chosen
    ]


def _resume(command: Resume, state: State) -> Sequence[Event]:
    meant = [right for right in state.entitlements if command.scope.covers(right)]
    if not meant:
        raise Rejected("right-unknown")
    chosen = [right for right in meant if right.suspension is not None]
    if not chosen:
        raise Rejected("not-suspended")
    return [_resumed(right.entitlement_id, command.from_month, command.frame, state) for right in chosen]


def _resumed(entitlement_id: str, month: Period, frame: Frame, state: State) -> EntitlementResumed:
    return EntitlementResumed(
        beneficiary_id=state.beneficiary_id,
        entitlement_id=entitlement_id,
        from_month=month,
        effective_period=frame.effective_period,
        list_id=frame.list_id,
    )


def adjusted_right(scope: Scope, state: State) -> tuple[Entitlement, bool]:
    """The running right that an adjustment means, and whether it replaces it by another.

    Rejected: `right-unknown` (nothing runs there), `right-ambiguous` (several could be meant).
    """
    in_programme = [right for right in state.running if scope.programme in (None, right.programme)]
    meant = [right for right in in_programme if scope.covers(right)]
    replaces = not meant and (scope.code is not None or scope.item is not None)
    candidates = in_programme if replaces else meant
    if not candidates:
        raise Rejected("right-unknown")
    if len(candidates) > 1:
        raise Rejected("right-ambiguous")
    return candidates[0], replaces


def _adjust(command: Adjust, state: State) -> Sequence[Event]:
    right, replaces = adjusted_right(command.scope, state)
    if replaces:
        return _replace(command, right, state)
    terms = command.terms
    if terms is None:
        return []
    return [
        EntitlementAdjusted(
            beneficiary_id=state.beneficiary_id,
            entitlement_id=one.entitlement_id,
            amount=terms.amount,
            follows_catalogue=terms.follows_catalogue,
            multiple=terms.multiple,
            from_month=command.from_month,
            effective_period=command.frame.effective_period,
            list_id=command.frame.list_id,
        )
        for one in ending.continued(right, command.from_month, state)
        if one.code == right.code and not _stands(one, command)
    ]


def _stands(right: Entitlement, command: Adjust) -> bool:
    """Whether the right has these terms in all months from then on already."""
    granted = Terms(right.granted.amount, right.granted.follows_catalogue, right.granted.multiple)
    untouched = not any(isinstance(change, EntitlementAdjusted) for change in right.changes)
    same = granted == command.terms or (
        command.terms is not None
        and granted.follows_catalogue
        and command.terms.follows_catalogue
        and granted.multiple == command.terms.multiple
    )
    return untouched and same


def _replace(command: Adjust, right: Entitlement, state: State) -> Sequence[Event]:
    scope = command.scope
    if scope.code is None and right.programme != "KHAC":
        raise Rejected("right-unknown")
    if command.terms is None:
        raise Rejected("amount-needed")
    grant = Grant(
        entitlement_id=command.entitlement_id,
        programme=right.programme,
        item=scope.item,
        code=scope.code,
        terms=command.terms,
        first_month=command.from_month,
        frame=command.frame,
    )
    replaced = list(ending.continued(right, command.from_month, state))
    suspensions = sorted((one for right in replaced for one in _in_its_time(right)), key=lambda one: one.first)
    return [
        *(ending.ended(one, command.from_month, "REPLACED", command.frame) for one in replaced),
        _granted(grant, state.beneficiary_id),
        *(event for one in suspensions for event in _carried(one, command, state)),
    ]


def _in_its_time(right: Entitlement) -> Iterable[Suspension]:
    """The right's suspensions up to its end: what stays suspended after it, stays so under what followed it."""
    for one in right.suspensions:
        until = min(filter(None, (one.resumed, right.end)), default=None)
        if until is None or one.first < until:
            yield replace(one, resumed=until)


def _carried(suspension: Suspension, command: Adjust, state: State) -> Iterable[Event]:
    """What was suspended stays so under its new code, until the month from which it was resumed, if it was."""
    first = max(suspension.first, command.from_month)
    if suspension.resumed is None or suspension.resumed > first:
        yield _suspended(command.entitlement_id, first, suspension.cause, command.frame, state)
        if suspension.resumed:
            yield _resumed(command.entitlement_id, suspension.resumed, command.frame, state)


def _suspended(
    entitlement_id: str, month: Period, cause: SuspendCause, frame: Frame, state: State
) -> EntitlementSuspended:
    return EntitlementSuspended(
        beneficiary_id=state.beneficiary_id,
        entitlement_id=entitlement_id,
        from_month=month,
        cause=cause,
        effective_period=frame.effective_period,
        list_id=frame.list_id,
    )

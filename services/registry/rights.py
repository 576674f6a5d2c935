"""Decisions on a person's rights: granted, ended, suspended, resumed, adjusted, and what a death does. Pure."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from services.kernel.decider import Rejected
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry.catalogue import CARE
from services.registry.commands import Adjust, Die, End, Frame, Grant, OnRights, Resume, Scope, Suspend
from services.registry.entitlement import Entitlement, Terms
from services.registry.events import (
    BeneficiaryDied,
    BeneficiaryMoved,
    EndCause,
    EntitlementAdjusted,
    EntitlementEnded,
    EntitlementGranted,
    EntitlementResumed,
    EntitlementSuspended,
    FuneralGranted,
    PayoutChosen,
)
from services.registry.person import State

# The time of resistance (item 12) is no obstacle to the grant of social assistance.
NO_RIVAL_OF_GRANT = "12"


def decide(command: OnRights, state: State) -> Sequence[Event]:
    """Rejected: `right-runs-already`, `right-unknown`, `right-ambiguous`, `suspended-already`, `not-suspended`."""
    match command:
        case Grant():
            return _grant(command, state)
        case End():
            return _end(command, state)
        case Die():
            return list(_die(command, state))
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
        if one.right == right and (one.end is None or command.first_month < one.end):
            raise Rejected("right-runs-already")
    return [*_settle(command, state), _granted(command, state.beneficiary_id)]


def _settle(command: Grant, state: State) -> Iterable[Event]:
    """Whoever has no running right and joins again in another commune lives there from then on."""
    commune, month = command.frame.commune, max(command.first_month, command.frame.effective_period)
    if not state.running and state.commune_in(month) != commune:
        yield BeneficiaryMoved(
            beneficiary_id=state.beneficiary_id, commune=commune, from_month=month, list_id=command.frame.list_id
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


def _ended(right: Entitlement, month: Period, cause: EndCause, frame: Frame) -> EntitlementEnded:
    return EntitlementEnded(
        beneficiary_id=right.granted.beneficiary_id,
        entitlement_id=right.entitlement_id,
        from_month=month,
        cause=cause,
        at_once=cause != "REPLACED",
        effective_period=frame.effective_period,
        list_id=frame.list_id,
    )


def _end(command: End, state: State) -> Sequence[Event]:
    meant = [right for right in state.entitlements if command.scope.covers(right)]
    chosen = [right for right in meant if right.end is None]
    if not chosen:
        latest = max((right.end for right in meant if right.end), default=None)
        chosen = [right for right in meant if right.end == latest]
    if not chosen:
        raise Rejected("right-unknown")
    return [
        _ended(right, command.from_month, command.cause, command.frame)
        for right in chosen
        if right.end != command.from_month
    ]


def _die(command: Die, state: State) -> Iterable[Event]:
    """A death ends everything and never moves an end later; the grant goes to whom the row names."""
    if not state.entitlements:
        raise Rejected("right-unknown")
    for right in state.entitlements:
        if right.end is None or right.end > command.from_month:
            yield _ended(right, command.from_month, "DEATH", command.frame)
    month = command.from_month.plus(-1)
    if state.died is None or month < state.died.month:
        grant = command.grant if _has_assistance(state, month) else 0
        death = BeneficiaryDied(
            beneficiary_id=state.beneficiary_id,
            month=month,
            funeral_grant=grant,
            office_decides=bool(grant) and _has_merit(state, month),
            effective_period=command.frame.effective_period,
            list_id=command.frame.list_id,
        )
        yield death
    else:
        death = state.died
    if command.payee:
        yield from _named(command, state, death)


def _named(command: Die, state: State, death: BeneficiaryDied) -> Iterable[Event]:
    """The family's payee, and the grant that goes to them."""
    before = state.payouts[-1] if state.payouts else None
    yield PayoutChosen(
        beneficiary_id=state.beneficiary_id,
        from_month=max(command.from_month, command.frame.effective_period),
        wish=before.wish if before else None,
        relation=command.relation or "AUTHORISED",
        after_death=True,
        personal=command.payee,
    )
    yield from grant_funeral(state, death, command.frame)


def grant_funeral(state: State, death: BeneficiaryDied, frame: Frame) -> Iterable[Event]:
    """The grant, once, unless the office has to decide."""
    if death.funeral_grant and not death.office_decides and state.funeral is None:
        yield FuneralGranted(
            beneficiary_id=state.beneficiary_id,
            amount=death.funeral_grant,
            effective_period=frame.effective_period,
            list_id=frame.list_id,
        )


def _had_in(right: Entitlement, month: Period) -> bool:
    return right.first_month <= month and (right.end is None or month < right.end)


def _has_assistance(state: State, month: Period) -> bool:
    return any(
        right.programme == "BTXH" and not str(right.code).startswith(CARE) and _had_in(right, month)
        for right in state.entitlements
    )


def _has_merit(state: State, month: Period) -> bool:
    return any(
        right.programme == "NCC" and right.item != NO_RIVAL_OF_GRANT and _had_in(right, month)
        for right in state.entitlements
    )


def _suspend(command: Suspend, state: State) -> Sequence[Event]:
    running = [right for right in state.running if command.scope.covers(right)]
    if not running:
        raise Rejected("right-unknown")
    chosen = [right for right in running if right.suspension is None]
    if not chosen:
        raise Rejected("suspended-already")
    return [
        EntitlementSuspended(
            beneficiary_id=state.beneficiary_id,
            entitlement_id=right.entitlement_id,
            from_month=command.from_month,
            cause=command.cause,
            effective_period=command.frame.effective_period,
            list_id=command.frame.list_id,
        )
        for right in chosen
    ]


def _resume(command: Resume, state: State) -> Sequence[Event]:
    meant = [right for right in state.entitlements if command.scope.covers(right)]
    if not meant:
        raise Rejected("right-unknown")
    chosen = [right for right in meant if right.suspension is not None]
    if not chosen:
        raise Rejected("not-suspended")
    return [
        EntitlementResumed(
            beneficiary_id=state.beneficiary_id,
            entitlement_id=right.entitlement_id,
            from_month=command.from_month,
            effective_period=command.frame.effective_period,
            list_id=command.frame.list_id,
        )
        for right in chosen
    ]


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
    if command.terms is None or _stands(right, command):
        return []
    return [
        EntitlementAdjusted(
            beneficiary_id=state.beneficiary_id,
            entitlement_id=right.entitlement_id,
            amount=command.terms.amount,
            follows_catalogue=command.terms.follows_catalogue,
            multiple=command.terms.multiple,
            from_month=command.from_month,
            effective_period=command.frame.effective_period,
            list_id=command.frame.list_id,
        )
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
    return [_ended(right, command.from_month, "REPLACED", command.frame), _granted(grant, state.beneficiary_id)]

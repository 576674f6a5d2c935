"""What a death does: it ends every right, and may give the family a funeral grant (NĐ 20/2021 Đ11). Pure."""

from collections.abc import Iterable

from services.kernel.decider import Rejected
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry.catalogue import CARE
from services.registry.commands import Die, Frame
from services.registry.ending import ended
from services.registry.entitlement import Entitlement
from services.registry.events import BeneficiaryDied, FuneralGranted, PayoutChosen
from services.registry.person import State

# The time of resistance (item 12) is no obstacle to the grant of social assistance.
NO_RIVAL_OF_GRANT = "12"


def die(command: Die, state: State) -> Iterable[Event]:
    """A death ends everything and never moves an end later; the grant goes to whom the row names."""
    if not state.entitlements:
        raise Rejected("right-unknown")
    for right in state.entitlements:
        if right.end is None or right.end > command.from_month:
            yield ended(right, command.from_month, "DEATH", command.frame)
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
    elif state.payouts and state.payouts[-1].after_death:
        yield from grant_funeral(state, death, command.frame)


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
    """The grant, once (of another amount if the month of death was wrong), unless the office has to decide."""
    known = state.funeral is not None and state.funeral.amount == death.funeral_grant
    if death.funeral_grant and not death.office_decides and not known:
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

"""Decisions on moves inside the district: two halves, told by two communes, make one move. Pure."""

from collections.abc import Iterable, Sequence

from services.kernel.decider import Rejected
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.reference import areas
from services.registry.commands import LapseMove, ReportMove
from services.registry.events import BeneficiaryMoved, EntitlementEnded, MoveLapsed, MoveReported, PayoutChosen
from services.registry.person import State


def report(command: ReportMove, state: State) -> Sequence[Event]:
    """One half keeps the person where they were; the second moves them, in the later month of the two.

    Rejected: `right-unknown` (who has no running right cannot move), `lives-there-already`.
    """
    if not state.running:
        raise Rejected("right-unknown")
    if state.last_move and state.last_move.list_id == command.frame.list_id:
        return []  # a list has a row for each right, and together they are one move
    if command.half == "IN" and _last_home(state, command.frame.effective_period) == command.commune:
        if state.half("OUT"):
            return [MoveLapsed(beneficiary_id=state.beneficiary_id, half="OUT")]
        raise Rejected("lives-there-already")
    half = _half(command, state)
    other = state.half("IN" if command.half == "OUT" else "OUT")
    if other is not None:
        return list(_move(half, other, state))
    known = state.half(command.half)
    return [] if known and known.model_copy(update={"list_id": half.list_id}) == half else [half]


def _last_home(state: State, period: Period) -> str:
    home = state.residences[-1]
    return areas.commune_in(home.commune, home.from_month, period)


def _half(command: ReportMove, state: State) -> MoveReported:
    before = state.half(command.half)
    return MoveReported(
        beneficiary_id=state.beneficiary_id,
        half=command.half,
        commune=command.commune,
        from_month=max(command.from_month, before.from_month) if before else command.from_month,
        effective_period=command.frame.effective_period,
        list_id=command.frame.list_id,
        wish=command.wish,
        relation=command.relation,
        personal=command.payee,
    )


def _move(half: MoveReported, other: MoveReported, state: State) -> Iterable[Event]:
    arrival = half if half.half == "IN" else other
    month = max(half.from_month, half.effective_period, other.from_month, other.effective_period)
    yield BeneficiaryMoved(
        beneficiary_id=state.beneficiary_id,
        commune=areas.commune_in(str(arrival.commune), arrival.effective_period, month),
        from_month=month,
        list_id=half.list_id,
    )
    before = state.payouts[-1] if state.payouts else None
    wish = arrival.wish or (before.wish if before else None)
    relation, payee = arrival.relation, arrival.personal
    if relation is None and before:
        relation, payee = before.relation, before.personal
    said = (before.wish, before.relation, before.personal) if before else (None, None, None)
    if said != (wish, relation, payee):
        yield PayoutChosen(
            beneficiary_id=state.beneficiary_id, from_month=month, wish=wish, relation=relation, personal=payee
        )


def lapse(command: LapseMove, state: State) -> Sequence[Event]:
    """A half out becomes an end from the month it named; a half in is dropped."""
    half = state.half(command.half)
    if half is None:
        return []
    lapsed = MoveLapsed(beneficiary_id=state.beneficiary_id, half=command.half)
    if command.half == "IN":
        return [lapsed]
    ends = [
        EntitlementEnded(
            beneficiary_id=state.beneficiary_id,
            entitlement_id=right.entitlement_id,
            from_month=half.from_month,
            cause="MOVED_AWAY",
            at_once=True,
            effective_period=command.frame.effective_period,
            list_id=half.list_id,
        )
        for right in state.running
    ]
    return [lapsed, *ends]

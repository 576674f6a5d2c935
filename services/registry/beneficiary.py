"""A person and their rights as one aggregate: every command decided, every event evolved. Pure."""

from collections.abc import Iterable, Sequence

from services.kernel.decider import Decider, Rejected
from services.kernel.event_types import Event
from services.registry import death, moves, rights
from services.registry.commands import (
    ChangeDetails,
    ChoosePayout,
    Command,
    LapseMove,
    Register,
    ReportMove,
    Review,
)
from services.registry.events import (
    BeneficiaryAdded,
    BeneficiaryReviewed,
    PayoutChosen,
    PersonalDetailsChanged,
)
from services.registry.person import State, evolve


def decide(command: Command, state: State) -> Sequence[Event]:
    """What the command makes happen. Rejected: `person-known`, `person-unknown`, and those of `rights` and `moves`."""
    if isinstance(command, Register):
        return _register(command, state)
    if not state.beneficiary_id:
        raise Rejected("person-unknown")
    match command:
        case ChoosePayout():
            return list(_choose(command, state))
        case ChangeDetails():
            return _change(command, state)
        case Review():
            return _review(command, state)
        case ReportMove():
            return moves.report(command, state)
        case LapseMove():
            return moves.lapse(command, state)
        case _:
            return rights.decide(command, state)


def _register(command: Register, state: State) -> Sequence[Event]:
    if state.beneficiary_id:
        raise Rejected("person-known")
    return [
        BeneficiaryAdded(
            beneficiary_id=command.beneficiary_id,
            commune=command.commune,
            from_month=command.from_month,
            has_citizen_id=command.personal.citizen_id is not None,
            list_id=command.list_id,
            personal=command.personal,
        )
    ]


def _choose(command: ChoosePayout, state: State) -> Iterable[Event]:
    before = state.payouts[-1] if state.payouts else None
    wish = command.wish or (before.wish if before and not command.clear_wish else None)
    relation, payee = command.relation, command.payee
    if relation is None and before and not command.clear_payee:
        relation, payee = before.relation, before.personal
    named_before = before is not None and before.after_death and not command.clear_payee
    after_death = state.died is not None and (command.payee is not None or named_before)
    said = (before.wish, before.relation, before.personal, before.after_death) if before else (None, None, None, False)
    if said[:3] == (wish, relation, payee) and said[3] >= after_death:
        return
    yield PayoutChosen(
        beneficiary_id=state.beneficiary_id,
        from_month=command.from_month,
        wish=wish,
        relation=relation,
        after_death=after_death,
        personal=payee,
    )
    if after_death and state.died and command.frame:
        yield from death.grant_funeral(state, state.died, command.frame)


def _change(command: ChangeDetails, state: State) -> Sequence[Event]:
    if state.personal == command.personal:
        return []
    return [
        PersonalDetailsChanged(
            beneficiary_id=state.beneficiary_id,
            has_citizen_id=command.personal.citizen_id is not None,
            corrected=command.corrected,
            list_id=command.list_id,
            personal=command.personal,
        )
    ]


def _review(command: Review, state: State) -> Sequence[Event]:
    if command.reviewed_on in state.reviewed:
        return []
    return [
        BeneficiaryReviewed(
            beneficiary_id=state.beneficiary_id, reviewed_on=command.reviewed_on, commune=command.commune
        )
    ]


beneficiary: Decider[Command, State, Event] = Decider(State, decide, evolve)

"""A person and their rights: state, commands, decide, evolve. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from services.kernel.decider import Decider, Rejected
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.reference.programmes import Programme
from services.registry.events import (
    BeneficiaryAdded,
    BeneficiaryReviewed,
    EntitlementGranted,
    PayeeDetails,
    PayoutChosen,
    PersonalDetails,
    Relation,
    Residence,
    Wish,
)


@dataclass(frozen=True, slots=True)
class Register:
    """Take a person up in the register."""

    beneficiary_id: str
    commune: str
    from_month: Period
    list_id: str
    personal: PersonalDetails


@dataclass(frozen=True, slots=True)
class Grant:
    """Grant a right from `first_month` on, by a list that takes effect in `effective_period` (L)."""

    entitlement_id: str
    programme: Programme
    item: str | None
    code: str | None
    amount: int
    follows_catalogue: bool
    multiple: int
    first_month: Period
    effective_period: Period
    list_id: str


@dataclass(frozen=True, slots=True)
class ChoosePayout:
    """State the wish or the payee; what is None keeps what was stated before."""

    from_month: Period
    wish: Wish | None
    relation: Relation | None
    payee: PayeeDetails | None


@dataclass(frozen=True, slots=True)
class Review:
    """Record that the commune looked into the case."""

    reviewed_on: date
    commune: str


Command = Register | Grant | ChoosePayout | Review


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a person; `beneficiary_id` is "" before they are registered."""

    beneficiary_id: str = ""
    personal: PersonalDetails | None = None
    residences: tuple[Residence, ...] = ()
    entitlements: tuple[EntitlementGranted, ...] = ()
    payouts: tuple[PayoutChosen, ...] = ()
    reviewed: frozenset[date] = frozenset()


def decide(command: Command, state: State) -> Sequence[Event]:
    """What the command makes happen. Rejected: `person-known`, `person-unknown`, `right-runs-already`."""
    match command:
        case Register():
            return _register(command, state)
        case Grant():
            return _grant(command, state)
        case ChoosePayout():
            return _choose(command, state)
        case Review():
            return _review(command, state)
        case _:
            assert_never(command)


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


def _grant(command: Grant, state: State) -> Sequence[Event]:
    _require_known(state)
    right = (command.programme, command.item, command.code)
    if any((one.programme, one.item, one.code) == right for one in state.entitlements):
        raise Rejected("right-runs-already")
    return [
        EntitlementGranted(
            beneficiary_id=state.beneficiary_id,
            entitlement_id=command.entitlement_id,
            programme=command.programme,
            item=command.item,
            code=command.code,
            amount=command.amount,
            follows_catalogue=command.follows_catalogue,
            multiple=command.multiple,
            first_month=command.first_month,
            roll_from=max(command.first_month, command.effective_period),
            effective_period=command.effective_period,
            list_id=command.list_id,
        )
    ]


def _choose(command: ChoosePayout, state: State) -> Sequence[Event]:
    _require_known(state)
    before = state.payouts[-1] if state.payouts else None
    wish = command.wish or (before.wish if before else None)
    relation, payee = command.relation, command.payee
    if relation is None and before:
        relation, payee = before.relation, before.personal
    if before and (before.wish, before.relation, before.personal) == (wish, relation, payee):
        return []
    return [
        PayoutChosen(
            beneficiary_id=state.beneficiary_id,
            from_month=command.from_month,
            wish=wish,
            relation=relation,
            personal=payee,
        )
    ]


def _review(command: Review, state: State) -> Sequence[Event]:
    _require_known(state)
    if command.reviewed_on in state.reviewed:
        return []
    return [
        BeneficiaryReviewed(
            beneficiary_id=state.beneficiary_id, reviewed_on=command.reviewed_on, commune=command.commune
        )
    ]


def _require_known(state: State) -> None:
    if not state.beneficiary_id:
        raise Rejected("person-unknown")


def evolve(state: State, event: Event) -> State:
    """The state after an event; `DueChanged` only tells others what follows from the state."""
    match event:
        case BeneficiaryAdded():
            home = Residence(commune=event.commune, from_month=event.from_month)
            return replace(state, beneficiary_id=event.beneficiary_id, personal=event.personal, residences=(home,))
        case EntitlementGranted():
            return replace(state, entitlements=(*state.entitlements, event))
        case PayoutChosen():
            return replace(state, payouts=(*state.payouts, event))
        case BeneficiaryReviewed():
            return replace(state, reviewed=state.reviewed | {event.reviewed_on})
        case _:
            return state


beneficiary: Decider[Command, State, Event] = Decider(State, decide, evolve)

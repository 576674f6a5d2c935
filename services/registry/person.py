"""What is known of a person, and what each event makes of it. Pure."""

from dataclasses import dataclass, replace
from datetime import date

from services.kernel.event_types import Event
from services.kernel.period import Period
from services.reference import areas
from services.registry import entitlement
from services.registry.entitlement import Entitlement
from services.registry.events import (
    BeneficiaryAdded,
    BeneficiaryDied,
    BeneficiaryMoved,
    BeneficiaryReviewed,
    DueChanged,
    EntitlementGranted,
    FuneralGranted,
    MoveHalf,
    MoveLapsed,
    MoveReported,
    PayoutChosen,
    PersonalDetails,
    PersonalDetailsChanged,
    Residence,
)

# What a person's stream tells others; nothing here hangs on it.
UNREAD = (DueChanged.type_name(),)


@dataclass(frozen=True, slots=True)
class State:
    """`beneficiary_id` is "" before the person is registered; `halves`: open halves of a move."""

    beneficiary_id: str = ""
    personal: PersonalDetails | None = None
    residences: tuple[Residence, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    payouts: tuple[PayoutChosen, ...] = ()
    reviewed: frozenset[date] = frozenset()
    died: BeneficiaryDied | None = None
    funeral: FuneralGranted | None = None
    halves: tuple[MoveReported, ...] = ()
    last_move: BeneficiaryMoved | None = None

    @property
    def running(self) -> tuple[Entitlement, ...]:
        """The rights whose end is not known; suspended ones too."""
        return tuple(right for right in self.entitlements if right.end is None)

    def half(self, which: MoveHalf) -> MoveReported | None:
        return next((one for one in self.halves if one.half == which), None)

    def commune_in(self, month: Period) -> str:
        """Where the person is registered in that month, as the commune is called then."""
        homes = [home for home in self.residences if home.from_month <= month] or list(self.residences[:1])
        return areas.commune_in(homes[-1].commune, homes[-1].from_month, month)


def evolve(state: State, event: Event) -> State:
    """The state after an event; `DueChanged` only tells others what follows from the state."""
    match event:
        case BeneficiaryAdded():
            home = Residence(commune=event.commune, from_month=event.from_month)
            return replace(state, beneficiary_id=event.beneficiary_id, personal=event.personal, residences=(home,))
        case PersonalDetailsChanged():
            return replace(state, personal=event.personal)
        case PayoutChosen():
            return replace(state, payouts=(*state.payouts, event))
        case BeneficiaryReviewed():
            return replace(state, reviewed=state.reviewed | {event.reviewed_on})
        case BeneficiaryDied():
            return replace(state, died=event)
        case FuneralGranted():
            return replace(state, funeral=event)
        case MoveReported():
            others = tuple(one for one in state.halves if one.half != event.half)
            return replace(state, halves=(*others, event))
        case MoveLapsed():
            return replace(state, halves=tuple(one for one in state.halves if one.half != event.half))
        case BeneficiaryMoved():
            kept = tuple(home for home in state.residences if home.from_month < event.from_month)
            home = Residence(commune=event.commune, from_month=event.from_month)
            return replace(state, residences=(*kept, home), halves=(), last_move=event)
        case EntitlementGranted():
            # Somebody who is granted a right anew is not dead: the death was a mistake of another list, its grant too.
            rights = entitlement.evolve(state.entitlements, event)
            return replace(state, entitlements=rights, died=None, funeral=None)
        case _:
            rights = entitlement.evolve(state.entitlements, event)
            return state if rights is state.entitlements else replace(state, entitlements=rights)

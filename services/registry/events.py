"""What registry says to the world: who is entitled to what, and what is due to them.

Months are `Period`s; `last`/`last_month` are included, None while open. Amounts are whole đồng a month.
"""

from datetime import date
from typing import Literal

from services.kernel.event_types import Event, EventTypes, Part
from services.kernel.period import Period
from services.reference.programmes import Programme
from services.registry.list_events import (
    ListApproved,
    ListMended,
    ListOpened,
    ListReturned,
    ListSubmitted,
    ListWithdrawn,
)

Wish = Literal["ACCOUNT", "CASH"]
Relation = Literal["GUARDIAN", "AUTHORISED"]
Sex = Literal["M", "F"]
EndCause = Literal["ORDINARY", "DEATH", "REPLACED", "MOVED_AWAY", "UNCOLLECTED"]
SuspendCause = Literal["ORDINARY", "UNCOLLECTED"]
MoveHalf = Literal["OUT", "IN"]


class PersonalDetails(Part):
    """Who the person is. `birth` is a day `YYYY-MM-DD` or only a year `YYYY`."""

    name: str
    birth: str
    sex: Sex
    citizen_id: str | None = None
    old_id: str | None = None
    phone: str | None = None
    address: str | None = None


class PayeeDetails(Part):
    """Who receives in the person's place (người nhận thay)."""

    name: str
    citizen_id: str | None = None


class BeneficiaryAdded(Event):
    """A person was registered, living in `commune` from `from_month` on."""

    beneficiary_id: str
    commune: str
    from_month: Period
    has_citizen_id: bool
    list_id: str
    personal: PersonalDetails | None = None


class EntitlementGranted(Event):
    """A right: programme, item of Form 2 (None for BTXH), code of the catalogue (None where KHAC has none).

    `amount` is what the list said; where `follows_catalogue` the catalogue's figure of each month counts instead,
    times `multiple`. `first_month`: first month of the right; `roll_from`: first month on the roll;
    `effective_period`: L, the first run that pays it.
    """

    beneficiary_id: str
    entitlement_id: str
    programme: Programme
    item: str | None
    code: str | None
    amount: int
    follows_catalogue: bool
    multiple: int = 1
    first_month: Period
    roll_from: Period
    effective_period: Period
    list_id: str


class EntitlementAdjusted(Event):
    """The amount of a right from `from_month` on (see EntitlementGranted for what the amount means)."""

    beneficiary_id: str
    entitlement_id: str
    amount: int
    follows_catalogue: bool
    multiple: int
    from_month: Period
    effective_period: Period
    list_id: str


class EntitlementEnded(Event):
    """A right ends; `from_month` is the first month without it. Said again, the later word counts.

    `at_once`: it counts for money as soon as it is approved, whatever `effective_period` (L) says for the roll; a
    right that another one replaces ends with L in both.
    """

    beneficiary_id: str
    entitlement_id: str
    from_month: Period
    cause: EndCause
    at_once: bool
    effective_period: Period
    list_id: str | None


class EntitlementSuspended(Event):
    """A right is suspended (tạm dừng) from that month on; for money as soon as it is approved, on the roll from L."""

    beneficiary_id: str
    entitlement_id: str
    from_month: Period
    cause: SuspendCause
    effective_period: Period
    list_id: str | None


class EntitlementResumed(Event):
    """A suspended right is due again from `from_month` on."""

    beneficiary_id: str
    entitlement_id: str
    from_month: Period
    effective_period: Period
    list_id: str


class BeneficiaryDied(Event):
    """The person died in that month; the rights' ends are events of their own.

    `funeral_grant`: đồng of the grant that the death gives a right to (NĐ 20/2021 Đ11: 20 × the standard level), 0
    where it gives none; `office_decides`: a right of merit stands beside it, so that no grant is made by itself.
    """

    beneficiary_id: str
    month: Period
    funeral_grant: int
    office_decides: bool
    effective_period: Period
    list_id: str


class FuneralGranted(Event):
    """The funeral grant goes to the payee named on the death's row, in the first run for a period from L on."""

    beneficiary_id: str
    amount: int
    effective_period: Period
    list_id: str


class PersonalDetailsChanged(Event):
    """Who the person is, whole each time: corrected, completed, or brought a citizen id."""

    beneficiary_id: str
    has_citizen_id: bool
    corrected: bool
    list_id: str
    personal: PersonalDetails | None = None


class MoveReported(Event):
    """One half of a move inside the district: out of where the person lives, or into `commune`.

    `commune` of the half out is the one that the row names, None where it names none. The half in carries the wish
    and payee that hold once the person has moved.
    """

    beneficiary_id: str
    half: MoveHalf
    commune: str | None
    from_month: Period
    effective_period: Period
    list_id: str
    wish: Wish | None = None
    relation: Relation | None = None
    personal: PayeeDetails | None = None


class MoveLapsed(Event):
    """A half of a move stood alone until the roll of L + 2 was closed (or was taken back): it is open no more."""

    beneficiary_id: str
    half: MoveHalf


class BeneficiaryMoved(Event):
    """The person is registered in `commune` from that month on."""

    beneficiary_id: str
    commune: str
    from_month: Period
    list_id: str


class PayoutChosen(Event):
    """How the person wishes to be paid and to whom, whole each time, holding from `from_month` on.

    `wish` None: never said, which counts as cash. `relation` None: no payee, the person receives. `after_death`: the
    payee is the one whom the family named on the death's row.
    """

    beneficiary_id: str
    from_month: Period
    wish: Wish | None
    relation: Relation | None
    after_death: bool = False
    personal: PayeeDetails | None = None


class BeneficiaryReviewed(Event):
    """The commune looked into the person's case (rà soát) on that day."""

    beneficiary_id: str
    reviewed_on: date
    commune: str


class Residence(Part):
    """The commune in which the person is registered from that month on."""

    commune: str
    from_month: Period


class WishFrom(Part):
    """The wish that holds from that month on."""

    wish: Wish | None
    from_month: Period


class OnRoll(Part):
    """Months in which the pair (or its item) is on the roll (sổ đối tượng)."""

    item: str | None
    first: Period
    last: Period | None


class DueSpan(Part):
    """What is due a month by item over some months, all codes of the item added up."""

    item: str | None
    first: Period
    last: Period | None
    amount: int


class SuspendedSpan(Part):
    """Months for which the item is suspended: a run for one of them pays nothing of it, not even repeated money."""

    item: str | None
    first: Period
    last: Period | None


class DueLayer(Part):
    """The whole picture of what is due, as runs for periods from `counts_from` on see it."""

    counts_from: Period
    spans: tuple[DueSpan, ...]
    suspended: tuple[SuspendedSpan, ...] = ()


class FuneralDue(Part):
    """The funeral grant (mai táng phí), due once, from the run for `counts_from` on."""

    amount: int
    counts_from: Period


class DueChanged(Event):
    """All that others need to know of one person in one programme, whole each time; a later one replaces it.

    A run for R takes the last layer with `counts_from` ≤ R. What ended is in every layer, for an end counts for money
    as soon as it is approved; the roll follows L in both directions.
    """

    beneficiary_id: str
    programme: Programme
    residences: tuple[Residence, ...]
    wishes: tuple[WishFrom, ...]
    roll: tuple[OnRoll, ...]
    layers: tuple[DueLayer, ...]
    died: Period | None = None
    funeral: FuneralDue | None = None


class RollTotal(Part):
    """People (pairs) on a roll and the đồng due to them for that month."""

    people: int
    amount: int


class RollClosed(Event):
    """The office closed the roll of a month; closed again after a later list, `sequence` rises.

    `totals`: commune → programme → people and amount.
    """

    period: Period
    sequence: int
    totals: dict[str, dict[str, RollTotal]]


class LevelSet(Event):
    """The office entered a figure of the catalogue: of a scope (BTXH's standard level) or of a code (NCC), from a
    month on; one valid in the past makes the difference due to everyone concerned."""

    number: int
    programme: Programme
    scope: str | None
    code: str | None
    amount: int
    since: Period
    basis: str
    set_by: str


EVENTS: tuple[type[Event], ...] = (
    BeneficiaryAdded,
    EntitlementGranted,
    EntitlementAdjusted,
    EntitlementEnded,
    EntitlementSuspended,
    EntitlementResumed,
    BeneficiaryDied,
    FuneralGranted,
    PersonalDetailsChanged,
    MoveReported,
    MoveLapsed,
    BeneficiaryMoved,
    PayoutChosen,
    BeneficiaryReviewed,
    DueChanged,
    RollClosed,
    LevelSet,
    ListOpened,
    ListMended,
    ListSubmitted,
    ListReturned,
    ListWithdrawn,
    ListApproved,
)
TYPES = EventTypes(EVENTS)
TOPIC = "registry.events"


def beneficiary_stream(beneficiary_id: str) -> str:
    return f"beneficiary-{beneficiary_id}"


def level_stream(number: int) -> str:
    return f"level-{number}"


def roll_stream(period: str) -> str:
    return f"roll-{period}"

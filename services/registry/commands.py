"""What a row of a list, or the closing of a roll, asks of a person. `effective_period` is L of the list."""

from dataclasses import dataclass
from datetime import date

from services.kernel.period import Period
from services.reference import areas
from services.reference.programmes import Programme
from services.registry.entitlement import Entitlement, Terms
from services.registry.events import (
    EndCause,
    MoveHalf,
    PayeeDetails,
    PersonalDetails,
    Relation,
    SuspendCause,
    Wish,
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The list that a command stands in; its L. Where a closed roll asks, `list_id` is that of the roll."""

    list_id: str
    commune: str
    effective_period: Period

    def commune_in(self, month: Period) -> str:
        """The list's commune as it is called in that month: communes merge between the list and what it says."""
        return areas.commune_in(self.commune, self.effective_period, month)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of a person's rights are meant: what is None does not narrow."""

    programme: Programme | None = None
    item: str | None = None
    code: str | None = None

    def covers(self, right: Entitlement) -> bool:
        return (
            self.programme in (None, right.programme)
            and self.item in (None, right.item)
            and self.code in (None, right.code)
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
    """Grant a right from `first_month` on; whoever had ended elsewhere lives in the list's commune from then on."""

    entitlement_id: str
    programme: Programme
    item: str | None
    code: str | None
    terms: Terms
    first_month: Period
    frame: Frame


@dataclass(frozen=True, slots=True)
class End:
    """End what runs of the scope (GIẢM); if nothing of it runs, move the end of what ended last."""

    scope: Scope
    from_month: Period
    cause: EndCause
    frame: Frame


@dataclass(frozen=True, slots=True)
class Die:
    """The person died in the month before `from_month`; `grant`: 20 × the standard level of that month."""

    from_month: Period
    grant: int
    relation: Relation | None
    payee: PayeeDetails | None
    frame: Frame


@dataclass(frozen=True, slots=True)
class Suspend:
    """Suspend what runs of the scope (tạm dừng)."""

    scope: Scope
    from_month: Period
    cause: SuspendCause
    frame: Frame


@dataclass(frozen=True, slots=True)
class Resume:
    """Resume what is suspended of the scope (tiếp tục): due again from `from_month`."""

    scope: Scope
    from_month: Period
    frame: Frame


@dataclass(frozen=True, slots=True)
class Adjust:
    """Change a right from `from_month` on (ĐIỀU CHỈNH).

    `scope` with a code or item that the person lacks replaces the only right of its programme; `entitlement_id` is
    that of the new right. `terms` None: the amount stays as it is.
    """

    scope: Scope
    terms: Terms | None
    entitlement_id: str
    from_month: Period
    frame: Frame


@dataclass(frozen=True, slots=True)
class ChoosePayout:
    """State the wish or the payee; what is None keeps what was stated before, unless it is cleared."""

    from_month: Period
    wish: Wish | None
    relation: Relation | None
    payee: PayeeDetails | None
    clear_wish: bool = False
    clear_payee: bool = False
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class ChangeDetails:
    """Put these details in the place of the old ones; `corrected`: the old ones were wrong (đính chính)."""

    personal: PersonalDetails
    corrected: bool
    list_id: str


@dataclass(frozen=True, slots=True)
class ReportMove:
    """One half of a move inside the district (chuyển đi, chuyển đến).

    `commune`: of the half in the commune that the list is of, of the half out the one that its reason names.
    """

    half: MoveHalf
    commune: str | None
    from_month: Period
    wish: Wish | None
    relation: Relation | None
    payee: PayeeDetails | None
    frame: Frame


@dataclass(frozen=True, slots=True)
class LapseMove:
    """A half of a move stood alone too long: a half out becomes an end, a half in is dropped."""

    half: MoveHalf
    frame: Frame


@dataclass(frozen=True, slots=True)
class Review:
    """Record that the commune looked into the case."""

    reviewed_on: date
    commune: str


OnRights = Grant | End | Die | Suspend | Resume | Adjust
Command = Register | OnRights | ChoosePayout | ChangeDetails | ReportMove | LapseMove | Review

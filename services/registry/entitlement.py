"""One right through time: what lists did to it, and what it is in a month as far as lists are known. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.kernel.event_types import Event
from services.kernel.period import Period
from services.reference.programmes import Programme
from services.registry.catalogue import Catalogue
from services.registry.events import (
    EntitlementAdjusted,
    EntitlementEnded,
    EntitlementGranted,
    EntitlementResumed,
    EntitlementSuspended,
    SuspendCause,
)

Change = EntitlementAdjusted | EntitlementEnded | EntitlementSuspended | EntitlementResumed
Standing = Literal["PENDING", "ACTIVE", "SUSPENDED", "ENDED"]


@dataclass(frozen=True, slots=True)
class View:
    """How much of the history counts: lists that take effect up to `period`.

    For money (`at_once`) ends and suspensions count beyond that, as soon as they are approved; the roll follows L.
    """

    period: Period
    at_once: bool

    def counts(self, change: EntitlementGranted | Change) -> bool:
        early = isinstance(change, EntitlementSuspended) or (isinstance(change, EntitlementEnded) and change.at_once)
        return change.effective_period <= self.period or (self.at_once and early)


@dataclass(frozen=True, slots=True)
class Terms:
    """The amount of a right: what the list said, or the catalogue's figure of each month times `multiple`."""

    amount: int
    follows_catalogue: bool
    multiple: int

    def worth(self, code: str | None, month: Period, catalogue: Catalogue) -> int:
        """Đồng in that month; a month for which the catalogue has no figure takes the list's amount."""
        if self.follows_catalogue and code:
            figure = catalogue.amount(code, month)
            if figure is not None:
                return figure * self.multiple
        return self.amount


@dataclass(frozen=True, slots=True)
class Suspension:
    """Suspended from `first` on, up to the month before `resumed` (None: still)."""

    first: Period
    resumed: Period | None
    cause: SuspendCause


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A right as granted, and everything that lists did to it since, in the order of their approval."""

    granted: EntitlementGranted
    changes: tuple[Change, ...] = ()

    @property
    def entitlement_id(self) -> str:
        return self.granted.entitlement_id

    @property
    def programme(self) -> Programme:
        return self.granted.programme

    @property
    def item(self) -> str | None:
        return self.granted.item

    @property
    def code(self) -> str | None:
        return self.granted.code

    @property
    def first_month(self) -> Period:
        return self.granted.first_month

    @property
    def right(self) -> tuple[Programme, str | None, str | None]:
        """Programme, item and code: of one right a person has one at a time."""
        return self.programme, self.item, self.code

    @property
    def end(self) -> Period | None:
        """The first month without it, by the last word on it; None while it runs."""
        return self._end(self.changes)

    @property
    def replaced(self) -> bool:
        """Whether another right took its place when it ended."""
        ends = [change for change in self.changes if isinstance(change, EntitlementEnded)]
        return bool(ends) and ends[-1].cause == "REPLACED"

    @property
    def suspension(self) -> Suspension | None:
        """The suspension that nobody has resumed."""
        last = self.suspensions[-1:]
        return last[0] if last and last[0].resumed is None else None

    @property
    def suspensions(self) -> Sequence[Suspension]:
        """All of them, in the order in which lists said so."""
        return self._suspensions(self.changes)

    def after(self, change: Change) -> "Entitlement":
        return replace(self, changes=(*self.changes, change))

    def months(self) -> Iterable[Period]:
        """The months in which something about it changes."""
        yield self.first_month
        for change in self.changes:
            yield change.from_month

    def periods(self) -> Iterable[Period]:
        """The periods (L) from which its lists take effect."""
        yield self.granted.effective_period
        for change in self.changes:
            yield change.effective_period

    def standing(self, month: Period, view: View) -> Standing:
        """What it is in the month, by the lists that count."""
        if month < self.first_month or not view.counts(self.granted):
            return "PENDING"
        known = self._known(view)
        end = self._end(known)
        if end is not None and month >= end:
            return "ENDED"
        return "SUSPENDED" if _lies_in(month, self._suspensions(known)) else "ACTIVE"

    def is_suspended(self, month: Period, view: View) -> bool:
        """Whether the month lies in a suspension, also of a right that ended meanwhile and was never resumed."""
        return (
            bool(self.changes) and view.counts(self.granted) and _lies_in(month, self._suspensions(self._known(view)))
        )

    def terms(self, month: Period, view: View) -> Terms:
        """The amount that counts in the month."""
        found = Terms(self.granted.amount, self.granted.follows_catalogue, self.granted.multiple)
        for change in self._known(view):
            if isinstance(change, EntitlementAdjusted) and change.from_month <= month:
                found = Terms(change.amount, change.follows_catalogue, change.multiple)
        return found

    def _known(self, view: View) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if view.counts(change)) if self.changes else ()

    @staticmethod
    def _end(changes: Iterable[Change]) -> Period | None:
        end = None
        for change in changes:
            if isinstance(change, EntitlementEnded):
                end = change.from_month
        return end

    @staticmethod
    def _suspensions(changes: Iterable[Change]) -> list[Suspension]:
        found: list[Suspension] = []
        for change in changes:
            if isinstance(change, EntitlementSuspended):
                found.append(Suspension(change.from_month, None, change.cause))
            elif isinstance(change, EntitlementResumed) and found:
                found[-1] = replace(found[-1], resumed=change.from_month)
        return found


def _lies_in(month: Period, suspensions: Iterable[Suspension]) -> bool:
    return any(one.first <= month and (one.resumed is None or month < one.resumed) for one in suspensions)


def evolve(rights: tuple[Entitlement, ...], event: Event) -> tuple[Entitlement, ...]:
    """The rights of a person after an event."""
    match event:
        case EntitlementGranted():
            return (*rights, Entitlement(event))
        case EntitlementAdjusted() | EntitlementEnded() | EntitlementSuspended() | EntitlementResumed():
            return tuple(
                right.after(event) if right.entitlement_id == event.entitlement_id else right for right in rights
            )
        case _:
            return rights

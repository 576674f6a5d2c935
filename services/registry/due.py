"""What is due to a person in a programme, by item and month: from their rights to `DueChanged`. Pure.

Rules: NĐ 20/2021 Đ6 k2 (several BTXH codes: the highest coefficient only; the poor single parent adds to groups 5, 6
and 8); a right pays from `first_month`, its run is the first for a period ≥ L; an end or a suspension counts for money
as soon as it is approved, and on the roll from L.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from services.kernel.period import Period
from services.reference.programmes import Programme
from services.registry.catalogue import CARE, MULTIPLES, SINGLE_PARENT, Catalogue
from services.registry.entitlement import Entitlement, View
from services.registry.events import (
    DueChanged,
    DueLayer,
    DueSpan,
    EntitlementGranted,
    FuneralDue,
    OnRoll,
    SuspendedSpan,
    WishFrom,
)
from services.registry.person import State

ADDS_TO_SINGLE_PARENT = frozenset({"05", "06", "08"})
Rights = Sequence[Entitlement]
V = TypeVar("V")


def due_changed(state: State, programme: Programme, catalogue: Catalogue) -> DueChanged:
    """All that others need to know of the person in the programme."""
    rights = [right for right in state.entitlements if right.programme == programme]
    funeral = state.funeral if programme == "BTXH" else None
    return DueChanged(
        beneficiary_id=state.beneficiary_id,
        programme=programme,
        residences=state.residences,
        wishes=_wishes(state),
        roll=_roll(rights),
        layers=_layers(rights, catalogue),
        died=state.died.month if state.died else None,
        funeral=FuneralDue(amount=funeral.amount, counts_from=funeral.effective_period) if funeral else None,
    )


def _wishes(state: State) -> tuple[WishFrom, ...]:
    """Months rising: what was said later counts from its month on, whatever was said before of months after it."""
    found: list[WishFrom] = []
    for chosen in state.payouts:
        found = [one for one in found if one.from_month < chosen.from_month]
        found.append(WishFrom(wish=chosen.wish, from_month=chosen.from_month))
    return tuple(found)


def _items(rights: Rights) -> list[str | None]:
    return sorted({right.item for right in rights}, key=lambda item: item or "")


def _stretches(points: Iterable[Period], value: Callable[[Period], V]) -> Iterable[tuple[Period, Period | None, V]]:
    """First month, last month (None: open) and value of the stretches between points where the value changes."""
    found: list[tuple[Period, V]] = []
    for month in sorted(set(points)):
        now = value(month)
        if not found or found[-1][1] != now:
            found.append((month, now))
    for place, (first, now) in enumerate(found):
        yield first, found[place + 1][0].plus(-1) if place + 1 < len(found) else None, now


def _roll(rights: Rights) -> tuple[OnRoll, ...]:
    """The months on the roll: as each month's roll is known from the lists that take effect up to it."""
    if len(rights) == 1 and not rights[0].changes:
        return (OnRoll(item=rights[0].item, first=rights[0].granted.roll_from, last=None),)
    return tuple(span for item in _items(rights) for span in _roll_of([one for one in rights if one.item == item]))


def _roll_of(rights: Rights) -> Iterable[OnRoll]:
    points = {month for right in rights for month in (*right.months(), *right.periods())}

    def on_roll(month: Period) -> bool:
        view = View(month, at_once=False)
        return any(right.standing(month, view) == "ACTIVE" for right in rights)

    for first, last, is_on in _stretches(points, on_roll):
        if is_on:
            yield OnRoll(item=rights[0].item, first=first, last=last)


def _layers(rights: Rights, catalogue: Catalogue) -> tuple[DueLayer, ...]:
    if len(rights) == 1 and not rights[0].changes:
        granted = rights[0].granted
        return (DueLayer(counts_from=granted.effective_period, spans=_single(*_terms_of(granted), catalogue)),)
    return tuple(
        _layer(rights, period, catalogue) for period in sorted({one for right in rights for one in right.periods()})
    )


def _layer(rights: Rights, period: Period, catalogue: Catalogue) -> DueLayer:
    view = View(period, at_once=True)
    groups = [[right for right in rights if right.item == item] for item in _items(rights)]
    return DueLayer(
        counts_from=period,
        spans=tuple(span for group in groups for span in _spans(group, view, catalogue)),
        suspended=tuple(span for group in groups for span in _suspended(group, view)),
    )


def _terms_of(granted: EntitlementGranted) -> tuple[str | None, str | None, int, bool, int, Period]:
    return (
        granted.item,
        granted.code,
        granted.amount,
        granted.follows_catalogue,
        granted.multiple,
        granted.first_month,
    )


@lru_cache(4096)
def _single(
    item: str | None,
    code: str | None,
    amount: int,
    follows: bool,
    multiple: int,
    first: Period,
    catalogue: Catalogue,
) -> tuple[DueSpan, ...]:
    # Most people have one right that nothing happened to, and most of these are alike: counted once for all of them.
    granted = EntitlementGranted(
        beneficiary_id="",
        entitlement_id="",
        programme="BTXH",
        item=item,
        code=code,
        amount=amount,
        follows_catalogue=follows,
        multiple=multiple,
        first_month=first,
        roll_from=first,
        effective_period=first,
        list_id="",
    )
    return tuple(_spans([Entitlement(granted)], View(first, at_once=True), catalogue))


def _spans(rights: Rights, view: View, catalogue: Catalogue) -> Iterable[DueSpan]:
    """What is due of one item: the months between two changes of anything have one amount."""
    begin = min(right.first_month for right in rights)
    points = {month for right in rights for month in right.months()}
    points |= {
        Period(month) for right in rights if right.code for month in catalogue.changes(right.code) if month > begin
    }
    opening = catalogue.opening or begin
    points = {max(month, opening) for month in points} | {begin}

    def amount(month: Period) -> int:
        if month < opening:
            return 0
        active = [right for right in rights if right.standing(month, view) == "ACTIVE"]
        return sum(
            right.terms(month, view).worth(right.code, month, catalogue)
            for right in _counting(active, month, view, catalogue)
        )

    for first, last, due in _stretches(points, amount):
        if due:
            yield DueSpan(item=rights[0].item, first=first, last=last, amount=due)


def _suspended(rights: Rights, view: View) -> Iterable[SuspendedSpan]:
    points = {month for right in rights for month in right.months()}

    def suspended(month: Period) -> bool:
        active = any(right.standing(month, view) == "ACTIVE" for right in rights)
        return not active and any(right.is_suspended(month, view) for right in rights)

    for first, last, is_so in _stretches(points, suspended):
        if is_so:
            yield SuspendedSpan(item=rights[0].item, first=first, last=last)


def _counting(rights: Rights, month: Period, view: View, catalogue: Catalogue) -> Rights:
    """Those of the running rights of an item that are paid (of several BTXH codes: NĐ 20/2021 Đ6 k2)."""
    if len(rights) < 2 or rights[0].programme != "BTXH":
        return rights

    def coefficient(right: Entitlement) -> float:
        units = right.terms(month, view).multiple if right.code in MULTIPLES else 1
        return float(catalogue.coefficient(str(right.code))) * units

    care = [right for right in rights if str(right.code).startswith(CARE)]
    parent = [right for right in rights if right.code == SINGLE_PARENT]
    others = [right for right in rights if right not in care and right not in parent]
    highest = max(others, key=coefficient, default=None)
    if highest is None or not parent:
        return [*care, *parent, *([highest] if highest else [])]
    if str(highest.code)[5:7] in ADDS_TO_SINGLE_PARENT:
        return [*care, *parent, highest]
    return [*care, max(highest, parent[0], key=coefficient)]

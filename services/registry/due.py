"""What is due to a person in a programme, by item and month: from their rights to `DueChanged`. Pure.

Rules: NĐ 20/2021 Đ6 k2 (several BTXH codes: the highest coefficient only; the poor single parent adds to groups 5, 6
and 8); a right pays from `first_month`, its run is the first for a period ≥ L.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from services.kernel.period import Period
from services.reference.programmes import Programme
from services.registry.beneficiary import State
from services.registry.catalogue import CARE, MULTIPLES, SINGLE_PARENT, Catalogue, load
from services.registry.events import (
    DueChanged,
    DueLayer,
    DueSpan,
    EntitlementGranted,
    OnRoll,
    WishFrom,
)

ADDS_TO_SINGLE_PARENT = frozenset({"05", "06", "08"})


def due_changed(state: State, programme: Programme) -> DueChanged:
    """All that others need to know of the person in the programme."""
    rights = [right for right in state.entitlements if right.programme == programme]
    return DueChanged(
        beneficiary_id=state.beneficiary_id,
        programme=programme,
        residences=state.residences,
        wishes=tuple(WishFrom(wish=chosen.wish, from_month=chosen.from_month) for chosen in state.payouts),
        roll=_roll(rights),
        layers=_layers(rights),
    )


def _roll(rights: Sequence[EntitlementGranted]) -> tuple[OnRoll, ...]:
    first: dict[str | None, Period] = {}
    for right in rights:
        first[right.item] = min(first.get(right.item, right.roll_from), right.roll_from)
    return tuple(OnRoll(item=item, first=month, last=None) for item, month in sorted(first.items(), key=_by_item))


def _by_item(pair: tuple[str | None, Period]) -> str:
    return pair[0] or ""


def _layers(rights: Sequence[EntitlementGranted]) -> tuple[DueLayer, ...]:
    periods = sorted({right.effective_period for right in rights})
    return tuple(
        DueLayer(counts_from=period, spans=spans([right for right in rights if right.effective_period <= period]))
        for period in periods
    )


def spans(rights: Sequence[EntitlementGranted]) -> tuple[DueSpan, ...]:
    """What is due by item: the months between two changes of anything have one amount."""
    if len(rights) == 1:
        right = rights[0]
        return _single(right.item, right.code, right.amount, right.follows_catalogue, right.multiple, right.first_month)
    items = sorted({right.item for right in rights}, key=lambda item: item or "")
    return tuple(span for item in items for span in _of_item([one for one in rights if one.item == item], item))


@cache
def _single(
    item: str | None, code: str | None, amount: int, follows: bool, multiple: int, first: Period
) -> tuple[DueSpan, ...]:
    # Most people have one right, and most rights are alike: counted once for all of them.
    right = EntitlementGranted(
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
    return tuple(_of_item([right], item))


def _of_item(rights: Sequence[EntitlementGranted], item: str | None) -> Iterable[DueSpan]:
    catalogue = load()
    months = sorted(_turning_points(rights, catalogue))
    found: list[tuple[Period, int]] = []
    for month in months:
        amount = _amount([right for right in rights if right.first_month <= month], month, catalogue)
        if not found or found[-1][1] != amount:
            found.append((month, amount))
    for place, (month, amount) in enumerate(found):
        last = found[place + 1][0].plus(-1) if place + 1 < len(found) else None
        if amount:
            yield DueSpan(item=item, first=month, last=last, amount=amount)


def _turning_points(rights: Sequence[EntitlementGranted], catalogue: Catalogue) -> set[Period]:
    begin = min(right.first_month for right in rights)
    points = {right.first_month for right in rights}
    for right in rights:
        if right.follows_catalogue and right.code:
            points |= {Period(month) for month in catalogue.changes(right.code) if month > begin}
    return points


def _amount(rights: Sequence[EntitlementGranted], month: Period, catalogue: Catalogue) -> int:
    """Đồng of one item in a month by these rights, all of them running."""
    social = [right for right in rights if right.code and right.code.startswith("BTXH.")]
    if len(social) < 2:
        return sum(_worth(right, month, catalogue) for right in rights)
    return sum(_worth(right, month, catalogue) for right in _counting(social, catalogue))


def _counting(rights: Sequence[EntitlementGranted], catalogue: Catalogue) -> Sequence[EntitlementGranted]:
    """Those of several BTXH rights that are paid (NĐ 20/2021 Đ6 k2)."""
    care = [right for right in rights if str(right.code).startswith(CARE)]
    parent = [right for right in rights if right.code == SINGLE_PARENT]
    others = [right for right in rights if right not in care and right not in parent]
    highest = max(others, key=lambda right: _coefficient(right, catalogue), default=None)
    if highest is None or not parent:
        return [*care, *parent, *([highest] if highest else [])]
    if str(highest.code)[5:7] in ADDS_TO_SINGLE_PARENT:
        return [*care, *parent, highest]
    return [*care, max(highest, parent[0], key=lambda right: _coefficient(right, catalogue))]


def _coefficient(right: EntitlementGranted, catalogue: Catalogue) -> float:
    units = right.multiple if right.code in MULTIPLES else 1
    return float(catalogue.coefficient(str(right.code))) * units


def _worth(right: EntitlementGranted, month: Period, catalogue: Catalogue) -> int:
    if right.follows_catalogue and right.code:
        figure = catalogue.amount(right.code, month)
        if figure is not None:
            return figure * right.multiple
    return right.amount

"""The one rule of money: a run pays what is due less what is covered. Pure.

For one person, programme and run period R, month by month and item by item up to R:

* **due** is what registry says (all lists approved before the run);
* **covered** is what earlier payments that are open or reached the person had for that month, recoveries negative;
* what is due beyond covered is paid: as REPEAT as far as a dead payment (rejected, returned, uncollected) had it, else
  as REGULAR if the month is R, as ARREARS if it is earlier;
* what *reached* the person beyond what is due is taken back (RECOVERY, negative), oldest month first, never more than
  this payment pays; the rest stays owed. Open money is not taken back before it settled.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from services.disbursement.events import Line, MonthAmount, Purpose
from services.kernel.period import Period
from services.registry.events import DueSpan

Cell = tuple[str | None, Period]
"""An item of Form 2 (None for BTXH) in a month."""


class Fate(Enum):
    """What became of an earlier payment."""

    OPEN = "OPEN"
    REACHED = "REACHED"
    DEAD = "DEAD"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier payment to the same person in the same programme; `replaced` if a later one repeats it."""

    payment_id: str
    fate: Fate
    replaced: bool
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Bill:
    """What the run pays: lines, the dead payments they repeat, and what stays owed by item and month."""

    lines: tuple[Line, ...]
    replaces: tuple[str, ...]
    owed: Mapping[Cell, int]

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


NOTHING = Bill((), (), {})


def due_until(spans: Iterable[DueSpan], until: Period) -> dict[Cell, int]:
    """Đồng due by item and month, up to `until`."""
    due: dict[Cell, int] = {}
    for span in spans:
        if span.first <= until:
            for month in span.first.through(min(span.last or until, until)):
                due[span.item, month] = due.get((span.item, month), 0) + span.amount
    return due


def bill(due: Mapping[Cell, int], earlier: Sequence[Earlier], period: Period) -> Bill:
    """What a run for `period` pays. Without a positive line there is no payment."""
    if not earlier:
        return _first_bill(due, period)
    covered, reached, died = _sums(earlier)
    pays: dict[tuple[Purpose, str | None], dict[Period, int]] = defaultdict(dict)
    for cell in sorted(due.keys() | covered.keys(), key=_by_month):
        open_amount = due.get(cell, 0) - covered.get(cell, 0)
        if open_amount > 0:
            _name(pays, cell, open_amount, died.get(cell, 0), period)
    excess = {cell: reached[cell] - due.get(cell, 0) for cell in reached if reached[cell] > due.get(cell, 0)}
    available = sum(amount for months in pays.values() for amount in months.values())
    owed = _take_back(pays, excess, available)
    repeats = any(purpose == "REPEAT" for purpose, _ in pays)
    dead = tuple(one.payment_id for one in earlier if one.fate is Fate.DEAD and not one.replaced)
    return Bill(_lines(pays), dead if repeats else (), owed) if available else Bill((), (), owed)


def _first_bill(due: Mapping[Cell, int], period: Period) -> Bill:
    pays: dict[tuple[Purpose, str | None], dict[Period, int]] = defaultdict(dict)
    for (item, month), amount in due.items():
        pays["REGULAR" if month == period else "ARREARS", item][month] = amount
    return Bill(_lines(pays), (), {})


def _sums(earlier: Sequence[Earlier]) -> tuple[dict[Cell, int], dict[Cell, int], dict[Cell, int]]:
    """By item and month: covered; reached (recoveries under way already taken off); had by dead payments."""
    covered: dict[Cell, int] = defaultdict(int)
    reached: dict[Cell, int] = defaultdict(int)
    died: dict[Cell, int] = defaultdict(int)
    for payment in earlier:
        for line in payment.lines:
            for part in line.months:
                cell = line.item, part.month
                if payment.fate is Fate.DEAD:
                    died[cell] += 0 if payment.replaced else max(0, part.amount)
                    continue
                covered[cell] += part.amount
                if payment.fate is Fate.REACHED or part.amount < 0:
                    reached[cell] += part.amount
    return covered, reached, died


def _name(
    pays: dict[tuple[Purpose, str | None], dict[Period, int]], cell: Cell, amount: int, died: int, period: Period
) -> None:
    item, month = cell
    repeated = min(amount, died)
    if repeated:
        pays["REPEAT", item][month] = repeated
    if amount > repeated:
        pays["REGULAR" if month == period else "ARREARS", item][month] = amount - repeated


def _take_back(
    pays: dict[tuple[Purpose, str | None], dict[Period, int]], excess: Mapping[Cell, int], available: int
) -> dict[Cell, int]:
    """Adds recoveries to what is paid; answers what stays owed."""
    owed: dict[Cell, int] = {}
    for cell in sorted(excess, key=_by_month):
        taken = min(excess[cell], available)
        available -= taken
        if taken:
            pays["RECOVERY", cell[0]][cell[1]] = -taken
        if excess[cell] > taken:
            owed[cell] = excess[cell] - taken
    return owed


def _lines(pays: Mapping[tuple[Purpose, str | None], Mapping[Period, int]]) -> tuple[Line, ...]:
    return tuple(
        Line(
            purpose=purpose,
            item=item,
            months=tuple(MonthAmount(month=month, amount=amount) for month, amount in sorted(months.items())),
            amount=sum(months.values()),
        )
        for (purpose, item), months in pays.items()
    )


def _by_month(cell: Cell) -> tuple[str, str]:
    return cell[1], cell[0] or ""

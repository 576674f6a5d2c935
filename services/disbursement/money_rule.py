"""The one rule of money: a run pays what is due less what is covered. Pure.

For one person, programme and run period R, month by month and item by item up to R:

* **due** is what registry says (all lists approved before the run);
* **covered** is what earlier payments that are open or reached the person had for that month, recoveries negative;
* what is due beyond covered is paid: as REPEAT as far as a dead payment (rejected, returned, uncollected) had it, else
  as REGULAR if the month is R, as ARREARS if it is earlier;
* what *reached* the person beyond what is due is taken back (RECOVERY, negative), oldest month first, never more than
  this payment pays; the rest stays owed. Open money is not taken back before it settled;
* the funeral grant is due once, of no month, and recoveries may be taken from it;
* what is suspended in R gets nothing, not even repeated money: that comes with the resumption; of someone who ended,
  money that came back is repeated once, to the family; if that comes back too, a human decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from services.disbursement.events import Line, MonthAmount, Purpose
from services.kernel.period import Period
from services.registry.events import DueSpan

Cell = tuple[str | None, Period]
"""An item of Form 2 (None for BTXH) in a month."""
Pays = dict[tuple[Purpose, str | None], dict[Period, int]]
"""Đồng by purpose and item, then month."""

ORDER: dict[Purpose, int] = {"REGULAR": 0, "ARREARS": 1, "REPEAT": 2, "RECOVERY": 3, "FUNERAL": 4}


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


Unrepeated = tuple[Earlier, dict[Cell, int]]
"""A dead payment, and what it had by item and month that no later payment repeats."""


@dataclass(frozen=True, slots=True)
class Due:
    """What registry says, as the run sees it: đồng by item and month, and what hinders paying.

    `suspended`: items that are suspended in the run's month; `ended`: nothing is due in that month or later;
    `funeral`: đồng of the funeral grant.
    """

    months: Mapping[Cell, int]
    suspended: frozenset[str | None] = frozenset()
    ended: bool = False
    funeral: int = 0


@dataclass(frozen=True, slots=True)
class Bill:
    """What the run pays: lines, the dead payments they repeat, what stays owed by item and month.

    `for_office`: money for the family of someone who ended came back: nothing more of it is paid by itself.
    """

    lines: tuple[Line, ...]
    replaces: tuple[str, ...]
    owed: Mapping[Cell, int]
    for_office: bool = False

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


def bill(due: Due, earlier: Sequence[Earlier], period: Period) -> Bill:
    """What a run for `period` pays. Without a positive line there is no payment, and all that is owed stays owed."""
    if not due.months and not earlier and not due.funeral:
        return NOTHING
    covered, unrepeated = _covered(earlier), _unrepeated(earlier)
    died = _sums(unrepeated)
    pays: Pays = defaultdict(dict)
    for_office = False
    # Months with nothing due too: what was taken back of money that then came back is to be paid again.
    for item, month in due.months.keys() | covered.keys():
        cell = item, month
        open_amount = due.months.get(cell, 0) - covered.get(cell, 0)
        if open_amount <= 0 or item in due.suspended:
            continue
        repeated = min(open_amount, died.get(cell, 0))
        if open_amount > repeated:
            pays["REGULAR" if month == period else "ARREARS", item][month] = open_amount - repeated
        if repeated and due.ended and any(_was_for_family(cell, one) for one in earlier):
            for_office = True
        elif repeated:
            pays["REPEAT", item][month] = repeated
    funeral = _funeral(due, earlier)
    if due.funeral and not funeral and _grants_dead(earlier) > 1:
        for_office = True
    replaces = _replaced_by(pays, funeral, unrepeated)
    owed = _take_back(pays, funeral, excess(due.months, earlier))
    lines = _lines(pays)
    if funeral:
        lines = (*lines, Line(purpose="FUNERAL", item=None, months=(), amount=funeral))
    return Bill(lines, replaces, owed, for_office)


def _funeral(due: Due, earlier: Sequence[Earlier]) -> int:
    """The grant, as far as no payment that is open or reached the family had it; repeated once."""
    covered = sum(_grant_in(one) for one in earlier if one.fate is not Fate.DEAD)
    if None in due.suspended or _grants_dead(earlier) > 1:
        return 0
    return max(0, due.funeral - covered)


def _grant_in(payment: Earlier) -> int:
    return sum(line.amount for line in payment.lines if line.purpose == "FUNERAL")


def _grants_dead(earlier: Sequence[Earlier]) -> int:
    return sum(1 for one in earlier if one.fate is Fate.DEAD and _grant_in(one))


def _was_for_family(cell: Cell, payment: Earlier) -> bool:
    """Whether the month was repeated after the end and came back: a payment that has no month of its run's own."""
    if payment.fate is not Fate.DEAD or any(line.purpose == "REGULAR" for line in payment.lines):
        return False
    return any(one == cell for one, _ in _cells(payment, "REPEAT"))


def excess(due: Mapping[Cell, int], earlier: Sequence[Earlier]) -> dict[Cell, int]:
    """What reached the person beyond what is due and is not being taken back yet, oldest month first."""
    reached: dict[Cell, int] = defaultdict(int)
    for payment in earlier:
        for cell, amount in _cells(payment):
            if payment.fate is Fate.REACHED or (payment.fate is Fate.OPEN and amount < 0):
                reached[cell] += amount
    beyond = {cell: amount - due.get(cell, 0) for cell, amount in reached.items() if amount > due.get(cell, 0)}
    return {cell: beyond[cell] for cell in sorted(beyond, key=_oldest_first)}


def covered_beyond_due(due: Mapping[Cell, int], earlier: Sequence[Earlier], lines: Sequence[Line]) -> list[Cell]:
    """The months for which these lines would pay more than is due: always none. Counted anew, to check `bill`."""
    covered = _covered(earlier)
    paid: dict[Cell, int] = defaultdict(int)
    for line in lines:
        for part in line.months:
            paid[line.item, part.month] += part.amount
    return [cell for cell, amount in paid.items() if amount > 0 and amount + covered.get(cell, 0) > due.get(cell, 0)]


def _cells(payment: Earlier, purpose: Purpose | None = None) -> Iterable[tuple[Cell, int]]:
    """Item, month and amount of all lines, or of those of one purpose."""
    lines = (line for line in payment.lines if purpose in (None, line.purpose))
    return (((line.item, part.month), part.amount) for line in lines for part in line.months)


def _covered(earlier: Sequence[Earlier]) -> dict[Cell, int]:
    covered: dict[Cell, int] = defaultdict(int)
    for payment in earlier:
        if payment.fate is not Fate.DEAD:
            for cell, amount in _cells(payment):
                covered[cell] += amount
    return covered


def _unrepeated(earlier: Sequence[Earlier]) -> list[Unrepeated]:
    """What each dead payment had that no later one repeats: an item that was suspended may still wait for that."""
    left: list[Unrepeated] = []
    for payment in earlier:
        for cell, amount in _cells(payment, "REPEAT"):
            _strike(cell, amount, left)
        if payment.fate is Fate.DEAD:
            had: dict[Cell, int] = defaultdict(int)
            for cell, amount in _cells(payment):
                had[cell] += max(0, amount)
            left.append((payment, had))
    return left


def _strike(cell: Cell, amount: int, left: Sequence[Unrepeated]) -> None:
    """Takes what a later payment repeats from the dead payments that it can have named, the oldest first."""
    for payment, had in left:
        if payment.replaced:
            struck = min(amount, had.get(cell, 0))
            amount -= struck
            had[cell] -= struck


def _sums(unrepeated: Sequence[Unrepeated]) -> dict[Cell, int]:
    died: dict[Cell, int] = defaultdict(int)
    for _, had in unrepeated:
        for cell, amount in had.items():
            died[cell] += amount
    return died


def _replaced_by(pays: Pays, funeral: int, unrepeated: Sequence[Unrepeated]) -> tuple[str, ...]:
    """The dead payments of which something is repeated."""
    repeated = [(item, month) for (purpose, item), months in pays.items() if purpose == "REPEAT" for month in months]
    return tuple(
        one.payment_id
        for one, had in unrepeated
        if (funeral and _grant_in(one) and not one.replaced) or any(had.get(cell) for cell in repeated)
    )


def _take_back(pays: Pays, funeral: int, beyond: Mapping[Cell, int]) -> dict[Cell, int]:
    """Adds recoveries to what is paid, as far as it goes; answers what stays owed."""
    available = funeral + sum(amount for months in pays.values() for amount in months.values())
    owed: dict[Cell, int] = {}
    for (item, month), amount in beyond.items():
        taken = min(amount, available)
        available -= taken
        if taken:
            pays["RECOVERY", item][month] = -taken
        if amount > taken:
            owed[item, month] = amount - taken
    return owed


def _lines(pays: Pays) -> tuple[Line, ...]:
    """One line per purpose and item, the month's own money first."""
    return tuple(
        _line(purpose, item, tuple(sorted(months.items())))
        for (purpose, item), months in sorted(pays.items(), key=lambda one: (ORDER[one[0][0]], _number(one[0][1])))
    )


@lru_cache(4096)
def _line(purpose: Purpose, item: str | None, months: tuple[tuple[Period, int], ...]) -> Line:
    # A run has thousands of equal lines; each is made once.
    return Line(
        purpose=purpose,
        item=item,
        months=tuple(MonthAmount(month=month, amount=amount) for month, amount in months),
        amount=sum(amount for _, amount in months),
    )


def _oldest_first(cell: Cell) -> tuple[Period, int]:
    return cell[1], _number(cell[0])


def _number(item: str | None) -> int:
    return int(item or 0)

"""Laws of the money rule: whatever was due and whatever became of earlier payments."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.disbursement.money_rule import Bill, Cell, Earlier, Fate, bill
from services.disbursement.money_rule import Due as Seen
from services.kernel.period import Period

MONTHS = tuple(Period("2023-10").through("2024-02"))
CELLS: tuple[Cell, ...] = tuple((item, month) for item in ("5", "11") for month in MONTHS)
Due = Mapping[Cell, int]
Random = st.DataObject

AMOUNTS = st.integers(1, 5).map(lambda units: units * 220_000)
DUES = st.dictionaries(st.sampled_from(CELLS), AMOUNTS, max_size=len(CELLS))
FATES = st.sampled_from(Fate)


class History:
    """Runs one after the other; each payment's fate may move on as it may in life."""

    def __init__(self) -> None:
        self.bills: list[Bill] = []
        self.fates: list[Fate] = []

    def earlier(self) -> list[Earlier]:
        replaced = {name for one in self.bills for name in one.replaces}
        return [
            Earlier(f"R{number}", fate, f"R{number}" in replaced, made.lines)
            for number, (made, fate) in enumerate(zip(self.bills, self.fates, strict=True))
        ]

    def run(self, due: Due, period: Period) -> Bill:
        made = bill(Seen({cell: amount for cell, amount in due.items() if cell[1] <= period}), self.earlier(), period)
        if made.lines:
            self.bills.append(made)
            self.fates.append(Fate.REACHED if made.amount == 0 else Fate.OPEN)
        return made

    def live(self, random: Random) -> None:
        """Open money reaches, dies or stays open; what reached may come back; what died and what is netted stays so."""
        moves = {Fate.OPEN: tuple(Fate), Fate.REACHED: (Fate.REACHED, Fate.DEAD), Fate.DEAD: (Fate.DEAD,)}
        for number, fate in enumerate(self.fates):
            if self.bills[number].amount:
                self.fates[number] = random.draw(st.sampled_from(moves[fate]))

    def held(self, *fates: Fate) -> dict[Cell, int]:
        """Đồng by item and month in payments of these fates, recoveries taken off."""
        sums: dict[Cell, int] = defaultdict(int)
        for made, fate in zip(self.bills, self.fates, strict=True):
            if fate in fates:
                for cell, amount in parts(made):
                    sums[cell] += amount
        return sums


def parts(made: Bill) -> list[tuple[Cell, int]]:
    return [((line.item, part.month), part.amount) for line in made.lines for part in line.months]


def assert_sound(made: Bill, period: Period) -> None:
    """What holds for every bill by itself."""
    assert made.amount >= 0
    assert made.amount == sum(amount for _, amount in parts(made))
    assert all(line.amount == sum(part.amount for part in line.months) for line in made.lines)
    assert all((line.purpose == "RECOVERY") == (part.amount < 0) for line in made.lines for part in line.months)
    assert all(part.amount for line in made.lines for part in line.months)
    assert all(part.month == period for line in made.lines if line.purpose == "REGULAR" for part in line.months)
    assert all(part.month < period for line in made.lines if line.purpose == "ARREARS" for part in line.months)
    assert not made.lines or any(line.amount > 0 for line in made.lines)
    assert len({(line.purpose, line.item) for line in made.lines}) == len(made.lines)
    assert all(first.month < then.month for line in made.lines for first, then in pairwise(line.months))
    assert bool(made.replaces) == any(line.purpose == "REPEAT" for line in made.lines)


@settings(max_examples=150, deadline=None)
@given(due=DUES, rises=st.lists(DUES, max_size=4), random=st.data())
def test_while_due_never_falls_no_month_is_covered_beyond_what_is_due(
    due: Due, rises: Sequence[Due], random: Random
) -> None:
    history, now = History(), dict(due)
    for period, rise in zip(MONTHS, [{}, *rises], strict=False):
        for cell, amount in rise.items():
            now[cell] = now.get(cell, 0) + amount
        made = history.run(now, period)
        assert_sound(made, period)
        assert made.owed == {}
        covered = history.held(Fate.OPEN, Fate.REACHED)
        assert all(amount <= now.get(cell, 0) for cell, amount in covered.items())
        history.live(random)


@settings(max_examples=150, deadline=None)
@given(dues=st.lists(DUES, min_size=1, max_size=5), random=st.data())
def test_every_bill_of_a_history_in_which_due_rises_and_falls_is_sound(dues: Sequence[Due], random: Random) -> None:
    history = History()
    for period, due in zip(MONTHS, dues, strict=False):
        assert_sound(history.run(due, period), period)
        history.live(random)


@settings(max_examples=150, deadline=None)
@given(dues=st.lists(DUES, min_size=1, max_size=5), random=st.data())
def test_a_second_run_with_the_first_open_pays_nothing(dues: Sequence[Due], random: Random) -> None:
    history = History()
    for period, due in zip(MONTHS, dues, strict=False):
        first = history.run(due, period)
        second = history.run(due, period)
        assert second.lines == ()
        assert second.owed == first.owed
        history.live(random)


@settings(max_examples=150, deadline=None)
@given(dues=st.lists(DUES, min_size=1, max_size=5), random=st.data())
def test_no_more_is_taken_back_than_reached_and_never_what_is_due(dues: Sequence[Due], random: Random) -> None:
    history = History()
    for period, due in zip(MONTHS, dues, strict=False):
        reached = history.held(Fate.REACHED)
        made = history.run(due, period)
        for cell, amount in parts(made):
            assert amount > 0 or due_then(due, cell, period) - amount <= reached[cell]
        history.live(random)


@settings(max_examples=150, deadline=None)
@given(dues=st.lists(DUES, min_size=1, max_size=5), random=st.data())
def test_money_is_conserved_when_all_settles_in_the_end(dues: Sequence[Due], random: Random) -> None:
    """Once everything open has reached, what the person has is what is due and what stays owed, month by month."""
    history = History()
    for period, due in zip(MONTHS, dues, strict=False):
        history.run(due, period)
        history.live(random)
    last = dict(dues[-1])
    for _ in range(3):
        history.fates = [Fate.REACHED if fate is Fate.OPEN else fate for fate in history.fates]
        final = history.run(last, MONTHS[-1])
    assert final.lines == ()
    has = history.held(Fate.REACHED)
    assert {cell: has.get(cell, 0) for cell in CELLS} == {
        cell: last.get(cell, 0) + final.owed.get(cell, 0) for cell in CELLS
    }


@settings(max_examples=150, deadline=None)
@given(due=DUES, fates=st.lists(FATES, min_size=5, max_size=5))
def test_all_money_of_the_months_is_settled_open_or_to_be_repeated(due: Due, fates: Sequence[Fate]) -> None:
    history = History()
    for period, fate in zip(MONTHS, fates, strict=True):
        if history.run(due, period).lines:
            history.fates[-1] = fate
    instructed = sum(one.amount for one in history.bills)
    by_fate = {fate: sum(history.held(fate).values()) for fate in Fate}
    assert instructed == sum(by_fate.values())
    repeated = bill(Seen(due), history.earlier(), MONTHS[-1]).amount
    assert by_fate[Fate.OPEN] + by_fate[Fate.REACHED] + repeated == sum(due.values())


def due_then(due: Due, cell: Cell, period: Period) -> int:
    return due.get(cell, 0) if cell[1] <= period else 0

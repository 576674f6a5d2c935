"""The lists that communes hand in beside their opening lists: of every kind that the plan knows. Pure."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from infra.sandbox.population import Person
from infra.sandbox.workbooks import Cells, increase, month_cell, who
from services.kernel.period import Period

# Of those who are told of beside the opening lists, so many in a thousand go to each kind of list.
_PER_THOUSAND = 1
_MENDED = (("Điện thoại", "0912345678"),)
Course = Literal["PLAIN", "ROW_DROPPED", "RETURNED_ONCE", "LET_IN", "LATE"]


@dataclass(frozen=True, slots=True)
class Paper:
    """One list of a commune; without rows it says "no change".

    `course` is its way through the office: `ROW_DROPPED`: the commune takes its last row out, which is wrong;
    `RETURNED_ONCE`: the office returns it, the commune mends its first row by `mended`; `LET_IN` and `LATE` are handed
    in after the 4th.
    """

    commune: str
    rows: tuple[Cells, ...] = ()
    course: Course = "PLAIN"
    mended: tuple[tuple[str, str], ...] = ()

    @property
    def is_late(self) -> bool:
        return self.course in ("LET_IN", "LATE")


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening month's people: `listed` on the opening lists, the others by `papers`; some of `listed` suspended."""

    listed: list[Person]
    papers: list[Paper]
    suspended: list[Person]


class Chooser:
    """Deals out people, each once."""

    def __init__(self, people: Sequence[Person], rng: random.Random) -> None:
        self.rng = rng
        self.free = rng.sample(people, len(people))

    def some(self, count: int, fits: Callable[[Person], bool] = lambda _: True) -> list[Person]:
        """Up to so many who fit; they are not dealt again."""
        chosen: list[Person] = []
        rest: list[Person] = []
        for person in self.free:
            (chosen if len(chosen) < count and fits(person) else rest).append(person)
        self.free = rest
        return chosen

    def of_one_commune(self, count: int, fits: Callable[[Person], bool]) -> list[Person]:
        """Up to so many of one commune, which is chosen by chance."""
        first = self.some(1, fits)
        if not first:
            return []
        return [*first, *self.some(count - 1, lambda one: one.commune == first[0].commune and fits(one))]


def opening(people: Sequence[Person], seed: int, period: Period) -> Opening:
    """Which of the people the communes tell of beside their opening lists, and how."""
    chooser = Chooser(people, random.Random(seed))  # noqa: S311 - made-up choice
    count = max(1, len(people) * _PER_THOUSAND // 1_000)
    differing = chooser.of_one_commune(count, _of_catalogue)
    dropped = chooser.of_one_commune(count, _known)
    returned = chooser.of_one_commune(count, _known)
    let_in = chooser.of_one_commune(count, _known)
    late = chooser.of_one_commune(count, _known)
    suspended = chooser.of_one_commune(2 * count, _known)
    doubled = chooser.some(1, lambda one: bool(dropped) and one.commune == dropped[0].commune and _known(one))
    aside = {id(one) for part in (differing, dropped, returned, let_in, late) for one in part}
    papers = [
        *_paper(differing, period, amount_over_catalogue=100_000),
        *(
            replace(one, course="RETURNED_ONCE", mended=(("Điện thoại", "0912345678"),))
            for one in _paper(returned, period)
        ),
        *(replace(one, course="LET_IN") for one in _paper(let_in, period)),
        *(replace(one, course="LATE") for one in _paper(late, period)),
    ]
    for one in _paper(dropped, period):
        twice = tuple(increase(person, person.rights[0], period) for person in doubled)
        papers.append(replace(one, rows=(*one.rows, *twice), course="ROW_DROPPED" if twice else "PLAIN"))
    if suspended:
        rows = tuple(suspension(one, period) for one in suspended)
        papers.append(Paper(suspended[0].commune, rows))
    return Opening([one for one in people if id(one) not in aside], papers, suspended)


def suspension(person: Person, period: Period) -> Cells:
    """A GIẢM row that suspends all of a person's rights from that month on."""
    return {"Loại": "GIẢM", **who(person), "Từ tháng": month_cell(period), "Lý do": "Tạm dừng do vắng mặt dài ngày"}


def by_commune(rows: Sequence[tuple[str, Cells]]) -> dict[str, tuple[Cells, ...]]:
    """Rows by the commune that tells them, in their order."""
    found: defaultdict[str, list[Cells]] = defaultdict(list)
    for commune, cells in rows:
        found[commune].append(cells)
    return {commune: tuple(cells) for commune, cells in found.items()}


def _known(person: Person) -> bool:
    return person.citizen_id is not None


def _of_catalogue(person: Person) -> bool:
    """Someone with a citizen id and one right, whose amount is not a multiple."""
    return _known(person) and len(person.rights) == 1 and bool(person.rights[0].code) and person.rights[0].units == 1


def _paper(people: Sequence[Person], period: Period, amount_over_catalogue: int = 0) -> list[Paper]:
    """One list of these people's rights; none of nobody."""
    rows = []
    for person in people:
        for right in person.rights:
            row = dict(increase(person, right, period))
            if amount_over_catalogue:
                row["Mức hưởng"] = right.amount + amount_over_catalogue
            rows.append(row)
    return [Paper(people[0].commune, tuple(rows))] if people else []

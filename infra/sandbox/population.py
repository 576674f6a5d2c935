"""A made-up population in the proportions of the plan of 23/10/2023: 10,818 BTXH, 2,391 NCC and 254 KHAC of 13,463.

Pure: the same number, seed and period give the same people and the same accounts, in every process.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

from infra.sandbox import names
from infra.sandbox.rights import Ages, Catalogue, Kind, Right, apportion, deal
from services.kernel.period import Period
from services.reference.areas import commune_in, find
from services.reference.programmes import PROGRAMMES, Programme

OPENING = Period("2023-11")
PLAN_PEOPLE: dict[Programme, int] = {"BTXH": 10_818, "NCC": 2_391, "KHAC": 254}
PLAN_TOTAL = sum(PLAN_PEOPLE.values())

# Inhabitants in hundreds, of the order of a delta commune's; they weigh the communes against each other.
_INHABITANTS = {
    "10114": 80, "10120": 115, "10126": 110, "10129": 75, "10132": 190, "10135": 140, "10138": 130, "10141": 110,
    "10144": 90, "10147": 100, "10150": 70, "10153": 65, "10156": 40, "10159": 60, "10162": 170, "10165": 95,
    "10168": 85, "10171": 85, "10174": 105, "10177": 60, "10180": 130,
}  # fmt: skip

_WITHOUT_ID = 0.015
_YEAR_ONLY = 0.25
_AUTHORISED = 0.06
_OPENED = 0.96
_BANK = "VBA"
_OLD = 60
_ADULT = 18


@dataclass(frozen=True, slots=True)
class Payee:
    """Who receives in a person's stead."""

    name: str
    citizen_id: str
    relation: Literal["GUARDIAN", "AUTHORISED"]


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up beneficiary as the commune's list tells of them.

    `birth` is a day (ISO) or a year alone; `programme` the one they are counted by, `rights` all that they are due from
    the opening month on (their sum, without a rule of the highest); `wish` None = never said, paid in cash.
    """

    name: str
    birth: str
    sex: names.Sex
    citizen_id: str | None
    old_id: str | None
    phone: str | None
    address: str
    commune: str
    programme: Programme
    rights: tuple[Right, ...]
    payee: Payee | None
    wish: Literal["ACCOUNT", "CASH"] | None


@dataclass(slots=True)
class _Household:
    """A payee who may take in further people: siblings share the family name and live at one address."""

    payee: Payee
    family: str
    address: str
    births: list[int]


@dataclass(slots=True)
class _Maker:
    rng: random.Random
    period: Period
    catalogue: Catalogue
    ids: set[str] = field(default_factory=set)
    old_ids: set[str] = field(default_factory=set)
    guardians: dict[str, _Household] = field(default_factory=dict)
    authorised: dict[str, Payee] = field(default_factory=dict)

    def person(self, programme: Programme, commune: str, group: str, kind: Kind) -> Person:
        rng = self.rng
        sex: names.Sex = "F" if rng.random() < kind.women else "M"
        born = _born(rng, kind.ages, self.period)
        age = (self.period.first_day - born).days // 365.2425
        address = names.address(rng, _commune_name(commune, self.period))
        family = names.family_name(rng)
        payee: Payee | None = None
        if age < _ADULT:
            household = self._household(commune, family, address, born)
            payee, family, address = household.payee, household.family, household.address
        elif kind.code == "BTXH.06.EXTREME" and rng.random() < 0.1:
            payee = self._payee("GUARDIAN", family)
        elif rng.random() < _AUTHORISED:
            payee = self._authorised(commune)
        draw = rng.random()
        return Person(
            name=names.full_name(rng, family, sex, born.year),
            birth=self._birth(born, age, kind.ages),
            sex=sex,
            citizen_id=names.citizen_id(rng, sex, born.year, self.ids),
            old_id=names.old_id(rng, self.old_ids) if age > 25 and rng.random() < 0.1 else None,
            phone=names.phone(rng) if rng.random() < 0.5 else None,
            address=address,
            commune=commune,
            programme=programme,
            rights=self.catalogue.rights(rng, group, kind),
            payee=payee,
            wish="ACCOUNT" if draw < 0.7 else "CASH" if draw < 0.95 else None,
        )

    def _birth(self, born: date, age: float, ages: Ages) -> str:
        """The day, or the year alone for many old people, where any day of that year fits the right."""
        if age >= _OLD and self.rng.random() < _YEAR_ONLY / 0.95:
            for earliest, latest in _spans(ages, self.period):
                if earliest <= date(born.year, 1, 1).toordinal() and date(born.year, 12, 31).toordinal() <= latest:
                    return str(born.year)
        return born.isoformat()

    def _household(self, commune: str, family: str, address: str, born: date) -> _Household:
        last, day = self.guardians.get(commune), born.toordinal()
        # Siblings are born at least a year apart.
        apart = last and len(last.births) < 4 and all(abs(day - other) > 365 for other in last.births)
        if last and apart and self.rng.random() < 0.45:
            last.births.append(day)
            return last
        payee = self._payee("GUARDIAN", family if self.rng.random() < 0.7 else names.family_name(self.rng))
        self.guardians[commune] = _Household(payee, family, address, [day])
        return self.guardians[commune]

    def _authorised(self, commune: str) -> Payee:
        """Mostly a relative of one's own; some collect for several neighbours."""
        if commune not in self.authorised or self.rng.random() > 0.12:
            self.authorised[commune] = self._payee("AUTHORISED", names.family_name(self.rng))
        return self.authorised[commune]

    def _payee(self, relation: Literal["GUARDIAN", "AUTHORISED"], family: str) -> Payee:
        sex: names.Sex = "F" if self.rng.random() < 0.6 else "M"
        year = int(self.period[:4]) - self.rng.randint(30, 70)
        name = names.full_name(self.rng, family, sex, year)
        return Payee(name, names.citizen_id(self.rng, sex, year, self.ids), relation)


@cache
def _commune_name(code: str, period: Period) -> str:
    area = find(code, period)
    return area.name if area else code


@cache
def _spans(ages: Ages, period: Period) -> tuple[tuple[int, int], ...]:
    """The days (ordinals) on which someone of these ages may be born, to have them through the whole month."""
    return tuple(
        (period.plus(1 - 12 * below).first_day.toordinal(), period.plus(-12 * start).first_day.toordinal())
        for start, below in ages
    )


def _born(rng: random.Random, ages: Ages, period: Period) -> date:
    earliest, latest = rng.choice(_spans(ages, period))
    draw = rng.random()
    # Of the very old there are fewer the older they are.
    reach = draw * draw if latest - earliest > 0 and int(period[:4]) - date.fromordinal(earliest).year >= 95 else draw
    return date.fromordinal(latest - int(reach * (latest - earliest)))


def _communes(period: Period) -> dict[str, int]:
    """The communes of that month with their weights, merged ones together."""
    weights: dict[str, int] = {}
    for code, inhabitants in _INHABITANTS.items():
        now = commune_in(code, OPENING, period) if period > OPENING else code
        weights[now] = weights.get(now, 0) + inhabitants
    return weights


def _leave_without_ids(rng: random.Random, people: list[Person], old_ids: set[str]) -> None:
    """Leaves about 1.5 % without a citizen id, none of whom could be taken for another one of the commune.

    Two rows without an id could be two people, so each of them has one right.
    """
    alike: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, person in enumerate(people):
        alike[person.commune, person.birth[:4]].append(index)
    wanted = round(len(people) * _WITHOUT_ID)
    for index in rng.sample(range(len(people)), len(people)):
        if not wanted:
            return
        person = people[index]
        others = (people[other].name for other in alike[person.commune, person.birth[:4]] if other != index)
        if len(person.rights) > 1 or any(names.near_equal(person.name, name) for name in others):
            continue
        wanted -= 1
        old = person.old_id
        if person.birth < "2000" and not old and rng.random() < 0.6:
            old = names.old_id(rng, old_ids)
        people[index] = replace(person, citizen_id=None, old_id=old)


def make(people: int = PLAN_TOTAL, seed: int = 1, period: Period = OPENING, taken: Iterable[str] = ()) -> list[Person]:
    """So many people with rights from that month on, by commune; every programme occurs from three people on.

    Nobody gets one of the `taken` numbers. Raises KeyError for a month before the catalogue begins (2023-07).
    """
    rng = random.Random(seed)  # noqa: S311 - made-up people, no secrets
    numbers = set(taken)
    maker = _Maker(rng, period, Catalogue(period), numbers, numbers)
    weights = _communes(period)
    made: dict[str, list[Person]] = {commune: [] for commune in weights}
    for programme in PROGRAMMES:
        count = apportion(people, PLAN_PEOPLE)[programme]
        dealt = iter(deal(rng, programme, count))
        for commune, number in apportion(count, weights).items():
            made[commune] += [maker.person(programme, commune, *next(dealt)) for _ in range(number)]
    population = [person for commune in sorted(made) for person in made[commune]]
    _leave_without_ids(rng, population, maker.old_ids)
    return population


def numbers_of(people: Iterable[Person]) -> Iterator[str]:
    """Every number that belongs to one of these people or to who receives for them."""
    for person in people:
        yield from (one for one in (person.citizen_id, person.old_id) if one)
        if person.payee:
            yield person.payee.citizen_id


def accounts(people: Iterable[Person], seed: int, opened_on: date, taken: Iterable[str] = ()) -> list[dict[str, str]]:
    """What the bank tells of the accounts it opened, as rows of account results known by `citizen_id`.

    About 96 % of those who have a citizen id and wish to be paid to an account have one, opened in the three weeks up
    to `opened_on`: the payee's where a payee is named (one account for all whom they receive for), else their own. No
    account has one of the `taken` numbers.
    """
    rng = random.Random(seed)  # noqa: S311 - made-up accounts, no secrets
    numbers = set(taken)
    opened: dict[str, tuple[str, str]] = {}
    results = []
    for person in people:
        if person.wish != "ACCOUNT" or person.citizen_id is None or rng.random() >= _OPENED:
            continue
        payee = person.payee
        holder = payee.citizen_id if payee else person.citizen_id
        if holder not in opened:
            day = opened_on - timedelta(days=rng.randrange(21))
            opened[holder] = names.account_number(rng, numbers), day.isoformat()
        number, since = opened[holder]
        result = {"citizen_id": person.citizen_id, "holder": payee.relation if payee else "OWN"}
        if payee:
            result |= {"holder_citizen_id": payee.citizen_id, "holder_name": payee.name}
        result |= {"bank_code": _BANK, "account_number": number, "result": "OPENED", "opened_on": since}
        results.append(result | {"account_name": names.bank_name(payee.name if payee else person.name)})
    return results

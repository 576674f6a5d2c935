"""Which rights the made-up people have: how frequent each is, who has it at what age, and what it pays.

The figures come from the catalogue's tables; how frequent a code is is a guess that looks like a district of the delta.
Nobody gets two rights of which only the higher would be paid: what a person is due is the sum of their rights.
"""

import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import TypeVar

from services.kernel.period import Period
from services.reference.programmes import Programme

Key = TypeVar("Key")
Ages = tuple[tuple[int, int], ...]

# Each span is as likely as the others: one child to two old people.
CHILD_OR_OLD: Ages = ((1, 16), (60, 80), (60, 95))
_SERVICE_AMOUNTS = (1_890_000, 1_976_000, 2_064_000, 2_150_000, 2_236_000, 2_324_000, 2_410_000, 2_500_000)


@dataclass(frozen=True, slots=True)
class Right:
    """One right: `amount` in đồng a month; `units` = how many children or years of seniority the amount counts."""

    programme: Programme
    item: str | None
    code: str | None
    amount: int
    units: int = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to be entitled: `ages` are spans (from, below) of full years in the whole month, `women` their share.

    `extras` are further rights of the same person as (chance, code); at most one of them is given.
    """

    code: str
    share: int
    ages: Ages
    women: float = 0.5
    extras: tuple[tuple[float, str], ...] = ()


def _btxh() -> Iterator[Kind]:
    yield Kind("BTXH.01.U4", 12, ((0, 4),))
    yield Kind("BTXH.01.4+", 120, ((4, 16),))
    yield Kind("BTXH.02", 45, ((16, 22),))
    yield Kind("BTXH.03.U4", 3, ((0, 4),))
    yield Kind("BTXH.03.4-16", 8, ((4, 16),))
    yield Kind("BTXH.04", 170, ((23, 50),), 0.9, ((0.06, "BTXH.06.SEVERE"),))
    yield Kind("BTXH.05A.60-80", 160, ((60, 80),), 0.7)
    yield Kind("BTXH.05A.80+", 110, ((80, 100),), 0.75)
    yield Kind("BTXH.05B", 10, ((75, 80),), 0.6)
    yield Kind("BTXH.05C", 5350, ((80, 103),), 0.66)
    yield Kind("BTXH.05D", 20, ((60, 95),), 0.6)
    yield Kind("BTXH.06.EXTREME", 420, ((16, 60),), 0.45)
    yield Kind("BTXH.06.EXTREME.CHILD_OR_OLD", 680, CHILD_OR_OLD)
    yield Kind("BTXH.06.SEVERE", 1900, ((16, 60),), 0.45)
    yield Kind("BTXH.06.SEVERE.CHILD_OR_OLD", 1450, CHILD_OR_OLD)
    yield Kind("BTXH.07", 8, ((0, 3),))
    yield Kind("BTXH.08", 60, ((22, 58),), 0.35)
    yield Kind("BTXH.CARE.EXTREME_DISABLED_HOUSEHOLD", 290, ((30, 75),), 0.65)


def _invalids() -> Iterator[Kind]:
    ages = ((60, 86),)
    second = ((0.02, "NCC.11.MARTYR.1"), (0.02, "NCC.08.21-40"))
    grave = ((0.65, "NCC.05.SUPP.81"), (0.25, "NCC.05.SUPP.81X"))
    for percent in range(21, 101):
        share = 60 if percent <= 40 else 30 if percent <= 60 else 12 if percent <= 80 else 3
        yield Kind(f"NCC.05.INVALID.{percent}", share, ages, 0.1, grave if percent >= 81 else second)
    for percent in range(21, 61):
        yield Kind(f"NCC.05.INVALID_B.{percent}", 2, ages, 0.05)


def _sick() -> Iterator[Kind]:
    grave = ((0.6, "NCC.06.SUPP.81"), (0.2, "NCC.06.SUPP.81X"))
    for level, share in (("41-50", 30), ("51-60", 40), ("61-70", 90), ("71-80", 25), ("81-90", 8), ("91-100", 3)):
        yield Kind(f"NCC.06.{level}", share, ((62, 86),), 0.08, grave if level in ("81-90", "91-100") else ())


def _dioxin() -> Iterator[Kind]:
    grave = ((0.5, "NCC.08.SUPP.81"), (0.2, "NCC.08.SUPP.81X"))
    for level, share in (("21-40", 40), ("41-60", 110), ("61-80", 45), ("81+", 8)):
        yield Kind(f"NCC.08.{level}", share, ((67, 86),), 0.15, grave if level == "81+" else ())


def _survivors() -> Iterator[Kind]:
    disabled = (0.09, "BTXH.06.SEVERE.CHILD_OR_OLD"), (0.02, "BTXH.06.EXTREME.CHILD_OR_OLD")
    lonely = (0.05, "NCC.11.CARE.MARTYR")
    yield Kind("NCC.11.MARTYR.1", 420, ((68, 97),), 0.85, (*disabled, lonely))
    yield Kind("NCC.11.MARTYR.2", 14, ((80, 99),), 0.9, (lonely,))
    yield Kind("NCC.11.MARTYR.3", 2, ((84, 100),), 1.0, (lonely,))
    yield Kind("NCC.11.MARTYR.REMARRIED", 25, ((70, 92),), 0.97)
    for former, share, youngest in (
        ("01", 6, 75),
        ("02", 8, 72),
        ("INVALID", 210, 62),
        ("SICK", 110, 62),
        ("DIOXIN", 65, 64),
    ):
        yield Kind(f"NCC.11.SURVIVOR.{former}", share, ((youngest, 95),), 0.9, ((0.06, f"NCC.11.CARE.{former}"),))


def _carers() -> Iterator[Kind]:
    for served, share in (
        ("MOTHER", 8),
        ("INVALID.81", 22),
        ("INVALID.81X", 8),
        ("SICK.81", 8),
        ("SICK.81X", 3),
        ("DIOXIN.81", 8),
    ):
        yield Kind(f"NCC.12.{served}", share, ((40, 78),), 0.85)


def _resistance() -> dict[str, tuple[Kind, ...]]:
    alone = ((0.1, "NCC.07.CARE"),)
    return {
        "1": (
            Kind("NCC.01.ESCAPED", 2, ((94, 101),), 0.2, ((0.9, "NCC.01.SUPP.SENIORITY"),)),
            Kind("NCC.01.LOCAL", 1, ((94, 101),), 0.3),
        ),
        "2": (Kind("NCC.02", 1, ((93, 100),), 0.25),),
        "3": (Kind("NCC.03", 1, ((84, 101),), 1.0, ((0.9, "NCC.03.SUPP"),)),),
        "4": (Kind("NCC.04", 1, ((68, 90),), 0.15),),
        "7": (
            Kind("NCC.07.MEDAL.PRE1945", 1, ((92, 101),), 0.5, alone),
            Kind("NCC.07.MEDAL.RESISTANCE", 14, ((76, 99),), 0.55, alone),
        ),
        "9": (Kind("NCC.09.61-80", 40, ((30, 52),), 0.45), Kind("NCC.09.81+", 20, ((30, 52),), 0.45)),
        "10": (Kind("NCC.10", 1, ((68, 92),), 0.12),),
    }


_NCC_ITEMS = {
    "1": 3,
    "2": 4,
    "3": 12,
    "4": 5,
    "5": 780,
    "6": 255,
    "7": 92,
    "8": 213,
    "9": 62,
    "10": 46,
    "11": 860,
    "12": 59,
}
_KHAC_ITEMS = {
    "16": Kind("", 132, ((66, 84),), 0.12, ((0.03, "BTXH.06.SEVERE.CHILD_OR_OLD"),)),
    "17": Kind("", 22, ((66, 84),), 0.15),
    "18": Kind("", 100, ((57, 72),), 0.06),
}


@cache
def _groups(programme: Programme) -> dict[str, tuple[int, tuple[Kind, ...]]]:
    """What the people of a programme are dealt out to: BTXH by code, NCC and KHAC by item, as (share, kinds)."""
    if programme == "BTXH":
        return {kind.code: (kind.share, (kind,)) for kind in _btxh()}
    if programme == "KHAC":
        return {item: (kind.share, (kind,)) for item, kind in _KHAC_ITEMS.items()}
    wounded = {"5": tuple(_invalids()), "6": tuple(_sick()), "8": tuple(_dioxin())}
    kinds = _resistance() | wounded | {"11": tuple(_survivors()), "12": tuple(_carers())}
    return {item: (share, kinds[item]) for item, share in _NCC_ITEMS.items()}


def apportion(total: int, shares: Mapping[Key, int]) -> dict[Key, int]:
    """Splits a number by shares to whole numbers (largest remainder); none gets 0 if there is one for each."""
    least, whole = int(total >= len(shares)), sum(shares.values())
    parts = {key: max(least, total * share // whole) for key, share in shares.items()}
    while (left := total - sum(parts.values())) != 0:
        step = 1 if left > 0 else -1
        behind = {key: step * (total * share - parts[key] * whole) for key, share in shares.items()}
        key = max((key for key in shares if step > 0 or parts[key] > least), key=behind.__getitem__)
        parts[key] += step
    return parts


def deal(rng: random.Random, programme: Programme, count: int) -> list[tuple[str, Kind]]:
    """So many (group, kind) of a programme in its proportions, shuffled; a group is an item of Form 2 or a code."""
    groups = _groups(programme)
    dealt: list[tuple[str, Kind]] = []
    for group, number in apportion(count, {group: share for group, (share, _) in groups.items()}).items():
        kinds = groups[group][1]
        weights = tuple(accumulate(kind.share for kind in kinds))
        dealt.extend((group, kind) for kind in rng.choices(kinds, cum_weights=weights, k=number))
    rng.shuffle(dealt)
    return dealt


def _table(name: str) -> Iterator[dict[str, str]]:
    text = (files("services.registry") / "data" / name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


class Catalogue:
    """What each code pays in one month, by the tables of figures.

    BTXH: the higher of the nation's and Hà Nội's standard level × coefficient (NĐ 20/2021, Điều 4, 6); NCC: by code.
    Raises KeyError for a code that has no figure in that month.
    """

    def __init__(self, period: Period) -> None:
        day = period.first_day.isoformat()
        levels: dict[str, int] = {}
        for row in sorted(_table("standard_levels.csv"), key=lambda row: row["valid_from"]):
            if row["programme"] == "BTXH" and row["valid_from"] <= day:
                levels[row["scope"]] = int(row["amount_vnd"])
        self._rights: dict[str, Right] = {}
        for row in _table("social_assistance_coefficients.csv"):
            if levels and row["valid_from"] <= day:
                amount = int(max(levels.values()) * Decimal(row["coefficient"]))
                self._rights[row["code"]] = Right("BTXH", None, row["code"], amount)
        for row in sorted(_table("benefit_levels.csv"), key=lambda row: row["valid_from"]):
            if row["valid_from"] <= day:
                self._rights[row["code"]] = Right("NCC", row["form2_item"], row["code"], int(row["amount_vnd"]))

    def right(self, rng: random.Random, code: str) -> Right:
        """The right of that code; the poor single parent's counts the children, seniority the units of service."""
        single = self._rights[code]
        if code == "BTXH.04":
            return _times(single, rng.choices((1, 2, 3), (55, 35, 10))[0])
        if code == "NCC.01.SUPP.SENIORITY":
            return _times(single, rng.randint(2, 9))
        return single

    def rights(self, rng: random.Random, group: str, kind: Kind) -> tuple[Right, ...]:
        """All rights of one person of that kind: the first is the one they are counted by."""
        first = self.right(rng, kind.code) if kind.code else _service(group, rng.choice(_SERVICE_AMOUNTS))
        draw = rng.random()
        for chance, code in kind.extras:
            if draw < chance:
                return (first, self.right(rng, code))
            draw -= chance
        return (first,)


@cache
def _service(item: str, amount: int) -> Right:
    """KHAC: no code, the amount by years of service comes with the list (QĐ 142/2008, 53/2010, 62/2011)."""
    return Right("KHAC", item, None, amount)


def _times(right: Right, units: int) -> Right:
    return Right(right.programme, right.item, right.code, right.amount * units, units)

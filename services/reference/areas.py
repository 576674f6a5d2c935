"""Administrative areas in time: (code, month) names an area, for numbers are used again.

Source: `areas.csv`, the units of huyện Thanh Oai before and after NQ 1656/NQ-UBTVQH15; an area whose end has a
successor hands over its people, money and open lists to it.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from services.kernel.period import Period

FIRST = Period("0001-01")
LAST = Period("9999-12")


@dataclass(frozen=True, slots=True)
class Area:
    """One unit during its life: `first` to `last` are the months in which it existed."""

    code: str
    name: str
    level: str
    parent: str
    first: Period
    last: Period
    successor: str

    def existed_in(self, period: str) -> bool:
        return self.first <= period <= self.last


def _month(day: str, default: Period) -> Period:
    return Period(day[:7]) if day else default


@cache
def all_areas() -> tuple[Area, ...]:
    """Every unit of the table, in its order."""
    with (Path(__file__).parent / "areas.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Area(
                code=row["code"],
                name=row["name"],
                level=row["level"],
                parent=row["parent"],
                first=_month(row["valid_from"], FIRST),
                last=_month(row["valid_to"], LAST),
                successor=row["successor"],
            )
            for row in csv.DictReader(file)
        )


@lru_cache(4096)
def find(code: str, period: str) -> Area | None:
    """The area that bore this code in that month, if there was one."""
    return next((area for area in all_areas() if area.code == code and area.existed_in(period)), None)


def name_of(code: str, period: str) -> str:
    """The area's name in that month, else any name that was ever borne under the code, else the code itself."""
    area = find(code, period) or next((one for one in all_areas() if one.code == code), None)
    return area.name if area else code


def known(code: str) -> bool:
    """Whether any area ever bore this code."""
    return any(area.code == code for area in all_areas())


def children(code: str, period: str) -> Sequence[Area]:
    """The areas directly under `code` in that month."""
    return [area for area in all_areas() if area.parent == code and area.existed_in(period)]


def communes(code: str, period: str) -> list[str]:
    """The communes that make up an area in that month: itself, if it is one; in the table's order."""
    area = find(code, period)
    if area is None:
        return []
    if area.level == "commune":
        return [code]
    return [commune for child in children(code, period) for commune in communes(child.code, period)]


def everywhere(period: str) -> list[str]:
    """The communes of the district in that month; of the province once there was no district any more."""
    return communes("278", period) or communes("01", period)


@lru_cache(4096)
def commune_in(code: str, since: str, period: str) -> str:
    """The code in `period` of the commune that bore `code` in `since`, following mergers onward."""
    area = find(code, since)
    while area is not None and area.last < period and area.successor:
        area = find(area.successor, area.last.plus(1))
    return area.code if area else code


def within(code: str, area: str, period: str) -> bool:
    """Whether commune `code` lies in `area` (itself, its district, its province) in that month."""
    return code in communes(area, period)


def lies_in(code: str, since: str, area: str, period: str) -> bool:
    """Whether the commune that bore `code` in `since` lay in `area` then, or what took it over does in `period`."""
    return within(code, area, since) or within(commune_in(code, since, period), area, period)

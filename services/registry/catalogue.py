"""The catalogue: what a code is worth in a month, and to which item of Form 2 it belongs. Pure; figures from `data/`.

NCC: NĐ 55/2023 from 2023-07, NĐ 77/2024 from 2024-07. BTXH: standard level × coefficient (NĐ 20/2021 Đ5, Đ6), the
level being the higher of the nation's and the province's in force in the month.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from services.reference.programmes import Programme

DATA = Path(__file__).parent / "data"
SINGLE_PARENT = "BTXH.04"
CARE = "BTXH.CARE"
# The amount of these is a whole multiple of the catalogue's figure: children brought up, units of seniority.
MULTIPLES = frozenset({SINGLE_PARENT, "NCC.01.SUPP.SENIORITY"})


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures in time: `amounts[i]` đồng counts from month `since[i]` on."""

    since: Sequence[str]
    amounts: Sequence[int]

    def at(self, month: str) -> int | None:
        """The figure of that month, None before the first."""
        place = bisect_right(self.since, month)
        return self.amounts[place - 1] if place else None


class Catalogue:
    """Codes with their programme, item and figures."""

    def __init__(self, figures: Mapping[str, Figures], items: Mapping[str, str], coefficients: Mapping[str, Decimal]):
        self._figures = figures
        self._items = items
        self._coefficients = coefficients

    def knows(self, code: str) -> bool:
        return code in self._figures

    def codes(self) -> Sequence[str]:
        """Every code, in order."""
        return sorted(self._figures)

    def programme_of(self, code: str) -> Programme:
        return "BTXH" if code in self._coefficients else "NCC"

    def item_of(self, code: str) -> str | None:
        """The item of Form 2, None for BTXH."""
        return self._items.get(code)

    def coefficient(self, code: str) -> Decimal:
        """BTXH only: the coefficient of NĐ 20/2021 Đ6."""
        return self._coefficients[code]

    def amount(self, code: str, month: str) -> int | None:
        """Đồng a month of one unit of the code; None where the catalogue has no figure for that month."""
        figures = self._figures.get(code)
        return figures.at(month) if figures else None

    def changes(self, code: str) -> Sequence[str]:
        """The months from which another figure counts."""
        figures = self._figures.get(code)
        return figures.since if figures else ()


def _figures(pairs: Iterable[tuple[str, int]]) -> Figures:
    ordered = sorted(pairs)
    return Figures([month for month, _ in ordered], [amount for _, amount in ordered])


def _levels(rows: Iterable[Mapping[str, str]], programme: str) -> dict[str, int]:
    """Month → the standard level from then on: the higher of the national and the provincial one."""
    entries = sorted(
        (row["valid_from"][:7], row["scope"], int(row["amount_vnd"])) for row in rows if row["programme"] == programme
    )
    in_force: dict[str, int] = {}
    highest: dict[str, int] = {}
    for month, scope, amount in entries:
        in_force[scope] = amount
        highest[month] = max(in_force.values())
    return highest


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def standard_levels() -> Figures:
    """The standard level of social assistance in time, in the district's province."""
    return _figures(_levels(_table("standard_levels.csv"), "BTXH").items())


@cache
def load() -> Catalogue:
    """The catalogue of the tables in `data/`."""
    items: dict[str, str] = {}
    merit: dict[str, list[tuple[str, int]]] = {}
    for row in _table("benefit_levels.csv"):
        items[row["code"]] = row["form2_item"]
        merit.setdefault(row["code"], []).append((row["valid_from"][:7], int(row["amount_vnd"])))
    figures = {code: _figures(pairs) for code, pairs in merit.items()}
    coefficients = {row["code"]: Decimal(row["coefficient"]) for row in _table("social_assistance_coefficients.csv")}
    levels = standard_levels()
    for code, coefficient in coefficients.items():
        figures[code] = Figures(levels.since, [int(coefficient * level) for level in levels.amounts])
    return Catalogue(figures, items, coefficients)


def unit_of(code: str | None, amount: int, figure: int | None) -> int | None:
    """How many units of the catalogue's figure an amount is; None if it is no whole number the code allows."""
    if code is None or not figure or amount % figure:
        return None
    units = amount // figure
    return units if units == 1 or code in MULTIPLES else None


@cache
def entries() -> list[dict[str, object]]:
    """The catalogue as the API shows it: standard levels, then amounts by code."""
    levels = [
        {
            "programme": row["programme"],
            "scope": row["scope"],
            "amount": int(row["amount_vnd"]),
            "valid_from": row["valid_from"],
            "basis": row["legal_basis"],
        }
        for row in _table("standard_levels.csv")
    ]
    codes = [
        {
            "programme": "NCC",
            "code": row["code"],
            "item": row["form2_item"],
            "amount": int(row["amount_vnd"]),
            "valid_from": row["valid_from"],
            "basis": row["legal_basis"],
        }
        for row in _table("benefit_levels.csv")
    ]
    return [*levels, *codes]

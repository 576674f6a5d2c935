"""The catalogue: what a code is worth in a month, and to which item of Form 2 it belongs. Pure; figures from `data/`.

NCC: NĐ 55/2023 from 2023-07, NĐ 77/2024 from 2024-07. BTXH: standard level × coefficient (NĐ 20/2021 Đ5, Đ6), the
level being the higher of the nation's and the province's in force in the month.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from services.kernel.period import Period
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


@dataclass(frozen=True, slots=True)
class Level:
    """A figure that the office entered: the standard level of a scope (BTXH), or the amount of a code (NCC).

    `scope` is "national" or "area 01"; đồng a month, from the month `since` on; `basis`: the legal act.
    """

    programme: Programme
    scope: str | None
    code: str | None
    amount: int
    since: str
    basis: str


class Catalogue:
    """Codes with their programme, item and figures; the standard level of social assistance in time."""

    def __init__(
        self,
        figures: Mapping[str, Figures],
        items: Mapping[str, str],
        coefficients: Mapping[str, Decimal],
        standard: Figures,
        opening: Period | None,
    ):
        self._figures = figures
        self._items = items
        self._coefficients = coefficients
        self._standard = standard
        self.opening = opening
        """The first month that this software pays, None where that is not set: no month before it is due."""

    def standard_level(self, month: str) -> int | None:
        """The standard level of social assistance in that month (NĐ 20/2021 Đ4), in the district's province."""
        return self._standard.at(month)

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
    """Month and amount; of two for one month the later word counts."""
    ordered = sorted(dict(pairs).items())
    return Figures([month for month, _ in ordered], [amount for _, amount in ordered])


def _standard(told: Iterable[tuple[str, str, int]]) -> Figures:
    """Scope, month, amount → the standard level from then on: the higher of the national and the provincial one."""
    by_scope: dict[str, dict[str, int]] = {}
    for scope, month, amount in told:
        by_scope.setdefault(scope, {})[month] = amount
    scopes = [_figures(entries.items()) for entries in by_scope.values()]
    months = sorted({month for figures in scopes for month in figures.since})
    return Figures(months, [max(figures.at(month) or 0 for figures in scopes) for month in months])


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _of_the_tables() -> tuple[Level, ...]:
    levels = [
        Level("BTXH", _scope(row["scope"]), None, int(row["amount_vnd"]), row["valid_from"][:7], row["legal_basis"])
        for row in _table("standard_levels.csv")
        if row["programme"] == "BTXH"
    ]
    codes = [
        Level("NCC", None, row["code"], int(row["amount_vnd"]), row["valid_from"][:7], row["legal_basis"])
        for row in _table("benefit_levels.csv")
    ]
    return (*levels, *codes)


def _scope(text: str) -> str:
    """`area 01 (Hà Nội)` is the scope `area 01`."""
    return text.partition(" (")[0]


@lru_cache(8)
def with_levels(entered: tuple[Level, ...], opening: Period | None = None) -> Catalogue:
    """The catalogue of the tables in `data/` and of what the office entered since, in that order."""
    told = (*_of_the_tables(), *entered)
    standard = _standard((str(one.scope), one.since, one.amount) for one in told if one.programme == "BTXH")
    merit: dict[str, list[tuple[str, int]]] = {}
    for one in told:
        if one.code:
            merit.setdefault(one.code, []).append((one.since, one.amount))
    figures = {code: _figures(pairs) for code, pairs in merit.items()}
    coefficients = {row["code"]: Decimal(row["coefficient"]) for row in _table("social_assistance_coefficients.csv")}
    for code, coefficient in coefficients.items():
        figures[code] = Figures(standard.since, [int(coefficient * level) for level in standard.amounts])
    items = {row["code"]: row["form2_item"] for row in _table("benefit_levels.csv")}
    return Catalogue(figures, items, coefficients, standard, opening)


def load() -> Catalogue:
    """The catalogue of the tables alone."""
    return with_levels(())


def unit_of(code: str | None, amount: int, figure: int | None) -> int | None:
    """How many units of the catalogue's figure an amount is; None if it is no whole number the code allows."""
    if code is None or not figure or amount % figure:
        return None
    units = amount // figure
    return units if units == 1 or code in MULTIPLES else None


def entries(entered: Sequence[Level]) -> list[dict[str, object]]:
    """The catalogue as the API shows it: the tables, then what the office entered."""
    return [_shown(one) for one in (*_of_the_tables(), *entered)]


def _shown(one: Level) -> dict[str, object]:
    shown: dict[str, object] = (
        {"programme": one.programme, "scope": one.scope}
        if one.scope
        else {
            "programme": one.programme,
            "code": one.code,
            "item": load().item_of(one.code or ""),
        }
    )
    return shown | {"amount": one.amount, "valid_from": f"{one.since}-01", "basis": one.basis}

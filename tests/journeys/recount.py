"""Both forms counted again from the input files by plain Python: shares nothing with the services.

Only what a clerk with the papers would do: read the communes' workbooks, the bank's letters and the communes' notes,
and count.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl

BTXH_LEVEL_2023_11 = 440_000
PROGRAMME_COLUMNS = {"BTXH": ("5", "6"), "NCC": ("7", "8"), "KHAC": ("9", "10")}
OWN_ROW = {"BTXH": "I.1", "NCC": "I.2", "KHAC": "I.3"}
ITEM_ROWS = {"I": [str(n) for n in range(1, 13)], "II": ["16", "17", "18"]}
Cells = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Pair:
    """One person in one programme, as the papers have it."""

    person: str
    commune: str
    programme: str
    items: Mapping[str, int]
    wish: str | None

    @property
    def amount(self) -> int:
        return sum(self.items.values())


def _catalogue(data: Path) -> dict[str, tuple[str, int]]:
    """Code → item and amount in 2023-11."""
    with (data / "social_assistance_coefficients.csv").open(encoding="utf-8") as file:
        found = {
            row["code"]: ("", int(Decimal(row["coefficient"]) * BTXH_LEVEL_2023_11)) for row in csv.DictReader(file)
        }
    with (data / "benefit_levels.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["valid_from"] <= "2023-11-01" and row["amount_vnd"]:
                found[row["code"]] = (row["form2_item"], int(row["amount_vnd"]))
    return found


def _rows(file: Path) -> Iterable[dict[str, Any]]:
    sheet = openpyxl.load_workbook(file, read_only=True).worksheets[0]
    lines = sheet.iter_rows(values_only=True)
    headings = next(lines)
    for line in lines:
        yield dict(zip(headings, line, strict=True))


def read_pairs(files: Iterable[Path], data: Path) -> list[Pair]:
    """Everybody on the communes' workbooks, by person and programme."""
    catalogue = _catalogue(data)
    items: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    wishes: dict[tuple[str, str, str], str | None] = {}
    for file in files:
        commune = file.stem.split("-")[1]
        for row in _rows(file):
            person = str(row["Số định danh"] or f"{row['Họ và tên']} {row['Ngày sinh']}")
            key = (person, commune, row["Chương trình"])
            item, amount = catalogue.get(row["Mã chế độ"] or "", (str(row["Mục"]), 0))
            stated = str(row["Mức hưởng"] or "").replace(".", "")
            items[key][item] += int(stated) if stated else amount
            wishes[key] = row["Hình thức"] or wishes.get(key)
    return [Pair(*key, dict(found), wishes[key]) for key, found in items.items()]


@dataclass(frozen=True)
class Papers:
    """What else came in: who was reviewed, whose account was opened when, whose money arrived and stayed."""

    reviewed: Callable[[Pair], bool]
    opened_on: Mapping[str, str]
    kept: Callable[[Pair], bool]

    def has_account(self, pair: Pair) -> bool:
        return pair.wish == "TÀI KHOẢN" and pair.person in self.opened_on

    def paid(self, pair: Pair) -> bool:
        return self.has_account(pair) and pair.person.isdigit() and self.kept(pair)


def thousands(dong: int) -> int:
    """Rounded to 1000, a half away from zero."""
    return int((Decimal(dong) / 1000).quantize(Decimal(1), ROUND_HALF_UP))


def form_1(pairs: Iterable[Pair], papers: Papers) -> tuple[Cells, dict[str, int]]:
    """The cells of Form 1 for these pairs, and row III.2 before rounding."""
    people = list(pairs)
    cells: Cells = {row: {} for row in ("I", "I.1", "I.2", "I.3", "II", "II.1", "II.2", "III", "III.1", "III.2")}
    dong: dict[str, int] = {}
    for programme, (cumulative, in_period) in PROGRAMME_COLUMNS.items():
        mine = [pair for pair in people if pair.programme == programme]
        registered = [pair for pair in mine if papers.has_account(pair)]
        opened_now = [pair for pair in registered if papers.opened_on[pair.person].startswith("2023-11")]
        reviewed = sum(1 for pair in mine if papers.reviewed(pair))
        paid = [pair for pair in mine if papers.paid(pair)]
        money = sum(pair.amount for pair in paid)
        for column in (cumulative, in_period):
            cells["I"][column] = cells[OWN_ROW[programme]][column] = len(mine)
            cells["II.1"][column] = reviewed
            cells["III.1"][column] = len(paid)
            cells["III.2"][column] = thousands(money)
            dong[column] = money
        cells["II.2"][cumulative], cells["II.2"][in_period] = len(registered), len(opened_now)
    for row, columns in cells.items():
        if row not in ("II", "III"):
            columns["4"] = sum(columns.get(column, 0) for column in ("5", "7", "9"))
    dong["4"] = dong["5"] + dong["7"] + dong["9"]
    return cells, dong


def form_2(pairs: Iterable[Pair], papers: Papers) -> Cells:
    """The cells of Form 2 for these pairs."""
    people = list(pairs)
    cells: Cells = {}
    for total, items in ITEM_ROWS.items():
        for item in items:
            mine = [pair for pair in people if item in pair.items]
            paid = sum(1 for pair in mine if papers.paid(pair))
            cells[item] = {
                "3": len(mine),
                "4": len(mine),
                "5": sum(1 for pair in mine if papers.reviewed(pair)),
                "6": sum(1 for pair in mine if papers.has_account(pair)),
                "7": paid,
                "8": paid,
            }
        cells[total] = {column: sum(cells[item][column] for item in items) for column in "345678"}
    return cells

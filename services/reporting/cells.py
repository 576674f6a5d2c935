"""What each cell of the two forms counts, read from `data/forms.json`: the same words for figures and explanation."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

WHOLE = "*"
"""The item that stands for a programme as a whole."""
THOUSANDS = "1000 đồng"


@dataclass(frozen=True, slots=True)
class Source:
    """A measure of the facts that enters a cell: row of Form 1, programme, item, and which of its two figures."""

    row: str
    programme: str
    item: str
    in_period: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that has a meaning. `adds`: the cells of the same form whose printed figures it is the sum of."""

    row: str
    column: str
    thousands: bool
    sources: tuple[Source, ...] = ()
    adds: tuple[tuple[str, str], ...] = ()


@cache
def cells(form_id: str) -> tuple[Cell, ...]:
    """The cells of `form-1` or `form-2`, a sum after the cells it adds. Raises KeyError for any other form."""
    file = Path(__file__).parent / "data" / "forms.json"
    form = {form["id"]: form for form in json.loads(file.read_text(encoding="utf-8"))["forms"]}[form_id]
    found = [
        cell
        for row in form["rows"]
        if not row.get("heading")
        for column, meaning in form["columns"].items()
        if (cell := _cell(row, column, meaning, form["columns"])) is not None
    ]
    return tuple(sorted(found, key=lambda cell: bool(cell.adds)))


def _cell(row: dict[str, Any], column: str, meaning: dict[str, str], columns: dict[str, Any]) -> Cell | None:
    thousands = row.get("unit") == THOUSANDS
    if "sum_of" in row:
        return Cell(row["id"], column, thousands, adds=tuple((item, column) for item in row["sum_of"]))
    if "formula" in meaning:
        parts = [part for part in meaning["formula"].split("+") if _has(row, columns[part])]
        return Cell(row["id"], column, thousands, adds=tuple((row["id"], part) for part in parts))
    if not _has(row, meaning):
        return None
    return Cell(row["id"], column, thousands, sources=(_source(row, meaning),))


def _has(row: dict[str, Any], meaning: dict[str, str]) -> bool:
    """Whether the row speaks of the column's programme: I.1–I.3 only of their own."""
    return row.get("only_programme") in (None, meaning.get("programme"))


def _source(row: dict[str, Any], meaning: dict[str, str]) -> Source:
    in_period = meaning["measure"] == "in_period"
    if "row_of_form_1" in meaning:
        return Source(meaning["row_of_form_1"], row["programme"], row["id"], in_period)
    # A row of one programme (I.1) shows that programme's part of the row above it (I).
    measured = row["id"].split(".")[0] if "only_programme" in row else row["id"]
    return Source(measured, meaning["programme"], WHOLE, in_period)


def sources_of(form_id: str, row: str, column: str) -> tuple[Source, ...] | None:
    """All measures within a cell, those of the cells it adds included; None for a cell without meaning."""
    by_place = {(cell.row, cell.column): cell for cell in cells(form_id)}
    cell = by_place.get((row, column))
    if cell is None:
        return None
    return cell.sources + tuple(source for place in cell.adds for source in by_place[place].sources)

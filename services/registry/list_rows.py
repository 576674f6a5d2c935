"""The rows of a list sorted out for a page: which a filter leaves, how many each leaves, which are wrong. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from services.kernel.names import word_key
from services.registry.headings import KIND, NAME
from services.registry.row import KIND_WORDS, Kind
from services.registry.showing import row_shown
from services.registry.spreadsheet import RawRow

KINDS: tuple[Kind, ...] = tuple(KIND_WORDS.values())
WRONG, DOUBTFUL = "sai", "ly-do"
"""Filters beside those by kind: rows to mend, rows that need a reason."""


@lru_cache(1024)
def _kind(cell: str) -> Kind | None:
    return KIND_WORDS.get(word_key(cell))


def kind_of(cells: Mapping[str, Any]) -> Kind | None:
    """What a row is, as far as its first cell can be read."""
    return _kind(str(cells.get(KIND) or "")[:50])


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows with the numbers of those that have errors, and of those that only need a reason."""

    rows: Sequence[RawRow]
    wrong: Collection[int]
    doubtful: Collection[int]

    @classmethod
    def of(cls, rows: Sequence[RawRow], shown: Mapping[str, Any]) -> "Sorted":
        """`shown`: the list with its errors and warnings."""
        wrong = {one["row"] for one in shown["errors"]}
        return cls(rows, wrong, {one["row"] for one in shown["warnings"] if one["needs_acceptance"]} - wrong)

    def left_by(self, wanted: str) -> Sequence[RawRow]:
        """The rows that a filter leaves, in the order of the file; any other word leaves all."""
        if wanted == WRONG:
            return [one for one in self.rows if one[0] in self.wrong]
        if wanted == DOUBTFUL:
            return [one for one in self.rows if one[0] in self.doubtful]
        return [one for one in self.rows if wanted not in KINDS or kind_of(one[1]) == wanted]

    def counts(self) -> dict[str, int]:
        """How many rows each filter leaves, "" standing for none."""
        found = {"": len(self.rows), WRONG: len(self.wrong), DOUBTFUL: len(self.doubtful)} | dict.fromkeys(KINDS, 0)
        for _, cells in self.rows:
            kind = kind_of(cells)
            if kind:
                found[kind] += 1
        return found

    def with_errors(self, errors: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The wrong rows: number, name and first error of each; of a wrong file they are thousands."""
        first: dict[int, Mapping[str, Any]] = {}
        for error in errors:
            first.setdefault(error["row"], error)
        named = [(number, {NAME: cells[NAME]} if NAME in cells else {}) for number, cells in self.left_by(WRONG)]
        return [{**row_shown(number, name), "error": first[number]} for number, name in named]

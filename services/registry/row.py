"""One row of a change list, read: typed values, and what is wrong or doubtful about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from services.kernel.ids import Sex
from services.kernel.period import Period
from services.reference.programmes import Programme

Kind = Literal["INCREASE", "DECREASE", "ADJUST"]
KIND_WORDS: Mapping[str, Kind] = {"tang": "INCREASE", "giam": "DECREASE", "dieuchinh": "ADJUST"}
"""TĂNG, GIẢM, ĐIỀU CHỈNH, without diacritics, capitals and spaces."""
Relation = Literal["GUARDIAN", "AUTHORISED"]
Wish = Literal["ACCOUNT", "CASH"]
Language = Literal["vi", "en"]


class ReasonKind(StrEnum):
    """What a row's `Lý do` says at its beginning, as far as it changes what the row means."""

    ORDINARY = "ORDINARY"
    DEATH = "DEATH"
    SUSPEND = "SUSPEND"
    RESUME = "RESUME"
    MOVE_OUT = "MOVE_OUT"
    MOVE_IN = "MOVE_IN"
    LEAVE_DISTRICT = "LEAVE_DISTRICT"
    CORRECTION = "CORRECTION"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell is wrong or doubtful, and what to do, in both languages."""

    code: str
    vi: str
    en: str
    needs_acceptance: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """An error or warning in a cell: `row` as the person sees it, `column` by its heading."""

    row: int
    column: str
    code: str
    vi: str
    en: str
    needs_acceptance: bool = False

    def message(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Row:
    """The cleaned values of a row; None is an empty cell, or one that can't be read (then there is an error).

    `birth` is a year (`"1938"`) or an ISO day; `amount` đồng a month; `from_period` the first month of the right, in a
    DECREASE the first without it; `reason_commune` the code of the commune that a move names; `cleared` the headings
    of an ADJUST where a dash takes away what was known.
    """

    number: int
    kind: Kind
    name: str | None = None
    birth: str | None = None
    sex: Sex | None = None
    citizen_id: str | None = None
    old_id: str | None = None
    phone: str | None = None
    address: str | None = None
    programme: Programme | None = None
    item: str | None = None
    code: str | None = None
    amount: int | None = None
    from_period: Period | None = None
    reason: str | None = None
    reason_kind: ReasonKind = ReasonKind.ORDINARY
    reason_commune: str | None = None
    payee_name: str | None = None
    payee_id: str | None = None
    relation: Relation | None = None
    wish: Wish | None = None
    decision_number: str | None = None
    decision_date: date | None = None
    cleared: frozenset[str] = frozenset()

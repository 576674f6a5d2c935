"""One row of a change list: from cells as read to a `Row`, with everything that the row alone shows to be wrong.

The registry and the catalogue are not asked here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from services.kernel.ids import Sex, check_citizen_id
from services.kernel.period import Period
from services.kernel.tables.table import Cell, Json, from_json
from services.reference.programmes import PROGRAMMES, Programme
from services.registry import cells, days
from services.registry.cells import BadCell, is_dash, refuse_error
from services.registry.headings import (
    ADDRESS,
    AMOUNT,
    BIRTH,
    CITIZEN_ID,
    CLEARABLE,
    CODE,
    DECISION_DATE,
    DECISION_NUMBER,
    FROM,
    HEADINGS,
    ITEM,
    KIND,
    NAME,
    OLD_ID,
    PAYEE,
    PAYEE_ID,
    PHONE,
    PROGRAMME,
    REASON,
    RELATION,
    SEX,
    WISH,
)
from services.registry.reasons import Reason, read_reason
from services.registry.row import KIND_WORDS, Finding, Kind, Problem, ReasonKind, Relation, Row, Wish
from services.registry.row_rules import (
    NEEDED,
    claims_missing,
    contradiction,
    item_problem,
    missing,
    no_citizen_id,
    starts_long_ago,
)

T = TypeVar("T")

_SEXES: dict[str, Sex] = {"nam": "M", "nu": "F"}
_PROGRAMMES: dict[str, Programme] = {programme.lower(): programme for programme in PROGRAMMES}
_RELATIONS: dict[str, Relation] = {"giamho": "GUARDIAN", "uyquyen": "AUTHORISED"}
_WISHES: dict[str, Wish] = {"taikhoan": "ACCOUNT", "tienmat": "CASH"}
_PLACE = {heading: at for at, heading in enumerate(HEADINGS)}


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """`row` holds what could be read (None if not even `Loại` could); it may be used only if there are no errors."""

    row: Row | None
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def check_row(number: int, raw: Mapping[str, Json], period: Period, today: date) -> CheckedRow:
    """Reads and checks one row, cells as JSON values by heading (`as_json`); other headings are ignored.

    `period` is the list's, `today` the business day (births are not after it).
    """
    return _RowCheck(number, raw, period, today).run()


def right_missing(row: Row) -> tuple[Finding, ...]:
    """What an increase lacks of a right: for a "Chuyển đến" that proves to be an ordinary one."""
    filled = {PROGRAMME: row.programme, CODE: row.code, ITEM: row.item, AMOUNT: row.amount}
    present = {heading for heading, value in filled.items() if value is not None}
    lacking = claims_missing(row.programme, present)
    return tuple(_finding(row.number, heading, missing(heading)) for heading in lacking)


def _finding(row: int, column: str, problem: Problem) -> Finding:
    return Finding(row, column, problem.code, problem.vi, problem.en, problem.needs_acceptance)


class _RowCheck:
    def __init__(self, number: int, raw: Mapping[str, Json], period: Period, today: date) -> None:
        self._number = number
        self._period = period
        self._today = today
        read = {heading: from_json(raw[heading]) for heading in HEADINGS if heading in raw}
        self._cells: dict[str, Cell] = {heading: cell for heading, cell in read.items() if cell is not None}
        self._cleared: set[str] = set()
        self._errors: list[Finding] = []
        self._warnings: list[Finding] = []

    def run(self) -> CheckedRow:
        if KIND not in self._cells:
            self._error(KIND, missing(KIND))
            return self._checked(None)
        kind = self._take(KIND, lambda cell: cells.read_word(cell, KIND_WORDS, "TĂNG, GIẢM, ĐIỀU CHỈNH"))
        self._settle_dashes(kind)
        row = self._read(kind or "ADJUST")
        self._check_facts(row)
        if kind is not None:
            self._check_needed(row)
            self._check_payee(row)
        return self._checked(row if kind is not None else None)

    def _checked(self, row: Row | None) -> CheckedRow:
        def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
            return tuple(sorted(findings, key=lambda finding: _PLACE[finding.column]))

        return CheckedRow(row, in_order(self._errors), in_order(self._warnings))

    def _error(self, column: str, problem: Problem) -> None:
        self._errors.append(_finding(self._number, column, problem))

    def _warn(self, column: str, problem: Problem | None) -> None:
        if problem is not None:
            self._warnings.append(_finding(self._number, column, problem))

    def _take(self, heading: str, reader: Callable[[Cell], T]) -> T | None:
        """The cell's value; None if it is empty, or wrong (then the error is noted)."""
        cell = self._cells.get(heading)
        if cell is None:
            return None
        try:
            refuse_error(cell)
            return reader(cell)
        except BadCell as bad:
            self._error(heading, bad.problem)
            return None

    def _take_noted(self, heading: str, reader: Callable[[Cell], tuple[T, Problem | None]]) -> T | None:
        """As `_take`, for readers that may have a warning beside the value."""
        value, warning = self._take(heading, reader) or (None, None)
        self._warn(heading, warning)
        return value

    def _settle_dashes(self, kind: Kind | None) -> None:
        """A lone dash clears in an adjustment what can be cleared; elsewhere it is an empty cell, with a warning."""
        for heading in [heading for heading, cell in self._cells.items() if is_dash(cell)]:
            del self._cells[heading]
            if kind == "ADJUST" and heading in CLEARABLE:
                self._cleared.add(heading)
            else:
                self._warn(heading, _DASH_IS_EMPTY)

    def _read(self, kind: Kind) -> Row:
        reason_text = self._take(REASON, cells.read_text)
        reason = Reason(ReasonKind.ORDINARY)
        if reason_text is not None:
            reason = read_reason(kind, reason_text, self._period)
            self._warn(REASON, reason.doubt)
        return Row(
            number=self._number,
            kind=kind,
            name=self._take(NAME, cells.read_name),
            birth=self._take_noted(BIRTH, lambda cell: days.read_birth(cell, self._today)),
            sex=self._take(SEX, lambda cell: cells.read_word(cell, _SEXES, "Nam, Nữ")),
            citizen_id=self._take_noted(CITIZEN_ID, cells.read_citizen_id),
            old_id=self._take_noted(OLD_ID, cells.read_old_id),
            phone=self._take_noted(PHONE, cells.read_phone),
            address=self._take(ADDRESS, cells.read_text),
            programme=self._take(PROGRAMME, lambda cell: cells.read_word(cell, _PROGRAMMES, "BTXH, NCC, KHAC")),
            item=self._take(ITEM, cells.read_item),
            code=self._take(CODE, cells.read_code),
            amount=self._take(AMOUNT, cells.read_amount),
            from_period=self._take(FROM, lambda cell: days.read_month(cell, self._period)),
            reason=reason_text,
            reason_kind=reason.kind,
            reason_commune=reason.commune,
            payee_name=self._take(PAYEE, cells.read_name),
            payee_id=self._take_noted(PAYEE_ID, cells.read_citizen_id),
            relation=self._take(RELATION, lambda cell: cells.read_word(cell, _RELATIONS, "GIÁM HỘ, ỦY QUYỀN")),
            wish=self._take(WISH, lambda cell: cells.read_word(cell, _WISHES, "TÀI KHOẢN, TIỀN MẶT")),
            decision_number=self._take(DECISION_NUMBER, cells.read_text),
            decision_date=self._take(DECISION_DATE, days.read_day),
            cleared=frozenset(self._cleared),
        )

    def _check_facts(self, row: Row) -> None:
        if row.citizen_id is not None:
            problem = check_citizen_id(row.citizen_id, row.sex, row.birth)
            if problem is not None:
                self._error(CITIZEN_ID, contradiction(problem, row.citizen_id))
        if row.item is not None and (PROGRAMME not in self._cells or row.programme is not None):
            wrong_item = item_problem(row.programme, row.item)
            if wrong_item is not None:
                self._error(ITEM, wrong_item)
        if row.kind == "INCREASE" and row.from_period is not None:
            self._warn(FROM, starts_long_ago(row.from_period, self._period))

    def _check_needed(self, row: Row) -> None:
        """What the kind of row needs and the file leaves empty; a cell that is wrong is not lacking as well."""
        lacking = [heading for heading in NEEDED[row.kind] if heading not in self._cells]
        if row.kind == "INCREASE":
            if row.reason_kind not in {ReasonKind.MOVE_IN, ReasonKind.RESUME} and self._programme_is_clear(row):
                lacking += claims_missing(row.programme, set(self._cells))
            if CITIZEN_ID not in self._cells:
                self._warn(CITIZEN_ID, no_citizen_id())
        elif CITIZEN_ID not in self._cells and BIRTH not in self._cells:
            lacking.append(CITIZEN_ID)
        for heading in lacking:
            self._error(heading, missing(heading))

    def _programme_is_clear(self, row: Row) -> bool:
        return row.programme is not None or PROGRAMME not in self._cells

    def _check_payee(self, row: Row) -> None:
        """Payee and relation go together, except after a death: there the payee is whom the family names."""
        payee, relation = PAYEE in self._cells, RELATION in self._cells
        if not payee and (PAYEE_ID in self._cells or (relation and row.reason_kind is not ReasonKind.DEATH)):
            self._error(PAYEE, missing(PAYEE))
        if payee and not relation and row.reason_kind is not ReasonKind.DEATH:
            self._error(RELATION, missing(RELATION))


_DASH_IS_EMPTY = Problem(
    "dash-is-empty",
    "Ô chỉ có dấu gạch ngang: được hiểu là để trống. Nếu có thông tin, gõ vào ô.",
    "The cell holds a lone dash and is read as empty. If there is something to say, type it.",
)

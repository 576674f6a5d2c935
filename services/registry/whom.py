"""Whom a row means: by citizen id, else by name and birth in the commune. Pure."""

from dataclasses import dataclass

from services.kernel.names import fold
from services.registry import findings
from services.registry.commands import Frame
from services.registry.findings import Judged
from services.registry.register import Known, Register, births_agree
from services.registry.row import ReasonKind, Row

Right = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Meant:
    """The person of a row, None for one who is new (or not found: then there is an error)."""

    known: Known | None
    judged: tuple[Judged, ...] = ()


def meant(row: Row, right: Right, register: Register, frame: Frame) -> Meant:
    """`right` is programme, item and code of the row; `frame` that of its list."""
    if row.kind == "INCREASE":
        return _increase(row, right, register, frame)
    if not row.citizen_id:
        return _only(row, register.named(row))
    known = register.by_citizen_id.get(row.citizen_id)
    if known is None:
        return _without_number(row, register)
    if known.commune != frame.commune:
        return Meant(None, (findings.registered_elsewhere(row),))
    if not _same_name(known, row) and not _corrects(row, known, register):
        return Meant(None, (findings.id_of_another(row),))
    return Meant(known)


def _corrects(row: Row, known: Known, register: Register) -> bool:
    """A correction may bring another name, but not one person's number under the name and birth of another."""
    if row.reason_kind is not ReasonKind.CORRECTION:
        return False
    return births_agree(known.birth, row.birth) or not register.named(row)


def _same_name(known: Known, row: Row) -> bool:
    return fold(known.name) == fold(row.name or "")


def _only(row: Row, people: list[Known]) -> Meant:
    if len(people) == 1:
        return Meant(people[0])
    return Meant(None, (findings.several(row) if people else findings.nobody(row),))


def _without_number(row: Row, register: Register) -> Meant:
    """A number that nobody has: of someone without one, or, corrected, of someone who has a wrong one."""
    people = register.named(row)
    if row.reason_kind is not ReasonKind.CORRECTION:
        people = [one for one in people if one.citizen_id is None]
    return _only(row, people)


def _increase(row: Row, right: Right, register: Register, frame: Frame) -> Meant:
    if row.citizen_id:
        known = register.by_citizen_id.get(row.citizen_id)
        if known is not None:
            return _by_number(row, known, frame)
        if row.reason_kind is ReasonKind.RESUME:
            return _without_number(row, register)
        doubles = [one for one in register.named(row) if one.citizen_id is None]
        return Meant(None, (findings.possible_double(row),) if doubles else ())
    if row.reason_kind is ReasonKind.RESUME:
        return _only(row, register.named(row))
    if row.reason_kind is ReasonKind.MOVE_IN and len(register.coming(row)) == 1:
        return Meant(register.coming(row)[0])
    alike = register.named(row)
    if len(alike) == 1 and right not in {one.right for one in alike[0].state.running}:
        return Meant(alike[0], (findings.taken_for_known(row),))
    return Meant(None, (findings.possible_double(row),) if alike else ())


def _by_number(row: Row, known: Known, frame: Frame) -> Meant:
    if not _same_name(known, row):
        return Meant(None, (findings.id_of_another(row),))
    if known.commune != frame.commune and _runs_still(row, known, frame) and not _may_run(row, known):
        return Meant(None, (findings.registered_elsewhere(row),))
    return Meant(known)


def _runs_still(row: Row, known: Known, frame: Frame) -> bool:
    """Whether a right runs, or its end is known but lies after the month from which the row puts the person here."""
    month = max(row.from_period or frame.effective_period, frame.effective_period)
    return any(right.end is None or right.end > month for right in known.state.entitlements)


def _may_run(row: Row, known: Known) -> bool:
    """A resumption is of a right that runs; a "Chuyển đến" is a move if one runs, else an ordinary increase."""
    return row.reason_kind is ReasonKind.RESUME or (row.reason_kind is ReasonKind.MOVE_IN and bool(known.state.running))

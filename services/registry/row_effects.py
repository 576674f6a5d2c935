"""What a row of a list asks of the person it means, given what they are at that moment: commands. Pure."""

from collections.abc import Iterable, Sequence

from services.kernel import clock
from services.kernel.period import Period
from services.registry.catalogue import Catalogue, unit_of
from services.registry.commands import (
    Adjust,
    ChangeDetails,
    ChoosePayout,
    Command,
    Die,
    End,
    Frame,
    Grant,
    Register,
    ReportMove,
    Resume,
    Scope,
    Suspend,
)
from services.registry.entitlement import Terms
from services.registry.events import PayeeDetails, PersonalDetails
from services.registry.headings import ADDRESS, OLD_ID, PAYEE, PHONE, WISH
from services.registry.person import State
from services.registry.rights import adjusted_right
from services.registry.row import ReasonKind, Row

MONTHS_OF_FUNERAL_GRANT = 20


def right_of(row: Row, catalogue: Catalogue) -> tuple[str, str | None, str | None]:
    """Programme, item and code of the right that a row is about; the item follows from the code."""
    item = catalogue.item_of(row.code) if row.code else row.item
    return row.programme or "", item, row.code


def scope_of(row: Row, catalogue: Catalogue) -> Scope:
    """Which rights the filled cells of a row name."""
    programme = row.programme
    if row.code and catalogue.knows(row.code):
        programme = catalogue.programme_of(row.code)
    return Scope(programme, row.item, row.code)


def registration(rows: Sequence[Row], beneficiary_id: str, frame: Frame) -> Register:
    """The first word on a person whom nobody knew."""
    first = rows[0]
    since = min(_holds_from(row, frame) for row in rows)
    return Register(
        beneficiary_id=beneficiary_id,
        commune=frame.commune_in(since),
        from_month=since,
        list_id=frame.list_id,
        personal=PersonalDetails(
            name=first.name or "",
            birth=first.birth or "",
            sex=first.sex or "M",
            citizen_id=first.citizen_id,
            old_id=next((row.old_id for row in rows if row.old_id), None),
            phone=next((row.phone for row in rows if row.phone), None),
            address=next((row.address for row in rows if row.address), None),
        ),
    )


def commands(row: Row, state: State, catalogue: Catalogue, frame: Frame) -> Iterable[Command]:
    """What the row asks of a registered person who stands so."""
    match row.kind:
        case "INCREASE":
            yield from _increase(row, state, catalogue, frame)
        case "DECREASE":
            yield _decrease(row, catalogue, frame)
        case _:
            yield from _adjustment(row, state, catalogue, frame)


def moves_in(row: Row, state: State, frame: Frame) -> bool:
    """A "Chuyển đến" of someone with a running right; of anybody else it is an ordinary increase.

    What the list itself granted does not count: each right of a newcomer has a row, and all say "Chuyển đến".
    """
    ran_before = any(right.granted.list_id != frame.list_id for right in state.running)
    return row.reason_kind is ReasonKind.MOVE_IN and ran_before


def _holds_from(row: Row, frame: Frame) -> Period:
    return max(row.from_period or frame.effective_period, frame.effective_period)


def _month(row: Row, frame: Frame) -> Period:
    return row.from_period or frame.effective_period


def _increase(row: Row, state: State, catalogue: Catalogue, frame: Frame) -> Iterable[Command]:
    if moves_in(row, state, frame):
        yield ReportMove("IN", frame.commune, _month(row, frame), row.wish, row.relation, _payee(row), frame)
        yield from _details(row, state, frame)
        return
    if row.reason_kind is ReasonKind.RESUME:
        yield Resume(scope_of(row, catalogue), _month(row, frame), frame)
    else:
        yield _grant(row, state, catalogue, frame)
    yield from _details(row, state, frame)
    yield from _choice(row, frame)


def _grant(row: Row, state: State, catalogue: Catalogue, frame: Frame) -> Grant:
    _, item, code = right_of(row, catalogue)
    return Grant(
        entitlement_id=clock.derived_id(state.beneficiary_id, frame.list_id, row.number),
        programme=row.programme or "BTXH",
        item=item,
        code=code,
        terms=terms(row, code, catalogue, frame) or Terms(0, False, 1),
        first_month=_month(row, frame),
        frame=frame,
    )


def terms(row: Row, code: str | None, catalogue: Catalogue, frame: Frame) -> Terms | None:
    """The amount that a row states, against the catalogue of month max(`Từ tháng`, L); None where neither has one."""
    figure = catalogue.amount(code, _holds_from(row, frame)) if code else None
    if row.amount is None:
        return Terms(figure, True, 1) if figure is not None else None
    units = unit_of(code, row.amount, figure)
    return Terms(row.amount, units is not None, units or 1)


def _decrease(row: Row, catalogue: Catalogue, frame: Frame) -> Command:
    month = _month(row, frame)
    match row.reason_kind:
        case ReasonKind.DEATH:
            level = catalogue.standard_level(month.plus(-1)) or 0
            return Die(month, MONTHS_OF_FUNERAL_GRANT * level, row.relation, _payee(row), frame)
        case ReasonKind.SUSPEND:
            return Suspend(scope_of(row, catalogue), month, "ORDINARY", frame)
        case ReasonKind.MOVE_OUT:
            return ReportMove("OUT", row.reason_commune, month, None, None, None, frame)
        case _:
            return End(scope_of(row, catalogue), month, "ORDINARY", frame)


def _adjustment(row: Row, state: State, catalogue: Catalogue, frame: Frame) -> Iterable[Command]:
    yield from _details(row, state, frame)
    scope = scope_of(row, catalogue)
    if _changes_a_right(row, scope, state):
        right, replaces = adjusted_right(scope, state)
        code = row.code if replaces else right.code
        if replaces and code:
            scope = Scope(scope.programme, catalogue.item_of(code), code)
        stated = terms(row, code, catalogue, frame) if replaces or row.amount is not None else None
        new_id = clock.derived_id(state.beneficiary_id, frame.list_id, row.number)
        yield Adjust(scope, stated, new_id, _month(row, frame), frame)
    yield from _choice(row, frame)


def _changes_a_right(row: Row, scope: Scope, state: State) -> bool:
    """An amount, or a right that the person has not; a right that they have, named without amount, stays as it is."""
    named = scope != Scope()
    return row.amount is not None or (named and not any(scope.covers(right) for right in state.running))


def _payee(row: Row) -> PayeeDetails | None:
    return PayeeDetails(name=row.payee_name, citizen_id=row.payee_id) if row.payee_name else None


def _choice(row: Row, frame: Frame) -> Iterable[ChoosePayout]:
    clear_wish, clear_payee = WISH in row.cleared, PAYEE in row.cleared
    payee = _payee(row)
    if row.wish or payee or clear_wish or clear_payee:
        relation = row.relation if payee else None
        yield ChoosePayout(_holds_from(row, frame), row.wish, relation, payee, clear_wish, clear_payee, frame)


def _details(row: Row, state: State, frame: Frame) -> Iterable[ChangeDetails]:
    """The contact that a row brings, the citizen id of an adjustment; name, birth and sex only in a correction."""
    before = state.personal
    if before is None:
        return
    brought: dict[str, str | None] = {
        "phone": _told(row.phone, PHONE, row, before.phone),
        "address": _told(row.address, ADDRESS, row, before.address),
        "old_id": _told(row.old_id, OLD_ID, row, before.old_id),
    }
    corrected = row.reason_kind is ReasonKind.CORRECTION
    if row.kind == "ADJUST" and row.citizen_id:
        brought["citizen_id"] = row.citizen_id
    if corrected:
        brought |= {"name": row.name or before.name, "birth": row.birth or before.birth, "sex": row.sex or before.sex}
    yield ChangeDetails(before.model_copy(update=brought), corrected, frame.list_id)


def _told(value: str | None, heading: str, row: Row, before: str | None) -> str | None:
    return None if heading in row.cleared else value or before

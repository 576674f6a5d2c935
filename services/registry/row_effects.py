"""What the rows of an approved list make happen: commands for each person they name. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.kernel import clock
from services.kernel.period import Period
from services.registry.beneficiary import ChoosePayout, Command, Grant, Register
from services.registry.catalogue import Catalogue, unit_of
from services.registry.events import PayeeDetails, PersonalDetails
from services.registry.register import Known, name_key
from services.registry.register import Register as Registered
from services.registry.row import Row
from services.registry.row_against_register import right_of


@dataclass(frozen=True, slots=True)
class Plan:
    """One person's part of a list; `new` if the list is the first to name them."""

    beneficiary_id: str
    new: bool
    commands: Sequence[Command]


@dataclass(frozen=True, slots=True)
class Frame:
    """The list that the rows stand in; `effective` is its L."""

    list_id: str
    commune: str
    effective: Period


def plans(rows: Sequence[Row], registered: Registered, catalogue: Catalogue, frame: Frame) -> list[Plan]:
    """Rows grouped by person, in the order of the list."""
    groups: dict[str, list[Row]] = {}
    whose: dict[str, Known | None] = {}
    for row in rows:
        key, known = _person(row, registered, catalogue, groups)
        groups.setdefault(key, []).append(row)
        whose.setdefault(key, known)
    return [_plan(group, whose[key], catalogue, frame) for key, group in groups.items()]


def _person(
    row: Row, registered: Registered, catalogue: Catalogue, groups: dict[str, list[Row]]
) -> tuple[str, Known | None]:
    """Whom a row means: by citizen id; without one the only person so named, if they lack the right."""
    if row.citizen_id:
        return row.citizen_id, registered.by_citizen_id.get(row.citizen_id)
    right = right_of(row, catalogue)
    alike = registered.without_id(row)
    named = "|".join(name_key(row))
    key, known = named, None
    if len(alike) == 1 and right not in alike[0].rights:
        key, known = alike[0].beneficiary_id, alike[0]
    if any(right_of(other, catalogue) == right for other in groups.get(key, ())):
        return f"{named}|{row.number}", None
    return key, known


def _plan(rows: Sequence[Row], known: Known | None, catalogue: Catalogue, frame: Frame) -> Plan:
    first = rows[0]
    beneficiary_id = known.beneficiary_id if known else clock.derived_id(frame.list_id, first.number)
    commands: list[Command] = []
    if known is None:
        commands.append(_registration(rows, beneficiary_id, frame))
    commands += [_grant(row, beneficiary_id, catalogue, frame) for row in rows]
    commands += [choice for row in rows if (choice := _choice(row, frame))]
    return Plan(beneficiary_id, known is None, commands)


def _registration(rows: Sequence[Row], beneficiary_id: str, frame: Frame) -> Register:
    first = rows[0]
    return Register(
        beneficiary_id=beneficiary_id,
        commune=frame.commune,
        from_month=min(max(row.from_period or frame.effective, frame.effective) for row in rows),
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


def _grant(row: Row, beneficiary_id: str, catalogue: Catalogue, frame: Frame) -> Grant:
    programme, item, code = right_of(row, catalogue)
    first_month = row.from_period or frame.effective
    figure = catalogue.amount(code, max(first_month, frame.effective)) if code else None
    units = 1 if row.amount is None else unit_of(code, row.amount, figure)
    return Grant(
        entitlement_id=clock.derived_id(beneficiary_id, programme, item, code, first_month),
        programme=row.programme or "BTXH",
        item=item,
        code=code,
        amount=row.amount if row.amount is not None else (figure or 0),
        follows_catalogue=units is not None,
        multiple=units or 1,
        first_month=first_month,
        effective_period=frame.effective,
        list_id=frame.list_id,
    )


def _choice(row: Row, frame: Frame) -> ChoosePayout | None:
    if row.wish is None and row.relation is None:
        return None
    payee = PayeeDetails(name=row.payee_name or "", citizen_id=row.payee_id) if row.relation else None
    from_month = max(row.from_period or frame.effective, frame.effective)
    return ChoosePayout(from_month, row.wish, row.relation, payee)

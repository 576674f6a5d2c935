"""A list followed through: each row's command decided on the person as the rows before left them. Pure.

Checking a list and letting it take effect are the same walk; a check keeps the findings, an approval the events.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from services.kernel import clock
from services.kernel.decider import Rejected
from services.kernel.event_store import Stream
from services.kernel.event_types import Event
from services.registry import findings, row_effects
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import Catalogue, unit_of
from services.registry.commands import Adjust, Command, Frame
from services.registry.findings import Judged
from services.registry.person import State
from services.registry.register import Known, Register, name_key
from services.registry.rights import adjusted_right
from services.registry.row import Finding, ReasonKind, Row
from services.registry.row_check import right_missing
from services.registry.row_effects import right_of
from services.registry.whom import meant


@dataclass(slots=True)
class Part:
    """One person's part of a list: their rows, who they are if known, what is wrong or doubtful about the rows."""

    beneficiary_id: str
    known: Known | None
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Parts:
    """A list by person, in its order; `judged`: findings about whom the rows mean."""

    parts: Sequence[Part]
    judged: Sequence[Judged]


@dataclass(slots=True)
class Followed:
    """A person before and after their rows, with what happened between; `by_row`: by the number of the row."""

    beneficiary_id: str
    version: int
    before: State
    after: State
    events: list[Event] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    by_row: dict[int, list[Event]] = field(default_factory=dict)

    @classmethod
    def of(cls, beneficiary_id: str, stream: Stream) -> "Followed":
        """The person as their stream has them, to whom nothing more happened yet."""
        state = beneficiary.fold(stream.events)
        return cls(beneficiary_id, stream.version, state, state)

    def take(self, asked: Iterable[Command]) -> list[Event]:
        """Decides the commands one after the other; all of them happen or, if one is Rejected, none."""
        events: list[Event] = []
        after = self.after
        for command in asked:
            decided = beneficiary.decide(command, after)
            after = beneficiary.fold(decided, after)
            events += decided
        self.after = after
        self.events += events
        return events


def split(rows: Sequence[Row], register: Register, catalogue: Catalogue, frame: Frame) -> Parts:
    """Rows grouped by the person they mean; rows that mean nobody are left out with their error."""
    parts: dict[str, Part] = {}
    judged: list[Judged] = []
    for row in rows:
        right = right_of(row, catalogue)
        found = meant(row, right, register, frame)
        judged += found.judged
        if any(one.severe for one in found.judged):
            continue
        key = found.known.beneficiary_id if found.known else _key_of_new(row, right, parts, catalogue)
        if key not in parts:
            new_id = clock.derived_id(frame.list_id, row.number)
            parts[key] = Part(found.known.beneficiary_id if found.known else new_id, found.known, [])
        parts[key].rows.append(row)
    return Parts(list(parts.values()), judged)


def _key_of_new(
    row: Row, right: tuple[str, str | None, str | None], parts: dict[str, Part], catalogue: Catalogue
) -> str:
    """Rows of one number are one person; without a number, rows of one name are, unless they name the same right."""
    if row.citizen_id:
        return row.citizen_id
    key = "|".join(name_key(row))
    taken = parts.get(key)
    if taken and any(right_of(other, catalogue) == right for other in taken.rows):
        return f"{key}|{row.number}"
    return key


def follow(part: Part, catalogue: Catalogue, frame: Frame) -> Followed:
    """The person's rows one after the other; a row that the rules refuse changes nothing and leaves an error."""
    before = part.known.state if part.known else State()
    walk = Followed(part.beneficiary_id, part.known.version if part.known else 0, before, before)
    if part.known is None:
        walk.take([row_effects.registration(part.rows, part.beneficiary_id, frame)])
    for row in part.rows:
        walk.judged += _lacking(row, walk.after, frame)
        if row.kind == "INCREASE" and walk.after.died:
            walk.judged.append(findings.reported_dead(row, walk.after.died.month))
        try:
            asked = list(row_effects.commands(row, walk.after, catalogue, frame))
            walk.judged += _amount_of_adjustment(row, asked, walk.after, catalogue, frame)
            walk.by_row[row.number] = walk.take(asked)
        except Rejected as why:
            walk.judged.append(findings.refused(row, why))
    return walk


def _lacking(row: Row, state: State, frame: Frame) -> Iterator[Judged]:
    """A "Chuyển đến" that proves to be an ordinary increase needs its right."""
    if row.kind == "INCREASE" and row.reason_kind is ReasonKind.MOVE_IN and not row_effects.moves_in(row, state, frame):
        yield from (Judged(True, one) for one in right_missing(row))


def _amount_of_adjustment(
    row: Row, asked: Sequence[Command], state: State, catalogue: Catalogue, frame: Frame
) -> Iterator[Judged]:
    """An amount that is not the catalogue's, of a right whose code the row may leave out."""
    if row.kind != "ADJUST" or row.amount is None:
        return
    for command in asked:
        if isinstance(command, Adjust):
            right, replaces = adjusted_right(command.scope, state)
            code = command.scope.code if replaces else right.code
            month = max(command.from_month, frame.effective_period)
            figure = catalogue.amount(code, month) if code else None
            if figure is not None and unit_of(code, row.amount, figure) is None:
                yield findings.amount_differs(row, figure)


def sorted_out(judged: Iterable[Judged]) -> tuple[list[Finding], list[Finding]]:
    """Errors and warnings."""
    errors: list[Finding] = []
    warnings: list[Finding] = []
    for one in judged:
        (errors if one.severe else warnings).append(one.finding)
    return errors, warnings

"""A list's rows checked whole: in themselves, against the registry and against the catalogue."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import asyncpg
import orjson

from services.kernel import clock, progress
from services.kernel.commands import Work
from services.kernel.envelope import canonical
from services.kernel.event_store import Stream
from services.kernel.period import Period
from services.kernel.tables.table import Json
from services.reference import areas
from services.registry import following, levels, register, row_against_catalogue
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import Catalogue
from services.registry.change_list import effective_period, is_late
from services.registry.commands import Frame
from services.registry.events import beneficiary_stream
from services.registry.following import Followed, Part
from services.registry.list_events import ListRows
from services.registry.person import UNREAD
from services.registry.register import Known, Register
from services.registry.row import Finding, ReasonKind, Row
from services.registry.spreadsheet import ParsedList


@dataclass(frozen=True, slots=True)
class Checked:
    """A list after the whole check; `frame` has the L it would take effect in at this moment."""

    parts: Sequence[Part]
    errors: Sequence[Finding]
    warnings: Sequence[Finding]
    frame: Frame
    catalogue: Catalogue
    followed: Mapping[str, Followed]
    """Those whom the check had to follow already, by person."""

    @property
    def to_accept(self) -> int:
        return sum(1 for one in self.warnings if one.needs_acceptance)

    def follow(self, part: Part) -> Followed:
        """What the list makes happen to one person."""
        return self.followed.get(part.beneficiary_id) or following.follow(part, self.catalogue, self.frame)

    def carry_out(self) -> list[Followed]:
        """What the list makes happen, person by person."""
        return [self.follow(part) for part in self.parts]


async def closed_periods(connection: asyncpg.Connection) -> set[str]:
    """The months whose roll is closed."""
    return {row["period"] for row in await connection.fetch("select period from rolls")}


async def check_whole(work: Work, parsed: ParsedList, frame: Frame) -> Checked:
    """The list's own findings and those of the registry and the catalogue."""
    registered = await register.look_up(work.connection, parsed.rows, frame.commune, frame.effective_period)
    registered = await _with_histories(work, registered)
    return await asyncio.to_thread(_check, parsed, registered, await levels.current(work.connection), frame)


async def _with_histories(work: Work, found: Register) -> Register:
    people = {
        one.beneficiary_id: one
        for group in ([found.by_citizen_id.values()], found.by_name.values(), found.arriving.values())
        for several in group
        for one in several
    }
    streams = await work.load((beneficiary_stream(person) for person in people), without=UNREAD)

    def whole(known: Known) -> Known:
        return _told(known, streams)

    return Register(
        {number: whole(one) for number, one in found.by_citizen_id.items()},
        {name: [whole(one) for one in several] for name, several in found.by_name.items()},
        {name: [whole(one) for one in several] for name, several in found.arriving.items()},
    )


def _told(known: Known, streams: Mapping[str, Stream]) -> Known:
    stream = streams[beneficiary_stream(known.beneficiary_id)]
    return replace(known, state=beneficiary.fold(stream.events), version=stream.version)


def _check(parsed: ParsedList, registered: Register, catalogue: Catalogue, frame: Frame) -> Checked:
    rows, judged = list[Row](), []
    for row in progress.counted("checking", parsed.rows):
        found = list(row_against_catalogue.check(row, catalogue, frame.effective_period))
        judged += found
        if not any(one.severe for one in found):
            rows.append(row)
    split = following.split(rows, registered, catalogue, frame)
    judged += split.judged
    followed: dict[str, Followed] = {}
    for part in split.parts:
        # Nothing that a new person's rows ask for can be refused: the list itself was searched for doubles.
        if part.known is not None or any(row.reason_kind is not ReasonKind.ORDINARY for row in part.rows):
            followed[part.beneficiary_id] = following.follow(part, catalogue, frame)
            judged += followed[part.beneficiary_id].judged
    errors, warnings = following.sorted_out(judged)
    return Checked(
        split.parts,
        sorted([*parsed.errors, *errors], key=lambda one: one.row),
        sorted([*parsed.warnings, *warnings], key=lambda one: one.row),
        frame,
        catalogue,
        followed,
    )


def frame_of(list_id: str, commune: str, period: Period, effective: Period) -> Frame:
    """The frame of a list; a commune that another took over by its L is that one there."""
    return Frame(list_id, areas.commune_in(commune, period, effective), effective)


async def expected_effect(
    connection: asyncpg.Connection, period: Period, late: bool | None = None, let_in: bool = False
) -> tuple[bool, Period]:
    """Whether a list is late if it were submitted today, and its L."""
    counts_as_late = is_late(period, clock.today()) if late is None else late
    return counts_as_late, effective_period(period, counts_as_late, let_in, await closed_periods(connection))


def has_row(raw: Sequence[tuple[int, dict[str, Json]]], number: int) -> bool:
    return any(one == number for one, _ in raw)


def kept_rows(raw: str) -> list[tuple[int, dict[str, Json]]]:
    """Rows from the table's JSON."""
    return [(number, cells) for number, cells in orjson.loads(raw)]


def as_rows(parsed: ParsedList) -> tuple[ListRows, str]:
    """The rows as an event carries them, and their SHA-256."""
    rows = ListRows(rows=tuple(parsed.raw))
    return rows, digest(parsed.raw)


def digest(raw: Sequence[tuple[int, dict[str, Json]]]) -> str:
    return hashlib.sha256(canonical([[number, cells] for number, cells in raw])).hexdigest()


def without_row(raw: Sequence[tuple[int, dict[str, Json]]], number: int) -> list[tuple[int, dict[str, Json]]]:
    """The other rows; they keep their numbers."""
    return [(one, cells) for one, cells in raw if one != number]


def with_cells(
    raw: Sequence[tuple[int, dict[str, Json]]], number: int, mended: dict[str, Json]
) -> list[tuple[int, dict[str, Json]]]:
    """The rows with some cells of one of them replaced; None empties a cell."""

    def mend(cells: dict[str, Json]) -> dict[str, Json]:
        return {key: value for key, value in (cells | mended).items() if value not in (None, "")}

    return [(one, mend(cells) if one == number else cells) for one, cells in raw]

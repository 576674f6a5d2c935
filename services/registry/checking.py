"""A list's rows checked whole: in themselves, against the registry and against the catalogue."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import orjson

from services.kernel import clock
from services.kernel.envelope import canonical
from services.kernel.period import Period
from services.kernel.tables.table import Json
from services.registry import catalogue, register, row_against_register
from services.registry.change_list import effective_period, is_late
from services.registry.events import ListRows
from services.registry.register import Register
from services.registry.row import Finding
from services.registry.spreadsheet import ParsedList


@dataclass(frozen=True, slots=True)
class Checked:
    """A list after the whole check; `effective` is the L it would take effect in at this moment."""

    parsed: ParsedList
    registered: Register
    errors: Sequence[Finding]
    warnings: Sequence[Finding]
    effective: Period

    @property
    def to_accept(self) -> int:
        return sum(1 for one in self.warnings if one.needs_acceptance)


async def closed_periods(connection: asyncpg.Connection) -> set[str]:
    """The months whose roll is closed."""
    return {row["period"] for row in await connection.fetch("select period from rolls")}


async def check_whole(connection: asyncpg.Connection, parsed: ParsedList, commune: str, effective: Period) -> Checked:
    """The list's own findings and those of the registry and the catalogue."""
    registered = await register.look_up(connection, parsed.rows, commune)
    errors, warnings = await asyncio.to_thread(
        row_against_register.check, parsed.rows, registered, catalogue.load(), commune, effective
    )
    return Checked(
        parsed,
        registered,
        sorted([*parsed.errors, *errors], key=lambda one: one.row),
        sorted([*parsed.warnings, *warnings], key=lambda one: one.row),
        effective,
    )


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

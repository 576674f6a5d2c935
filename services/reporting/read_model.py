"""The named queries of `read_model.sql`, and the figures they give for the communes of a month."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import asyncpg

from services.kernel.period import Period
from services.reference import areas

MEMORY = "64MB"
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def query(name: str) -> str:
    """The text of a named query. Raises KeyError."""
    _, *parts = _NAME.split((Path(__file__).parent / "read_model.sql").read_text(encoding="utf-8"))
    return dict(zip(parts[::2], parts[1::2], strict=True))[name]


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the forms for a commune, programme and item (`*`: the whole programme): people or đồng."""

    row: str
    commune: str
    programme: str
    item: str
    cumulative: int
    in_period: int


@dataclass(frozen=True, slots=True)
class Behind:
    """A person (amount 1) or a movement of money (đồng) within a figure, and the event that says so."""

    programme: str
    item: str | None
    beneficiary_id: str
    payment_id: str | None
    amount: int
    stream_id: str
    version: int


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: a month, some of its communes, as known at an instant."""

    period: Period
    communes: tuple[str, ...]
    as_of: datetime

    def parameters(self) -> tuple[object, ...]:
        """The parameters $1 to $11 of `marks`."""
        meanings = [
            (area.code, area.first, area.last, areas.commune_in(area.code, area.first, self.period))
            for area in areas.all_areas()
            if area.level == "commune"
        ]
        codes = sorted({code for code, _, _, commune in meanings if commune in self.communes})
        columns = [list(column) for column in zip(*meanings, strict=True)]
        first, last = self.period.first_day, self.period.last_day
        return (self.period, self.period.plus(-1), first, last, self.as_of, list(self.communes), *columns, codes)


async def measures(connection: asyncpg.Connection, view: View, rows: Collection[str] | None = None) -> list[Measure]:
    """The figures of all communes of the view, by row of the forms (None: of every row), programme and item."""
    wanted = list(rows) if rows is not None else None
    found = await _fetch(connection, query("marks") + query("measures"), *view.parameters(), wanted)
    return [Measure(**one) for one in found]


async def _fetch(connection: asyncpg.Connection, text: str, *parameters: object) -> list[asyncpg.Record]:
    """Rows of a query over all facts.

    It sorts and hashes more than the server lets small queries keep in memory; and the planner cannot foresee how many
    pairs a month has, so a join row by row, which it may prefer for a few, is kept from it.
    """
    async with connection.transaction():
        await connection.execute(
            f"set local work_mem = '{MEMORY}'; set local enable_nestloop = off; set local jit = off"
        )
        found: list[asyncpg.Record] = await connection.fetch(text, *parameters)
        return found


async def behind(
    connection: asyncpg.Connection, view: View, row: str, parts: Sequence[tuple[str, str]], *, in_period: bool
) -> list[Behind]:
    """The people or movements that make a figure of these parts (programme and item), programme by programme."""
    programmes, items = [programme for programme, _ in parts], [item for _, item in parts]
    rows = await _fetch(
        connection, query("marks") + query("behind"), *view.parameters(), row, programmes, items, in_period
    )
    return [Behind(**found) for found in rows]

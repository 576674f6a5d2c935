"""What a list that is not approved yet would do: to each row's person, and to the commune's sums."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from services.kernel.commands import Work
from services.kernel.period import Period
from services.kernel.tables.table import Json
from services.registry import parsing, roll
from services.registry.changes import changes
from services.registry.checking import Checked, check_whole, digest, expected_effect, frame_of, kept_rows
from services.registry.commands import Frame
from services.registry.effects import Effect
from services.registry.headings import BIRTH, CITIZEN_ID, NAME
from services.registry.newcomers import effects_of
from services.registry.row import Row
from services.registry.spreadsheet import RawRow

LOADED = "select commune, period, late, submitted_by, raw, hidden from change_lists where list_id = $1"


@dataclass(frozen=True, slots=True)
class Worked:
    """Rows of a list worked out: their check, and the effect of each row that is right."""

    checked: Checked
    effects: Mapping[int, Effect]


@dataclass(frozen=True, slots=True)
class Sums:
    """Pairs on the roll and đồng a month."""

    people: int
    amount: int


@dataclass(frozen=True, slots=True)
class Account:
    """A commune's roll of the month before L, what other lists and the catalogue changed since, and its roll of L
    before this list."""

    last_month: Sums
    others: Sums


async def would_change(work: Work, list_id: str) -> dict[int, list[dict[str, Any]]]:
    """What each row of a list that is not approved yet would change, by row number; rows with errors change nothing."""
    checked = await _checked(work, await load(work, list_id), None)
    followed = await asyncio.to_thread(checked.carry_out)
    return {number: changes(events, one.after) for one in followed for number, events in one.by_row.items()}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A list's rows as entered (`hidden`: rows hidden in the sheet), and the frame in which they are checked."""

    rows: Sequence[RawRow]
    hidden: Sequence[int]
    period: Period
    frame: Frame


async def load(work: Work, list_id: str, *, let_in: bool = False) -> Loaded:
    """The rows of a list that exists; `let_in`: as if a late list counted in its own month."""
    row = await work.connection.fetchrow(LOADED, list_id)
    period, rows = Period(row["period"]), kept_rows(row["raw"])
    # Before the first submission nothing is decided: it counts as it would if it were handed in today.
    decided = row["late"] if row["submitted_by"] else None
    _, effective = await expected_effect(work.connection, period, decided, let_in)
    return Loaded(rows, row["hidden"], period, frame_of(list_id, row["commune"], period, effective))


async def work_out(work: Work, loaded: Loaded, numbers: Collection[int] | None = None) -> Worked:
    """The effects of the rows with these numbers (None: of all).

    Only they and the other rows of the same people are checked: a page of a long list is shown at once.
    """
    checked = await _checked(work, loaded, numbers)
    return await asyncio.to_thread(
        lambda: Worked(checked, effects_of(checked.parts, checked.follow, checked.catalogue, checked.frame))
    )


async def _checked(work: Work, loaded: Loaded, numbers: Collection[int] | None) -> Checked:
    if numbers is None:
        parsed = await parsing.again(digest(loaded.rows), loaded.rows, loaded.hidden, loaded.period)
    else:
        parsed = await parsing.check(_with_kin(loaded.rows, numbers), loaded.period)
    return await check_whole(work, parsed, loaded.frame)


async def read_row(loaded: Loaded, number: int) -> Row | None:
    """A row as the check reads it, None where a cell of its own is wrong."""
    parsed = await parsing.check([one for one in loaded.rows if one[0] == number], loaded.period)
    return next(iter(parsed.rows), None)


def _with_kin(rows: Sequence[RawRow], numbers: Collection[int]) -> Sequence[RawRow]:
    """The rows with these numbers, and all that have an id, or a name and birth, of theirs."""

    def of(cells: Mapping[str, Json]) -> tuple[Json, tuple[Json, Json]]:
        return cells.get(CITIZEN_ID), (cells.get(NAME), cells.get(BIRTH))

    chosen = [of(cells) for number, cells in rows if number in numbers]
    ids, names = {one for one, _ in chosen if one}, {one for _, one in chosen}
    return [
        (number, cells)
        for number, cells in rows
        if number in numbers or cells.get(CITIZEN_ID) in ids or (cells.get(NAME), cells.get(BIRTH)) in names
    ]


async def account(connection: asyncpg.Connection, commune: str, effective: Period) -> Account:
    """The commune's sums against which a list is held; `commune` as it is called in `effective`."""
    before = _of(await roll.totals(connection, effective.plus(-1)), commune)
    now = _of(await roll.totals(connection, effective), commune)
    return Account(before, Sums(now.people - before.people, now.amount - before.amount))


def _of(totals: roll.Totals, commune: str) -> Sums:
    found = totals.get(commune, {}).values()
    return Sums(sum(one.people for one in found), sum(one.amount for one in found))

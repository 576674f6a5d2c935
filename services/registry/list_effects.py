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
from services.registry.change_list import change_list
from services.registry.changes import changes
from services.registry.checking import Checked, check_whole, expected_effect, frame_of, kept_rows
from services.registry.commands import Frame
from services.registry.effects import Effect, effects
from services.registry.headings import CITIZEN_ID, NAME
from services.registry.list_events import list_stream
from services.registry.row import Row
from services.registry.spreadsheet import RawRow


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
    checked = await _checked(work, list_id, None, let_in=False)
    followed = await asyncio.to_thread(checked.carry_out)
    return {number: changes(events, one.after) for one in followed for number, events in one.by_row.items()}


async def work_out(work: Work, list_id: str, numbers: Collection[int] | None = None, *, let_in: bool = False) -> Worked:
    """The effects of the rows with these numbers (None: of all); `let_in`: as if a late list counted in its month.

    Only they and the other rows of the same people are checked: a page of a long list is shown at once.
    """
    checked = await _checked(work, list_id, numbers, let_in)
    return await asyncio.to_thread(
        lambda: Worked(checked, effects(checked.carry_out(), checked.catalogue, checked.frame))
    )


async def read_row(work: Work, list_id: str, number: int) -> tuple[Row | None, Frame]:
    """A row as the check reads it, None where a cell of its own is wrong; and the frame that it is checked in."""
    loaded = await _loaded(work, list_id, let_in=False)
    parsed = await parsing.check([one for one in loaded.rows if one[0] == number], loaded.period)
    return next(iter(parsed.rows), None), loaded.frame


@dataclass(frozen=True, slots=True)
class _Loaded:
    rows: Sequence[RawRow]
    hidden: Sequence[int]
    digest: str
    period: Period
    frame: Frame


async def _loaded(work: Work, list_id: str, let_in: bool) -> _Loaded:
    row = await work.connection.fetchrow(
        "select commune, period, raw, hidden from change_lists where list_id = $1", list_id
    )
    state = change_list.fold((await work.load_one(list_stream(list_id), personal=False)).events)
    period = Period(row["period"])
    _, effective = await expected_effect(work.connection, period, state.late, let_in)
    frame = frame_of(list_id, row["commune"], period, effective)
    return _Loaded(kept_rows(row["raw"]), row["hidden"], state.rows_digest, period, frame)


async def _checked(work: Work, list_id: str, numbers: Collection[int] | None, let_in: bool) -> Checked:
    found = await _loaded(work, list_id, let_in)
    if numbers is None:
        parsed = await parsing.again(found.digest, found.rows, found.hidden, found.period)
    else:
        parsed = await parsing.check(_with_kin(found.rows, numbers), found.period)
    return await check_whole(work, parsed, found.frame)


def _with_kin(rows: Sequence[RawRow], numbers: Collection[int]) -> Sequence[RawRow]:
    """The rows with these numbers, and all that have an id or a name of theirs."""

    def keys(cells: Mapping[str, Json]) -> set[tuple[str, Json]]:
        return {(heading, cells[heading]) for heading in (CITIZEN_ID, NAME) if heading in cells}

    wanted = {key for number, cells in rows if number in numbers for key in keys(cells)}
    return [(number, cells) for number, cells in rows if number in numbers or keys(cells) & wanted]


async def account(connection: asyncpg.Connection, commune: str, effective: Period) -> Account:
    """The commune's sums against which a list is held; `commune` as it is called in `effective`."""
    before = _of(await roll.totals(connection, effective.plus(-1)), commune)
    now = _of(await roll.totals(connection, effective), commune)
    return Account(before, Sums(now.people - before.people, now.amount - before.amount))


def _of(totals: roll.Totals, commune: str) -> Sums:
    found = totals.get(commune, {}).values()
    return Sums(sum(one.people for one in found), sum(one.amount for one in found))

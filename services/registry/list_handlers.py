"""Use cases of a change list: enter, mend, submit, return, withdraw, approve."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson

from services.kernel import clock
from services.kernel.commands import Answer, Work
from services.kernel.event_store import Stream
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem
from services.reference import access
from services.registry import parsing, people, tables
from services.registry.change_list import Approve, Command, Mend, Open, Return, State, Submit, Withdraw, change_list
from services.registry.checking import (
    Checked,
    as_rows,
    check_whole,
    closed_periods,
    expected_effect,
    frame_of,
    has_row,
    kept_rows,
)
from services.registry.list_events import list_stream
from services.registry.showing import list_shown
from services.registry.spreadsheet import ParsedList, RawRow


async def enter(
    work: Work, caller: Caller, commune: str, period: Period, parsed: ParsedList, no_change: bool
) -> Answer:
    """Keeps a list as a draft, with what is wrong about it."""
    list_id = clock.new_id()
    late, effective = await expected_effect(work.connection, period)
    checked = await check_whole(work, parsed, frame_of(list_id, commune, period, effective))
    rows, digest = as_rows(parsed)
    parsing.remember(digest, parsed, period)
    command = Open(list_id, commune, period, no_change, caller.name, rows, digest)
    work.append(list_stream(list_id), 0, change_list.decide(command, State()))
    await work.connection.execute(
        "insert into change_lists (list_id, commune, period, status, no_change, late, effective_period, entered_by,"
        " by_office, raw, hidden, errors, warnings)"
        " values ($1, $2, $3, 'DRAFT', $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        list_id,
        commune,
        period,
        no_change,
        late,
        effective,
        caller.name,
        caller.role == access.DISTRICT_OFFICER,
        tables.raw_json(parsed),
        sorted(parsed.hidden),
        tables.findings_json(checked.errors),
        tables.findings_json(checked.warnings),
    )
    return Answer.json(await list_shown(work.connection, list_id), 201)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A list as it stands: its stream, its state, its row."""

    stream: Stream
    state: State
    row: asyncpg.Record


async def load(work: Work, caller: Caller, list_id: str) -> Loaded:
    """The list, locked for this transaction; raises Problem 404, or 403 for another commune's.

    Its rows stand in its own row as well: no decision hangs on those in the events.
    """
    row = await work.connection.fetchrow("select * from change_lists where list_id = $1 for update", list_id)
    if row is None:
        raise Problem(404, "not-found", "Không có danh sách này.", "There is no such list.")
    access.require_commune(caller, row["commune"], row["period"])
    stream = await work.load_one(list_stream(list_id), personal=False)
    return Loaded(stream, change_list.fold(stream.events), row)


def _say(work: Work, loaded: Loaded, command: Command) -> State:
    events = change_list.decide(command, loaded.state)
    work.append(list_stream(loaded.state.list_id), loaded.stream.version, events)
    return change_list.fold(events, loaded.state)


async def mend(work: Work, caller: Caller, list_id: str, parsed: ParsedList) -> Answer:
    """Puts other rows in the place of the list's; everything is checked anew."""
    return await _mend(work, caller, await load(work, caller, list_id), parsed)


async def mend_row(
    work: Work, caller: Caller, list_id: str, number: int, change: Callable[[Sequence[RawRow]], Sequence[RawRow]]
) -> Answer:
    """Changes row `number` of the list as it stands now, so that two who mend two rows at once both are heard."""

    def checked(rows: Sequence[RawRow]) -> Sequence[RawRow]:
        if not has_row(rows, number):
            raise Problem(404, "not-found", f"Danh sách không có dòng {number}.", f"The list has no row {number}.")
        return change(rows)

    return await mend_rows(work, caller, list_id, checked)


async def mend_rows(
    work: Work, caller: Caller, list_id: str, change: Callable[[Sequence[RawRow]], Sequence[RawRow]]
) -> Answer:
    """Puts what `change` makes of the rows as they stand now in their place; everything is checked anew."""
    loaded = await load(work, caller, list_id)
    parsed = await parsing.check(change(kept_rows(loaded.row["raw"])), Period(loaded.row["period"]))
    return await _mend(work, caller, loaded, parsed)


async def _mend(work: Work, caller: Caller, loaded: Loaded, parsed: ParsedList) -> Answer:
    list_id, period = loaded.state.list_id, Period(loaded.row["period"])
    rows, digest = as_rows(parsed)
    parsing.remember(digest, parsed, period)
    _say(work, loaded, Mend(caller.name, rows, digest))
    late, effective = await expected_effect(work.connection, period, loaded.state.late)
    checked = await check_whole(work, parsed, frame_of(list_id, loaded.row["commune"], period, effective))
    await work.connection.execute(
        "update change_lists set raw = $2, hidden = $3, errors = $4, warnings = $5, late = $6, effective_period = $7"
        " where list_id = $1",
        list_id,
        tables.raw_json(parsed),
        sorted(parsed.hidden),
        tables.findings_json(checked.errors),
        tables.findings_json(checked.warnings),
        late,
        effective,
    )
    return Answer.json(await list_shown(work.connection, list_id))


async def _checked(work: Work, loaded: Loaded, let_in: bool) -> Checked:
    period = Period(loaded.row["period"])
    rows = kept_rows(loaded.row["raw"])
    parsed = await parsing.again(loaded.state.rows_digest, rows, loaded.row["hidden"], period)
    _, effective = await expected_effect(work.connection, period, loaded.state.late, let_in)
    return await check_whole(work, parsed, frame_of(loaded.state.list_id, loaded.row["commune"], period, effective))


async def submit(work: Work, caller: Caller, list_id: str) -> Answer:
    """Hands the list in, if its rows were right when they were last checked; approval checks them again."""
    loaded = await load(work, caller, list_id)
    errors = orjson.loads(loaded.row["errors"])
    if loaded.state.status in ("DRAFT", "RETURNED"):
        _refuse(errors)
        if not loaded.state.no_change and loaded.row["raw"] == "[]":
            raise Problem(
                409,
                "list-without-rows",
                "Danh sách không còn dòng nào. Rút danh sách, hoặc gửi “Không có thay đổi”.",
                "The list has no rows left. Withdraw it, or say that nothing changed.",
            )
    state = _say(work, loaded, Submit(caller.name, clock.today(), len(errors)))
    late, effective = await expected_effect(work.connection, state.period, state.late)
    await work.connection.execute(
        "update change_lists set status = $2, submitted_by = $3, late = $4, effective_period = $5 where list_id = $1",
        list_id,
        state.status,
        caller.name,
        late,
        effective,
    )
    return Answer.json(await list_shown(work.connection, list_id, with_rows=False))


def _refuse(errors: Sequence[dict[str, Any]]) -> None:
    if errors:
        raise Problem(
            409,
            "list-has-errors",
            f"Danh sách còn {len(errors)} lỗi. Sửa từng ô theo hướng dẫn rồi nộp lại.",
            f"The list has {len(errors)} errors. Mend them and submit again.",
            errors=errors,
        )


async def give_back(work: Work, caller: Caller, list_id: str, reason: str) -> Answer:
    """The office returns the list with a reason."""
    loaded = await load(work, caller, list_id)
    state = _say(work, loaded, Return(caller.name, reason))
    await _set_status(work, list_id, state, reason)
    return Answer.json(await list_shown(work.connection, list_id, with_rows=False))


async def withdraw(work: Work, caller: Caller, list_id: str) -> Answer:
    """Takes the list back."""
    loaded = await load(work, caller, list_id)
    state = _say(work, loaded, Withdraw(caller.name))
    await _set_status(work, list_id, state, None)
    return Answer.json(await list_shown(work.connection, list_id, with_rows=False))


async def _set_status(work: Work, list_id: str, state: State, reason: str | None) -> None:
    await work.connection.execute(
        "update change_lists set status = $2, reason = $3 where list_id = $1", list_id, state.status, reason
    )


async def approve(work: Work, caller: Caller, list_id: str, choice: dict[str, Any]) -> Answer:
    """Lets the list take effect: checks all rows again, then registers people and rights, whole or not at all."""
    loaded = await load(work, caller, list_id)
    # No roll is closed meanwhile: the L that the rows are checked with is the L that the list takes effect in.
    await work.connection.execute("lock table rolls in share mode")
    let_in = bool(choice.get("allow_late"))
    checked = await _checked(work, loaded, let_in)
    if loaded.state.status == "SUBMITTED" and caller.name not in loaded.state.entered_by:
        _refuse(orjson.loads(tables.findings_json(checked.errors)))
    command = Approve(
        by=caller.name,
        allow_late=let_in,
        accept_warnings=bool(choice.get("accept_warnings")),
        reason=choice.get("reason"),
        errors=len(checked.errors),
        to_accept=checked.to_accept,
        closed=await closed_periods(work.connection),
    )
    state = _say(work, loaded, command)
    await _take_effect(work, checked)
    await work.connection.execute(
        "update change_lists set status = $2, approved_by = $3, effective_period = $4, reason = $5,"
        " warnings = $6 where list_id = $1",
        list_id,
        state.status,
        caller.name,
        checked.frame.effective_period,
        command.reason,
        tables.findings_json(checked.warnings),
    )
    return Answer.json(await list_shown(work.connection, list_id, with_rows=False))


async def _take_effect(work: Work, checked: Checked) -> None:
    followed = await asyncio.to_thread(checked.carry_out)
    try:
        await people.keep(work, followed, checked.catalogue)
    except asyncpg.UniqueViolationError as why:
        if why.constraint_name != "one_person_per_citizen_id":
            raise
        raise Problem(
            409,
            "citizen-id-taken",
            "Một số định danh trong danh sách vừa được đăng ký ở nơi khác. Mở lại danh sách để xem dòng lỗi.",
            "A citizen id of the list was registered elsewhere meanwhile. Open the list again to see the row.",
        ) from why

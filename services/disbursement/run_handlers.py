"""Use cases of a run: prepare, approve, refuse, send, cancel."""

import asyncio
from collections.abc import Sequence
from datetime import date

import asyncpg
import orjson

from services.disbursement import payment as payments
from services.disbursement import picture, preparing, tables
from services.disbursement.events import RunPrepared, payment_stream, run_stream
from services.disbursement.picture import Picture
from services.disbursement.preparing import Made
from services.disbursement.run import Command, Prepare, State, run
from services.disbursement.run import Send as SendRun
from services.disbursement.showing import run_shown
from services.kernel import clock
from services.kernel.commands import Answer, Work
from services.kernel.period import Period
from services.kernel.progress import counted
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem
from services.reference.programmes import Programme


async def prepare(work: Work, caller: Caller, period: Period, programmes: Sequence[Programme]) -> Answer:
    """Makes a run, if its own sums of the roll are those of the last closing."""
    run_id, today = clock.new_id(), clock.today()
    await _open(work.connection, run_id, programmes)
    await _refuse_passed(work.connection, period, programmes)
    roll = await _closed_roll(work.connection, period)
    known = await picture.load(work.connection, programmes)
    _refuse_difference(known, roll, period, programmes)
    made = await asyncio.to_thread(preparing.make, known, run_id, period, today)
    prepared = RunPrepared(
        run_id=run_id,
        period=period,
        programmes=tuple(programmes),
        roll_sequence=roll["sequence"],
        prepared_by=caller.name,
        prepared_on=today,
        totals=preparing.totals(made.payments),
        digest=await asyncio.to_thread(preparing.digest, made.payments),
    )
    work.append(run_stream(run_id), 0, run.decide(Prepare(prepared), State()))
    for one in counted("deciding", made.payments):
        events = payments.decide(payments.Prepare(one.payment, one.payee), payments.State())
        work.append(payment_stream(one.payment.payment_id), 0, events)
    await _write(work.connection, prepared, made)
    return Answer.json(await run_shown(work.connection, run_id, caller.role), 201)


async def _write(connection: asyncpg.Connection, prepared: RunPrepared, made: Made) -> None:
    await connection.execute(
        "insert into runs (run_id, period, programmes, status, prepared_by, roll_sequence, totals, digest,"
        " excluded) values ($1, $2, $3, 'PREPARED', $4, $5, $6, $7, $8)",
        prepared.run_id,
        prepared.period,
        list(prepared.programmes),
        prepared.prepared_by,
        prepared.roll_sequence,
        prepared.totals.model_dump_json(),
        prepared.digest,
        orjson.dumps(made.excluded).decode(),
    )
    await tables.write_payments(connection, made.payments)


async def _open(connection: asyncpg.Connection, run_id: str, programmes: Sequence[str]) -> None:
    """Takes the programmes; the primary key of `open_runs` lets only one run have each."""
    taken = await connection.fetch(
        "insert into open_runs (programme, run_id) select unnest($1::text[]), $2 on conflict do nothing"
        " returning programme",
        sorted(programmes),
        run_id,
    )
    if len(taken) < len(programmes):
        raise Problem(
            409,
            "run-open",
            "Còn một đợt chi trả chưa gửi của chương trình này. Gửi hoặc hủy đợt đó trước.",
            "Another run of one of the programmes is not sent. Send or cancel it first.",
        )


async def _refuse_passed(connection: asyncpg.Connection, period: str, programmes: Sequence[str]) -> None:
    newest = await connection.fetchval(
        "select max(period) from runs where status = 'SENT' and programmes && $1::text[]", list(programmes)
    )
    if newest and period < newest:
        raise Problem(
            409,
            "period-passed",
            f"Đã gửi đợt chi trả kỳ {newest}; không lập đợt cho kỳ trước đó. Lập cho kỳ {newest} hoặc sau.",
            f"A run for {newest} was sent; none for an earlier month can be made.",
        )


async def _closed_roll(connection: asyncpg.Connection, period: str) -> asyncpg.Record:
    roll = await connection.fetchrow("select sequence, totals from rolls where period = $1", period)
    if roll is None:
        raise Problem(
            409,
            "roll-not-closed",
            f"Sổ kỳ {period} chưa khóa. Khóa sổ rồi lập đợt chi trả.",
            f"The roll of {period} is not closed. Close it first.",
        )
    return roll


def _refuse_difference(known: Picture, roll: asyncpg.Record, period: Period, programmes: Sequence[str]) -> None:
    own = preparing.roll_sums(known, period)
    closed = {
        commune: {
            programme: (total["people"], total["amount"])
            for programme, total in by_programme.items()
            if programme in programmes and total["people"]
        }
        for commune, by_programme in orjson.loads(roll["totals"]).items()
    }
    communes = sorted(
        commune for commune in own.keys() | closed.keys() if own.get(commune, {}) != closed.get(commune, {})
    )
    if communes:
        raise Problem(
            409,
            "roll-differs",
            f"Số liệu của {', '.join(communes)} khác sổ đã khóa: dữ liệu chưa về đủ (thử lại sau ít giây), hoặc có"
            " danh sách duyệt sau khi khóa (khóa sổ lại).",
            f"The sums of {', '.join(communes)} differ from the closed roll: not all events are here yet (try again),"
            " or a list was approved after it (close again).",
            communes=communes,
        )


async def move(work: Work, caller: Caller, run_id: str, command: Command) -> Answer:
    """Approves, refuses or cancels a run."""
    state = await _say(work, run_id, command)
    reason = getattr(command, "reason", None)
    await work.connection.execute(
        "update runs set status = $2, reason = coalesce($3, reason), approved_by = case when $2 = 'APPROVED' then $4"
        " else approved_by end where run_id = $1",
        run_id,
        state.status,
        reason,
        caller.name,
    )
    if state.status in ("REFUSED", "CANCELLED"):
        await work.connection.execute("delete from open_runs where run_id = $1", run_id)
        await work.connection.execute("update payments set status = 'CANCELLED' where run_id = $1", run_id)
    elif state.status == "APPROVED":
        await work.connection.execute("update payments set status = 'APPROVED' where run_id = $1", run_id)
    return Answer.json(await run_shown(work.connection, run_id, caller.role))


async def _say(work: Work, run_id: str, command: Command) -> State:
    row = await work.connection.fetchrow("select run_id from runs where run_id = $1 for update", run_id)
    if row is None:
        raise Problem(404, "not-found", "Không có đợt chi trả này.", "There is no such run.")
    stream = await work.load_one(run_stream(run_id))
    state = run.fold(stream.events)
    events = run.decide(command, state)
    work.append(run_stream(run_id), stream.version, events)
    return run.fold(events, state)


async def send(work: Work, caller: Caller, run_id: str) -> Answer:
    """Instructs the bank and lists the cash: every payment's event in one append with the run's."""
    today = clock.today()
    await _say(work, run_id, SendRun(caller.name, today))
    ids = [
        row["payment_id"]
        for row in await work.connection.fetch("select payment_id from payments where run_id = $1", run_id)
    ]
    statuses = await _send_payments(work, ids, today)
    await tables.set_statuses(work.connection, statuses, clock.now())
    await work.connection.execute("update runs set status = 'SENT' where run_id = $1", run_id)
    await work.connection.execute("delete from open_runs where run_id = $1", run_id)
    return Answer.json(await run_shown(work.connection, run_id, caller.role))


async def _send_payments(work: Work, ids: Sequence[str], today: date) -> dict[str, str]:
    streams = await work.load(payment_stream(one) for one in ids)
    statuses: dict[str, str] = {}
    for payment_id in counted("deciding", ids):
        stream = streams[payment_stream(payment_id)]
        state = payments.payment_decider.fold(stream.events)
        events = payments.decide(payments.Send(today), state)
        work.append(payment_stream(payment_id), stream.version, events)
        statuses[payment_id] = str(payments.payment_decider.fold(events, state).status)
    return statuses

"""`ansinh bench month`: a month's payments on their way, by the services' own code on the real stack, without HTTP.

Measured: instructed → relayed → the bank's answers taken in → relayed → projected by reporting. Preparing and
approving the run is not.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import orjson

from infra.bench import made_up, plain, run
from infra.bench.report import Result, Stages, Watch, rounds_for
from infra.bench.run import Month
from infra.bench.service import consumer_of, started, until_done
from infra.stack import Connections
from services.disbursement import bank_answers, run_handlers
from services.disbursement.app import build as build_disbursement
from services.host import settings_of
from services.kernel import clock
from services.kernel.commands import Answer, Work
from services.kernel.envelope import to_record
from services.kernel.service import Running
from services.kernel.web.auth import new_key
from services.reporting.app import build as build_reporting

ANSWERS_PER_CALL = 5_000
WARM_UP = 500
TOPIC = "bench.bytes"
STORE_TABLE, READER_TABLE = "bench_store", "bench_reader"
BASELINE = "COPY of the same events into two plain tables (store, reader), produce and consume of the same bytes"


@dataclass(frozen=True, slots=True)
class Services:
    """The two services on the way, running as `ansinh up` runs them."""

    disbursement: Running
    reporting: Running


async def measure(connections: Connections, watch: Watch, n: int) -> Result:
    """Payments a second; every further round is the next month of the same people."""
    rounds, baseline = [], []
    async with _services(connections) as services, _owner(connections) as bare:
        await plain.make_topic(connections, TOPIC)
        watch.step("Chạy thử / warming up")
        await _month(services, Month(made_up.OPENING, "KHAC", range(n, n + WARM_UP), 1), watch)
        for number in range(rounds_for(n)):
            month = Month(made_up.OPENING.plus(number), "BTXH", range(n), 2)
            first = await services.disbursement.pool.fetchval("select coalesce(max(position), 0) from events")
            rounds.append(await _month(services, month, watch))
            watch.step("Mức nền: COPY, Kafka / the baseline")
            baseline.append(await _baseline(connections, bare, services, first))
    return Result("month", "payments/s", n, rounds, BASELINE, baseline)


@asynccontextmanager
async def _services(connections: Connections) -> AsyncIterator[Services]:
    settings = settings_of(connections, ("disbursement", "reporting"), new_key())
    async with (
        started(build_disbursement, settings["disbursement"]) as disbursement,
        started(build_reporting, settings["reporting"]) as reporting,
    ):
        yield Services(disbursement, reporting)


@asynccontextmanager
async def _owner(connections: Connections) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(
        connections.owner_dsn["disbursement"], server_settings={"search_path": "disbursement"}
    )
    try:
        yield connection
    finally:
        await connection.close()


async def _month(services: Services, month: Month, watch: Watch) -> Stages:
    """One month from its roll to reporting's facts; the stages are those that are measured."""
    count, stages = len(month.people), Stages()
    watch.step(f"Kỳ {month.period}: lập đợt chi trả / preparing")
    clock.set_today(month.period.first_day.replace(day=10))
    await run.know_people(services.disbursement, month)
    run_id = await run.prepare(services.disbursement, month)
    await until_done(services.disbursement.relay.unpublished)
    watch.step(f"Kỳ {month.period}: {count} khoản / payments")
    with stages.stage("instructed"):
        await run.execute(
            services.disbursement, lambda work: run_handlers.send(work, run.APPROVER, run_id), run.APPROVER
        )
    with stages.stage("relayed (instructed)"):
        await until_done(services.disbursement.relay.unpublished)
    answers = await run.answers(services.disbursement, run_id)
    with stages.stage("answered"):
        for begin in range(0, len(answers), ANSWERS_PER_CALL):
            await _take_in(services.disbursement, answers[begin : begin + ANSWERS_PER_CALL])
    with stages.stage("relayed (settled)"):
        await until_done(services.disbursement.relay.unpublished)
    with stages.stage("projected"):
        await until_done(consumer_of(services.reporting).behind)
    await _check(services.reporting, month)
    return stages


async def _take_in(disbursement: Running, rows: Sequence[dict[str, object]]) -> None:
    content = orjson.dumps(rows)

    async def handler(work: Work) -> Answer:
        return Answer.json({"results": await bank_answers.record(work, rows, content)})

    await run.execute(disbursement, handler, run.OFFICER)


async def _check(reporting: Running, month: Month) -> None:
    """Reporting has every payment and đồng of the month; raises RuntimeError."""
    row = await reporting.pool.fetchrow(
        "select count(*) as payments, coalesce(sum(amount), 0) as amount from movements"
        " where item = '*' and period = $1 and programme = $2",
        month.period,
        month.programme,
    )
    amount = sum(made_up.AMOUNTS[number % len(made_up.AMOUNTS)] for number in month.people)
    if (row["payments"], row["amount"]) != (len(month.people), amount):
        raise RuntimeError(f"reporting has {row['payments']} payments of {len(month.people)}, {row['amount']} đồng")


async def _baseline(connections: Connections, bare: asyncpg.Connection, services: Services, first: int) -> Stages:
    """The same events as bare rows and bare bytes: those instructed and those settled since position `first`."""
    rows = await bare.fetch(
        "select stream_id, version, event_id, type, schema_version, data, metadata, recorded_at from events"
        " where position > $1 and type in ('PaymentInstructed', 'PaymentSettled') order by position",
        first,
    )
    stored = [tuple(row) for row in rows]
    store = services.disbursement.store
    recorded = await store.read_after(bare, first, 2**31)
    wanted = [one for one in recorded if one.type in ("PaymentInstructed", "PaymentSettled")]
    records = [to_record(store.source, one) for one in wanted]
    before = await plain.ends(connections, TOPIC)
    stages = Stages()
    for table in (STORE_TABLE, READER_TABLE):
        await plain.make_table(bare, table)
    with stages.stage("COPY into the store's table"):
        await plain.copy(bare, STORE_TABLE, [stored])
    with stages.stage("produce"):
        await plain.produce(connections, TOPIC, records)
    with stages.stage("consume"):
        await plain.consume(connections, before, len(records))
    with stages.stage("COPY into the reader's table"):
        await plain.copy(bare, READER_TABLE, [stored])
    return stages

"""`ansinh bench readers`: reporting's own reader on a full topic, from nothing to all facts, against `getmany`."""

from uuid import UUID

import asyncpg

from infra.bench import made_up, plain
from infra.bench.report import Result, Stages, Watch
from infra.bench.service import consumer_of, started, until_done
from infra.stack import Connections
from services.disbursement.events import TOPIC, payment_stream
from services.host import settings_of
from services.kernel import clock
from services.kernel.envelope import Recorded, canonical, event_id, to_record
from services.kernel.service import Running
from services.kernel.web.auth import new_key
from services.reporting.app import build

SOURCE = "disbursement"
WARM_UP = 2_000
BASELINE = "getmany of the same bytes from the same topic, nothing made of them"


async def measure(connections: Connections, watch: Watch, n: int) -> Result:
    """Events a second, from the start of the service to the last fact; every event is one that reporting needs."""
    settings = settings_of(connections, ("reporting",), new_key())["reporting"]
    # Once with little in the topic: the schema is made, the code is warm, the group exists.
    await _fill(connections, "warm-up", WARM_UP)
    async with started(build, settings) as reporting:
        await until_done(consumer_of(reporting).behind)
    begin = await plain.ends(connections, TOPIC)
    watch.step(f"Ghi {n} sự kiện lên Kafka / filling the topic")
    await _fill(connections, "payments", n)
    watch.step("Đọc lại / reading")
    ours, bare = Stages(), Stages()
    began = clock.monotonic()
    async with started(build, settings) as reporting:
        ours.add("started", clock.monotonic() - began)
        with ours.stage("read and projected"):
            await until_done(consumer_of(reporting).behind)
        await _check(reporting, n + WARM_UP)
    with bare.stage("getmany"):
        await plain.consume(connections, begin, n)
    return Result("readers", "events/s", n, [ours], BASELINE, [bare])


async def _fill(connections: Connections, run_id: str, n: int) -> None:
    await plain.produce(connections, TOPIC, [_record(run_id, number) for number in range(n)])


def _record(run_id: str, number: int) -> plain.KafkaRecord:
    """The record of a settled payment, as disbursement's relay sends it."""
    event = made_up.settled(run_id, number)
    stream_id = payment_stream(event.payment.payment_id)
    row = Recorded(
        position=number,
        stream_id=stream_id,
        version=3,
        event_id=UUID(bytes=event_id(SOURCE, stream_id, 3)),
        type=event.type_name(),
        schema_version=event.VERSION,
        data=canonical(event.model_dump(mode="json")),
        metadata={},
        recorded_at=clock.now(),
    )
    return to_record(SOURCE, row)


async def _check(reporting: Running, n: int) -> None:
    pool: asyncpg.Pool = reporting.pool
    count = await pool.fetchval("select count(*) from movements where item = '*'")
    if count != n:
        raise RuntimeError(f"reporting has {count} payments of {n}")

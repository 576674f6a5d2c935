"""What goes wrong around a reader: its group is shared out anew, its tables are locked, its topics hold poison."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord

from infra.stack import Connections
from services.kernel.commands import Work
from services.kernel.envelope import Received
from services.kernel.service import Running
from tests.integration.conftest import Played
from tests.integration.kernel_probe import make_topics, producer, reader, record, records, until_quiet, write_rows

RECORDS = 300
SESSION_SECONDS = 10


async def _say(stack: Connections, name: str) -> None:
    async with producer(stack) as kafka:
        for number in range(RECORDS):
            key, value, headers = record(f"s-{number}", 1, number)
            await kafka.send(f"{name}.in", value=value, key=key, headers=headers)
        await kafka.flush()


async def _table(service: Running) -> None:
    await service.pool.execute("create table if not exists things (s text, v int, n int, primary key (s, v))")


async def _numbers(service: Running) -> list[int]:
    return [row["n"] for row in await service.pool.fetch("select n from things order by n")]


async def test_a_group_shared_out_anew_in_mid_batch_loses_nothing_and_doubles_nothing(
    stack: Connections, probe: str
) -> None:
    """The second reader gets the partitions of a batch that the first has in hand and confirms too late."""
    await make_topics(stack, f"{probe}.in")
    in_hand, gate = asyncio.Event(), asyncio.Event()
    by_first: list[str] = []
    by_second: list[str] = []

    async def slowly(work: Work, received: Sequence[Received]) -> None:
        by_first.extend(one.stream_id for one in received)
        in_hand.set()
        await gate.wait()
        await write_rows(work, received)

    async def at_once(work: Work, received: Sequence[Received]) -> None:
        by_second.extend(one.stream_id for one in received)
        await write_rows(work, received)

    await _say(stack, probe)
    async with reader(stack, probe, slowly) as first:
        await _table(first)
        async with asyncio.timeout(30):
            await in_hand.wait()
        async with reader(stack, probe, at_once) as second:
            async with asyncio.timeout(30):
                while not by_second:
                    await asyncio.sleep(0.05)
            gate.set()
            await until_quiet(second)
            assert await _numbers(second) == list(range(RECORDS))
            assert (await second.lag())["dead_letters"] == 0
            assert set(by_first) & set(by_second), "no record was in both hands: nothing was tried"


async def test_a_table_locked_past_the_session_time_out_holds_a_batch_and_loses_none_of_it(
    stack: Connections, probe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.kernel.database.LOCK_TIMEOUT", "2s")
    await make_topics(stack, f"{probe}.in")
    tries = 0

    async def counted(work: Work, received: Sequence[Received]) -> None:
        nonlocal tries
        tries += 1
        await write_rows(work, received)

    async with reader(stack, probe, counted) as service:
        await _table(service)
        other = await asyncpg.connect(stack.owner_dsn["portal"])
        async with other.transaction():
            await other.execute(f'lock table "{probe}".things in access exclusive mode')
            await _say(stack, probe)
            await asyncio.sleep(SESSION_SECONDS + 2)
            assert (await service.lag())["events_behind"] == RECORDS
            assert tries > 1
        await other.close()
        await until_quiet(service)
        assert await _numbers(service) == list(range(RECORDS))
        assert (await service.lag())["dead_letters"] == 0


@dataclass(frozen=True, slots=True)
class Poisoned:
    """A topic, an event of it that is spoilt in every way, and the readers that have a use for it.

    `marks` names for each reader a row that the genuine event makes: table and condition. `versioned`: they keep the
    event's version, so that one no table can hold is poison too.
    """

    topic: str
    kind: bytes
    all_readers: tuple[str, ...]
    marks: dict[str, tuple[str, str]]
    versioned: bool = True


TOPICS = (
    Poisoned(
        "registry.events",
        b"DueChanged",
        ("onboarding", "disbursement", "reporting"),
        {
            "onboarding": ("rolls", "beneficiary_id = '{person}'"),
            "disbursement": ("due", "beneficiary_id = '{person}'"),
            "reporting": ("pictures", "beneficiary_id = '{person}'"),
        },
    ),
    Poisoned(
        "onboarding.events",
        b"AccountOpened",
        ("disbursement", "reporting"),
        {
            "disbursement": ("accounts", "beneficiary_id = '{person}'"),
            "reporting": ("account_events", "beneficiary_id = '{person}'"),
        },
    ),
    Poisoned(
        "disbursement.events",
        b"PaymentReturned",
        ("registry", "onboarding", "reporting"),
        {
            "onboarding": ("failures", "stream_id = '{stream}'"),
            "reporting": ("movements", "stream_id = '{stream}' and kind = 'RETURNED'"),
        },
    ),
    Poisoned(
        "disbursement.events",
        b"CashCollected",
        ("registry", "onboarding", "reporting"),
        {"registry": ("payouts_made", "beneficiary_id = '{person}'")},
        versioned=False,
    ),
)
Sent = tuple[bytes | None, list[tuple[str, bytes | None]]]


def _named(value: bytes, field: bytes) -> str:
    """The text of a field; an empty object's where it has none."""
    found = re.search(b'"' + field + b'": ?"([^"]+)"', value)
    return found[1].decode() if found else "{}"


def _spoilt(genuine: ConsumerRecord, versioned: bool) -> tuple[list[Sent], list[Sent]]:
    """Values and headers no reader of the topic can read; and those at which only readers of this event stumble."""
    value, headers = genuine.value, dict(genuine.headers) | {"ce_subject": b"poison"}
    unstorable = value
    for field in (b"beneficiary_id", b"payment_id"):
        unstorable = unstorable.replace(_named(value, field).encode(), b"b\\u0000")

    def with_(**other: bytes | None) -> list[tuple[str, bytes | None]]:
        return list((headers | other).items())

    unreadable: list[Sent] = [(value, []), (value, with_(ce_type=b"\xff\xfe")), (value, with_(ce_type=None))]
    told: list[Sent] = [
        (value, with_(ce_subject=b"\xff")),
        (value, with_(ce_time=b"yesterday")),
        (value, with_(ce_streamversion=b"first")),
        (value, with_(ce_schemaversion=b"99")),
        (b"\xff\xfe\x00", with_()),
        (b"not json", with_()),
        (None, with_()),
        (b"[1, 2]", with_()),
        (b"[" * 100_000, with_()),
        (b"{}", with_()),
        (b'{"huge": "%s"}' % (b"x" * 900_000), with_()),
        (unstorable, with_(ce_subject=b"pois\x00n")),
    ]
    if versioned:
        told.append((value, with_(ce_streamversion=b"99999999999999999999")))
    return unreadable, told


@pytest.mark.parametrize("case", TOPICS, ids=lambda one: one.kind.decode())
async def test_poison_on_a_topic_costs_itself_and_nothing_behind_it(played: Played, case: Poisoned) -> None:
    """Each reader's row of a genuine event is taken away and must be back once that event is said behind the poison."""
    found = await records(played.connections.kafka_bootstrap, case.topic)
    genuine = [one for one in found if ("ce_type", case.kind) in one.headers and one.value][-1]
    unreadable, told = _spoilt(genuine, case.versioned)
    places = {
        "person": _named(genuine.value, b"beneficiary_id"),
        "stream": dict(genuine.headers)["ce_subject"].decode(),
    }
    connections = {name: await asyncpg.connect(played.connections.owner_dsn[name]) for name in case.all_readers}
    for name, (table, condition) in case.marks.items():
        assert await connections[name].execute(f"delete from {table} where {condition.format(**places)}") != "DELETE 0"
    async with producer(played.connections) as kafka:
        for_all = [await _send(kafka, genuine, *one) for one in unreadable]
        for_some = [await _send(kafka, genuine, *one) for one in told]
        await _send(kafka, genuine, genuine.value, list(genuine.headers))
    await played.client.quiet()
    for name, connection in connections.items():
        dead = await connection.fetch(
            'select "offset", reason from dead_letters where (topic, partition) = ($1, $2) and "offset" >= $3',
            *(case.topic, genuine.partition, for_all[0]),
        )
        assert {row["offset"] for row in dead} == {*for_all, *(for_some if name in case.marks else ())}, name
        assert all(0 < len(row["reason"]) <= 300 for row in dead)
        if name in case.marks:
            table, condition = case.marks[name]
            assert await connection.fetchval(f"select count(*) from {table} where {condition.format(**places)}") > 0
        await connection.close()


async def _send(
    kafka: AIOKafkaProducer, genuine: ConsumerRecord, value: bytes | None, headers: list[tuple[str, bytes | None]]
) -> int:
    sent = await kafka.send_and_wait(
        genuine.topic, value=value, key=genuine.key, headers=headers, partition=genuine.partition
    )
    return int(sent.offset)


async def test_poison_on_the_banks_topic_is_put_aside_with_its_reason(played: Played) -> None:
    poison = [
        b"\xff\xfe",
        b"not json",
        b"[]",
        b"null",
        b'{"result": "OPENED"}',
        b'{"result": "OPENED", "citizen_id": "0\\u0000", "account_name": "\\u0000"}',
        b'{"citizen_id": {"deep": []}}',
        b'{"account_name": "%s"}' % (b"x" * 900_000),
        None,
    ]
    async with producer(played.connections) as kafka:
        sent = [await kafka.send_and_wait("bank.account-results", value=one, key=b"k", partition=3) for one in poison]
    await played.client.quiet()
    connection = await asyncpg.connect(played.connections.owner_dsn["onboarding"])
    dead = await connection.fetch(
        "select \"offset\", reason from dead_letters where topic = 'bank.account-results' order by 1"
    )
    await connection.close()
    assert [row["offset"] for row in dead] == [one.offset for one in sent]
    assert all(row["reason"] for row in dead)

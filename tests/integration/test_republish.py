"""A store's events sent to its topic again, by the relay's own way."""

import re

from aiokafka import ConsumerRecord

from infra.stack import Connections
from services.kernel.database import connect_pool, migrate, role_of
from services.kernel.event_store import EventStore
from services.kernel.relay import Relay
from services.kernel.republish import republish
from services.kernel.settings import KafkaSettings
from tests.integration.conftest import Played, ansinh
from tests.integration.kernel_probe import TYPES, append, make_topics, records


def _key(record: ConsumerRecord) -> tuple[bytes, bytes, bytes, tuple[tuple[str, bytes], ...], int]:
    return record.key, record.value, dict(record.headers)["ce_id"], tuple(record.headers), record.partition


async def test_events_from_a_position_on_are_sent_again_as_they_were(stack: Connections, probe: str) -> None:
    dsn = stack.owner_dsn["portal"]
    await migrate(dsn, probe, role_of(dsn), [])
    await make_topics(stack, f"{probe}.events")
    pool, store = await connect_pool(dsn, probe), EventStore(probe, TYPES)
    for number in range(4):
        await append(pool, store, f"s-{number}", 0, number, number + 10)
    relay = Relay(store, pool, dsn, KafkaSettings(stack.kafka_bootstrap))
    told: list[int] = []
    async with pool.acquire() as connection:
        assert await republish(relay, connection) == 8
        first = await records(stack.kafka_bootstrap, f"{probe}.events", 3)
        assert await republish(relay, connection, 7, told.append) == 2
        assert await republish(relay, connection, 9, told.append) == 0
        assert await connection.fetchval("select position from relay_cursor") == 0
    await pool.close()
    again = await records(stack.kafka_bootstrap, f"{probe}.events", 3)
    assert sum(told) == 2
    assert sorted(_key(one)[:2] for one in first) == sorted(
        (f"s-{number}".encode(), b'{"number":%d}' % said) for number in range(4) for said in (number, number + 10)
    )
    assert sorted(map(_key, again)) == sorted([*map(_key, first), *(_key(one) for one in first if one.key == b"s-3")])


async def test_the_command_sends_a_store_again_and_no_reader_minds(played: Played) -> None:
    before = await played.client.get("/reporting/forms/form-1", "auditor", period="2023-11", area="278")
    sent = len(await records(played.connections.kafka_bootstrap, "disbursement.events"))
    status, said = await ansinh(played, "republish", "disbursement")
    assert status == 0, said
    # The relay may have said its last events twice when it began: what is sent again is what the store holds.
    held = int(re.search(r"events sent again: (\d+)", said, re.IGNORECASE)[1])
    assert 0 < held <= sent
    assert len(await records(played.connections.kafka_bootstrap, "disbursement.events")) == sent + held
    await played.client.quiet()
    after = await played.client.get("/reporting/forms/form-1", "auditor", period="2023-11", area="278")
    assert (after["rows"], after["dong"]) == (before["rows"], before["dong"])

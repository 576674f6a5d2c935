"""`ansinh republish SERVICE`: a store's events go to its topic again."""

import asyncio
from typing import Annotated

import asyncpg
import typer

from infra import topics
from infra.stack import Connections
from services.commands.terminal import DATA, Data, bar, out, servers
from services.kernel.event_store import EventStore
from services.kernel.event_types import EventTypes
from services.kernel.relay import Relay
from services.kernel.republish import republish as send_again
from services.kernel.settings import KafkaSettings
from services.reporting.layout import number

PUBLISHERS = ("registry", "onboarding", "disbursement", "reporting")


def republish(
    service: Annotated[str, typer.Argument(help=" | ".join(PUBLISHERS))],
    first: Annotated[int, typer.Option("--from", min=1, help="Từ vị trí / first position to send")] = 1,
    data: Data = DATA,
) -> None:
    """Gửi lại các sự kiện của một kho lên Kafka. / Sends a store's events to its topic again."""
    if service not in PUBLISHERS:
        raise typer.BadParameter(f"không có kho {service}; chọn / no such store; choose: {', '.join(PUBLISHERS)}")
    with servers(data) as connections:
        sent = asyncio.run(_republish(connections, service, first))
    out.print(f"Đã gửi lại {number(sent)} sự kiện của {service}. / Events sent again: {sent}.")


async def _republish(connections: Connections, service: str, first: int) -> int:
    kafka = KafkaSettings(connections.kafka_bootstrap, connections.kafka_security)
    await topics.ensure(kafka.bootstrap, **kafka.security)
    dsn = connections.dsn[service]
    # No event is read for its meaning: they go out as they are stored, whatever their version.
    store = EventStore(service, EventTypes([]))
    pool = asyncpg.create_pool(dsn, min_size=1, max_size=1, server_settings={"search_path": service})
    async with pool, pool.acquire() as connection:
        if not await connection.fetchval("select to_regclass('events') is not null"):
            return 0
        total = await connection.fetchval("select count(*) from events where position >= $1", first)
        with bar() as progress:
            task = progress.add_task(f"{service}.events", total=total)
            relay = Relay(store, pool, dsn, kafka)
            return await send_again(relay, connection, first, lambda more: progress.advance(task, more))

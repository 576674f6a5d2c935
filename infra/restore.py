"""All stores back from a copy, into an empty system; then their topics are filled: see `docs/decisions/0016-backup.md`.

Every store is loaded and checked in a transaction of its own, and all commit at the end: what goes wrong before leaves
the system empty.
"""

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from infra import topics
from infra.backup import LEFT_OUT, TABLES, Progress, broken, counter
from infra.copied import CopyRefused, Manifest, Store, check_files, file_of, read_manifest
from infra.stack import Connections
from services.kernel.audit import Broken, check_seals
from services.kernel.database import connect_pool, migrate, role_of, schema_version
from services.kernel.event_store import EventStore
from services.kernel.event_types import EventTypes
from services.kernel.relay import Relay
from services.kernel.settings import KafkaSettings
from services.kernel.tasks import TOPIC as TASKS

# What migrations themselves put in.
BEGUN_WITH = ("relay_cursor", "projection")
LOOK_EVERY = 0.1  # seconds
IDENTITIES = """
select format('select setval(%L, max(%I)) from %I having max(%I) is not null',
    pg_get_serial_sequence(quote_ident(relname), attname), attname, relname, attname)
from pg_attribute join pg_class on pg_class.oid = attrelid
where relnamespace = to_regnamespace(current_schema()) and relkind = 'r' and attidentity <> ''
"""
# The new Kafka has nothing of ours, and other offsets: what was put aside of our own topics comes again with them, and
# a partner's record that waits keeps no place at which a new one could be taken for it.
AS_ON_AN_EMPTY_KAFKA = f"""
update relay_cursor set position = 0;
delete from dead_letters where topic like '%.events' or topic = '{TASKS}';
update dead_letters set "offset" = -number;
"""


async def restore(
    folder: Path, connections: Connections, schemas: Mapping[str, Sequence[Path]], progress: Progress
) -> Manifest:
    """Loads a copy into the empty stores (`schemas`: service → its migrations) and fills the topics; its manifest.

    Raises CopyRefused, and then the stores are as empty as before.
    """
    manifest = read_manifest(folder)
    _same_schemas(manifest, schemas)
    files = sum(len(store.tables) for store in manifest.stores.values())
    for done, _ in enumerate(check_files(folder, manifest), 1):
        progress("Kiểm tra tệp / checking files", done, files)
    for service, migrations in schemas.items():
        await migrate(connections.owner_dsn[service], service, role_of(connections.dsn[service]), migrations)
    async with AsyncExitStack() as loading:
        opened = {
            service: await _opened(loading, service, connections.owner_dsn[service], store)
            for service, store in manifest.stores.items()
        }
        await _check_topics(connections)
        for service, store in manifest.stores.items():
            await _load(folder, service, opened[service], store, progress)
    for service in manifest.stores:
        await _publish(service, connections, progress)
    return manifest


def _same_schemas(manifest: Manifest, schemas: Mapping[str, Sequence[Path]]) -> None:
    now = {service: schema_version(migrations) for service, migrations in schemas.items()}
    then = {service: store.migrations for service, store in manifest.stores.items()}
    if now != then:
        other = sorted(service for service in now.keys() | then.keys() if now.get(service) != then.get(service))
        raise CopyRefused(
            f"Bản sao lưu có cấu trúc kho khác ({', '.join(other)}): phục hồi bằng An Sinh {manifest.version}, "
            "sau đó nâng cấp.",
            f"The copy's schema is another ({', '.join(other)}): restore it with An Sinh {manifest.version}, then "
            "upgrade.",
        )


async def _check_topics(connections: Connections) -> None:
    """Records of a time after the copy would tell readers what the stores have forgotten."""
    security = connections.kafka_security
    await topics.ensure(connections.kafka_bootstrap, **security)
    consumer = AIOKafkaConsumer(bootstrap_servers=connections.kafka_bootstrap, **security)
    await consumer.start()
    try:
        wanted = [TopicPartition(one.name, number) for one in topics.wanted() for number in range(one.partitions)]
        ends = await consumer.end_offsets(wanted)
    finally:
        await consumer.stop()
    if used := sorted({partition.topic for partition, end in ends.items() if end}):
        raise CopyRefused(
            f"Kafka đã có bản ghi trong {', '.join(used)}: phục hồi vào một Kafka mới, hoặc tự xóa các topic đó.",
            f"Kafka has records in {', '.join(used)}: restore beside a new Kafka, or delete these topics yourself.",
        )


async def _opened(loading: AsyncExitStack, service: str, dsn: str, store: Store) -> asyncpg.Connection:
    """A transaction in the empty store, into which nobody writes meanwhile."""
    connection = await asyncpg.connect(dsn, server_settings={"search_path": service})
    loading.push_async_callback(connection.close)
    await loading.enter_async_context(connection.transaction())
    await connection.execute("set local idle_in_transaction_session_timeout = 0")
    tables = [row["relname"] for row in await connection.fetch(TABLES, ["migrations"])]
    if missing := set(tables).difference(store.tables, LEFT_OUT):
        raise CopyRefused(
            f"Bản sao lưu thiếu bảng của kho {service}: {', '.join(sorted(missing))}. Dùng bản khác.",
            f"The copy lacks tables of the store {service}: {', '.join(sorted(missing))}. Use another.",
        )
    await connection.execute(f"lock table {', '.join(tables)} in access exclusive mode")
    for table in tables:
        if table not in BEGUN_WITH and await connection.fetchval(f"select exists (select from {table})"):
            raise CopyRefused(
                f"Hệ thống đã có dữ liệu ({service}.{table}): phục hồi vào hệ thống rỗng, ví dụ thư mục --data mới.",
                f"The system has data ({service}.{table}): restore into an empty one, for example a new --data folder.",
            )
    return connection


async def _load(folder: Path, service: str, connection: asyncpg.Connection, store: Store, progress: Progress) -> None:
    for begun in BEGUN_WITH:
        await connection.execute(f"delete from {begun}")
    done = 0
    for name, table in store.tables.items():
        with gzip.open(file_of(folder, service, name)) as content:
            await connection.copy_to_table(name, source=content, columns=table.columns, format="binary")
        await connection.execute(f"analyze {name}")
        done += table.rows
        progress(f"Nạp / loading {service}", done, store.rows)
    for (following,) in await connection.fetch(IDENTITIES):
        await connection.execute(following)
    await connection.execute(AS_ON_AN_EMPTY_KAFKA)
    await _check(service, connection, store, progress)


async def _check(service: str, connection: asyncpg.Connection, store: Store, progress: Progress) -> None:
    try:
        sealed = await check_seals(
            connection, service, counter(f"Niêm phong / seals: {service}", store.events, progress)
        )
    except Broken as why:
        raise broken(why) from why
    if (sealed.events, sealed.digest) != (store.events, store.seal):
        raise CopyRefused(
            f"Kho {service} không khớp niêm phong ghi trong bản sao lưu: dùng bản khác.",
            f"The store {service} has another last seal than the copy's manifest says: use another copy.",
        )


async def _publish(service: str, connections: Connections, progress: Progress) -> None:
    """Has the relay say the whole store. Where that breaks off, the service itself goes on at its next start."""
    dsn = connections.dsn[service]
    pool = await connect_pool(dsn, service)
    kafka = KafkaSettings(connections.kafka_bootstrap, connections.kafka_security)
    # No event is read for its meaning: they go out as they are stored.
    relay = Relay(EventStore(service, EventTypes([])), pool, dsn, kafka)
    try:
        total = left = await relay.unpublished()
        await relay.start()
        while left:
            await asyncio.sleep(LOOK_EVERY)
            left = await relay.unpublished()
            progress(f"Gửi lên Kafka / publishing {service}", total - left, total)
    finally:
        await relay.stop()
        await pool.close()

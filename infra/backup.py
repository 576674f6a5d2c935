"""A copy of all stores, of one moment, beside the running services: see `docs/decisions/0016-backup.md`."""

import gzip
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import asyncpg

from infra.copied import CopyRefused, Manifest, Store, Table, digest_of, file_of, write_manifest
from services.kernel import clock
from services.kernel.audit import Broken, Sealed, check_seals
from services.kernel.event_store import HOLD_THE_STORE

# What is no truth: migrations are made by `migrate`, counts are said anew, and whoever was signed in signs in again (a
# session that was ended since must not come back).
LEFT_OUT = ("migrations", "published_tasks", "tasks", "counted", "sessions")
# How long an append of another may hold the moment up. Shorter than what writers wait, since they wait for us then.
HOLD_TIMEOUT = "10s"
# On made-up months a tenth less on disk than 3, for a third more of the processor.
GZIP_LEVEL = 6
TABLES = """
select relname from pg_class
where relnamespace = to_regnamespace(current_schema()) and relkind = 'r' and relname <> all($1) order by relname
"""
COLUMNS = """
select attname from pg_attribute
where attrelid = to_regclass(quote_ident($1)) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
"""
Progress = Callable[[str, int, int], None]
"""Told what is being done, how many rows of it are done, and of how many."""


async def backup(folder: Path, dsn: Mapping[str, str], progress: Progress) -> Manifest:
    """Writes a copy of the stores (service → address of its owner) into a new or empty folder; answers its manifest.

    Raises CopyRefused, and then the folder holds no copy.
    """
    try:
        _make_empty(folder)
        async with one_moment(dsn) as stores:
            made_at = clock.now()
            found = {
                service: await _copied(folder, service, connection, progress) for service, connection in stores.items()
            }
        manifest = Manifest(version=version("ansinh"), made_at=made_at, stores=found)
        write_manifest(folder, manifest)
    except OSError as why:
        raise CopyRefused(
            f"Không ghi được bản sao lưu vào {folder}: {why.strerror}.",
            f"The copy can't be written to {folder}: {why.strerror}.",
        ) from why
    return manifest


def _make_empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise CopyRefused(
            f"Thư mục {folder} không rỗng: hãy chỉ một thư mục mới cho mỗi bản sao lưu.",
            f"The folder {folder} is not empty: name a new one for each copy.",
        )
    folder.chmod(0o700)  # what lies in it is as personal as the stores themselves


@asynccontextmanager
async def one_moment(dsn: Mapping[str, str]) -> AsyncIterator[Mapping[str, asyncpg.Connection]]:
    """A connection to each store whose transaction sees it as of one moment of all, though on servers of their own.

    While the snapshots are taken, nobody appends anywhere. So whatever a reader's rows were made of by then stands in
    the snapshot of the store that said it. Raises CopyRefused.
    """
    async with AsyncExitStack() as snapshots:
        opened = {service: await _opened(snapshots, service, address) for service, address in dsn.items()}
        async with AsyncExitStack() as held:
            for service, address in dsn.items():
                await _hold(held, service, address)
            for connection in opened.values():
                await connection.execute("select 1")  # the first query of a transaction takes its snapshot
        yield opened


async def _opened(opened: AsyncExitStack, service: str, dsn: str) -> asyncpg.Connection:
    """A transaction without a snapshot yet. Nobody swaps the tables (a rebuild) from now to its end: in a snapshot
    from before the swap the new ones would look empty."""
    connection = await asyncpg.connect(dsn, server_settings={"search_path": service})
    opened.push_async_callback(connection.close)
    tables = await _tables(connection)
    if "events" not in tables:
        raise CopyRefused(
            f"Kho {service} chưa có gì để sao lưu: hãy chạy `ansinh up` hoặc `ansinh migrate` trước.",
            f"The store {service} has nothing to copy yet: run `ansinh up` or `ansinh migrate` first.",
        )
    await opened.enter_async_context(connection.transaction(isolation="repeatable_read", readonly=True))
    # It waits while other stores are copied.
    await connection.execute("set local idle_in_transaction_session_timeout = 0")
    await connection.execute(f"lock table {', '.join(tables)} in access share mode")
    return connection


async def _hold(held: AsyncExitStack, service: str, dsn: str) -> None:
    """Nobody appends to the store until `held` ends."""
    connection = await asyncpg.connect(dsn, server_settings={"search_path": service, "lock_timeout": HOLD_TIMEOUT})
    held.push_async_callback(connection.close)
    await held.enter_async_context(connection.transaction())
    try:
        await connection.execute(HOLD_THE_STORE)
    except asyncpg.LockNotAvailableError as why:
        raise CopyRefused(
            f"Kho {service} đang bận ghi hơn {HOLD_TIMEOUT}: chạy lại lệnh sao lưu.",
            f"The store {service} was being written to for more than {HOLD_TIMEOUT}: run the backup again.",
        ) from why


async def _copied(folder: Path, service: str, connection: asyncpg.Connection, progress: Progress) -> Store:
    (folder / service).mkdir(mode=0o700)
    sealed = await _sealed(service, connection, progress)
    names = await _tables(connection)
    total = await connection.fetchval(f"select {' + '.join(f'(select count(*) from {name})' for name in names)}")
    tables: dict[str, Table] = {}
    for name in names:
        tables[name] = await _copied_table(file_of(folder, service, name), connection, name)
        progress(f"Sao chép / copying {service}", sum(table.rows for table in tables.values()), total)
    return Store(
        migrations=dict(await connection.fetch("select name, digest from migrations order by name")),
        events=sealed.events,
        last_position=await connection.fetchval("select coalesce(max(position), 0) from events"),
        seal=sealed.digest,
        tables=tables,
    )


async def _sealed(service: str, connection: asyncpg.Connection, progress: Progress) -> Sealed:
    """A copy of a store that was tampered with would only push the good ones out."""
    total = await connection.fetchval("select count(*) from events")
    try:
        return await check_seals(connection, service, counter(f"Niêm phong / seals: {service}", total, progress))
    except Broken as why:
        raise broken(why) from why


def counter(what: str, total: int, progress: Progress) -> Callable[[int], None]:
    """What `check_seals` tells how many more it has looked at, passed on as how many in all."""
    done = 0

    def take(more: int) -> None:
        nonlocal done
        done += more
        progress(what, done, total)

    return take


def broken(why: Broken) -> CopyRefused:
    """A broken seal as a reason to refuse."""
    found = why.found
    return CopyRefused(f"Kho {found.service}: {found.vi}.", f"The store {found.service}: {found.en}.")


async def _copied_table(file: Path, connection: asyncpg.Connection, name: str) -> Table:
    columns = [row["attname"] for row in await connection.fetch(COLUMNS, name)]
    with file.open("xb") as raw:
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=GZIP_LEVEL) as packed:

            async def take(content: bytes) -> None:
                packed.write(content)

            status: str = await connection.copy_from_table(name, columns=columns, output=take, format="binary")
        raw.flush()
        os.fsync(raw.fileno())
    return Table(columns=columns, rows=int(status.removeprefix("COPY ")), sha256=digest_of(file))


async def _tables(connection: asyncpg.Connection) -> Sequence[str]:
    return [row["relname"] for row in await connection.fetch(TABLES, LEFT_OUT)]

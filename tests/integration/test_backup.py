"""A copy of stores: of one moment, though they are read one after the other; and what is no copy is not taken back."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from infra.backup import backup, one_moment
from infra.copied import MANIFEST, CopyRefused
from infra.restore import restore
from infra.stack import Connections
from services.kernel.database import connect_pool, migrate, role_of
from services.kernel.event_store import EventStore, NewEvents
from tests.integration.kernel_probe import TYPES, ThingCounted, append, producer

Change = Callable[[dict[str, Any]], object]
POSITIONS = "select array_agg(position order by position) from events"


def _untold(_what: str, _done: int, _total: int) -> None:
    """Shows no progress."""


async def _store(stack: Connections, name: str) -> asyncpg.Pool:
    """A store with two events."""
    dsn = stack.owner_dsn["portal"]
    await migrate(dsn, name, role_of(dsn), [])
    pool = await connect_pool(dsn, name)
    await append(pool, EventStore(name, TYPES), "s", 0, 1, 2)
    return pool


async def _drop(stack: Connections, name: str) -> None:
    connection = await asyncpg.connect(stack.owner_dsn["portal"])
    await connection.execute(f'drop schema if exists "{name}" cascade')
    await connection.close()


def _as_service(stack: Connections, name: str) -> Connections:
    dsn = {name: stack.owner_dsn["portal"]}
    return Connections(stack.kafka_bootstrap, dsn, dsn, lambda: None)


async def test_no_store_goes_on_before_all_snapshots_are_taken(stack: Connections, probe: str) -> None:
    """While an append to the second store is under way, one to the first waits: a reader between them cannot have what
    the copy of the first has not."""
    other = f"{probe}_other"
    dsn = dict.fromkeys((probe, other), stack.owner_dsn["portal"])
    pools = {name: await _store(stack, name) for name in dsn}
    sees: dict[str, list[int]] = {}

    async def look() -> None:
        async with one_moment(dsn) as stores:
            await asyncio.wait_for(appended, 10)  # once the snapshots are taken, the stores are free again
            sees.update({name: await store.fetchval(POSITIONS) for name, store in stores.items()})

    async with pools[other].acquire() as connection, connection.transaction():
        new = [NewEvents("s", 2, [ThingCounted(number=3)])]
        await EventStore(other, TYPES).append(connection, new, {})
        looking = asyncio.create_task(look())
        await _waits_for_a_lock(connection)
        appended = asyncio.create_task(append(pools[probe], EventStore(probe, TYPES), "s", 2, 3))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(appended), 0.3)
        assert not appended.done()
    await looking
    assert sees == {probe: [1, 2], other: [1, 2, 3]}
    for pool in pools.values():
        await pool.close()
    await _drop(stack, other)


async def _waits_for_a_lock(connection: asyncpg.Connection) -> None:
    """Until somebody waits for the store that this connection holds."""
    async with asyncio.timeout(10):
        while not await connection.fetchval("select exists (select from pg_locks where not granted)"):
            await asyncio.sleep(0.01)


async def test_no_table_is_swapped_for_another_before_it_was_copied(stack: Connections, probe: str) -> None:
    """As a rebuild does: in a snapshot from before, the new table would look empty."""
    pool = await _store(stack, probe)
    async with one_moment({probe: stack.owner_dsn["portal"]}), pool.acquire() as connection:
        await connection.execute("set lock_timeout = '200ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await connection.execute("drop table dead_letters")
    await pool.close()


async def test_a_store_that_was_tampered_with_is_not_copied(stack: Connections, probe: str, tmp_path: Path) -> None:
    pool = await _store(stack, probe)
    await pool.execute("update events set data = '{}' where position = 2")
    with pytest.raises(CopyRefused, match="events 1–2 does not match its seal"):
        await backup(tmp_path / "copy", {probe: stack.owner_dsn["portal"]}, _untold)
    assert not (tmp_path / "copy" / MANIFEST).exists()
    await pool.close()


async def test_neither_into_a_folder_with_files_nor_from_an_empty_store(
    stack: Connections, probe: str, tmp_path: Path
) -> None:
    dsn = {probe: stack.owner_dsn["portal"]}
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CopyRefused, match="is not empty"):
        await backup(tmp_path, dsn, _untold)
    with pytest.raises(CopyRefused, match="nothing to copy yet"):
        await backup(tmp_path / "copy", dsn, _untold)
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["mine.txt"]


async def _copy(stack: Connections, name: str, folder: Path) -> None:
    """A copy of a store that is gone then."""
    pool = await _store(stack, name)
    told: dict[str, tuple[int, int]] = {}
    await backup(folder, {name: stack.owner_dsn["portal"]}, lambda *one: told.update({one[0]: one[1:]}))
    # Two events; with them a seal and the two rows that every store begins with.
    assert told == {f"Niêm phong / seals: {name}": (2, 2), f"Sao chép / copying {name}": (5, 5)}
    assert folder.stat().st_mode & 0o777 == 0o700
    await pool.close()
    await _drop(stack, name)


def _unreadable(manifest: dict[str, Any]) -> None:
    manifest["stores"] = 7


def _of_the_future(manifest: dict[str, Any]) -> None:
    manifest["format"] = 2


def _other_digest(manifest: dict[str, Any]) -> None:
    (store,) = manifest["stores"].values()
    store["tables"]["seals"]["sha256"] = "0" * 64


def _other_schema(manifest: dict[str, Any]) -> None:
    (store,) = manifest["stores"].values()
    store["migrations"]["kernel/0001_store.sql"] = "0" * 64


def _a_table_less(manifest: dict[str, Any]) -> None:
    (store,) = manifest["stores"].values()
    del store["tables"]["seals"]


def _one_store_more(manifest: dict[str, Any]) -> None:
    (store,) = manifest["stores"].values()
    manifest["stores"]["payroll"] = store


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_unreadable, "is not as this version writes it: stores"),
        (_of_the_future, "is not as this version writes it: format"),
        (_other_digest, "seals.copy.gz is missing or not as"),
        (_other_schema, "restore it with An Sinh 0.1.0, then upgrade"),
        (_a_table_less, "lacks tables of the store probe_.*: seals"),
        (_one_store_more, r"schema is another \(payroll\)"),
    ],
)
async def test_what_is_not_as_it_was_written_is_not_taken_back(
    stack: Connections, probe: str, tmp_path: Path, change: Change, words: str
) -> None:
    await _copy(stack, probe, tmp_path)
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    change(manifest)
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(CopyRefused, match=words):
        await restore(tmp_path, _as_service(stack, probe), {probe: []}, _untold)


async def test_a_folder_without_a_manifest_or_a_file_is_no_copy(stack: Connections, probe: str, tmp_path: Path) -> None:
    schemas: Mapping[str, list[Path]] = {probe: []}
    with pytest.raises(CopyRefused, match="is no whole copy"):
        await restore(tmp_path, _as_service(stack, probe), schemas, _untold)
    await _copy(stack, probe, tmp_path)
    (tmp_path / probe / "events.copy.gz").unlink()
    with pytest.raises(CopyRefused, match=r"events\.copy\.gz is missing"):
        await restore(tmp_path, _as_service(stack, probe), schemas, _untold)


async def test_neither_over_a_store_nor_beside_topics_that_hold_records(
    stack: Connections, probe: str, tmp_path: Path
) -> None:
    await _copy(stack, probe, tmp_path)
    pool = await _store(stack, probe)
    with pytest.raises(CopyRefused, match=rf"has data \({probe}.events\)"):
        await restore(tmp_path, _as_service(stack, probe), {probe: []}, _untold)
    assert await pool.fetchval(POSITIONS) == [1, 2]
    await pool.close()
    await _drop(stack, probe)
    async with producer(stack) as kafka:
        await kafka.send_and_wait("reporting.events", value=b"{}")  # which nobody reads
    with pytest.raises(CopyRefused, match=r"Kafka has records in .*reporting.events"):
        await restore(tmp_path, _as_service(stack, probe), {probe: []}, _untold)

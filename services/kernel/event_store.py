"""The event store: load streams, append streams in bulk, conflicts named.

Appending takes the whole store until commit (see the trigger in `0001_store.sql`), so an append is the last thing a
transaction does.
"""

import re
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

import asyncpg
import orjson
from pydantic_core import to_json

from services.kernel.copy_rows import COLUMNS, RowPacker, chunks
from services.kernel.envelope import Recorded, canonical, event_id
from services.kernel.event_types import Event, EventTypes

# Until the transaction ends, nobody else appends to the store in the connection's schema.
HOLD_THE_STORE = "select pg_advisory_xact_lock(hashtextextended(current_schema() || '.events', 0))"


class Conflict(Exception):
    """Somebody else appended to the stream since it was loaded; the whole append is undone."""

    def __init__(self, stream_id: str) -> None:
        super().__init__(stream_id)
        self.stream_id = stream_id


@dataclass(frozen=True, slots=True)
class NewEvents:
    """Events for one stream that, as far as the writer knows, stands at `expected_version` (0: does not exist)."""

    stream_id: str
    expected_version: int
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream as loaded: its version and its events in order."""

    version: int
    events: Sequence[Event]


EMPTY = Stream(0, ())


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a writer learns when its turn has come: the instant of its events and the digest to go on from."""

    recorded_at: datetime
    digest: bytes


class EventStore:
    """The events of one service (`source`), in the connection's schema."""

    def __init__(self, source: str, types: EventTypes) -> None:
        self.source = source
        self.types = types
        self.channel = f"{source}_events"

    async def load(
        self,
        connection: asyncpg.Connection,
        stream_ids: Iterable[str],
        without: Collection[str] = (),
        personal: bool = True,
    ) -> dict[str, Stream]:
        """The named streams that exist.

        Events of the types in `without` are counted in the version but not read; `personal` False leaves that part out.
        """
        data = "data" if personal else "data::jsonb - 'personal'"
        rows = await connection.fetch(
            "select stream_id, version, type, schema_version,"
            f" case when type <> all($2::text[]) then {data} end as data from events"
            " where stream_id = any($1::text[]) order by stream_id, version",
            list(stream_ids),
            list(without),
        )
        events: dict[str, list[Event]] = {}
        versions: dict[str, int] = {}
        for row in rows:
            stream_id, data = row["stream_id"], row["data"]
            versions[stream_id] = row["version"]
            found = events.setdefault(stream_id, [])
            if data is not None:
                found.append(self.types.decode_json(row["type"], row["schema_version"], data))
        return {stream_id: Stream(versions[stream_id], found) for stream_id, found in events.items()}

    async def append(
        self, connection: asyncpg.Connection, batch: Sequence[NewEvents], metadata: Mapping[str, str]
    ) -> int:
        """Appends all streams of the batch in the caller's transaction and wakes the relay; answers how many events.

        Raises Conflict naming the stream that was not at its expected version.
        """
        count = sum(len(new.events) for new in batch)
        if not count:
            return 0
        turn = await self._take_turn(connection)
        rows = self._rows(batch, RowPacker(canonical(dict(metadata)), turn.recorded_at))
        seal = sha256(turn.digest)
        try:
            # Rows are made while the server writes those before them: the two work side by side.
            await connection.copy_to_table(
                "events", source=_sealed(chunks(rows), seal.update), columns=COLUMNS, format="binary"
            )
        except asyncpg.UniqueViolationError as why:
            raise Conflict(_stream_in(why)) from why
        await connection.execute(
            "insert into seals (last_position, digest) select max(position), $1 from events", seal.digest()
        )
        await connection.execute("select pg_notify($1, '')", self.channel)
        return count

    async def _take_turn(self, connection: asyncpg.Connection) -> _Turn:
        await connection.execute(HOLD_THE_STORE)
        # A statement of its own: only after the lock is held does a new snapshot see the seal of the writer before.
        row = await connection.fetchrow(
            "select clock_timestamp() as instant,"
            " (select digest from seals order by last_position desc limit 1) as digest"
        )
        return _Turn(row["instant"], row["digest"] or b"")

    def _rows(self, batch: Sequence[NewEvents], packer: RowPacker) -> Iterator[bytes]:
        # In the order given: whoever appends has the store to itself, and events lie in memory as they were made.
        for new in batch:
            for version, event in enumerate(new.events, new.expected_version + 1):
                yield packer.row(
                    new.stream_id,
                    version,
                    event_id(self.source, new.stream_id, version),
                    event.type_name(),
                    event.VERSION,
                    to_json(event),
                )

    async def read_after(self, connection: asyncpg.Connection, position: int, limit: int) -> list[Recorded]:
        """The next events of the store in order."""
        rows = await connection.fetch(
            "select * from events where position > $1 order by position limit $2", position, limit
        )
        return [
            Recorded(
                position=row["position"],
                stream_id=row["stream_id"],
                version=row["version"],
                event_id=row["event_id"],
                type=row["type"],
                schema_version=row["schema_version"],
                data=row["data"].encode(),
                metadata=_metadata(row["metadata"]),
                recorded_at=row["recorded_at"],
            )
            for row in rows
        ]


@lru_cache(1024)
def _metadata(text: str) -> dict[str, str]:
    # All events of an append have the same.
    found: dict[str, str] = orjson.loads(text)
    return found


async def _sealed(content: Iterable[bytes], seal: Callable[[bytes], None]) -> AsyncIterator[bytes]:
    for chunk in content:
        seal(chunk)
        yield chunk


def _stream_in(why: asyncpg.UniqueViolationError) -> str:
    found = re.search(r"=\((.*), \d+\)", str(why.detail or ""))
    return found.group(1) if found else str(why.detail)

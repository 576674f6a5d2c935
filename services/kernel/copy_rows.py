"""Rows of `events` in PostgreSQL's binary COPY format (its manual: COPY, "Binary Format"), as sent and as sealed."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct

COLUMNS = ("stream_id", "version", "event_id", "type", "schema_version", "data", "metadata", "recorded_at")
# Signature, no flags, no header extension.
HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
# More a time is not faster; less wakes the server for too little.
CHUNK_BYTES = 128 * 1024
# What a topic takes as one record, with room for headers; a longer event could be stored and never be told.
EVENT_BYTES_MAX = 60 * 1024 * 1024
# Every value stands behind its length; integers are big-endian, instants microseconds since the year 2000 (UTC).
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_row = Struct("!hI").pack
_version_and_id = Struct("!iiI16s").pack
_integer = Struct("!ii").pack
_instant = Struct("!iq").pack
_length = Struct("!I").pack


class EventTooLong(Exception):
    """An event that no topic would take: what it holds has to be split by whoever sends it."""


class RowPacker:
    """Packs the rows of one append; what they have in common is packed once."""

    def __init__(self, metadata: bytes, recorded_at: datetime) -> None:
        self._end = _value(metadata) + _instant(8, (recorded_at - _EPOCH) // _MICROSECOND)

    def row(self, stream_id: str, version: int, event_id: bytes, name: str, schema_version: int, data: bytes) -> bytes:
        """One row, columns as in `COLUMNS`; `event_id` is the UUID's 16 bytes, `data` JSON in UTF-8.

        Raises EventTooLong.
        """
        if len(data) > EVENT_BYTES_MAX:
            raise EventTooLong(name)
        stream = stream_id.encode()
        return b"".join(
            (
                _row(len(COLUMNS), len(stream)),
                stream,
                _version_and_id(4, version, 16, event_id),
                _kind(name, schema_version),
                _length(len(data)),
                data,
                self._end,
            )
        )


def chunks(rows: Iterable[bytes]) -> Iterator[bytes]:
    """The whole of what COPY is sent for these rows, in pieces of about `CHUNK_BYTES`."""
    pieces, size = [HEADER], 0
    for row in rows:
        pieces.append(row)
        size += len(row)
        if size >= CHUNK_BYTES:
            yield b"".join(pieces)
            pieces, size = [], 0
    yield b"".join((*pieces, TRAILER))


@lru_cache(1024)
def _kind(name: str, schema_version: int) -> bytes:
    return _value(name.encode()) + _integer(4, schema_version)


def _value(content: bytes) -> bytes:
    return _length(len(content)) + content

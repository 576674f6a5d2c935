"""Stored row ↔ CloudEvent ↔ Kafka record, in one place (CloudEvents 1.0, Kafka protocol binding, binary mode)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from services.kernel import clock
from services.kernel.event_types import Event

NEEDED = frozenset({"ce_id", "ce_type", "ce_source", "ce_subject", "ce_time"})
READ = NEEDED | {"ce_schemaversion", "ce_streamversion", "ce_correlationid"}
Header = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the store holds it: `position` in the store, `version` in its stream (from 1)."""

    position: int
    stream_id: str
    version: int
    event_id: UUID
    type: str
    schema_version: int
    data: bytes
    metadata: dict[str, str]
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """An event as a reader gets it, personal data taken out unless the reader declared that it needs it."""

    source: str
    stream_id: str
    version: int
    event_id: str
    event: Event
    recorded_at: datetime
    correlation_id: str


class BadRecord(ValueError):
    """A Kafka record that is not one of our events; the message names the fault without personal data."""


def event_id(source: str, stream_id: str, version: int) -> bytes:
    """The id of an event, the 16 bytes of a UUID: the same event said twice is the same event."""
    return clock.derived_bytes(source, stream_id, version)


def canonical(data: object) -> bytes:
    """JSON in the one form that digests are made of: sorted keys, no spaces."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


def to_record(source: str, row: Recorded) -> tuple[bytes, bytes, list[Header]]:
    """Key, value and headers of the Kafka record of a stored event."""
    key = row.stream_id.encode()
    said = row.metadata.get
    common = _common(
        source, row.type, row.schema_version, row.recorded_at, said("correlation_id", ""), said("causation_id", "")
    )
    headers = [
        *common,
        ("ce_id", row.event_id.hex.encode()),
        ("ce_subject", key),
        ("ce_streamversion", str(row.version).encode()),
    ]
    return key, row.data, headers


@lru_cache(1024)
def _common(
    source: str, name: str, schema_version: int, recorded_at: datetime, correlation_id: str, causation_id: str
) -> tuple[Header, ...]:
    # What the events of one type have in common within an append.
    return (
        ("ce_specversion", b"1.0"),
        ("ce_type", name.encode()),
        ("ce_source", source.encode()),
        ("ce_time", recorded_at.isoformat().encode()),
        ("ce_schemaversion", str(schema_version).encode()),
        ("ce_correlationid", correlation_id.encode()),
        ("ce_causationid", causation_id.encode()),
        ("content-type", b"application/json"),
    )


def read_headers(pairs: Sequence[Header]) -> dict[str, str]:
    """The CloudEvents attributes of a record; raises BadRecord for what is not UTF-8 or lacking."""
    try:
        found = {name: value.decode() for name, value in pairs if name in READ}
    except (UnicodeDecodeError, AttributeError) as why:
        raise BadRecord("a header is not UTF-8 text") from why
    if not found.keys() >= NEEDED:
        raise BadRecord(f"headers are lacking: {', '.join(sorted(NEEDED - found.keys()))}")
    return found


def read_data(value: bytes | None, personal: bool) -> dict[str, Any]:
    """The JSON object of a record's value, without `personal` unless asked for; raises BadRecord."""
    try:
        data = orjson.loads(value or b"")
    except orjson.JSONDecodeError as why:
        raise BadRecord("the value is not JSON") from why
    if not isinstance(data, dict):
        raise BadRecord("the value is not a JSON object")
    if not personal:
        data.pop("personal", None)
    return data

"""The seals of a store, recomputed: whether any event was changed, deleted or slipped in since it was appended."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import asyncpg

from services.kernel.envelope import event_id
from services.kernel.event_store import COLUMNS, Seal

PREFETCH = 2_000
EVENTS = f"select position, {', '.join(COLUMNS)} from events order by position"
SEALS = "select last_position, digest from seals order by last_position"
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Break:
    """What does not hold, where, in the words of both languages; `position` is None where it is no event of a store."""

    service: str
    position: int | None
    vi: str
    en: str


class Broken(Exception):
    """The first break that was found."""

    def __init__(self, found: Break) -> None:
        super().__init__(found.en)
        self.found = found


@dataclass(frozen=True, slots=True)
class Sealed:
    """An unbroken store: how many events it has, and the digest over them all (hex), to be written down elsewhere."""

    events: int
    digest: str


class _Rows:
    """The store's events in order, as far as asked for."""

    def __init__(self, connection: asyncpg.Connection, source: str, progress: Progress) -> None:
        self.source = source
        self.read = 0
        self._progress = progress
        self._rows: AsyncIterator[asyncpg.Record] = aiter(connection.cursor(EVENTS, prefetch=PREFETCH))
        self._next: asyncpg.Record | None = None

    async def sealed(self, before: bytes, position: int) -> bytes:
        """The digest over the one before and the rows not looked at yet, up to and with that position."""
        seal = Seal(before)
        while (row := await self.peek()) is not None and row["position"] <= position:
            if row["event_id"].hex != event_id(self.source, row["stream_id"], row["version"]):
                raise Broken(_wrong_id(self.source, row["position"]))
            seal.add(tuple(row.values())[1:])
            self._next = None
        self.read += seal.rows
        self._progress(seal.rows)
        return seal.digest()

    async def peek(self) -> asyncpg.Record | None:
        """The next row, which stays the next one."""
        if self._next is None:
            self._next = await anext(self._rows, None)
        return self._next


async def check_seals(connection: asyncpg.Connection, source: str, progress: Progress = lambda _: None) -> Sealed:
    """Recomputes the chain of seals of the store in the connection's schema; raises Broken at the first break.

    Wants a transaction of one snapshot (repeatable read). `progress` is told how many more events were looked at.
    """
    rows = _Rows(connection, source, progress)
    digest, last = b"", 0
    async for told in connection.cursor(SEALS, prefetch=PREFETCH):
        digest = await rows.sealed(digest, told["last_position"])
        if digest != told["digest"]:
            raise Broken(_wrong_seal(source, last + 1, told["last_position"]))
        last = told["last_position"]
    if (after := await rows.peek()) is not None:
        raise Broken(_unsealed(source, after["position"]))
    sent = await connection.fetchval("select position from relay_cursor")
    if sent > last:
        raise Broken(_cut_off(source, last, sent))
    return Sealed(rows.read, digest.hex())


def _wrong_seal(service: str, first: int, last: int) -> Break:
    return Break(
        service,
        last,
        f"lần ghi có các sự kiện {first}–{last} không khớp niêm phong: có sự kiện bị sửa, xóa hoặc chèn thêm",
        f"the append with events {first}–{last} does not match its seal: an event was changed, deleted or slipped in",
    )


def _wrong_id(service: str, position: int) -> Break:
    return Break(
        service,
        position,
        f"mã của sự kiện ở vị trí {position} không phải mã của dòng và số thứ tự của nó",
        f"the id of the event at position {position} is not that of its stream and version",
    )


def _unsealed(service: str, position: int) -> Break:
    return Break(
        service,
        position,
        f"sự kiện ở vị trí {position} và sau đó không có niêm phong",
        f"the events from position {position} on have no seal",
    )


def _cut_off(service: str, last: int, sent: int) -> Break:
    return Break(
        service,
        last,
        f"kho kết thúc ở vị trí {last} nhưng đã gửi đi đến vị trí {sent}: phần cuối đã mất",
        f"the store ends at position {last} though events up to {sent} were sent: its end is missing",
    )

"""The seals of a store, recomputed: whether any event was changed, deleted or slipped in since it was appended."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import asyncpg

from services.kernel.copy_rows import COLUMNS

PREFETCH = 2_000
EVENTS = f"select {', '.join(COLUMNS)} from events where position > {{}} and position <= {{}} order by position"
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


async def check_seals(connection: asyncpg.Connection, source: str, progress: Progress = lambda _: None) -> Sealed:
    """Recomputes the chain of seals of the store in the connection's schema; raises Broken at the first break.

    Wants a transaction of one snapshot (repeatable read). `progress` is told how many more events were looked at.
    """
    digest, last, events = b"", 0, 0
    async for told in connection.cursor(SEALS, prefetch=PREFETCH):
        seal = sha256(digest)
        count = await _copied(connection, last, told["last_position"], seal.update)
        digest = seal.digest()
        if digest != told["digest"]:
            raise Broken(_wrong_seal(source, last + 1, told["last_position"]))
        last = told["last_position"]
        events += count
        progress(count)
    after = await connection.fetchval("select min(position) from events where position > $1", last)
    if after is not None:
        raise Broken(_unsealed(source, after))
    sent = await connection.fetchval("select position from relay_cursor")
    if sent > last:
        raise Broken(_cut_off(source, last, sent))
    return Sealed(events, digest.hex())


async def _copied(connection: asyncpg.Connection, after: int, last: int, seal: Callable[[bytes], None]) -> int:
    """Gives the seal the server's own COPY of the rows after a position up to another; answers how many they are."""

    async def take(content: bytes) -> None:
        seal(content)

    status: str = await connection.copy_from_query(EVENTS.format(after, last), output=take, format="binary")
    return int(status.removeprefix("COPY "))


def _wrong_seal(service: str, first: int, last: int) -> Break:
    return Break(
        service,
        last,
        f"lần ghi có các sự kiện {first}–{last} không khớp niêm phong: có sự kiện bị sửa, xóa hoặc chèn thêm",
        f"the append with events {first}–{last} does not match its seal: an event was changed, deleted or slipped in",
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

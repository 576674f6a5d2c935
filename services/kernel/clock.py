"""The only place that asks for time or makes an id, so that everything else can be told which day it is.

The *business day* (lateness, deadlines, checks of dates) is a day in Asia/Ho_Chi_Minh and may be set; *known times*
are always the real clock.
"""

import hashlib
import os
import secrets
import time
import uuid
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_ID_NAMESPACE = uuid.UUID("6f6b2d52-4f0e-5c53-9a43-0b8f5f3a7e11")
_DIGEST_OF_NAMESPACE = hashlib.sha1(_ID_NAMESPACE.bytes, usedforsecurity=False)
_business_day: date | None = None


def now() -> datetime:
    """The real instant, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock


def monotonic() -> float:
    """Seconds for measuring durations; not a time of day."""
    return time.monotonic()


def today() -> date:
    """The business day: as set, else `ANSINH_TODAY`, else the real day in Việt Nam."""
    if _business_day is not None:
        return _business_day
    stated = os.environ.get("ANSINH_TODAY")
    return date.fromisoformat(stated) if stated else now().astimezone(ZONE).date()


def set_today(day: date | None) -> None:
    """Moves the business day of this process; None goes back to the environment or the real day."""
    global _business_day
    _business_day = day


def new_id() -> str:
    """A new random id (hex of a version 4 UUID)."""
    return uuid.uuid4().hex  # noqa: TID251 - this is where ids are made


def derived_bytes(*parts: object) -> bytes:
    """The UUID (version 5, RFC 9562 section 5.5) that the same parts always give, as its 16 bytes."""
    # As `uuid.uuid5` makes it, at a third of its cost: every event and every payment has one.
    whole = _DIGEST_OF_NAMESPACE.copy()
    whole.update("\x1f".join(map(str, parts)).encode())
    made = bytearray(whole.digest()[:16])
    made[6] = made[6] & 0x0F | 0x50  # the version
    made[8] = made[8] & 0x3F | 0x80  # the variant
    return bytes(made)


def derived_id(*parts: object) -> str:
    """The same UUID as hex."""
    return derived_bytes(*parts).hex()


def new_secret() -> str:
    """A random secret for passwords and keys, safe in URLs."""
    return secrets.token_urlsafe(24)

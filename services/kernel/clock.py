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
_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
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


def derived_id(*parts: object) -> str:
    """The UUID (version 5, RFC 9562 section 5.5) that the same parts always give, as hex."""
    # As `uuid.uuid5` makes it, at a third of its cost: every event and every payment has one.
    whole = _DIGEST_OF_NAMESPACE.copy()
    whole.update("\x1f".join(map(str, parts)).encode())
    digits = whole.hexdigest()
    variant = _VARIANT[digits[16]]
    return f"{digits[:12]}5{digits[13:16]}{variant}{digits[17:32]}"


def new_secret() -> str:
    """A random secret for passwords and keys, safe in URLs."""
    return secrets.token_urlsafe(24)

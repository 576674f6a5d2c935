"""When an attempt to sign in is let through: after so many failures in a row not for a while, and then longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.kernel.decider import Rejected

FIRST_BAR = timedelta(minutes=15)
LONGEST_BAR = timedelta(hours=24)
FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Attempts:
    """What is known of one login or one address: failures in a row, the last attempt, until when it is barred."""

    failures: int
    last_at: datetime
    barred_until: datetime | None


def claim(before: Attempts, now: datetime, limit: int) -> Attempts:
    """The state with this attempt counted as failed, before it is known: many at once get no further than one by one.

    The attempt number `limit` is the last before a bar of 15 minutes, each failure after it doubles the bar, up to a
    day. After a day without an attempt all is forgotten. Raises Rejected while barred.
    """
    if before.barred_until is not None and now < before.barred_until:
        raise Rejected("barred", minutes=-((now - before.barred_until) // timedelta(minutes=1)))
    is_old = now - max(before.last_at, before.barred_until or before.last_at) > FORGOTTEN_AFTER
    failures = 1 if is_old else before.failures + 1
    return Attempts(failures, now, now + _bar(failures - limit) if failures >= limit else None)


def _bar(doublings: int) -> timedelta:
    return min(FIRST_BAR * (1 << min(doublings, 10)), LONGEST_BAR)

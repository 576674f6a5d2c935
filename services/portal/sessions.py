"""A session of the pages: how long it lives, and the short token that it gives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.kernel.web.auth import Caller, issue

LIFETIME = timedelta(hours=12)
IDLE = timedelta(minutes=60)
TOKEN_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Session:
    """Who works, since when, and when they last proved who they are. `user_id` is None under OIDC.

    `csrf` is the mark of this session's forms; `seen_at` the last renewal. The secret is known to the browser alone.
    """

    id: str
    user_id: str | None
    name: str
    role: str
    area: str | None
    csrf: str
    must_change: bool
    auth_at: datetime
    started_at: datetime
    seen_at: datetime

    def is_alive(self, now: datetime) -> bool:
        """Whether it may still be renewed: 12 hours after sign-in no more, nor after an hour without a renewal."""
        return now < self.started_at + LIFETIME and now < self.seen_at + IDLE

    def token(self, key: Ed25519PrivateKey) -> str:
        """The token that all services check, for ten minutes."""
        return issue(
            key, Caller(self.name, self.role, self.area, self.csrf, int(self.auth_at.timestamp())), TOKEN_SECONDS
        )

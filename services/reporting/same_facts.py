"""Forms asked one after the other of the same facts: counted once for all areas.

Whoever prints a month prints the forms of every area. The second form that is asked of facts that did not change since
the first has all communes counted; the others are sums of those.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from services.kernel.period import Period
from services.reference import areas
from services.reporting.forms import Form, assemble
from services.reporting.read_model import Measure, View, measures
from services.reporting.reports import Asked

# Says which transactions of the server have ended: the same text, the same facts.
SNAPSHOT = "select pg_current_snapshot()::text"


@dataclass(slots=True)
class SameFacts:
    """The last month looked at: its facts' snapshot, and every commune's measures once they were counted."""

    period: Period | None = None
    snapshot: str = ""
    counted: Sequence[Measure] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def form(self, connection: asyncpg.Connection, asked: Asked, now: datetime) -> Form:
        """The report by what is known now."""
        async with self.lock:
            snapshot = await connection.fetchval(SNAPSHOT)
            known = (self.period, self.snapshot) == (asked.period, snapshot)
            if not known:
                self.period, self.snapshot, self.counted = asked.period, snapshot, None
            if known and self.counted is None:
                self.counted = await measures(connection, View(asked.period, _everywhere(asked), now))
            counted = self.counted
        own = asked.view(now)
        return assemble(asked.form, counted or await measures(connection, own), own.communes)


def _everywhere(asked: Asked) -> tuple[str, ...]:
    """The communes of the largest area that the month's areas make up."""
    area = asked.area
    while (above := areas.find(area.parent, asked.period)) is not None:
        area = above
    return tuple(areas.communes(area.code, asked.period))

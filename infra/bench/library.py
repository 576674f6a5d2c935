"""The library `eventsourcing` doing the same on the same server: aggregates of one event, saved 500 at a time.

Imported only where the library is installed (it comes with the extra `dev`).
"""

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from infra.bench.report import Stages
from services.disbursement.events import PaymentInstructed

AGGREGATES_PER_SAVE = 500


class _Payment(Aggregate):
    """A payment as one aggregate of the library, its event holding the same fields as ours."""

    @event("Instructed")
    def __init__(self, data: dict[str, object]) -> None:
        self.data = data


def save(owner_dsn: str, schema: str, events: Sequence[PaymentInstructed]) -> Stages:
    """Saves each event as a new aggregate; blocks. The table is the library's own, made in `schema` beside ours."""
    where = urlsplit(owner_dsn)
    application: Application[UUID] = Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": where.path.lstrip("/"),
            "POSTGRES_HOST": where.hostname or "",
            "POSTGRES_PORT": str(where.port),
            "POSTGRES_USER": where.username or "",
            "POSTGRES_PASSWORD": where.password or "",
            "POSTGRES_SCHEMA": schema,
        }
    )
    stages = Stages()
    try:
        made = [_Payment(one.model_dump(mode="json")) for one in events]
        with stages.stage("save"):
            for begin in range(0, len(made), AGGREGATES_PER_SAVE):
                application.save(*made[begin : begin + AGGREGATES_PER_SAVE])
    finally:
        application.close()
    return stages

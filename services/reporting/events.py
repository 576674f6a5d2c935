"""What reporting says to the world: a form was frozen as it was known."""

from datetime import date, datetime
from typing import Literal

from services.kernel.event_types import Event, EventTypes
from services.kernel.period import Period

FormId = Literal["form-1", "form-2"]


class ReportSubmitted(Event):
    """A form of an area and period was frozen: figures as printed, who, when, and a SHA-256 over them."""

    submission_id: str
    form: FormId
    period: Period
    area: str
    submitted_by: str
    submitted_on: date
    as_of: datetime
    rows: dict[str, dict[str, int]]
    digest: str


EVENTS: tuple[type[Event], ...] = (ReportSubmitted,)
TYPES = EventTypes(EVENTS)
TOPIC = "reporting.events"


def submission_stream(submission_id: str) -> str:
    return f"submission-{submission_id}"

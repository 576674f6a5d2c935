"""What registry says of change lists on their way: entered, mended, handed in, returned, withdrawn, approved."""

from datetime import date

from pydantic import JsonValue

from services.kernel.event_types import Event, Part
from services.kernel.period import Period


class ListRows(Part):
    """The rows of a change list as read: row number and heading → value."""

    rows: tuple[tuple[int, dict[str, JsonValue]], ...] = ()


class ListOpened(Event):
    """A commune's change list was entered; `rows_digest` fixes what was entered. `no_change`: a list of no rows."""

    list_id: str
    commune: str
    period: Period
    no_change: bool
    entered_by: str
    rows_digest: str
    row_count: int
    personal: ListRows | None = None


class ListMended(Event):
    """Other rows were put in the place of a draft's or a returned list's."""

    list_id: str
    mended_by: str
    rows_digest: str
    row_count: int
    personal: ListRows | None = None


class ListSubmitted(Event):
    """The list was handed in. The first submission decides whether it is late (not before the 5th of its period)."""

    list_id: str
    submitted_by: str
    submitted_on: date
    late: bool


class ListReturned(Event):
    """The office gave the list back to be mended."""

    list_id: str
    returned_by: str
    reason: str


class ListWithdrawn(Event):
    """Whoever entered the list took it back."""

    list_id: str
    withdrawn_by: str


class ListApproved(Event):
    """The list takes effect in `effective_period` (L): the people and rights of its rows are in the same append."""

    list_id: str
    commune: str
    approved_by: str
    effective_period: Period
    let_in: bool
    accepted_warnings: bool
    reason: str | None
    rows_digest: str


def list_stream(list_id: str) -> str:
    return f"change-list-{list_id}"

"""What a row would change, as its list shows it before approval: from the events it would make. Pure."""

from collections.abc import Iterable
from typing import Any

from services.kernel.event_types import Event
from services.registry.events import (
    BeneficiaryAdded,
    BeneficiaryDied,
    BeneficiaryMoved,
    EntitlementAdjusted,
    EntitlementEnded,
    EntitlementGranted,
    EntitlementResumed,
    EntitlementSuspended,
    FuneralGranted,
    MoveReported,
    PayoutChosen,
    PersonalDetailsChanged,
)
from services.registry.person import State

# Names of a change as they stand in the API, and the event's fields that tell it.
KINDS: dict[type[Event], tuple[str, tuple[str, ...]]] = {
    BeneficiaryAdded: ("registered", ("commune", "from_month")),
    PersonalDetailsChanged: ("details-changed", ("corrected",)),
    EntitlementGranted: ("right-granted", ("programme", "item", "code", "amount", "first_month", "roll_from")),
    EntitlementAdjusted: ("amount-changed", ("amount", "from_month")),
    EntitlementEnded: ("right-ended", ("from_month", "cause")),
    EntitlementSuspended: ("right-suspended", ("from_month",)),
    EntitlementResumed: ("right-resumed", ("from_month",)),
    BeneficiaryDied: ("died", ("month", "office_decides")),
    FuneralGranted: ("funeral-granted", ("amount",)),
    MoveReported: ("move-half-open", ("half", "commune", "from_month")),
    BeneficiaryMoved: ("moved", ("commune", "from_month")),
    PayoutChosen: ("payout-chosen", ("wish", "relation", "from_month")),
}


def changes(events: Iterable[Event], after: State) -> list[dict[str, Any]]:
    """One entry an event, without personal data; what concerns a right names it."""
    rights = {right.entitlement_id: right for right in after.entitlements}
    found: list[dict[str, Any]] = []
    for event in events:
        if type(event) not in KINDS:
            continue
        kind, fields = KINDS[type(event)]
        right = rights.get(getattr(event, "entitlement_id", ""))
        named = {"programme": right.programme, "item": right.item, "code": right.code} if right else {}
        found.append({"kind": kind, **named, **{field: getattr(event, field) for field in fields}})
    return found

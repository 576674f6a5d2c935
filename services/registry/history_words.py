"""A person's events as lines of the history page: which words (table `history` of the texts) and values. Pure."""

from collections.abc import Mapping
from typing import Any

from services.kernel.web.pages import shown
from services.registry.labels import label

# Events of which one line says nothing to people: what follows from the others, told to services.
UNTOLD = frozenset({"DueChanged"})


def line(event: Mapping[str, Any], codes: Mapping[str, str | None]) -> tuple[str, dict[str, str]]:
    """The key of an event's words and what fills them; `codes`: code of each right of the person by its id."""
    kind, data = str(event["type"]), event["data"]
    values = {
        "month": shown.period(data.get("from_month") or data.get("first_month") or data.get("month")),
        "effective": shown.period(data.get("effective_period")),
        "amount": shown.number(data.get("amount")) or shown.number(data.get("funeral_grant")),
        "right": label(codes.get(data.get("entitlement_id", ""))) or str(data.get("programme") or ""),
        "day": shown.day(data.get("reviewed_on")),
    }
    match kind:
        case "EntitlementEnded":
            return f"ended_{data['cause'].lower()}", values
        case "MoveReported" | "MoveLapsed":
            return f"{_snake(kind)}_{data['half'].lower()}", values
        case "PayoutChosen":
            return f"payout_{(data.get('wish') or 'none').lower()}", values
        case "PersonalDetailsChanged":
            return "details_corrected" if data.get("corrected") else "details_completed", values
        case _:
            return _snake(kind), values


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def codes_of(events: list[dict[str, Any]]) -> dict[str, str | None]:
    """The code of each right granted in a history."""
    return {one["data"]["entitlement_id"]: one["data"]["code"] for one in events if one["type"] == "EntitlementGranted"}

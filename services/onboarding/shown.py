"""Whose people a caller sees, and which fields: a field that a role may not see is absent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.kernel.web.auth import Caller
from services.onboarding.read_model import Place
from services.reference import access, areas

SEE_NUMBERS = (*access.SEES_ALL, access.BANK)


def places_of(area: str, known: Iterable[Place], month: str) -> list[Place]:
    """The places that lie in an area, as it was when people came to live there or as it is in `month`."""
    return [place for place in known if areas.lies_in(place.commune, place.from_month, area, month)]


def places_seen(caller: Caller, commune: str | None, known: Sequence[Place], month: str) -> list[Place] | None:
    """The places of the caller's area and, where asked for, of one commune; None for no bound."""
    seen = list(known)
    for area in (caller.area, commune):
        if area is not None:
            seen = places_of(area, seen, month)
    return None if caller.area is None and commune is None else seen


def commune_now(commune: str, since: str, month: str) -> str:
    """The commune's code in `month`, or the code it had where that is later."""
    return areas.commune_in(commune, since, month) if since <= month else commune


def account_item(row: Mapping[str, Any], caller: Caller, month: str) -> dict[str, Any]:
    """An account as this caller sees it."""
    item = {
        "account_id": row["account_id"],
        "beneficiary_id": row["beneficiary_id"],
        "name": row["name"],
        "commune": commune_now(row["commune"], row["from_month"], month) if row["commune"] else None,
        "holder": row["holder"],
        "holder_name": row["holder_name"],
        "status": row["status"],
        "opened_on": row["opened_on"],
        "closed_on": row["closed_on"],
        "reason": row["reason"],
    }
    if caller.role in SEE_NUMBERS:
        item |= {name: row[name] for name in ("bank_code", "account_number", "account_name")}
    return item


def counts(rows: Iterable[Mapping[str, Any]], month: str) -> list[dict[str, Any]]:
    """Accounts by commune and status."""
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (commune_now(row["commune"], row["from_month"], month), row["status"])
        found[key] = found.get(key, 0) + row["accounts"]
    return [{"commune": at, "status": status, "accounts": n} for (at, status), n in sorted(found.items())]


def application_item(row: Mapping[str, Any], month: str) -> dict[str, Any]:
    """Somebody who wants an account, and what their dossier lacks."""
    names = ("beneficiary_id", "name", "birth", "citizen_id", "phone", "payee_name", "payee_citizen_id", "refused")
    return {name: row[name] for name in names} | {
        "commune": commune_now(row["commune"], row["from_month"], month),
        "holder": row["relation"] or "OWN",
        "lacks": lacks(row),
    }


def lacks(row: Mapping[str, Any]) -> list[str]:
    """What a dossier lacks."""
    found = [word for word, field in (("citizen-id", "citizen_id"), ("phone", "phone")) if not row[field]]
    if row["relation"] and not row["payee_citizen_id"]:
        found.append("payee-citizen-id")
    return found


def in_area(commune: str, area: str, month: str) -> bool:
    """Whether a commune of that code ever lay in the area, or went into one that lies in it in `month`."""
    return any(
        areas.within(commune, area, one.last) or areas.within(commune_now(commune, one.last, month), area, month)
        for one in areas.all_areas()
        if one.code == commune
    )

"""Đối tượng: the roll as a list, the search, and one person with their history."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from services.kernel.period import Period
from services.kernel.web import looks, paging
from services.kernel.web.auth import Caller
from services.kernel.web.pages import sealed
from services.kernel.web.pages.forms import posted
from services.kernel.web.pages.render import period_of, see
from services.kernel.web.pages.session import signed_in
from services.kernel.web.writes import running_of
from services.reference import access, areas
from services.reference.programmes import ITEMS, PROGRAMMES
from services.registry import history_words, showing
from services.registry.api_people import HIDDEN, communes_asked, looked_at, seen_by
from services.registry.events import beneficiary_stream
from services.registry.labels import label
from services.registry.page_frame import PAGES

router = APIRouter()
SEARCHERS = (*access.SEES_ALL, access.COMMUNE_OFFICER, access.POLICE)
READERS = Depends(signed_in(*SEARCHERS, access.FINANCE))
SEARCHER = Depends(signed_in(*SEARCHERS))
PAGE = 100
FOUND_MAX = 50
QUERY_LETTERS_MAX = 100
STATUSES = ("ACTIVE", "SUSPENDED", "PENDING", "ENDED")


def _communes(caller: Caller, period: Period) -> list[tuple[str, str]]:
    """The communes among which the person may choose, as (code, name)."""
    seen = access.communes_seen(caller, period)
    codes = areas.everywhere(period) if seen is None else seen
    return [(code, areas.name_of(code, period)) for code in codes]


def worth(person: Mapping[str, Any]) -> int:
    """Đồng a month of what the person has now."""
    return sum(right["amount"] for right in person["entitlements"] if right["status"] == "ACTIVE")


@router.post("/doi-tuong/tim")
async def search(request: Request, caller: Caller = SEARCHER) -> Response:
    """Takes what was typed and leads to its results; the words themselves stand in no address."""
    form = await posted(request, caller)
    words = " ".join(form.one("q").split())[:QUERY_LETTERS_MAX]
    if not words:
        return see("/doi-tuong", period=period_of(request))
    return see("/doi-tuong", period=period_of(request), tim=sealed.seal(request, caller, words))


@router.get("/doi-tuong")
async def people(request: Request, caller: Caller = READERS) -> Response:
    """People of a month by name, filtered; or what a search found, and why."""
    period, asked = period_of(request), request.query_params
    words = sealed.unseal(request, caller, asked.get("tim", "")) if caller.role in SEARCHERS else ""
    chosen = {name: asked.get(name, "") for name in ("commune", "programme", "item", "status")}
    if not words and "status" not in asked:
        chosen["status"] = "ACTIVE"
    limit = FOUND_MAX if words else PAGE
    wanted = {
        **{name: value or None for name, value in chosen.items() if name != "commune"},
        "communes": communes_asked(caller, period, chosen["commune"] or None),
        "q": words or None,
        "after": paging.after(asked.get("cursor")),
        "limit": limit + 1,
    }
    async with running_of(request).pool.acquire() as connection:
        rows = await showing.people(connection, period, wanted)
    found, following = paging.page(rows, limit, "cursor_key")
    ids = [one["beneficiary_id"] for one in found]
    await looks.record(request, caller, "search" if words else "list", ids, chosen["commune"] or None)
    context = {
        "people": [_row(caller, one, words) for one in found],
        "following": None if words else following,
        "more": bool(words and following),
        "words": words,
        "chosen": chosen,
        "communes": _communes(caller, period),
        "items": ITEMS.get(chosen["programme"], ()) if chosen["programme"] in PROGRAMMES else (),
        "name_of": lambda code: areas.name_of(code, period),
        "statuses": STATUSES,
        "may_list": caller.role in (access.COMMUNE_OFFICER, access.DISTRICT_OFFICER),
    }
    return PAGES.page(request, "people.html", context, caller=caller)


def _row(caller: Caller, person: dict[str, Any], words: str) -> dict[str, Any]:
    seen = seen_by(caller, person)
    digits = "".join(letter for letter in words if letter.isdigit())
    fits = next((name for name in ("citizen_id", "old_id", "phone") if digits and person[name] == digits), "")
    return seen | {"worth": worth(person), "fits": fits}


@router.get("/doi-tuong/{beneficiary_id}")
async def person(request: Request, beneficiary_id: str, caller: Caller = READERS) -> Response:
    """One person: what is wrong now, their rights with the sum, who they are, how they are paid."""
    period = period_of(request)
    found = await looked_at(request, caller, beneficiary_id, period)
    async with running_of(request).pool.acquire() as connection:
        matters = await connection.fetch(
            "select kind, since from matters where beneficiary_id = $1 order by number", beneficiary_id
        )
        reviewed = await connection.fetchval(
            "select max(reviewed_on) from reviews where beneficiary_id = $1", beneficiary_id
        )
    context = {
        "person": found,
        "worth": worth(found),
        "hidden": HIDDEN.get(caller.role, ()),
        "matters": matters,
        "reviewed": reviewed,
        "label": label,
        "commune": areas.name_of(found["commune"], period),
        "may_list": caller.role in (access.COMMUNE_OFFICER, access.DISTRICT_OFFICER),
    }
    return PAGES.page(request, "person.html", context, caller=caller)


@router.get("/doi-tuong/{beneficiary_id}/lich-su")
async def history(request: Request, beneficiary_id: str, caller: Caller = SEARCHER) -> Response:
    """Every event of a person in words, newest first."""
    period = period_of(request)
    found = await looked_at(request, caller, beneficiary_id, period)
    async with running_of(request).pool.acquire() as connection:
        events = await showing.history(connection, beneficiary_stream(beneficiary_id))
    context = {
        "person": found,
        "commune": areas.name_of(found["commune"], period),
        "lines": _lines(events),
    }
    return PAGES.page(request, "person_history.html", context, caller=caller)


def _lines(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    codes = history_words.codes_of(list(events))
    told = [one for one in reversed(events) if one["type"] not in history_words.UNTOLD]
    return [
        {"at": one["recorded_at"], "by": one["by"], "key": key, "values": values}
        for one in told
        for key, values in [history_words.line(one, codes)]
    ]

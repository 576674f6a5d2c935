"""Registry over HTTP: people, their reviews, and what about them waits for somebody."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web import looks, paging
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of, write
from services.reference import access
from services.registry import reviewing, showing
from services.registry.api import OptionalMonth, Text
from services.registry.events import beneficiary_stream

router = APIRouter()
READ_PEOPLE = Depends(
    allowed(
        access.DISTRICT_OFFICER,
        access.DISTRICT_APPROVER,
        access.AUDITOR,
        access.COMMUNE_OFFICER,
        access.POLICE,
        access.FINANCE,
    )
)
READ_MATTERS = Depends(allowed(*access.SEES_ALL, access.COMMUNE_OFFICER, access.POLICE))
REVIEWER = Depends(allowed(access.COMMUNE_OFFICER, access.POLICE))
# "FI amounts without accounts and phones": a field that a role may not see is absent.
HIDDEN = {access.FINANCE: ("phone", "address", "old_id", "citizen_id", "payee")}
PEOPLE_PER_CALL = 20_000


class ReviewInput(BaseModel):
    """Who was reviewed when: named people, or `all` on the commune's roll in that month."""

    model_config = ConfigDict(strict=False, extra="ignore")
    reviewed_on: date
    commune: Annotated[str, Field(max_length=10)]
    beneficiary_ids: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=PEOPLE_PER_CALL)] = []
    all: bool = False


def seen_by(caller: Caller, person: dict[str, Any]) -> dict[str, Any]:
    """The person without the fields that the caller's role may not see."""
    hidden = ("cursor_key", *HIDDEN.get(caller.role, ()))
    return {key: value for key, value in person.items() if key not in hidden}


def communes_asked(caller: Caller, month: Period, asked: str | None) -> list[str] | None:
    """The communes of a search, None for all: the one asked for, as far as the caller sees it."""
    seen = access.communes_seen(caller, month)
    if asked is None:
        return seen
    return [asked] if seen is None or asked in seen else []


def _ids(people: Sequence[Mapping[str, Any]]) -> list[str]:
    return [one["beneficiary_id"] for one in people]


async def looked_at(request: Request, caller: Caller, beneficiary_id: str, month: Period) -> dict[str, Any]:
    """The person as in a month, if they live in the caller's area; the look is on record. Raises Problem 404."""
    async with running_of(request).pool.acquire() as connection:
        found = await showing.people(connection, month, {"beneficiary_id": beneficiary_id, "limit": 1})
    communes = access.communes_seen(caller, month)
    if not found or (communes is not None and found[0]["commune"] not in communes):
        raise Problem(404, "not-found", "Không có người này trong địa bàn của bạn.", "No such person in your area.")
    await looks.record(request, caller, "person", [beneficiary_id])
    return seen_by(caller, found[0])


@router.get("/beneficiaries")
async def beneficiaries(
    request: Request,
    commune: Text = None,
    programme: Text = None,
    item: Text = None,
    status: Text = None,
    q: Text = None,
    period: OptionalMonth = None,
    limit: paging.Limit = 100,
    cursor: paging.Cursor = None,
    caller: Caller = READ_PEOPLE,
) -> dict[str, Any]:
    """People as in a month, by name; `q` finds by name without diacritics, by id, by phone."""
    month = Period(period) if period else Period.of(clock.today())
    communes = communes_asked(caller, month, commune)
    asked = {
        "communes": communes,
        "programme": programme,
        "item": item,
        "status": status,
        "q": q,
        "after": paging.after(cursor),
        "limit": limit + 1,
    }
    async with running_of(request).pool.acquire() as connection:
        rows = await showing.people(connection, month, asked)
    shown, following = paging.page(rows, limit, "cursor_key")
    await looks.record(request, caller, "search" if q else "list", _ids(shown), commune)
    return {"items": [seen_by(caller, person) for person in shown], "next_cursor": following}


@router.get("/beneficiaries/{beneficiary_id}")
async def one_beneficiary(
    request: Request, beneficiary_id: str, period: OptionalMonth = None, caller: Caller = READ_PEOPLE
) -> dict[str, Any]:
    """One person as in a month; the look is on record."""
    month = Period(period) if period else Period.of(clock.today())
    return await looked_at(request, caller, beneficiary_id, month)


@router.get("/beneficiaries/{beneficiary_id}/history")
async def beneficiary_history(request: Request, beneficiary_id: str, caller: Caller = READ_PEOPLE) -> dict[str, Any]:
    """Every event of a person."""
    if caller.role == access.FINANCE:
        raise Problem(403, "not-allowed", "Vai trò của bạn không xem lịch sử.", "Your role does not see histories.")
    await one_beneficiary(request, beneficiary_id, None, caller)
    async with running_of(request).pool.acquire() as connection:
        return {
            "items": await showing.history(connection, beneficiary_stream(beneficiary_id)),
            "next_cursor": None,
        }


@router.post("/reviews")
async def record_review(request: Request, asked: ReviewInput, caller: Caller = REVIEWER) -> Response:
    """Records reviews; a day in the future is 422."""
    require_past(asked.reviewed_on)
    access.require_commune(caller, asked.commune, Period.of(asked.reviewed_on))
    named = None if asked.all else asked.beneficiary_ids
    return await write(
        request,
        caller,
        (asked.model_dump_json().encode(),),
        lambda work: reviewing.review(work, asked.reviewed_on, asked.commune, named),
    )


def require_past(reviewed_on: date) -> None:
    """Raises Problem 422 for the day of a review that is still to come."""
    if reviewed_on > clock.today():
        raise Problem(
            422, "day-in-future", "Ngày rà soát ở tương lai. Ghi ngày đã rà soát.", "The day lies in the future."
        )


@router.get("/matters")
async def matters(
    request: Request,
    commune: Text = None,
    kind: Text = None,
    limit: paging.Limit = 100,
    cursor: paging.Cursor = None,
    caller: Caller = READ_MATTERS,
) -> dict[str, Any]:
    """What about people waits for somebody: no citizen id, half of a move, a death without a payee named."""
    month = Period.of(clock.today())
    communes = communes_asked(caller, month, commune)
    only = "citizen-id-lacking" if caller.role == access.POLICE else kind
    async with running_of(request).pool.acquire() as connection:
        rows = await showing.matters(connection, month, communes, only, paging.number_after(cursor), limit + 1)
    shown, following = paging.page(rows, limit, "number")
    await looks.record(request, caller, "list", _ids(shown), commune)
    return {"items": [{key: row[key] for key in row if key != "number"} for row in shown], "next_cursor": following}

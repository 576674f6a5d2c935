"""Rà soát: whom the commune has looked into this year, oldest first, and the record of more; Xác thực's empty home."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import Form, posted, submit
from services.kernel.web.pages.render import period_of, see
from services.kernel.web.pages.session import signed_in
from services.kernel.web.pages.typed import day_typed
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access, areas
from services.registry import reviewing
from services.registry.api_people import require_past
from services.registry.page_frame import PAGES
from services.registry.register import bearing

router = APIRouter()
READERS = Depends(signed_in(access.DISTRICT_OFFICER, access.COMMUNE_OFFICER, access.POLICE))
REVIEWERS = Depends(signed_in(access.COMMUNE_OFFICER, access.POLICE))
POLICE = Depends(signed_in(access.POLICE, access.DISTRICT_OFFICER))
PAGE = 200
# $1 the month; `reviewed_on` is the last review of those on its roll.
ON_ROLL = """
from people p join residences h on h.beneficiary_id = p.beneficiary_id and h.holds_from <= $1 and $1 < h.holds_until
left join (select beneficiary_id, max(reviewed_on) as reviewed_on from reviews group by beneficiary_id) v
    on v.beneficiary_id = p.beneficiary_id
where exists (select 1 from on_roll r where r.beneficiary_id = p.beneficiary_id
    and r.first_month <= $1 and (r.last_month is null or r.last_month >= $1))
"""
# $2–$4 the commune's numbers, with the months in which they meant it.
PEOPLE = f"""
select p.beneficiary_id, p.name, p.birth, v.reviewed_on {ON_ROLL}
    and exists (select 1 from unnest($2::text[], $3::text[], $4::text[]) as a (code, first, last)
        where h.commune = a.code and h.from_month between a.first and a.last)
order by v.reviewed_on nulls first, p.sort_name, p.number
"""
# $2 the first day of the month's year.
COUNTS = f"""
select h.commune, h.from_month, count(*) as people,
    count(*) filter (where v.reviewed_on is null or v.reviewed_on < $2) as due {ON_ROLL}
group by h.commune, h.from_month
"""


@router.get("/ra-soat")
async def reviews(request: Request, caller: Caller = READERS) -> Response:
    """The commune's people, the longest not reviewed first; for more than one commune, their counts."""
    return await _page(request, caller)


async def _page(request: Request, caller: Caller, why: Problem | None = None, form: Form | None = None) -> Response:
    period = period_of(request)
    commune = request.query_params.get("commune", "") or (form.one("commune") if form else "") or _own(caller, period)
    if commune:
        access.require_commune(caller, commune, period)
    pool, year = running_of(request).pool, period.first_day.replace(month=1)
    people = await pool.fetch(PEOPLE, period, *bearing([commune], period)) if commune else []
    due = [one for one in people if one["reviewed_on"] is None or one["reviewed_on"] < year]
    shown = people[:PAGE]
    await looks.record(request, caller, "list", [str(one["beneficiary_id"]) for one in shown], commune)
    context = {
        "commune": commune,
        "commune_name": areas.name_of(commune, period) if commune else "",
        "people": shown,
        "total": len(people),
        "due": len(due),
        "year": year,
        "counts": [] if commune else _counts(await pool.fetch(COUNTS, period, year), caller, period),
        "may_record": caller.role != access.DISTRICT_OFFICER and bool(commune),
        "day": form.one("reviewed_on") if form else clock.today().strftime("%d/%m/%Y"),
        "ticked": set(form.all("beneficiary_id")) if form else set(),
    }
    return PAGES.page(request, "reviews.html", context, caller=caller, refusal=why)


def _own(caller: Caller, period: Period) -> str:
    """The commune of an officer who has only one."""
    seen = access.communes_seen(caller, period)
    return seen[0] if seen and len(seen) == 1 else ""


def _counts(rows: Sequence[Mapping[str, Any]], caller: Caller, period: Period) -> list[tuple[str, str, int, int]]:
    """Code, name, people on the roll and those not reviewed this year, of every commune that the person sees."""
    people, due = Counter[str](), Counter[str]()
    for row in rows:
        commune = areas.commune_in(row["commune"], row["from_month"], period)
        people[commune] += row["people"]
        due[commune] += row["due"]
    seen = access.communes_seen(caller, period)
    codes = areas.everywhere(period) if seen is None else seen
    return [(code, areas.name_of(code, period), people[code], due[code]) for code in codes]


@router.post("/ra-soat")
async def record(request: Request, caller: Caller = REVIEWERS) -> Response:
    """Records that those ticked, or everybody on the commune's roll, were reviewed on a day."""
    form = await posted(request, caller)
    try:
        day, commune, whom = _asked(form, caller)
        answer = await submit(request, caller, form, lambda work: reviewing.review(work, day, commune, whom))
    except Problem as why:
        if why.status != 422:
            raise
        return await _page(request, caller, why, form)
    recorded = answer.body.count(b'"recorded"')
    return see(f"/ra-soat?commune={commune}&period={period_of(request)}", "reviewed", recorded)


def _asked(form: Form, caller: Caller) -> tuple[date, str, list[str] | None]:
    """Day, commune and whom (None: everybody on its roll). Raises Problem 403 or 422."""
    day, commune, named = day_typed(form.one("reviewed_on")), form.one("commune"), form.all("beneficiary_id")
    require_past(day)
    access.require_commune(caller, commune, Period.of(day))
    if form.one("all") == "1":
        return day, commune, None
    if not named:
        raise Problem(422, "nobody-ticked", "Chưa tích ai. Tích từng người rồi ghi.", "Nobody is ticked.")
    return day, commune, named


@router.get("/xac-thuc")
async def verification(request: Request, caller: Caller = POLICE) -> Response:
    """The home of verification rounds, which do not exist yet."""
    return PAGES.page(request, "verification.html", {}, caller=caller)

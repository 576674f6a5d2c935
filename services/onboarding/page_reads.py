"""What onboarding's pages show beside the calls: lists of a commune in the order of names, one person's accounts."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from services.kernel.names import sort_key
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem
from services.onboarding import read_model, shown
from services.onboarding.read_model import AccountFilter, Page, Place

LISTED_MAX = 100_000
SHARED_BY_MIN = 5
"""From so many beneficiaries on, an account that serves several is pointed out."""
# The same number of the same bank is one row for each person whom the account serves.
SHARED = """
select a.account_id, count(*) as people from accounts a join accounts b using (bank_code, account_number)
where a.account_id = any($1::text[]) and a.standing = 'OPEN' and b.standing = 'OPEN'
group by a.account_id having count(*) >= $2
"""
FAILED = """
select f.account_id, max(f.recorded_at) as at from failures f join accounts a using (account_id)
where f.account_id = any($1::text[]) and f.recorded_at > a.word_at group by f.account_id
"""
# Begins from the few accounts that the office has to confirm: to ask the status of every one would read them all.
UNUSABLE = f"""
select a.*, r.commune, r.from_month, p.name, {read_model.STATUS} as status from (
    select * from accounts where standing = 'OPEN' and name_differs
    union select b.* from failures f join accounts b using (account_id)
    where b.standing = 'OPEN' and f.recorded_at > b.word_at
) a left join residences r using (beneficiary_id) left join people p using (beneficiary_id)
where $1::text[] is null or (r.commune, r.from_month) in (select * from unnest($1::text[], $2::text[]))
"""
PERSON = """
select p.beneficiary_id, p.name, p.birth, p.citizen_id, p.phone, r.commune, r.from_month,
    w.wish, w.relation, w.payee_name, w.payee_citizen_id,
    exists (select from rolls l where l.beneficiary_id = p.beneficiary_id
        and (l.last_month is null or l.last_month >= $2)) as on_roll
from people p join residences r using (beneficiary_id)
left join lateral (select * from payouts o where o.beneficiary_id = p.beneficiary_id
    order by o.version desc limit 1) w on true
where p.beneficiary_id = $1
"""
Row = Mapping[str, Any]


async def dossiers(
    connection: asyncpg.Connection, places: Sequence[Place] | None, month: str
) -> Sequence[dict[str, Any]]:
    """Who wants an account there and has none, by name."""
    rows = await read_model.find_applications(connection, places, month, Page("", LISTED_MAX))
    return [shown.application_item(row, month) for row in sorted(rows, key=_by_name)]


async def accounts(
    connection: asyncpg.Connection, caller: Caller, wanted: AccountFilter, month: str
) -> Sequence[dict[str, Any]]:
    """The accounts as the caller sees them, by name."""
    rows = await read_model.find_accounts(connection, wanted, Page("", LISTED_MAX))
    return [shown.account_item(row, caller, month) for row in sorted(rows, key=_by_name)]


async def unusable(
    connection: asyncpg.Connection, caller: Caller, places: Sequence[Place] | None, month: str
) -> Sequence[dict[str, Any]]:
    """The accounts that are not paid to until the office confirms them: those under another name first, by name."""
    rows = await connection.fetch(UNUSABLE, *read_model.pairs(places))
    rows.sort(key=lambda row: (row["status"] != "NAME_DIFFERS", *_by_name(row)))
    return [shown.account_item(row, caller, month) for row in rows]


def _by_name(row: Row) -> tuple[str, str]:
    # An account may be here before the person it belongs to.
    return sort_key(row["name"] or ""), row["beneficiary_id"]


async def remarks(connection: asyncpg.Connection, items: Sequence[Row]) -> Mapping[str, Mapping[str, Any]]:
    """Account → `people` whom it serves where they are many, `failed_at` of a payment since the last word on it."""
    ids = [one["account_id"] for one in items]
    found: dict[str, dict[str, Any]] = {one: {"people": 0, "failed_at": None} for one in ids}
    for row in await connection.fetch(SHARED, ids, SHARED_BY_MIN):
        found[row["account_id"]]["people"] = row["people"]
    for row in await connection.fetch(FAILED, ids):
        found[row["account_id"]]["failed_at"] = row["at"]
    return found


async def person(connection: asyncpg.Connection, caller: Caller, beneficiary_id: str, month: str) -> dict[str, Any]:
    """A person, their last wish and payee, and what the dossier lacks. Raises Problem 404."""
    row = await connection.fetchrow(PERSON, beneficiary_id, month)
    if row is None or (caller.area and not _lives_in(row, caller.area, month)):
        raise Problem(404, "not-found", "Không có người này trong địa bàn.", "No such person in your area.")
    plain = ("beneficiary_id", "name", "birth", "wish", "relation", "payee_name", "payee_citizen_id", "on_roll")
    return {name: row[name] for name in plain} | {
        "commune": shown.commune_now(row["commune"], row["from_month"], month),
        "lacks": shown.lacks(row),
    }


def _lives_in(row: Row, area: str, month: str) -> bool:
    return bool(shown.places_of(area, [Place(row["commune"], row["from_month"])], month))

"""What onboarding's pages show beside the calls: lists of a commune in the order of names, one person's accounts."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from services.kernel.names import sort_key
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem
from services.onboarding import read_model, shown
from services.onboarding.read_model import AccountFilter, Page, Place
from services.reference import areas

LISTED_MAX = 100_000
SHARED_BY_MIN = 5
"""From so many beneficiaries on, an account that serves several is pointed out."""
# Accounts by the number of people whom they serve.
SHARED = """
select b.account_id, many.people from accounts b join (
    select bank_code, account_number, count(distinct beneficiary_id) as people from accounts
    where standing = 'OPEN' group by bank_code, account_number having count(distinct beneficiary_id) >= $2
) many using (bank_code, account_number) where b.account_id = any($1::text[]) and b.standing = 'OPEN'
"""
FAILED = """
select f.account_id, max(f.recorded_at) as at from failures f join accounts a using (account_id)
where f.account_id = any($1::text[]) and f.recorded_at > a.word_at group by f.account_id
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


def commune_name(code: str, month: str) -> str:
    """A commune's name in that month."""
    area = areas.find(code, month)
    return area.name if area else code

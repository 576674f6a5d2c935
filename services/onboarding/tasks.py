"""What waits for whom in onboarding: people who want an account and have none, accounts under another name."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import asyncpg

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.tasks import Task
from services.onboarding.shown import commune_now
from services.reference import access

Row = Mapping[str, Any]
LACKS = {"citizen-id": "no_citizen_id", "phone": "no_phone", "payee-citizen-id": "no_payee_citizen_id"}
FIGURES = ("people", "wish", "open", "lacking", *LACKS.values())
# Who is on the roll in month $1 or later, by where they live; the same people as in `find_applications`.
PEOPLE = """
with listed as (
    select distinct beneficiary_id from rolls where last_month is null or last_month >= $1
), choice as (
    select distinct on (beneficiary_id) beneficiary_id, wish = 'ACCOUNT' as wanted,
        relation is not null and payee_citizen_id is null as payee_unknown
    from payouts order by beneficiary_id, version desc
), has as (
    select distinct beneficiary_id from accounts where standing = 'OPEN'
), person as (
    select r.commune, r.from_month, p.citizen_id, p.phone, coalesce(choice.wanted, false) as wanted,
        coalesce(choice.payee_unknown, false) as payee_unknown, has.beneficiary_id is not null as open,
        coalesce(choice.wanted, false) and has.beneficiary_id is null as lacking
    from people p join listed using (beneficiary_id) join residences r using (beneficiary_id)
    left join choice using (beneficiary_id) left join has using (beneficiary_id)
)
select commune, from_month, count(*) as people, count(*) filter (where wanted) as wish,
    count(*) filter (where open) as open, count(*) filter (where lacking) as lacking,
    count(*) filter (where lacking and citizen_id is null) as no_citizen_id,
    count(*) filter (where lacking and phone is null) as no_phone,
    count(*) filter (where lacking and payee_unknown) as no_payee_citizen_id
from person group by commune, from_month
"""
NAME_DIFFERS = (
    "select count(*) as number, min(word_at) as oldest from accounts where standing = 'OPEN' and name_differs"
)


async def count(connection: asyncpg.Connection, today: date) -> list[Task]:
    """Everything that waits for somebody on that day."""
    period = Period.of(today)
    rows = await connection.fetch(PEOPLE, period)
    differing = await connection.fetchrow(NAME_DIFFERS)
    return [*tasks_of_people(rows, period), name_differs(differing)]


def tasks_of_people(rows: Iterable[Row], period: Period) -> list[Task]:
    """Accounts to be opened, for communes, the office and the bank; the share with an account by commune."""
    communes: dict[str, dict[str, int]] = {}
    for row in rows:
        figures = communes.setdefault(commune_now(row["commune"], row["from_month"], period), dict.fromkeys(FIGURES, 0))
        for field in FIGURES:
            figures[field] += row[field]
    whole = {field: sum(one[field] for one in communes.values()) for field in FIGURES}
    tasks = [_lacking(access.COMMUNE_OFFICER, commune, one) for commune, one in sorted(communes.items())]
    tasks += [_lacking(role, None, whole) for role in (access.DISTRICT_OFFICER, access.BANK)]
    table = {
        commune: {field: one[field] for field in ("people", "wish", "open")}
        for commune, one in sorted(communes.items())
    }
    if not table:
        return []
    return tasks + Task.for_each(
        (*access.SEES_ALL, access.OUTREACH),
        kind="communes-accounts",
        number=whole["open"],
        period=period,
        detail={"communes": table},
    )


def _lacking(role: str, area: str | None, figures: Mapping[str, int]) -> Task:
    """People who want an account and have none; the detail says how many dossiers lack what."""
    lacks = {word: figures[field] for word, field in LACKS.items() if figures[field]}
    number = figures["lacking"]
    detail = {"lacks": lacks} if lacks else {}
    return Task(role=role, kind="account-lacking", number=number, area=area, detail=detail)


def name_differs(row: Row) -> Task:
    """Accounts under another name, which are not paid to until the office confirms them."""
    oldest = row["oldest"].astimezone(clock.ZONE).date() if row["oldest"] else None
    return Task(role=access.DISTRICT_OFFICER, kind="account-name-differs", number=row["number"], oldest=oldest)

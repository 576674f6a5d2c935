"""How far the accounts are by commune: who wishes one, who has one, whose dossier lacks what; of nobody by name."""

from collections.abc import Iterable, Mapping
from typing import Any

import asyncpg

from services.kernel.period import Period
from services.onboarding.shown import commune_now

FIGURES = ("people", "wish", "open", "lacking", "ready", "no_citizen_id", "no_phone", "no_payee_citizen_id")
"""On the roll; of them who wish an account, who have one; who wish one and have none, of them those whose dossier is
whole, and those whose dossier lacks this or that."""
Figures = Mapping[str, int]
ByCommune = Mapping[str, Figures]
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
    count(*) filter (where lacking and not payee_unknown and citizen_id is not null and phone is not null) as ready,
    count(*) filter (where lacking and citizen_id is null) as no_citizen_id,
    count(*) filter (where lacking and phone is null) as no_phone,
    count(*) filter (where lacking and payee_unknown) as no_payee_citizen_id
from person group by commune, from_month
"""


async def counted(connection: asyncpg.Connection, period: Period) -> ByCommune:
    """The figures of each commune, by its code in that month."""
    return added_up(await connection.fetch(PEOPLE, period), period)


def added_up(rows: Iterable[Mapping[str, Any]], period: Period) -> ByCommune:
    """Rows of places (a commune as it was called in some month) as figures of today's communes, in their order."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        code = commune_now(row["commune"], row["from_month"], period)
        figures = found.setdefault(code, dict.fromkeys(FIGURES, 0))
        for name in FIGURES:
            figures[name] += row[name]
    return dict(sorted(found.items()))


def whole(communes: ByCommune) -> Figures:
    """The sums over all communes."""
    return {name: sum(one[name] for one in communes.values()) for name in FIGURES}

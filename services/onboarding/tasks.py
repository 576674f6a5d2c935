"""What waits for whom in onboarding: people who want an account and have none, accounts under another name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import asyncpg

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.tasks import Task
from services.onboarding import by_commune
from services.onboarding.by_commune import ByCommune
from services.reference import access

Row = Mapping[str, Any]
LACKS = {"citizen-id": "no_citizen_id", "phone": "no_phone", "payee-citizen-id": "no_payee_citizen_id"}
NAME_DIFFERS = (
    "select count(*) as number, min(word_at) as oldest from accounts where standing = 'OPEN' and name_differs"
)


async def count(connection: asyncpg.Connection, today: date) -> list[Task]:
    """Everything that waits for somebody on that day."""
    period = Period.of(today)
    communes = await by_commune.counted(connection, period)
    differing = await connection.fetchrow(NAME_DIFFERS)
    return [*tasks_of_people(communes, period), name_differs(differing)]


def tasks_of_people(communes: ByCommune, period: Period) -> list[Task]:
    """Accounts to be opened, for communes, the office and the bank; the share with an account by commune."""
    if not communes:
        return []
    whole = by_commune.whole(communes)
    tasks = [_lacking(access.COMMUNE_OFFICER, commune, one) for commune, one in sorted(communes.items())]
    tasks += [_lacking(role, None, whole) for role in (access.DISTRICT_OFFICER, access.BANK)]
    table = {
        commune: {field: one[field] for field in ("people", "wish", "open")}
        for commune, one in sorted(communes.items())
    }
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

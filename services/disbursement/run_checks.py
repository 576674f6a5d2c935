"""What an approver looks at before a run is approved: what holds, and what somebody should open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import asyncpg
import orjson

from services.disbursement.preparing import due_for
from services.kernel.period import Period
from services.registry.events import DueChanged

Mark = Literal["many-for-one", "other-name", "no-citizen-id"]
MARKS: tuple[Mark, ...] = ("many-for-one", "other-name", "no-citizen-id")
MANY = 5
"""From so many people on, one authorised person who receives for all of them is pointed out."""

PAYMENTS: Mapping[Mark, str] = {
    "many-for-one": """
        with held as (
            select p.payment_id, p.beneficiary_id, coalesce(a.holder_citizen_id, a.bank_code || a.account_number) as who
            from payments p join accounts a using (account_id) where p.run_id = $1 and a.holder = 'AUTHORISED'
        ), many as (select who from held group by who having count(distinct beneficiary_id) >= $2)
        select payment_id, who from held join many using (who)""",
    "other-name": """
        select p.payment_id, p.account_id as who from payments p join accounts a using (account_id)
        where p.run_id = $1 and (a.holder <> 'OWN' or a.name_differs) and $2 > 0""",
    "no-citizen-id": """
        select p.payment_id, p.beneficiary_id as who from payments p join people q using (beneficiary_id)
        where p.run_id = $1 and p.method = 'CASH' and p.amount > 0 and not q.has_citizen_id and $2 > 0""",
}
# Only who may be suspended in the month is read; whether they are, the layer that the run sees says.
SUSPENDED = """
select beneficiary_id, programme, data, name from due left join people using (beneficiary_id)
where programme = any($1::text[]) and data @? '$.layers[*].suspended[*]' order by name, beneficiary_id, programme
"""


@dataclass(frozen=True, slots=True)
class Marked:
    """The payments that a mark points out, and of how many people or accounts they are."""

    payments: Sequence[str]
    of: int


async def marked(connection: asyncpg.Connection, run_id: str, mark: Mark) -> Marked:
    """What a mark points out in a run."""
    rows = await connection.fetch(PAYMENTS[mark], run_id, MANY)
    return Marked([row["payment_id"] for row in rows], len({row["who"] for row in rows}))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A person and programme to whom the run moves nothing, with why (`netted`, `suspended` or as the run says)."""

    beneficiary_id: str
    programme: str
    name: str | None
    reason: str


async def left_out(connection: asyncpg.Connection, run: Mapping[str, Any]) -> list[LeftOut]:
    """Everybody whom a run leaves out, by reason and name; `run`: its row."""
    excluded = orjson.loads(run["excluded"])
    names = {
        row["beneficiary_id"]: row["name"]
        for row in await connection.fetch(
            "select beneficiary_id, name from people where beneficiary_id = any($1::text[])",
            [one["beneficiary_id"] for one in excluded],
        )
    }
    found = [LeftOut(**one, name=names.get(one["beneficiary_id"])) for one in excluded]
    found += [
        LeftOut(row["beneficiary_id"], row["programme"], row["name"], "netted")
        for row in await connection.fetch(
            "select beneficiary_id, programme, name from payments left join people using (beneficiary_id)"
            " where run_id = $1 and amount = 0",
            run["run_id"],
        )
    ]
    told = {(one.beneficiary_id, one.programme) for one in found}
    found += [one for one in await _suspended(connection, run) if (one.beneficiary_id, one.programme) not in told]
    return sorted(found, key=lambda one: (one.reason, one.name or "", one.beneficiary_id, one.programme))


async def _suspended(connection: asyncpg.Connection, run: Mapping[str, Any]) -> list[LeftOut]:
    period = Period(run["period"])
    return [
        LeftOut(row["beneficiary_id"], row["programme"], row["name"], "suspended")
        for row in await connection.fetch(SUSPENDED, run["programmes"])
        if due_for(DueChanged.model_validate_json(row["data"]), period).suspended
    ]

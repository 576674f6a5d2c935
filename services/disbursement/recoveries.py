"""Recoveries still to come: what reached people beyond what is due, as a run for the newest sent period sees it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from pydantic import TypeAdapter

from services.disbursement.money_rule import Cell, Earlier, Fate, due_until, excess
from services.disbursement.picture import FATES, layer_for, lines_in
from services.kernel.period import Period
from services.registry.events import DueLayer

LAYERS = TypeAdapter(tuple[DueLayer, ...])
NEWEST = """
select programme, max(period) as period from runs, unnest(programmes) as programme
where status = 'SENT' group by programme
"""
# What is dead reached nobody. Most people were paid alike of what is due alike: the rule is asked once for all of
# them. Texts are compared by bytes: as Vietnamese, sorting them takes longer than all the rest.
ALIKE = """
with paid as (
    select beneficiary_id, programme, array_agg(status collate "C" order by number) as statuses,
        array_agg(lines::text collate "C" order by number) as lines
    from payments where status = any($1::text[]) group by beneficiary_id, programme
), stand as (
    select beneficiary_id, programme, (data -> 'layers')::text collate "C" as layers, statuses, lines
    from paid join due using (beneficiary_id, programme)
)
select programme, layers, statuses, lines, array_agg(beneficiary_id) as people
from stand group by programme, layers, statuses, lines
"""


async def to_come(connection: asyncpg.Connection) -> list[dict[str, Any]]:
    """Every claim, by person and programme, the oldest month first."""
    newest = {row["programme"]: Period(row["period"]) for row in await connection.fetch(NEWEST)}
    alike = await connection.fetch(ALIKE, [status for status, fate in FATES.items() if fate is not Fate.DEAD])
    return await asyncio.to_thread(claims_of, alike, newest)


def claims_of(alike: Sequence[Mapping[str, Any]], newest: Mapping[str, Period]) -> list[dict[str, Any]]:
    """The claims against people who stand alike; `newest`: the last sent period of each programme. Pure."""
    found = []
    for row in alike:
        period = newest.get(row["programme"])
        beyond = _beyond(row, period) if period else {}
        found += [
            {"beneficiary_id": person, "programme": row["programme"], "item": item, "month": month, "amount": amount}
            for person in row["people"]
            for (item, month), amount in beyond.items()
        ]
    return sorted(found, key=lambda one: (one["beneficiary_id"], one["programme"]))


def _beyond(row: Mapping[str, Any], period: Period) -> Mapping[Cell, int]:
    layer = layer_for(LAYERS.validate_json(row["layers"]), period)
    if layer is None:
        return {}
    paid = zip(row["statuses"], row["lines"], strict=True)
    earlier = [Earlier("", FATES[status], False, lines_in(lines)) for status, lines in paid]
    return excess(due_until(layer.spans, period), earlier)

"""The payments that an answer of the bank may be about: for a human to compare, never matched by itself."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

SHOWN_MAX = 10
REFERENCE_LETTERS_MIN = 6
# What a result may still change: a payment that waits for one, for a return one that settled.
AWAITING: Mapping[str | None, Sequence[str]] = {
    "RETURNED": ("SETTLED", "INSTRUCTED"),
    "SETTLED": ("INSTRUCTED", "REJECTED"),
    "REJECTED": ("INSTRUCTED", "SETTLED"),
    None: ("INSTRUCTED",),
}
# A bank's field that cuts our reference leaves its beginning; else the same amount in a status that may change.
NEAREST = """
select p.*, q.name as person_name,
    (starts_with(p.end_to_end_id, $1) or starts_with($1, p.end_to_end_id)) and length($1) >= $5 as same_reference,
    p.amount = $2 as same_amount
from payments p left join people q on q.beneficiary_id = p.beneficiary_id
where p.method = 'ACCOUNT' and (
    (p.amount = $2 and p.status = any($3::text[]))
    or (length($1) >= $5 and (starts_with(p.end_to_end_id, $1) or starts_with($1, p.end_to_end_id)))
)
order by same_reference desc, p.status = $4 desc, p.number desc limit $6
"""


async def nearest(connection: asyncpg.Connection, answer: Mapping[str, Any]) -> Sequence[asyncpg.Record]:
    """The payments nearest to an answer, the likeliest first, with what of it is the same."""
    statuses = AWAITING[answer["result"]]
    rows: list[asyncpg.Record] = await connection.fetch(
        NEAREST,
        answer["end_to_end_id"] or "",
        answer["amount"],
        list(statuses),
        statuses[0],
        REFERENCE_LETTERS_MIN,
        SHOWN_MAX,
    )
    return rows

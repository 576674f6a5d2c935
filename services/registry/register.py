"""What the registry knows of the people whom a list names: the picture that its rows are checked against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg
import orjson

from services.kernel.names import fold
from services.registry.row import Row

Right = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Known:
    """A registered person: commune now, and the rights (programme, item, code) that run."""

    beneficiary_id: str
    commune: str
    citizen_id: str | None
    name: str
    birth: str
    rights: frozenset[Right]


@dataclass(frozen=True, slots=True)
class Register:
    """Those whom a list may mean: by citizen id anywhere, by name and birth in the list's commune."""

    by_citizen_id: Mapping[str, Known] = field(default_factory=dict)
    by_name: Mapping[tuple[str, str], Sequence[Known]] = field(default_factory=dict)

    def without_id(self, row: Row) -> Sequence[Known]:
        """People of that name and birth in the commune who have no citizen id."""
        return [one for one in self.by_name.get(name_key(row), ()) if one.citizen_id is None]


def name_key(row: Row) -> tuple[str, str]:
    return fold(row.name or ""), row.birth or ""


async def look_up(connection: asyncpg.Connection, rows: Sequence[Row], commune: str) -> Register:
    """Everybody whom these rows may mean, in one query."""
    found = await connection.fetch(
        "select p.beneficiary_id, p.commune, p.citizen_id, p.name, p.birth, p.folded_name,"
        " coalesce(jsonb_agg(jsonb_build_array(e.programme, e.item, e.code))"
        " filter (where e.beneficiary_id is not null),"
        " '[]')::text as rights"
        " from people p left join entitlements e on e.beneficiary_id = p.beneficiary_id and e.last_month is null"
        " where p.beneficiary_id in (select beneficiary_id from people where citizen_id = any($1::text[]) union"
        " select beneficiary_id from people where commune = $2 and folded_name = any($3::text[]))"
        " group by p.beneficiary_id",
        [row.citizen_id for row in rows if row.citizen_id],
        commune,
        list({name_key(row)[0] for row in rows}),
    )
    by_id: dict[str, Known] = {}
    by_name: dict[tuple[str, str], list[Known]] = {}
    for one in found:
        rights = frozenset((right[0], right[1], right[2]) for right in orjson.loads(one["rights"]))
        known = Known(one["beneficiary_id"], one["commune"], one["citizen_id"], one["name"], one["birth"], rights)
        if known.citizen_id:
            by_id[known.citizen_id] = known
        if known.commune == commune:
            by_name.setdefault((one["folded_name"], known.birth), []).append(known)
    return Register(by_id, by_name)

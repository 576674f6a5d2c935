"""What the registry knows of the people whom a list names: the picture that its rows are checked against."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg

from services.kernel.names import fold
from services.kernel.period import Period
from services.reference import areas
from services.registry.person import State
from services.registry.row import Row


@dataclass(frozen=True, slots=True)
class Known:
    """A registered person with their commune, as it is called in the list's period, and all that happened to them."""

    beneficiary_id: str
    commune: str
    citizen_id: str | None
    name: str
    birth: str
    state: State = field(default_factory=State)
    version: int = 0


@dataclass(frozen=True, slots=True)
class Register:
    """Those whom a list may mean: by citizen id anywhere, by folded name in the list's commune or on the way to it."""

    by_citizen_id: Mapping[str, Known] = field(default_factory=dict)
    by_name: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    arriving: Mapping[str, Sequence[Known]] = field(default_factory=dict)

    def named(self, row: Row) -> list[Known]:
        """People of that name and birth in the commune."""
        return _alike(self.by_name, row)

    def coming(self, row: Row) -> list[Known]:
        """People of that name and birth whose half out of another commune is open."""
        return _alike(self.arriving, row)


def _alike(people: Mapping[str, Sequence[Known]], row: Row) -> list[Known]:
    return [one for one in people.get(fold(row.name or ""), ()) if births_agree(one.birth, row.birth)]


def births_agree(one: str, other: str | None) -> bool:
    """The same day, or the same year where one of them is only a year."""
    if other is None:
        return False
    return one == other or ((len(one) == 4 or len(other) == 4) and one[:4] == other[:4])


def name_key(row: Row) -> tuple[str, str]:
    return fold(row.name or ""), row.birth or ""


def bearing(communes: Collection[str], period: str) -> tuple[list[str], list[str], list[str]]:
    """The codes, and the months in which they were borne, of all whose people live in `communes` in that month."""
    found = [
        area
        for area in areas.all_areas()
        if area.level == "commune"
        and area.first <= period
        and areas.commune_in(area.code, area.first, Period(period)) in communes
    ]
    return [area.code for area in found], [area.first for area in found], [area.last for area in found]


LOOK_UP = """
with place as (select * from unnest($3::text[], $4::text[], $5::text[]) as p (code, first, last)),
asked as (select beneficiary_id from people where citizen_id = any($1::text[])),
named as (select beneficiary_id from people where folded_name = any($2::text[])),
here as (
    select h.beneficiary_id from named join residences h using (beneficiary_id)
    join place on place.code = h.commune and h.from_month between place.first and place.last
    where h.holds_from <= $6 and $6 < h.holds_until
),
leaving as (select beneficiary_id from named join open_halves o using (beneficiary_id) where o.half = 'OUT')
select p.beneficiary_id, p.citizen_id, p.name, p.birth, p.folded_name, h.commune, h.from_month,
    beneficiary_id in (select * from asked) as asked,
    beneficiary_id in (select * from here) as here,
    beneficiary_id in (select * from leaving) as leaving
from people p join residences h using (beneficiary_id)
where h.holds_from <= $6 and $6 < h.holds_until
    and beneficiary_id in (select * from asked union select * from here union select * from leaving)
"""


async def look_up(connection: asyncpg.Connection, rows: Sequence[Row], commune: str, period: Period) -> Register:
    """Everybody whom these rows may mean in that month, in one query; without their histories."""
    found = await connection.fetch(
        LOOK_UP,
        [row.citizen_id for row in rows if row.citizen_id],
        list({fold(row.name or "") for row in rows}),
        *bearing([commune], period),
        period,
    )
    by_id: dict[str, Known] = {}
    by_name: dict[str, list[Known]] = {}
    arriving: dict[str, list[Known]] = {}
    for one in found:
        lives_in = areas.commune_in(one["commune"], one["from_month"], period)
        known = Known(one["beneficiary_id"], lives_in, one["citizen_id"], one["name"], one["birth"])
        if one["asked"]:
            by_id[one["citizen_id"]] = known
        if one["here"]:
            by_name.setdefault(one["folded_name"], []).append(known)
        elif one["leaving"]:
            arriving.setdefault(one["folded_name"], []).append(known)
    return Register(by_id, by_name, arriving)

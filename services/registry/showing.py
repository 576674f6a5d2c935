"""Registry's answers to questions: lists, people, rolls, as the contract words them."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import asyncpg
import orjson

from services.kernel.names import search_key
from services.kernel.period import Period
from services.kernel.tables.table import Json, from_json
from services.kernel.web import paging
from services.kernel.web.problems import Problem
from services.reference import areas
from services.registry import levels
from services.registry.catalogue import Catalogue
from services.registry.entitlement import Terms
from services.registry.register import bearing

LIST_FIELDS = ("commune", "period", "status", "no_change", "late", "effective_period", "entered_by", "reason")
CURSOR = "p.sort_name || chr(31) || lpad(p.number::text, 12, '0')"
PERSON = (
    "p.beneficiary_id, p.name, p.birth, p.sex, p.citizen_id, p.old_id, p.phone, p.address, h.commune, h.from_month,"
    f" c.wish, c.relation, c.payee_name, c.payee_citizen_id, {CURSOR} as cursor_key"
)


def list_summary(row: Mapping[str, Any]) -> dict[str, Any]:
    """A list without its rows."""
    return {"id": row["list_id"], **{field: row[field] for field in LIST_FIELDS}, "rows_count": row["rows_count"]}


async def list_shown(
    connection: asyncpg.Connection, list_id: str, language: str = "vi", with_rows: bool = True
) -> dict[str, Any]:
    """A list with its rows as read and what is wrong or doubtful about them; raises Problem 404."""
    row = await connection.fetchrow(
        f"select list_id, {', '.join(LIST_FIELDS)}, errors, warnings, jsonb_array_length(raw) as rows_count"
        f"{', raw' if with_rows else ''} from change_lists where list_id = $1",
        list_id,
    )
    if row is None:
        raise Problem(404, "not-found", "Không có danh sách này.", "There is no such list.")
    shown = list_summary(row)
    for kind in ("errors", "warnings"):
        shown[kind] = [_finding(one, language) for one in orjson.loads(row[kind])]
    if with_rows:
        shown["rows"] = [row_shown(number, cells) for number, cells in orjson.loads(row["raw"])]
    return shown


def row_shown(number: int, cells: Mapping[str, Json]) -> dict[str, Any]:
    """A row with its cells by heading, as people write them."""
    return {"row": number, **{heading: _as_people_write(cell) for heading, cell in cells.items()}}


def _as_people_write(value: Json) -> Json:
    """A date cell as a day `05/11/2023`; everything else as it stands in the file."""
    cell = from_json(value)
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else value


def _finding(one: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {
        "row": one["row"],
        "column": one["column"],
        "code": one["code"],
        "message": one[language],
        "needs_acceptance": one["needs_acceptance"],
    }


async def people(connection: asyncpg.Connection, period: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """People as in month `period`, by name; `asked`: communes, programme, item, status, q, after, limit."""
    conditions, values = ["true"], [period]

    def condition(sql: str, *more: Any) -> None:
        for value in more:
            values.append(value)
            sql = sql.replace("?", f"${len(values)}", 1)
        conditions.append(sql)

    if asked.get("beneficiary_id"):
        condition("p.beneficiary_id = ?", asked["beneficiary_id"])
    if asked.get("communes") is not None:
        condition(
            "exists (select 1 from unnest(?::text[], ?::text[], ?::text[]) as a (code, first, last)"
            " where h.commune = a.code and h.from_month between a.first and a.last)",
            *bearing(asked["communes"], period),
        )
    if asked.get("after"):
        name, _, number = str(asked["after"]).partition("\x1f")
        condition("(p.sort_name, p.number) > (?, ?::bigint)", name, paging.number_of(number))
    if asked.get("q"):
        _search(str(asked["q"]), condition)
    if asked.get("programme") or asked.get("item"):
        condition(
            "exists (select 1 from entitlements e where e.beneficiary_id = p.beneficiary_id"
            " and (?::text is null or e.programme = ?) and (?::text is null or e.item = ?))",
            *(asked.get("programme"),) * 2,
            *(asked.get("item"),) * 2,
        )
    if asked.get("status"):
        condition(_STANDS.get(str(asked["status"]), "false"))
    values.append(asked.get("limit", 1))
    rows = await connection.fetch(
        f"select {PERSON}, {_RIGHTS} as rights from people p join residences h"
        " on h.beneficiary_id = p.beneficiary_id and h.holds_from <= $1 and $1 < h.holds_until"
        " left join lateral (select * from payouts c where c.beneficiary_id = p.beneficiary_id and c.from_month <= $1"
        " order by c.said desc limit 1) c on true"
        f" where {' and '.join(conditions)}"
        f" order by p.sort_name, p.number limit ${len(values)}",
        *values,
    )
    catalogue = await levels.current(connection)
    return [_person(row, period, catalogue) for row in rows]


_RIGHT_STATUS = "coalesce(e.statuses[nullif(width_bucket($1::text, e.status_months), 0)], 'PENDING')"
_RIGHTS = (
    "(select coalesce(jsonb_agg(jsonb_build_object('programme', e.programme, 'item', e.item, 'code', e.code,"
    " 'terms', e.terms,"
    " 'from', e.first_month, 'to', e.last_month, 'status', "
    f"{_RIGHT_STATUS}) order by e.programme, e.item, e.code, e.first_month), '[]')::text from entitlements e"
    " where e.beneficiary_id = p.beneficiary_id)"
)
ORDER = ("ACTIVE", "SUSPENDED", "PENDING", "ENDED")
"""A person stands as the first of these that a right of theirs has; without rights, as the last."""
_BEST = (
    f"(select min(array_position(array{list(ORDER)}, {_RIGHT_STATUS}))"
    " from entitlements e where e.beneficiary_id = p.beneficiary_id)"
)
_HAS = f"p.beneficiary_id in (select e.beneficiary_id from entitlements e where {_RIGHT_STATUS} = '%s')"
# Nearly all are ACTIVE: of what is asked as a bound the planner expects much, reads people in the order of their names
# and stops where the page is full. Few are SUSPENDED or PENDING: their rights lead to them.
_STANDS = {
    "ACTIVE": f"{_BEST} <= 1",
    "SUSPENDED": f"{_HAS % 'SUSPENDED'} and {_BEST} = 2",
    "PENDING": f"{_HAS % 'PENDING'} and {_BEST} = 3",
    "ENDED": f"coalesce({_BEST}, 4) = 4",
}


def _search(text: str, condition: Any) -> None:
    digits = "".join(letter for letter in text if letter.isdigit())
    if digits and len(digits) >= len(text.replace(" ", "")) - 1:
        condition("(p.citizen_id = ? or p.phone = ? or p.old_id = ?)", digits, digits, digits)
    else:
        pattern = search_key(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        condition("p.search_name like ?", f"%{pattern}%")


def _right(kept: Mapping[str, Any], period: str, catalogue: Catalogue) -> dict[str, Any]:
    """A right with its amount in the month, or in its first month if that is later."""
    month = Period(max(period, kept["from"]))
    amount, follows, multiple = [terms for since, *terms in kept["terms"] if since <= month][-1]
    worth = Terms(amount, follows, multiple).worth(kept["code"], month, catalogue)
    return {key: value for key, value in kept.items() if key != "terms"} | {"amount": worth}


def _person(row: Mapping[str, Any], period: str, catalogue: Catalogue) -> dict[str, Any]:
    rights = [_right(kept, period, catalogue) for kept in orjson.loads(row["rights"])]
    statuses = {right["status"] for right in rights}
    payee = None
    if row["relation"]:
        payee = {"name": row["payee_name"], "citizen_id": row["payee_citizen_id"], "relation": row["relation"]}
    plain = ("beneficiary_id", "name", "birth", "sex", "citizen_id", "old_id", "phone", "address", "wish")
    return {
        **{field: row[field] for field in plain},
        "commune": areas.commune_in(row["commune"], row["from_month"], Period(period)),
        "payee": payee,
        "status": next((status for status in ORDER if status in statuses), "ENDED"),
        "entitlements": rights,
        "cursor_key": row["cursor_key"],
    }


async def matters(
    connection: asyncpg.Connection,
    period: str,
    communes: Collection[str] | None,
    kind: str | None,
    after: int,
    limit: int,
) -> list[dict[str, Any]]:
    """What waits for somebody, about people who live in `communes` (None: anywhere) in that month, oldest first."""
    condition, places = "true", []
    if communes is not None:
        places = list(bearing(communes, period))
        condition = (
            "exists (select 1 from unnest($5::text[], $6::text[], $7::text[]) as a (code, first, last)"
            " where h.commune = a.code and h.from_month between a.first and a.last)"
        )
    rows = await connection.fetch(
        "select m.number, m.kind, m.since, m.beneficiary_id, p.name, h.commune, h.from_month from matters m"
        " join people p using (beneficiary_id) join residences h using (beneficiary_id)"
        " where h.holds_from <= $1 and $1 < h.holds_until and m.number > $2 and ($3::text is null or m.kind = $3)"
        f" and {condition} order by m.number limit $4",
        period,
        after,
        kind,
        limit,
        *places,
    )
    return [
        {
            **{field: row[field] for field in ("number", "kind", "since", "beneficiary_id", "name")},
            "commune": areas.commune_in(row["commune"], row["from_month"], Period(period)),
        }
        for row in rows
    ]


async def history(connection: asyncpg.Connection, stream_id: str) -> list[dict[str, Any]]:
    """Every event of a person, oldest first."""
    rows = await connection.fetch(
        "select version, type, data, metadata, recorded_at from events where stream_id = $1 order by version", stream_id
    )
    return [
        {
            "version": row["version"],
            "type": row["type"],
            "recorded_at": row["recorded_at"].isoformat(),
            "by": orjson.loads(row["metadata"]).get("actor"),
            "data": orjson.loads(row["data"]),
        }
        for row in rows
    ]

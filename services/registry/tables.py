"""Registry's own tables: written in the transaction that appends the events, set-wise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson

from services.kernel.names import fold, search_key, sort_key
from services.registry.beneficiary import State
from services.registry.events import DueChanged
from services.registry.row import Finding
from services.registry.spreadsheet import ParsedList

PEOPLE = (
    "beneficiary_id",
    "commune",
    "from_month",
    "citizen_id",
    "name",
    "birth",
    "sex",
    "old_id",
    "phone",
    "address",
    "folded_name",
    "search_name",
    "sort_name",
    "wish",
    "relation",
    "payee_name",
    "payee_citizen_id",
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A person after a list: the state before and after, and what is now due in each programme that changed."""

    before: State
    after: State
    due: Sequence[DueChanged]


async def write_people(connection: asyncpg.Connection, changed: Sequence[Changed]) -> None:
    """New people, new rights, and the present picture of each pair."""
    fresh = [_person(one.after) for one in changed if not one.before.beneficiary_id]
    await connection.copy_records_to_table("people", records=fresh, columns=PEOPLE)
    old = [one.after for one in changed if one.before.beneficiary_id and one.after.payouts != one.before.payouts]
    await connection.executemany(
        "update people set wish = $2, relation = $3, payee_name = $4, payee_citizen_id = $5 where beneficiary_id = $1",
        [(state.beneficiary_id, *_payout(state)) for state in old],
    )
    granted = [right for one in changed for right in one.after.entitlements[len(one.before.entitlements) :]]
    await connection.copy_records_to_table(
        "entitlements",
        records=[
            (
                right.entitlement_id,
                right.beneficiary_id,
                right.programme,
                right.item,
                right.code,
                right.amount,
                right.follows_catalogue,
                right.multiple,
                right.first_month,
                right.roll_from,
                right.effective_period,
            )
            for right in granted
        ],
        columns=(
            "entitlement_id",
            "beneficiary_id",
            "programme",
            "item",
            "code",
            "amount",
            "follows_catalogue",
            "multiple",
            "first_month",
            "roll_from",
            "effective_period",
        ),
    )
    await _forget_due(connection, [due for one in changed if one.before.beneficiary_id for due in one.due])
    await _write_due(connection, [due for one in changed for due in one.due])


async def _forget_due(connection: asyncpg.Connection, due: Sequence[DueChanged]) -> None:
    pairs = [[one.beneficiary_id for one in due], [one.programme for one in due]]
    for table in ("on_roll", "due_spans"):
        await connection.execute(
            f"delete from {table} t using unnest($1::text[], $2::text[]) as p (person, programme)"
            " where t.beneficiary_id = p.person and t.programme = p.programme",
            *pairs,
        )


async def _write_due(connection: asyncpg.Connection, due: Sequence[DueChanged]) -> None:
    await connection.copy_records_to_table(
        "on_roll",
        records=[
            (one.beneficiary_id, one.programme, span.item, span.first, span.last) for one in due for span in one.roll
        ],
        columns=("beneficiary_id", "programme", "item", "first_month", "last_month"),
    )
    await connection.copy_records_to_table(
        "due_spans",
        records=[
            (one.beneficiary_id, one.programme, layer.counts_from, span.item, span.first, span.last, span.amount)
            for one in due
            for layer in one.layers
            for span in layer.spans
        ],
        columns=("beneficiary_id", "programme", "counts_from", "item", "first_month", "last_month", "amount"),
    )


def _person(state: State) -> tuple[Any, ...]:
    added = state.personal
    assert added is not None  # noqa: S101 - a registered person has details
    home = state.residences[-1]
    return (
        state.beneficiary_id,
        home.commune,
        home.from_month,
        added.citizen_id,
        added.name,
        added.birth,
        added.sex,
        added.old_id,
        added.phone,
        added.address,
        fold(added.name),
        search_key(added.name),
        sort_key(added.name),
        *_payout(state),
    )


def _payout(state: State) -> tuple[str | None, str | None, str | None, str | None]:
    if not state.payouts:
        return None, None, None, None
    chosen = state.payouts[-1]
    payee = chosen.personal
    return chosen.wish, chosen.relation, payee.name if payee else None, payee.citizen_id if payee else None


def findings_json(found: Sequence[Finding]) -> str:
    """Errors or warnings as they are kept and shown, in both languages."""
    return orjson.dumps(
        [
            {
                "row": one.row,
                "column": one.column,
                "code": one.code,
                "vi": one.vi,
                "en": one.en,
                "needs_acceptance": one.needs_acceptance,
            }
            for one in found
        ]
    ).decode()


def raw_json(parsed: ParsedList) -> str:
    return orjson.dumps([[number, cells] for number, cells in parsed.raw]).decode()

"""People after a list or a closing: their events appended and their rows written, set-wise, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import asyncpg
import orjson

from services.kernel.commands import Work
from services.kernel.event_store import Stream
from services.kernel.names import fold, search_key, sort_key
from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import Catalogue
from services.registry.due import due_changed
from services.registry.entitlement import Entitlement, Standing, View
from services.registry.events import DueChanged, EntitlementAdjusted, beneficiary_stream
from services.registry.following import Followed
from services.registry.matters import matters
from services.registry.person import State

ALWAYS, NEVER = "0000-00", "9999-99"
TABLES = {
    "people": (
        *("beneficiary_id", "citizen_id", "name", "birth", "sex", "old_id", "phone", "address", "folded_name"),
        *("search_name", "sort_name"),
    ),
    "payouts": ("beneficiary_id", "said", "from_month", "wish", "relation", "payee_name", "payee_citizen_id"),
    "residences": ("beneficiary_id", "commune", "from_month", "holds_from", "holds_until"),
    "entitlements": (
        *("entitlement_id", "beneficiary_id", "programme", "item", "code", "first_month", "last_month"),
        *("status_months", "statuses", "terms"),
    ),
    "open_halves": ("beneficiary_id", "half", "commune", "from_month", "effective_period"),
    "matters": ("beneficiary_id", "kind", "since"),
    "on_roll": ("beneficiary_id", "programme", "item", "first_month", "last_month"),
    "due_spans": ("beneficiary_id", "programme", "counts_from", "item", "first_month", "last_month", "amount"),
}
# Rows of a person that are written anew whenever something happened to them.
REWRITTEN = ("payouts", "residences", "entitlements", "open_halves", "matters", "on_roll", "due_spans")
Rows = dict[str, list[tuple[Any, ...]]]


async def keep(work: Work, followed: Sequence[Followed], catalogue: Catalogue) -> None:
    """Appends what happened and what is now due; people to whom nothing happened are left alone."""
    changed = [one for one in followed if one.events]
    rows: Rows = {table: [] for table in TABLES}
    for one in changed:
        due = _due(one, catalogue)
        work.append(beneficiary_stream(one.beneficiary_id), one.version, [*one.events, *due])
        _add(rows, one, due, catalogue)
    old = [one for one in changed if one.version]
    await _hold(work.connection, [one.beneficiary_id for one in old])
    await _forget(work.connection, [one.beneficiary_id for one in old])
    await _update(work.connection, [one.after for one in old])
    for table, columns in TABLES.items():
        if rows[table]:
            await work.connection.copy_records_to_table(table, records=rows[table], columns=columns)


def _due(one: Followed, catalogue: Catalogue) -> list[DueChanged]:
    """What is due in each programme, for new people and wherever it is not what it was."""
    programmes = sorted({right.programme for right in one.after.entitlements})
    due = [due_changed(one.after, programme, catalogue) for programme in programmes]
    return [now for now in due if one.version == 0 or now != due_changed(one.before, now.programme, catalogue)]


def _add(rows: Rows, one: Followed, due: Sequence[DueChanged], catalogue: Catalogue) -> None:
    state = one.after
    if one.version == 0:
        rows["people"].append((state.beneficiary_id, *_details(state)))
    rows["payouts"] += _payouts(state)
    rows["residences"] += _residences(state)
    rows["entitlements"] += (_entitlement(right) for right in state.entitlements)
    rows["open_halves"] += (
        (state.beneficiary_id, half.half, half.commune, half.from_month, half.effective_period) for half in state.halves
    )
    rows["matters"] += ((state.beneficiary_id, matter.kind, matter.since) for matter in matters(state))
    for programme in sorted({right.programme for right in state.entitlements}):
        told = next((each for each in due if each.programme == programme), None)
        _add_due(rows, told or due_changed(state, programme, catalogue))


def _add_due(rows: Rows, now: DueChanged) -> None:
    pair = now.beneficiary_id, now.programme
    rows["on_roll"] += ((*pair, span.item, span.first, span.last) for span in now.roll)
    rows["due_spans"] += (
        (*pair, layer.counts_from, span.item, span.first, span.last, span.amount)
        for layer in now.layers
        for span in layer.spans
    )
    # A layer in which nothing is due is one all the same: it stands for months in which an earlier one paid.
    rows["due_spans"] += ((*pair, layer.counts_from, None, NEVER, None, 0) for layer in now.layers if not layer.spans)


def _details(state: State) -> tuple[Any, ...]:
    who = state.personal
    assert who is not None  # noqa: S101 - a registered person has details
    return (
        who.citizen_id,
        who.name,
        who.birth,
        who.sex,
        who.old_id,
        who.phone,
        who.address,
        fold(who.name),
        search_key(who.name),
        sort_key(who.name),
    )


def _payouts(state: State) -> Iterable[tuple[Any, ...]]:
    """What was said of wish and payee, in its order: the last word that holds in a month counts."""
    for said, chosen in enumerate(state.payouts):
        payee = chosen.personal
        named = (payee.name, payee.citizen_id) if payee else (None, None)
        yield state.beneficiary_id, said, chosen.from_month, chosen.wish, chosen.relation, *named


def _residences(state: State) -> Iterable[tuple[str, ...]]:
    """The first home stands for every month before it too."""
    homes = state.residences
    for place, home in enumerate(homes):
        since = home.from_month if place else ALWAYS
        until = homes[place + 1].from_month if place + 1 < len(homes) else NEVER
        yield state.beneficiary_id, home.commune, home.from_month, since, until


def _entitlement(right: Entitlement) -> tuple[Any, ...]:
    standings = _standings(right)
    return (
        right.entitlement_id,
        right.granted.beneficiary_id,
        right.programme,
        right.item,
        right.code,
        right.first_month,
        right.end.plus(-1) if right.end else None,
        [month for month, _ in standings],
        [standing for _, standing in standings],
        _terms(right),
    )


def _standings(right: Entitlement) -> list[tuple[Period, Standing]]:
    """What the right is on the roll, and since when."""
    if not right.changes:
        return [(right.granted.roll_from, "ACTIVE")]
    found: list[tuple[Period, Standing]] = []
    for month in sorted({*right.months(), *right.periods()}):
        standing = right.standing(month, View(month, at_once=False))
        if standing != (found[-1][1] if found else "PENDING"):
            found.append((month, standing))
    return found


def _terms(right: Entitlement) -> str:
    """Month from which it holds, amount, whether it follows the catalogue, multiple; the last that holds counts."""
    granted = right.granted
    terms: list[tuple[str, int, bool, int]] = [
        (right.first_month, granted.amount, granted.follows_catalogue, granted.multiple)
    ]
    terms += (
        (change.from_month, change.amount, change.follows_catalogue, change.multiple)
        for change in right.changes
        if isinstance(change, EntitlementAdjusted)
    )
    return orjson.dumps(terms).decode()


async def say_due_again(work: Work, streams: Mapping[str, Stream], before: Catalogue, now: Catalogue) -> int:
    """Tells what is due of everybody in these streams whose dues another catalogue changes; answers of how many."""
    rows: Rows = {"on_roll": [], "due_spans": []}
    changed: list[str] = []
    for stream_id, stream in streams.items():
        state = beneficiary.fold(stream.events)
        programmes = sorted({right.programme for right in state.entitlements})
        old = [due_changed(state, programme, before) for programme in programmes]
        new = [due_changed(state, programme, now) for programme in programmes]
        if old != new:
            work.append(stream_id, stream.version, [due for due in new if due not in old])
            changed.append(state.beneficiary_id)
            for due in new:
                _add_due(rows, due)
    for table, found in rows.items():
        await work.connection.execute(f"delete from {table} where beneficiary_id = any($1::text[])", changed)
        await work.connection.copy_records_to_table(table, records=found, columns=TABLES[table])
    return len(changed)


async def _hold(connection: asyncpg.Connection, people: Sequence[str]) -> None:
    """Waits for whoever writes the same people's rows just now; that they were faster, the append will say."""
    await connection.execute(
        "select 1 from people where beneficiary_id = any($1::text[]) order by beneficiary_id for update", people
    )


async def _forget(connection: asyncpg.Connection, people: Sequence[str]) -> None:
    if not people:
        return
    for table in REWRITTEN:
        await connection.execute(f"delete from {table} where beneficiary_id = any($1::text[])", people)


async def _update(connection: asyncpg.Connection, people: Sequence[State]) -> None:
    columns = TABLES["people"][1:]
    told = ", ".join(f"{column} = ${place}" for place, column in enumerate(columns, 2))
    await connection.executemany(
        f"update people set {told} where beneficiary_id = $1",
        [(state.beneficiary_id, *_details(state)) for state in people],
    )

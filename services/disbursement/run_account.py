"""A run in figures: its parts, the money after it was sent, and why it differs from the month before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import asyncpg

from services.disbursement.events import Purpose
from services.disbursement.picture import Pair
from services.disbursement.preparing import due_for
from services.kernel.period import Period
from services.registry.events import DueChanged

Group = Literal["joined", "left", "changed", "suspended"]
GROUPS: tuple[Group, ...] = ("joined", "left", "changed", "suspended")
PURPOSES: tuple[Purpose, ...] = ("REGULAR", "ARREARS", "REPEAT", "RECOVERY", "FUNERAL")

PARTS = """
select programme, commune, method, count(*) as number, sum(amount)::bigint as amount,
    sum(of.regular)::bigint as regular, sum(of.arrears)::bigint as arrears, sum(of.repeat)::bigint as repeat,
    sum(of.recovery)::bigint as recovery, sum(of.funeral)::bigint as funeral
from payments cross join lateral (
    select coalesce(sum((line ->> 'amount')::bigint) filter (where line ->> 'purpose' = 'REGULAR'), 0) as regular,
        coalesce(sum((line ->> 'amount')::bigint) filter (where line ->> 'purpose' = 'ARREARS'), 0) as arrears,
        coalesce(sum((line ->> 'amount')::bigint) filter (where line ->> 'purpose' = 'REPEAT'), 0) as repeat,
        coalesce(sum((line ->> 'amount')::bigint) filter (where line ->> 'purpose' = 'RECOVERY'), 0) as recovery,
        coalesce(sum((line ->> 'amount')::bigint) filter (where line ->> 'purpose' = 'FUNERAL'), 0) as funeral
    from jsonb_array_elements(lines) as line
) of
where run_id = $1 group by programme, commune, method
"""
STATUSES = """
select run_id, method, status, count(*) as number, sum(amount)::bigint as amount
from payments where run_id = any($1::text[]) group by run_id, method, status
"""
# The regular money of a person and programme: of the month before, of this month, and of it in earlier runs.
REGULAR = """
with wanted as (
    select run_id, period from runs where run_id = $1
    union select run_id, period from runs
    where status = 'SENT' and period in ($2, $3) and programmes && $4::text[] and number < $5
), regular as (
    select p.beneficiary_id, p.programme,
        coalesce(sum(of.amount) filter (where w.period = $2), 0)::bigint as before,
        coalesce(sum(of.amount) filter (where w.period = $3), 0)::bigint as now,
        coalesce(sum(of.amount) filter (where w.period = $3 and w.run_id <> $1), 0)::bigint as paid
    from payments p join wanted w on w.run_id = p.run_id cross join lateral (
        select sum((line ->> 'amount')::bigint) as amount
        from jsonb_array_elements(p.lines) as line where line ->> 'purpose' = 'REGULAR'
    ) of
    where p.programme = any($4::text[]) and of.amount is not null group by p.beneficiary_id, p.programme
)
"""
# One row for each that changed, and one for all that did not; where nothing was before, one for all.
CHANGES = f"""{REGULAR}, changed as (
    select regular.*, before <> now and (select bool_or(before > 0) from regular) as changes from regular
), told as (
    select case when changes then beneficiary_id end as beneficiary_id,
        case when changes then programme end as programme,
        count(*) filter (where before > 0) as before_number, sum(before)::bigint as before,
        count(*) filter (where now > 0) as now_number, sum(now)::bigint as now,
        count(*) filter (where paid > 0) as paid_number, sum(paid)::bigint as paid
    from changed group by 1, 2
)
select told.*, people.name from told left join people using (beneficiary_id)
order by people.name, beneficiary_id, programme
"""
SUMMED = ("before_number", "before", "now_number", "now", "paid_number", "paid")


@dataclass(slots=True)
class Sums:
    """Payments and đồng, in all, by purpose and by method."""

    number: int = 0
    amount: int = 0
    regular: int = 0
    arrears: int = 0
    repeat: int = 0
    recovery: int = 0
    funeral: int = 0
    account_number: int = 0
    account: int = 0
    cash_number: int = 0
    cash: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Adds the payments of one programme, commune and method."""
        for name in ("number", "amount", "regular", "arrears", "repeat", "recovery", "funeral"):
            setattr(self, name, getattr(self, name) + row[name])
        by = "account" if row["method"] == "ACCOUNT" else "cash"
        setattr(self, by, getattr(self, by) + row["amount"])
        setattr(self, f"{by}_number", getattr(self, f"{by}_number") + row["number"])


@dataclass(frozen=True, slots=True)
class Parts:
    """A run's sums by programme, by commune, and in all."""

    by_programme: Mapping[str, Sums]
    by_commune: Mapping[str, Sums]
    whole: Sums


async def parts(connection: asyncpg.Connection, run_id: str) -> Parts:
    """The sums of a run's payments, each sum counted from the payments themselves."""
    by_programme: dict[str, Sums] = defaultdict(Sums)
    by_commune: dict[str, Sums] = defaultdict(Sums)
    whole = Sums()
    for row in await connection.fetch(PARTS, run_id):
        for sums in (by_programme[row["programme"]], by_commune[row["commune"]], whole):
            sums.add(row)
    return Parts(dict(by_programme), dict(by_commune), whole)


@dataclass(frozen=True, slots=True)
class Change:
    """A person and programme whose regular money differs from the month before, in đồng."""

    beneficiary_id: str
    programme: str
    name: str | None
    before: int
    now: int
    group: Group

    @property
    def more(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Difference:
    """Regular money of the month before → this month; `paid`: what of this month earlier runs have paid already."""

    before_number: int
    before: int
    now_number: int
    now: int
    paid_number: int
    paid: int
    changes: Sequence[Change] = field(default_factory=list)

    def of(self, group: Group) -> tuple[int, int]:
        """How many changed in that way, and by how much together."""
        found = [change.more for change in self.changes if change.group == group]
        return len(found), sum(found)


async def difference(connection: asyncpg.Connection, run: Mapping[str, Any]) -> Difference:
    """Why a run's regular money is not that of the month before; `run`: its row.

    In the first month that was ever paid nothing is before: then no changes are named, all of it is new.
    """
    period = Period(run["period"])
    asked = (run["run_id"], period.plus(-1), period, run["programmes"], run["number"])
    rows = await connection.fetch(CHANGES, *asked)
    changed = [row for row in rows if row["beneficiary_id"]]
    pausing = await _suspended(connection, changed, period)
    sums = {name: sum(row[name] for row in rows) for name in SUMMED}
    return Difference(**sums, changes=[_change(row, pausing) for row in changed])


def _change(row: Mapping[str, Any], pausing: set[Pair]) -> Change:
    told = {item: row[item] for item in ("beneficiary_id", "programme", "name", "before", "now")}
    group: Group = "changed" if row["before"] and row["now"] else "joined" if row["now"] else "left"
    return Change(**told, group="suspended" if (row["beneficiary_id"], row["programme"]) in pausing else group)


async def _suspended(connection: asyncpg.Connection, rows: Iterable[Mapping[str, Any]], period: Period) -> set[Pair]:
    """The pairs that stand suspended in this month and had money, or did in the one before and have money again."""
    asked = {
        (row["beneficiary_id"], row["programme"]): row["now"] for row in rows if not (row["before"] and row["now"])
    }
    found = await connection.fetch(
        "select due.beneficiary_id, due.programme, data from due join unnest($1::text[], $2::text[])"
        " as wanted (beneficiary_id, programme) using (beneficiary_id, programme)",
        [person for person, _ in asked],
        [programme for _, programme in asked],
    )
    return {
        (row["beneficiary_id"], row["programme"])
        for row in found
        if due_for(
            DueChanged.model_validate_json(row["data"]),
            period.plus(-1) if asked[row["beneficiary_id"], row["programme"]] else period,
        ).suspended
    }


@dataclass(slots=True)
class Money:
    """A sent run's money of one method by status; `ordered`: what the frozen run holds of it."""

    ordered_number: int
    ordered: int
    by_status: dict[str, tuple[int, int]]

    @property
    def left(self) -> tuple[int, int]:
        """What no status accounts for, payments and đồng: nothing, or an đồng went astray."""
        numbers, amounts = zip(*self.by_status.values(), strict=True) if self.by_status else ((), ())
        return self.ordered_number - sum(numbers), self.ordered - sum(amounts)


async def money(connection: asyncpg.Connection, totals: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Money]]:
    """By run and method, from the runs' frozen totals and their payments as they stand."""
    found = {
        run_id: {
            method: Money(told["count"], told["amount"], {}) for method, told in sorted(frozen["by_method"].items())
        }
        for run_id, frozen in totals.items()
    }
    for row in await connection.fetch(STATUSES, list(totals)):
        # A method that the frozen run has nothing of: its money is one that nobody ordered.
        one = found[row["run_id"]].setdefault(row["method"], Money(0, 0, {}))
        one.by_status[row["status"]] = row["number"], row["amount"]
    return found

"""Conservation of money as people look at it: what the sent runs ordered, held against where it is now, run by run.

The orders are those that were frozen with the approval, the rest is counted payment by payment: they can differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg
import orjson

SENT = "select run_id, period, number, totals from runs where status = 'SENT' order by period desc, number desc"
NOW = """
select run_id, method, status, sum(amount)::bigint as amount from payments
where run_id in (select run_id from runs where status = 'SENT') group by run_id, method, status
"""
ARRIVED, CAME_BACK = ("SETTLED", "CASH_PAID"), ("REJECTED", "RETURNED", "CASH_UNCOLLECTED")
METHODS = ("ACCOUNT", "CASH")


@dataclass(slots=True)
class Balance:
    """Đồng of one method: what was ordered, and by where it is: `arrived` with people, `back`, still `open`."""

    ordered: int = 0
    arrived: int = 0
    back: int = 0
    open: int = 0

    @property
    def difference(self) -> int:
        return self.ordered - self.arrived - self.back - self.open

    def add(self, other: "Balance") -> None:
        self.ordered += other.ordered
        self.arrived += other.arrived
        self.back += other.back
        self.open += other.open


@dataclass(frozen=True, slots=True)
class RunBalance:
    """A sent run's balances by method."""

    run_id: str
    period: str
    by_method: Mapping[str, Balance] = field(default_factory=lambda: {one: Balance() for one in METHODS})

    @property
    def difference(self) -> int:
        return sum(abs(one.difference) for one in self.by_method.values())


async def balances(connection: asyncpg.Connection) -> list[RunBalance]:
    """Every sent run, the newest first."""
    found = {}
    for row in await connection.fetch(SENT):
        one = found[row["run_id"]] = RunBalance(row["run_id"], row["period"])
        for method, told in orjson.loads(row["totals"])["by_method"].items():
            one.by_method[method].ordered = told["amount"]
    for row in await connection.fetch(NOW):
        _count(found[row["run_id"]].by_method[row["method"]], row["status"], row["amount"])
    return list(found.values())


def _count(balance: Balance, status: str, amount: int) -> None:
    if status in ARRIVED:
        balance.arrived += amount
    elif status in CAME_BACK:
        balance.back += amount
    else:
        balance.open += amount


def whole(runs: Sequence[RunBalance]) -> Mapping[str, Balance]:
    """The sums of all runs by method."""
    found = {method: Balance() for method in METHODS}
    for run in runs:
        for method, balance in run.by_method.items():
            found[method].add(balance)
    return found

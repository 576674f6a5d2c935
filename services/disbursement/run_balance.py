"""Conservation of money as people look at it: what the sent runs ordered, held against where it is now, run by run.

The orders are those that were frozen with the approval, the rest is counted payment by payment: they can differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import asyncpg
import orjson

from services.disbursement import run_account
from services.disbursement.run_account import Money

SENT = "select run_id, period, totals from runs where status = 'SENT' order by period desc, number desc"
ARRIVED, CAME_BACK = ("SETTLED", "CASH_PAID"), ("REJECTED", "RETURNED", "CASH_UNCOLLECTED")
METHODS = ("ACCOUNT", "CASH")


@dataclass(frozen=True, slots=True)
class Balance:
    """Đồng of one method: what was ordered, and by where it is: `arrived` with people, `back`, still `open`."""

    ordered: int = 0
    arrived: int = 0
    back: int = 0
    open: int = 0

    @classmethod
    def of(cls, money: Money) -> "Balance":
        amounts = {status: amount for status, (_, amount) in money.by_status.items()}
        arrived, back = (sum(amounts.pop(one, 0) for one in statuses) for statuses in (ARRIVED, CAME_BACK))
        return cls(money.ordered, arrived, back, sum(amounts.values()))

    @classmethod
    def sum_of(cls, several: Iterable["Balance"]) -> "Balance":
        every = list(several)
        return cls(*(sum(getattr(one, name) for one in every) for name in ("ordered", "arrived", "back", "open")))

    @property
    def difference(self) -> int:
        return self.ordered - self.arrived - self.back - self.open


@dataclass(frozen=True, slots=True)
class RunBalance:
    """A sent run's balances by method."""

    run_id: str
    period: str
    by_method: Mapping[str, Balance]

    @property
    def difference(self) -> int:
        return sum(abs(one.difference) for one in self.by_method.values())


async def balances(connection: asyncpg.Connection) -> list[RunBalance]:
    """Every sent run, the newest first."""
    rows = await connection.fetch(SENT)
    money = await run_account.money(connection, {row["run_id"]: orjson.loads(row["totals"]) for row in rows})
    return [RunBalance(row["run_id"], row["period"], _by_method(money[row["run_id"]])) for row in rows]


def _by_method(money: Mapping[str, Money]) -> dict[str, Balance]:
    return {method: Balance.of(money[method]) if method in money else Balance() for method in METHODS}


def whole(runs: Sequence[RunBalance]) -> Mapping[str, Balance]:
    """The sums of all runs by method."""
    return {method: Balance.sum_of(run.by_method[method] for run in runs) for method in METHODS}

"""The opening month and the one after it, with every kind of list row and of answer; both forms of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.sandbox import bank, changes, lists, papers, population, workbooks
from infra.sandbox.client import Client
from infra.sandbox.month import Month, Step
from infra.sandbox.population import Person
from services.kernel import clock
from services.kernel.period import Period
from services.reference import areas

REVIEWED_LATER = 0.05
DISTRICT = "278"


def district_in(period: Period) -> str:
    """The district's code in the month; where there is none any more, the province's."""
    if areas.find(DISTRICT, period):
        return DISTRICT
    former = areas.find(DISTRICT, population.OPENING)
    assert former  # noqa: S101 - narrows the type
    return former.parent


@dataclass(slots=True)
class TwoMonths:
    """The papers of both months, and the months as they are played; `took`: seconds of each."""

    people: Sequence[Person]
    period: Period
    seed: int
    folder: Path
    step: Step
    months: list[Month] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    async def play(self, client: Client, target: Path) -> None:
        """Both months, from the communes' workbooks to the printed forms in `target`."""
        opened = papers.opening(self.people, self.seed, self.period)
        files = workbooks.write(self.folder, opened.listed, self.period)
        sheets = lists.write(self.folder, opened.papers, self.period)
        day = self.period.first_day.replace(day=5)
        accounts = population.accounts(self.people, self.seed, day)
        later = changes.changes(self.people, opened, self.seed, self.period.plus(1))
        later_sheets = lists.write(self.folder, later.papers, self.period.plus(1))

        began = clock.monotonic()
        await self._first(self._month(client, 0), files, sheets, accounts, target)
        self.took.append(clock.monotonic() - began)
        began = clock.monotonic()
        await self._second(self._month(client, 1), later, later_sheets, accounts, target)
        self.took.append(clock.monotonic() - began)

    def _month(self, client: Client, number: int) -> Month:
        period = self.period.plus(number)
        self.months.append(Month(client, period, district_in(period), self.seed + number, self.step))
        return self.months[-1]

    async def _first(
        self,
        month: Month,
        files: Sequence[Path],
        sheets: Sequence[lists.Sheet],
        accounts: Sequence[dict[str, Any]],
        target: Path,
    ) -> None:
        await month.send_lists(files)
        await month.send_papers(sheets)
        await month.open_accounts(accounts)
        await month.review()
        await month.pay()
        await month.answer()
        await month.collect_cash()
        await month.print_forms(target)

    async def _second(
        self,
        month: Month,
        later: changes.Changes,
        sheets: Sequence[lists.Sheet],
        accounts: Sequence[dict[str, Any]],
        target: Path,
    ) -> None:
        before = self.months[0]
        await month.send_papers(sheets)
        await month.open_accounts(await self._accounts_after(before, later, accounts))
        await month.confirm_names()
        await month.review(REVIEWED_LATER)
        await month.pay()
        await month.answer(before.run_id)
        await month.collect_cash()
        await month.print_forms(target)

    async def _accounts_after(
        self, before: Month, later: changes.Changes, accounts: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """What the bank tells in the second month: closed and opened anew, under other names, for who is new."""
        day = self.period.plus(1).first_day.replace(day=4)
        wanting = [*later.newcomers, *later.wanting_account, *later.heirs]
        numbers = {row["account_number"] for row in accounts}
        return [
            *bank.reopened(await before.failed_payments(), accounts, self.seed, day),
            *bank.misnamed(self.people, accounts, self.seed, day),
            *population.accounts(wanting, self.seed + 1, day, numbers),
        ]

"""One month of the plan, played by its people through the public interfaces: lists in → money out → forms."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from infra.sandbox import bank
from infra.sandbox.client import Client, few_at_once
from infra.sandbox.lists import Office, Sheet
from infra.sandbox.papers import Paper
from services.kernel import clock
from services.kernel.period import Period
from services.reference import areas

OFFICER, APPROVER, COMMUNE, BANK, AUDITOR = (
    "district-officer",
    "district-approver",
    "commune-officer",
    "bank",
    "auditor",
)
ROWS_PER_CALL = 5_000
REVIEWED_SHARE = 0.6
COLLECTED_SHARE = 0.9
PRINTS = ("xlsx", "pdf")
FORMS = ("form-1", "form-2")
Step = Callable[[str], None]


@dataclass(slots=True)
class Month:
    """The month's people and papers; each method is one step of `domain.md`'s month, on its day."""

    client: Client
    period: Period
    district: str
    seed: int
    step: Step
    run_id: str = ""
    outcomes: Counter[str] = field(default_factory=Counter)

    def day(self, number: int) -> date:
        """Makes it that day of the period for the services in this process."""
        day = self.period.first_day.replace(day=number)
        clock.set_today(day)
        return day

    async def send_lists(self, files: Sequence[Path]) -> None:
        """Each commune uploads its opening workbook and submits it; the office approves."""
        await self._send([Sheet(Paper(file.stem.split("-")[1]), file) for file in files], 2, "Số liệu mở sổ")

    async def send_papers(self, sheets: Sequence[Sheet]) -> None:
        """The communes' other lists: those in time, and those of after the 4th."""
        for is_late, day in ((False, 4), (True, 6)):
            part = [sheet for sheet in sheets if sheet.paper.is_late == is_late]
            await self._send(part, day, "Đã đối chiếu hồ sơ")

    async def _send(self, sheets: Sequence[Sheet], day: int, reason: str) -> None:
        office = Office(self.client, self.period, self.step)
        self.day(day)
        ids = await office.hand_in(sheets)
        self.day(max(day, 4))
        await office.approve(ids, sheets, reason)

    async def open_accounts(self, rows: Sequence[dict[str, Any]]) -> None:
        """The bank tells which accounts it opened."""
        self.day(6)
        await self.client.quiet()

        async def one(part: Sequence[dict[str, Any]]) -> None:
            self._count((await self.client.post("/onboarding/account-results", BANK, body=part))["results"])
            self.step(f"Tài khoản: {len(part)} dòng")

        await few_at_once(one(rows[begin : begin + ROWS_PER_CALL]) for begin in range(0, len(rows), ROWS_PER_CALL))

    async def confirm_names(self) -> None:
        """The office looks at the accounts under another name and lets all but the first be paid to."""
        query = {"status": "NAME_DIFFERS"}
        held = [account["account_id"] async for account in self.client.items("/onboarding/accounts", AUDITOR, **query)]
        for account_id in held[1:]:
            body = {"reason": "Đã đối chiếu giấy tờ, đúng người"}
            await self.client.post(f"/onboarding/accounts/{account_id}/confirm", OFFICER, body=body)

    async def review(self, share: float = REVIEWED_SHARE) -> dict[str, list[str]]:
        """The communes look into some of their people; answers whom, by commune."""
        day = self.day(7)
        rng = random.Random(self.seed)  # noqa: S311 - made-up choice
        reviewed: dict[str, list[str]] = {}
        async for person in self.client.items("/registry/beneficiaries", AUDITOR, period=self.period):
            if rng.random() < share:
                reviewed.setdefault(person["commune"], []).append(person["beneficiary_id"])

        async def one(commune: str, people: list[str]) -> None:
            body = {"reviewed_on": day.isoformat(), "commune": commune, "beneficiary_ids": people}
            await self.client.post("/registry/reviews", COMMUNE, commune, body=body)
            self.step(f"Rà soát {commune}: {len(people)} người")

        await few_at_once(one(commune, people) for commune, people in sorted(reviewed.items()))
        return reviewed

    async def pay(self) -> None:
        """The office closes the roll and prepares the run; a second person approves and sends it."""
        self.day(8)
        await self.client.post(f"/registry/rolls/{self.period}/close", OFFICER)
        self.step("Khóa sổ, chờ đối chiếu")
        await self.client.quiet()
        body = {"period": self.period, "programmes": ["BTXH", "NCC", "KHAC"]}
        run = await self.client.post("/disbursement/runs", OFFICER, body=body)
        self.run_id = run["id"]
        self.step(f"Lập đợt chi trả: {run['totals']['count']} khoản, {run['totals']['amount']} đồng")
        await self.client.post(f"/disbursement/runs/{self.run_id}/approve", APPROVER)
        self.day(9)
        await self.client.post(f"/disbursement/runs/{self.run_id}/send", APPROVER)
        self.step("Đã gửi ngân hàng và các xã")

    async def answer(self, run_before: str | None = None) -> None:
        """The bank answers, says part of it twice and some wrongly, and later gives some money back.

        Of the run of the month before some money comes back now.
        """
        value_date, returned_on = self.day(10), self.period.first_day.replace(day=20)
        sent = await self._payments(self.run_id, "INSTRUCTED")
        answers = bank.answer(sent, self.seed, value_date, returned_on)
        await self._say(answers.wrong)
        await self._say(answers.first)
        await self._say(answers.first[: len(answers.first) // 20])
        if run_before:
            settled = await self._payments(run_before, "SETTLED")
            await self._say(bank.returned_late(settled, self.seed, value_date))
        self.day(20)
        await self._say(answers.returned)

    async def _payments(self, run_id: str, status: str) -> list[dict[str, Any]]:
        query = {"run": run_id, "status": status}
        return [one async for one in self.client.items("/disbursement/payments", BANK, **query)]

    async def failed_payments(self) -> list[dict[str, Any]]:
        """What the bank could not pay, or gave back."""
        return [one for status in ("REJECTED", "RETURNED") for one in await self._payments(self.run_id, status)]

    async def _say(self, rows: Sequence[dict[str, Any]]) -> None:
        for begin in range(0, len(rows), ROWS_PER_CALL):
            part = rows[begin : begin + ROWS_PER_CALL]
            self._count((await self.client.post("/disbursement/bank-results", BANK, body=part))["results"])
            self.step(f"Ngân hàng trả lời: {len(part)} khoản")

    def _count(self, results: Sequence[dict[str, Any]]) -> None:
        self.outcomes.update(one["outcome"] for one in results)

    async def collect_cash(self) -> None:
        """The communes tell who collected their cash."""
        day = self.day(25)
        rng = random.Random(self.seed)  # noqa: S311 - made-up choice
        rows: dict[str, list[dict[str, Any]]] = {}
        query = {"run": self.run_id, "status": "CASH_LISTED"}
        async for payment in self.client.items("/disbursement/payments", AUDITOR, **query):
            collected = rng.random() < COLLECTED_SHARE
            said = {"collected_on": day.isoformat()} if collected else {"uncollected": True}
            rows.setdefault(payment["commune"], []).append({"payment_id": payment["payment_id"]} | said)

        async def one(commune: str, results: list[dict[str, Any]]) -> None:
            path = f"/disbursement/runs/{self.run_id}/cash-results"
            self._count((await self.client.post(path, COMMUNE, commune, body=results))["results"])
            self.step(f"Tiền mặt {commune}: {len(results)} người")

        await few_at_once(one(commune, results) for commune, results in sorted(rows.items()))

    async def print_forms(self, target: Path) -> None:
        """Both forms of the district and its communes, as XLSX and PDF."""
        clock.set_today(self.period.plus(1).first_day)
        await self.client.quiet()
        target.mkdir(parents=True, exist_ok=True)

        async def one(form: str, area: str, suffix: str) -> None:
            query = {"period": self.period, "area": area}
            response = await self.client.call("GET", f"/reporting/forms/{form}.{suffix}", AUDITOR, params=query)
            name = f"{form}-{area}-{self.period}.{suffix}"
            await asyncio.to_thread((target / name).write_bytes, response.content)
            self.step(f"In {name}")

        everywhere = [self.district, *areas.communes(self.district, self.period)]
        await few_at_once(one(form, area, suffix) for area in everywhere for form in FORMS for suffix in PRINTS)

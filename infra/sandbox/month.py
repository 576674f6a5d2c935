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
from infra.sandbox.client import Client
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
AT_ONCE = 4
REVIEWED_SHARE = 0.6
COLLECTED_SHARE = 0.9
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

    async def play(self, files: Sequence[Path], accounts: Sequence[dict[str, Any]], target: Path) -> None:
        """The whole month, from the communes' workbooks to the printed forms."""
        await self.send_lists(files)
        await self.open_accounts(accounts)
        await self.review()
        await self.pay()
        await self.answer()
        await self.collect_cash()
        await self.print_forms(target)

    def day(self, number: int) -> date:
        """Makes it that day of the period for the services in this process."""
        day = self.period.first_day.replace(day=number)
        clock.set_today(day)
        return day

    async def send_lists(self, files: Sequence[Path]) -> None:
        """Each commune uploads its workbook and submits it; the office approves."""
        self.day(2)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(file: Path) -> str:
            async with gate:
                commune = file.stem.split("-")[1]
                sent = (file.name, await asyncio.to_thread(file.read_bytes))
                fields = {"commune": commune, "period": self.period}
                draft = await self.client.upload("/registry/change-lists", COMMUNE, commune, sent, fields)
                if draft["errors"]:
                    raise ValueError(f"{file.name}: {draft['errors'][:3]}")
                await self.client.post(f"/registry/change-lists/{draft['id']}/submit", COMMUNE, commune)
                self.step(f"Danh sách {commune}: {len(draft['rows'])} dòng")
                return str(draft["id"])

        lists = await asyncio.gather(*(one(file) for file in files))
        self.day(4)
        for number, list_id in enumerate(lists, 1):
            body = {"accept_warnings": True, "reason": "Số liệu mở sổ"}
            await self.client.post(f"/registry/change-lists/{list_id}/approve", OFFICER, body=body)
            self.step(f"Phê duyệt danh sách {number}/{len(lists)}")

    async def open_accounts(self, rows: Sequence[dict[str, Any]]) -> None:
        """The bank tells which accounts it opened."""
        self.day(6)
        await self.client.quiet()
        for begin in range(0, len(rows), ROWS_PER_CALL):
            answer = await self.client.post(
                "/onboarding/account-results", BANK, body=rows[begin : begin + ROWS_PER_CALL]
            )
            self._count(answer["results"])
            self.step(f"Tài khoản: {min(begin + ROWS_PER_CALL, len(rows))}/{len(rows)}")

    async def review(self) -> dict[str, list[str]]:
        """The communes look into some of their people; answers whom, by commune."""
        day = self.day(7)
        rng = random.Random(self.seed)  # noqa: S311 - made-up choice
        reviewed: dict[str, list[str]] = {}
        async for person in self.client.items("/registry/beneficiaries", AUDITOR, period=self.period):
            if rng.random() < REVIEWED_SHARE:
                reviewed.setdefault(person["commune"], []).append(person["beneficiary_id"])
        for commune, people in sorted(reviewed.items()):
            body = {"reviewed_on": day.isoformat(), "commune": commune, "beneficiary_ids": people}
            await self.client.post("/registry/reviews", COMMUNE, commune, body=body)
            self.step(f"Rà soát {commune}: {len(people)} người")
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

    async def answer(self) -> None:
        """The bank answers, says part of it twice, and later gives some money back."""
        sent = [one async for one in self.client.items("/disbursement/payments", BANK, run=self.run_id)]
        value_date, returned_on = self.day(10), self.period.first_day.replace(day=20)
        answers = bank.answer(
            [one for one in sent if one["status"] == "INSTRUCTED"], self.seed, value_date, returned_on
        )
        await self._say(answers.first)
        await self._say(answers.first[: len(answers.first) // 20])
        self.day(20)
        await self._say(answers.returned)

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
        for commune, results in sorted(rows.items()):
            path = f"/disbursement/runs/{self.run_id}/cash-results"
            self._count((await self.client.post(path, COMMUNE, commune, body=results))["results"])
            self.step(f"Tiền mặt {commune}: {len(results)} người")

    async def print_forms(self, target: Path) -> None:
        """Both forms of the district and its communes, as XLSX and PDF."""
        clock.set_today(self.period.plus(1).first_day)
        await self.client.quiet()
        target.mkdir(parents=True, exist_ok=True)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(form: str, area: str, suffix: str) -> None:
            async with gate:
                query = {"period": self.period, "area": area}
                response = await self.client.call("GET", f"/reporting/forms/{form}.{suffix}", AUDITOR, params=query)
                name = f"{form}-{area}-{self.period}.{suffix}"
                await asyncio.to_thread((target / name).write_bytes, response.content)
                self.step(f"In {name}")

        everywhere = [self.district, *areas.communes(self.district, self.period)]
        await asyncio.gather(
            *(one(form, area, suffix) for area in everywhere for form in FORMS for suffix in ("xlsx", "pdf"))
        )

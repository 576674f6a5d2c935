"""`ansinh up`, killed with -9 in five places and started again each time, ends in the same forms as without."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.sandbox import population, workbooks
from infra.sandbox.client import SERVICES, Client
from services.kernel import clock
from services.kernel.period import Period
from services.portal.tokens import token_key
from services.reference import areas

PERIOD = Period("2023-11")
TODAY = "2023-11-28"
OFFICER, APPROVER, COMMUNE, BANK, AUDITOR = (
    "district-officer",
    "district-approver",
    "commune-officer",
    "bank",
    "auditor",
)
START_SECONDS = 90
Step = Callable[[], Awaitable[Any]]


class System:
    """One `ansinh up` on one data folder, which can be killed and started again."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.client = Client(f"http://127.0.0.1:{self.port}", token_key(data))
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        command = [Path(sys.executable).with_name("ansinh"), "up", "--data", self.data, "--port", str(self.port)]
        with (self.data / "up.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *command, "--today", TODAY, stdout=log, stderr=log, start_new_session=True
            )
        async with asyncio.timeout(START_SECONDS):
            for name in SERVICES:
                while not await self._ready(name):
                    assert self.process.returncode is None, (self.data / "up.log").read_text()[-2000:]
                    await asyncio.sleep(0.1)

    async def _ready(self, name: str) -> bool:
        try:
            return (await self.client.http.get(f"/{name}/health/ready")).status_code == 200
        except httpx.TransportError:
            return False

    async def end(self, sign: int) -> None:
        assert self.process is not None
        os.kill(self.process.pid, sign)
        await self.process.wait()

    async def write(self, key: str, path: str, role: str, area: str | None = None, **more: Any) -> Any:
        """A write under a fixed key: said again after a kill, it has its effect once."""
        headers = {"Authorization": f"Bearer {self.client._token(role, area)}", "Idempotency-Key": key}
        response = await self.client.http.post(path, headers=headers, **more)
        assert response.is_success, f"{path}: {response.status_code} {response.text[:400]}"
        return response.json()


class Month:
    """The month in steps that can each be said again."""

    def __init__(self, system: System, files: list[Path], accounts: list[dict[str, str]]) -> None:
        self.system, self.files, self.accounts = system, files, accounts
        self.run_id = ""

    async def lists(self) -> None:
        for file in self.files:
            commune = file.stem.split("-")[1]
            form = {"files": {"file": (file.name, file.read_bytes())}, "data": {"commune": commune, "period": PERIOD}}
            draft = await self.system.write(f"upload-{commune}", "/registry/change-lists", COMMUNE, commune, **form)
            path = f"/registry/change-lists/{draft['id']}"
            await self.system.write(f"submit-{commune}", f"{path}/submit", COMMUNE, commune)
            body = {"allow_late": True, "accept_warnings": True, "reason": "Mở sổ"}
            await self.system.write(f"approve-{commune}", f"{path}/approve", OFFICER, json=body)

    async def bank_opens_accounts(self) -> None:
        await self.system.client.quiet()
        await self.system.write("accounts", "/onboarding/account-results", BANK, json=self.accounts)

    async def close(self) -> None:
        await self.system.write("close", f"/registry/rolls/{PERIOD}/close", OFFICER)

    async def prepare(self) -> None:
        await self.system.client.quiet()
        body = {"period": PERIOD, "programmes": ["BTXH", "NCC", "KHAC"]}
        self.run_id = (await self.system.write("prepare", "/disbursement/runs", OFFICER, json=body))["id"]

    async def send(self) -> None:
        await self.system.write("run-approve", f"/disbursement/runs/{self.run_id}/approve", APPROVER)
        await self.system.write("run-send", f"/disbursement/runs/{self.run_id}/send", APPROVER)

    async def bank_answers(self) -> None:
        people = {one["beneficiary_id"]: one["citizen_id"] async for one in self._items("/registry/beneficiaries")}
        answers: list[dict[str, Any]] = []
        async for payment in self._items("/disbursement/payments", run=self.run_id):
            if payment["method"] == "ACCOUNT":
                digit = people[payment["beneficiary_id"]][-1]
                result = "REJECTED" if digit == "7" else "SETTLED"
                row = {"end_to_end_id": payment["end_to_end_id"], "amount": payment["amount"], "result": result}
                answers.append(row | {"value_date": "2023-11-10", "bank_reference": "FT"})
        for number in range(4):
            await self.system.write(f"answers-{number}", "/disbursement/bank-results", BANK, json=answers[number::4])

    def _items(self, path: str, **query: Any) -> Any:
        return self.system.client.items(path, AUDITOR, **query)

    async def forms(self) -> dict[str, Any]:
        """`rows` and `dong` of both forms of every area."""
        await self.system.client.quiet()
        found = {}
        for area in ["278", *areas.communes("278", PERIOD)]:
            for form in ("form-1", "form-2"):
                shown = await self.system.client.get(f"/reporting/forms/{form}", AUDITOR, period=PERIOD, area=area)
                found[f"{form} {area}"] = shown["rows"], shown["dong"]
        return found


async def _with_kill(system: System, step: Step, after_seconds: float) -> None:
    """Begins a step, kills the system meanwhile (or right after it), starts it again and says the step again."""
    running = asyncio.ensure_future(step())
    await asyncio.wait([running], timeout=after_seconds)
    await system.end(signal.SIGKILL)
    await asyncio.wait([running])
    running.exception()
    await system.start()
    await step()


async def _play(folder: Path, files: list[Path], accounts: list[dict[str, str]], kill: bool) -> dict[str, Any]:
    folder.mkdir()
    system = System(folder)
    month = Month(system, files, accounts)
    await system.start()
    try:
        steps: list[tuple[Step, float | None]] = [
            (month.lists, 0.5),
            (month.bank_opens_accounts, None),
            (month.close, 0.02),
            (month.prepare, 0.15),
            (month.send, 5.0),
            (month.bank_answers, 0.3),
        ]
        for step, after_seconds in steps:
            if kill and after_seconds is not None:
                await _with_kill(system, step, after_seconds)
            else:
                await step()
        return await month.forms()
    finally:
        await system.end(signal.SIGTERM)
        await system.client.http.aclose()


@pytest.mark.timeout(400)
async def test_a_month_killed_in_five_places_ends_in_the_same_forms(tmp_path: Path) -> None:
    clock.set_today(date.fromisoformat(TODAY))
    made = population.make(300, 3, PERIOD)
    files = workbooks.write(tmp_path / "lists", made, PERIOD)
    accounts = population.accounts(made, 3, date(2023, 11, 5))
    undisturbed = await _play(tmp_path / "calm", files, accounts, kill=False)
    killed = await _play(tmp_path / "killed", files, accounts, kill=True)
    assert undisturbed["form-1 278"][0]["I"]["5"] > 200
    assert killed == undisturbed
    log = (tmp_path / "killed" / "up.log").read_text(encoding="utf-8")
    personal = {person.name for person in made} | {person.citizen_id for person in made if person.citizen_id}
    assert [word for word in personal if word in log] == []

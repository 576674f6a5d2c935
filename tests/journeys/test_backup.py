"""A month, a copy beside the running system, another month; then back to the copy on new servers, and on from there."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from infra.copied import MANIFEST, CopyRefused
from infra.restore import restore
from infra.sandbox import population, workbooks
from infra.sandbox.client import Client
from infra.sandbox.month import Month
from infra.stack import connect
from services.commands.migrate import FOLDERS
from services.host import hosted
from services.kernel.period import Period
from services.portal.tokens import token_key
from tests.integration.conftest import Played, ansinh
from tests.integration.kernel_probe import records

FIRST, SECOND = Period("2023-11"), Period("2023-12")
DISTRICT = "278"
# In both systems the first record of its partition, so at the same place: another answer all the same.
NAMELESS = {"end_to_end_id": "NOTPROVIDED", "result": "SETTLED", "amount": 150_000, "value_date": "2023-11-10"}
NO_ANSWER = b'{"end_to_end_id": "NOTPROVIDED", "result": "LOST"}'


@asynccontextmanager
async def _system(data: Path) -> AsyncIterator[Played]:
    connections = await asyncio.to_thread(connect, data, lambda _: None, environment={})
    try:
        key = token_key(data, {})
        async with hosted(connections, key) as base:
            client = Client(base, key)
            yield Played(data, connections, client)
            await client.http.aclose()
    finally:
        await asyncio.to_thread(connections.stop)


def _month(system: Played, period: Period) -> Month:
    return Month(system.client, period, DISTRICT, 5, lambda _: None)


async def _first(system: Played, folder: Path) -> Month:
    month = _month(system, FIRST)
    made = population.make(60, 5, FIRST)
    await month.send_lists(workbooks.write(folder, made, FIRST))
    await month.open_accounts(population.accounts(made, 5, FIRST.first_day.replace(day=5)))
    await month.review()
    await month.pay()
    await month.answer()
    await month.collect_cash()
    await _bank_writes(system, (0, json.dumps(NAMELESS).encode()), (1, NO_ANSWER))
    await system.client.quiet()
    return month


async def _second(system: Played, run_before: str) -> Month:
    month = _month(system, SECOND)
    await month.pay()
    await month.answer(run_before)
    await month.collect_cash()
    await system.client.quiet()
    return month


async def _bank_writes(system: Played, *records: tuple[int, bytes]) -> None:
    """Records to the bank's topic, each to its partition."""
    producer = AIOKafkaProducer(bootstrap_servers=system.connections.kafka_bootstrap)
    await producer.start()
    for partition, value in records:
        await producer.send_and_wait("bank.payment-results", value=value, partition=partition)
    await producer.stop()


async def _forms(system: Played, period: Period) -> list[Any]:
    query = {"period": period, "area": DISTRICT}
    found = [await system.client.get(f"/reporting/forms/{form}", "auditor", **query) for form in ("form-1", "form-2")]
    return [(form["rows"], form["dong"]) for form in found]


async def _all(system: Played, path: str, role: str = "auditor") -> list[Any]:
    return [one async for one in system.client.items(path, role)]


async def _planned(system: Played, month: Month) -> Any:
    """What a month's run pays, whatever the bank answers."""
    return (await system.client.get(f"/disbursement/runs/{month.run_id}", "auditor"))["totals"]


async def _kept(system: Played) -> int:
    """Đồng that went to accounts and stayed there, added up from the payments."""
    payments = await _all(system, "/disbursement/payments")
    return sum(payment["amount"] for payment in payments if payment["status"] == "SETTLED")


@pytest.mark.timeout(400)
async def test_back_to_the_copy_and_on(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    async with _system(tmp_path / "one") as system:
        month = await _first(system, tmp_path / "lists")
        added = await ansinh(system, "user", "add", "kiemtra.an", "--name", "Nguyễn Thị An", "--role", "auditor")
        assert added[0] == 0, added[1]
        forms = [await _forms(system, FIRST), await _forms(system, SECOND)]
        payments, accounts = await _all(system, "/disbursement/payments"), await _all(system, "/onboarding/accounts")
        status, said = await ansinh(system, "backup", str(copy))
        assert status == 0, said
        assert "Đã sao lưu" in said
        planned = await _planned(system, await _second(system, month.run_id))
        later = await _forms(system, SECOND)
        assert later != forms[1]
        assert (await ansinh(system, "restore", str(copy)))[0] == 1  # never over a system
        assert await _forms(system, SECOND) == later

    async with _restored(tmp_path / "two", copy) as system:
        await system.client.quiet()
        month.day(25)  # which it was when the copy was made
        assert [await _forms(system, FIRST), await _forms(system, SECOND)] == forms
        assert await _all(system, "/disbursement/payments") == payments
        assert await _all(system, "/onboarding/accounts") == accounts
        assert "Nguyễn Thị An" in (await ansinh(system, "user", "list"))[1]
        await _what_waited_waits_still(system)
        assert await _planned(system, await _second(system, month.run_id)) == planned
        status, said = await ansinh(system, "audit")
        assert status == 0, said
        assert (await ansinh(system, "rebuild", "reporting", "--compare"))[0] == 0
        form, _ = await _forms(system, SECOND)
        assert form[1]["III.2"]["4"] == await _kept(system)


@asynccontextmanager
async def _restored(data: Path, copy: Path) -> AsyncIterator[Played]:
    """A new system from the copy, after one whose last store was found wrong had left all of them empty."""
    connections = await asyncio.to_thread(connect, data, lambda _: None, environment={})
    try:
        bad = shutil.copytree(copy, copy.with_name("bad"))
        manifest = json.loads((bad / MANIFEST).read_text())
        manifest["stores"]["reporting"]["seal"] = "0" * 64
        (bad / MANIFEST).write_text(json.dumps(manifest))
        with pytest.raises(CopyRefused, match="reporting has another last seal"):
            await restore(bad, connections, FOLDERS, lambda _what, _done, _total: None)
        status, said = await ansinh(Played(data, connections, Client("", "")), "restore", str(copy))
        assert status == 0, said
        assert "Đã phục hồi" in said
        for service, store in manifest["stores"].items():
            if store["events"]:
                said_anew = await records(connections.kafka_bootstrap, f"{service}.events")
                assert len(said_anew) == store["events"]
    finally:
        await asyncio.to_thread(connections.stop)
    async with _system(data) as system:
        yield system


async def _what_waited_waits_still(system: Played) -> None:
    """The record that was put aside has no place any more; new ones at the old places are taken for what they are."""
    await _portal_hears_of(system, "dead-letters")
    (aside,) = await _all(system, "/disbursement/dead-letters", "admin")
    assert (aside["topic"], aside["partition"], aside["offset"]) == ("bank.payment-results", 1, -1)
    place = {key: aside[key] for key in ("topic", "partition", "offset")}
    again = await system.client.post("/disbursement/dead-letters/replay", "admin", body=place)
    assert [one["outcome"] for one in again["results"]] == ["refused"]
    unmatched = len(await _all(system, "/disbursement/open-answers"))
    await _bank_writes(system, (0, json.dumps(NAMELESS).encode()), (1, NO_ANSWER))
    await system.client.quiet()
    assert len(await _all(system, "/disbursement/dead-letters", "admin")) == 2
    assert len(await _all(system, "/disbursement/open-answers")) == unmatched + 1


async def _portal_hears_of(system: Played, kind: str) -> None:
    """Counts are said anew, though nothing changed since they were said to the portal that was."""
    connection = await asyncpg.connect(system.connections.owner_dsn["portal"])
    try:
        async with asyncio.timeout(30):
            while not await connection.fetchval("select exists (select from tasks where kind = $1)", kind):
                await asyncio.sleep(0.1)
    finally:
        await connection.close()

"""A small month, played once on servers of its own and left running: what operators' commands are tried on."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.sandbox import population, workbooks
from infra.sandbox.client import Client
from infra.sandbox.month import Month
from infra.stack import Connections, connect
from services.host import hosted
from services.kernel import clock
from services.kernel.period import Period
from services.portal.tokens import token_key

PEOPLE = 60
PERIOD = Period("2023-11")


@dataclass(frozen=True, slots=True)
class Played:
    """A running system after its month: the data folder, its servers, and a caller."""

    data: Path
    connections: Connections
    client: Client


@pytest.fixture(scope="session")
async def played(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    """From lists to bank answers and cash; everything is sent and read when a test begins."""
    folder = tmp_path_factory.mktemp("played")
    data = folder / "data"
    connections = await asyncio.to_thread(connect, data, lambda _: None, environment={})
    try:
        key = token_key(data, {})
        async with hosted(connections, key) as base:
            month = Month(Client(base, key), PERIOD, "278", 5, lambda _: None)
            made = population.make(PEOPLE, 5, PERIOD)
            await month.send_lists(workbooks.write(folder / "lists", made, PERIOD))
            await month.open_accounts(population.accounts(made, 5, PERIOD.first_day.replace(day=5)))
            await month.review()
            await month.pay()
            await month.answer()
            await month.collect_cash()
            await month.client.quiet()
            clock.set_today(None)
            yield Played(data, connections, month.client)
            await month.client.http.aclose()
    finally:
        await asyncio.to_thread(connections.stop)


async def ansinh(played: Played, *words: str) -> tuple[int, str]:
    """Runs the command on the data beside the running system: its exit status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("ansinh"),
        *words,
        "--data",
        played.data,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()

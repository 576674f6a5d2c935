"""A month through the services of infra/compose.yaml, each in a process of its own, as a server runs them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import pytest

from infra.sandbox import bank, population, workbooks
from infra.sandbox.client import SERVICES, Client
from infra.sandbox.month import AUDITOR, Month
from infra.sandbox.population import Person
from services.kernel import clock
from services.kernel.period import Period
from services.reference import areas
from tests.journeys.composed import BROWSER, Composed

PERIOD, PEOPLE, SEED = Period("2023-11"), 300, 11
TODAY = date(2023, 11, 4)
SITE = "https://an-sinh.example"


class OneDay(Month):
    """The month in one day: the services' day stands in their environment and cannot be moved from here."""

    answers: bank.Answers

    def day(self, number: int) -> date:
        return TODAY

    async def answer(self, run_before: str | None = None) -> None:
        self.answers = bank.answer(await self._payments(self.run_id, "INSTRUCTED"), self.seed, TODAY, TODAY)
        for rows in (self.answers.wrong, self.answers.first, self.answers.first[:10], self.answers.returned):
            await self._say(rows)


@dataclass
class Played:
    composed: Composed
    client: Client
    people: list[Person]
    month: OneDay
    first_password: str


@pytest.fixture(scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> AsyncIterator[Played]:
    folder = tmp_path_factory.mktemp("composed")
    composed = Composed(repository, folder, TODAY.isoformat())
    clock.set_today(TODAY)
    with composed.up():
        client = Client(SITE, composed.token_key)
        client.http = httpx.AsyncClient(base_url=SITE, transport=composed.proxy(), timeout=60)
        made = population.make(PEOPLE, SEED, PERIOD)
        month = OneDay(client, PERIOD, "278", SEED, lambda _: None)
        await month.send_lists(workbooks.write(folder / "lists", made, PERIOD))
        await month.open_accounts(population.accounts(made, SEED, TODAY))
        await month.review()
        await month.pay()
        await month.answer()
        await month.collect_cash()
        await client.quiet()
        words = ("user", "add", "quantri", "--name", "Lý Văn Tài", "--role", "admin")
        told = composed.run("operator", *words).split()
        yield Played(composed, client, made, month, told[told.index("quantri") + 1])
        await client.http.aclose()


async def test_the_roll_and_the_form_are_what_the_papers_and_the_bank_say(played: Played) -> None:
    roll = await played.client.get(f"/registry/rolls/{PERIOD}", AUDITOR)
    people = sum(one["people"] for programmes in roll["totals"].values() for one in programmes.values())
    assert people == len({(one.citizen_id or one, right.programme) for one in played.people for right in one.rights})
    said = played.month.answers
    settled = sum(one["amount"] for one in said.first if one["result"] == "SETTLED")
    returned = sum(one["amount"] for one in said.returned)
    query = {"period": PERIOD}
    district = await played.client.get("/reporting/forms/form-1", AUDITOR, area="278", **query)
    assert district["dong"]["III.2"]["4"] == settled - returned > returned > 0
    communes = [
        (await played.client.get("/reporting/forms/form-1", AUDITOR, area=one, **query))["dong"]["III.2"]["4"]
        for one in areas.communes("278", PERIOD)
    ]
    assert sum(communes) == settled - returned


async def test_the_operators_container_finds_every_store_whole_and_no_dong_missing(played: Played) -> None:
    assert "reconciled" in played.composed.run("operator", "audit")


async def test_the_operators_container_copies_every_store(played: Played, tmp_path: Path) -> None:
    played.composed.run("operator", "backup", str(tmp_path / "copy"))
    copied = " ".join(str(file.relative_to(tmp_path)) for file in (tmp_path / "copy").rglob("*"))
    for service in (*SERVICES, "portal"):
        assert service in copied


async def test_metrics_are_read_from_inside_only(played: Played) -> None:
    for service in SERVICES:
        assert (await played.client.http.get(f"/{service}/metrics")).status_code == 404
        inside = httpx.get(f"http://127.0.0.1:{played.composed.ports[service]}/{service}/metrics").text
        assert f'ansinh_dead_letters{{service="{service}"}} 0.0' in inside


async def test_the_first_administrator_signs_in_with_cookies_for_tls_only_and_a_recorded_address(
    played: Played,
) -> None:
    typed = {"login": "quantri", "password": played.first_password, "ve": "/"}
    answer = await played.client.http.post("/dang-nhap", data=typed, headers={"origin": SITE})
    assert answer.status_code == 303
    assert "secure" in answer.headers["set-cookie"].lower()
    tries = await played.client.get("/portal/sign-ins", AUDITOR)
    assert [one["address"] for one in tries["items"]] == [BROWSER]


async def test_no_service_complained(played: Played) -> None:
    for service in SERVICES:
        lines = [line for line in played.composed.log(service).splitlines() if '"level": "error"' in line]
        assert lines == []
        assert "Traceback" not in played.composed.log(service)

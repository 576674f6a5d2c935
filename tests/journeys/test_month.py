"""Two months over HTTP on the real stack: every payment and every cell of both forms against a clerk's recount."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from infra.sandbox import changes, papers, population
from infra.sandbox.month import AUDITOR, COMMUNE
from infra.sandbox.population import Person
from infra.sandbox.two_months import TwoMonths
from infra.stack import Connections
from services.kernel.period import Period
from services.reference import areas
from tests.examples.fresh import systems
from tests.journeys import recount
from tests.journeys.office import Desk, Recorder

PERIOD, SECOND, LATER = Period("2023-11"), Period("2023-12"), Period("2024-01")
PEOPLE, SEED = 400, 7
MONTHS = (
    recount.Month("2023-11", "2023-11-30", "2023-10"),
    recount.Month("2023-12", "2023-12-31", "2023-11"),
)


@dataclass
class Played:
    """Both months as they were played, and the clerk's desk with the same papers."""

    people: list[Person]
    story: TwoMonths
    client: Recorder
    desk: Desk
    paid: dict[tuple[str, str, str], recount.Paid]
    shown: dict[tuple[str, str, str], Any]
    folder: Path


@pytest.fixture(scope="module")
async def base(stack: Connections) -> AsyncIterator[tuple[str, str]]:
    async with systems(stack) as shared:
        await shared.fresh()
        yield shared.base, shared.key


@pytest.fixture(scope="module")
async def played(base: tuple[str, str], tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Played:
    """The months played once; the tests look at what came of them."""
    folder = tmp_path_factory.mktemp("months")
    made = population.make(PEOPLE, SEED, PERIOD)
    client = Recorder(*base)
    story = TwoMonths(made, PERIOD, SEED, folder / "lists", lambda _: None)
    await story.play(client, folder / "forms")
    people = {
        one["beneficiary_id"]: one async for one in client.items("/registry/beneficiaries", AUDITOR, period=SECOND)
    }
    confirmed = {path.split("/")[3] for _, path, _ in client.posted if path.endswith("/confirm")}
    accounts = [one async for one in client.items("/onboarding/accounts", AUDITOR)]
    numbers = {one["account_number"] for one in accounts if one["account_id"] in confirmed}
    desk = Desk(repository / "services/registry/data", client, people, numbers)
    shown: dict[tuple[str, str, str], Any] = {}
    paid: dict[tuple[str, str, str], recount.Paid] = {}
    opened = papers.opening(made, SEED, PERIOD)
    later = changes.changes(made, opened, SEED, SECOND)
    for month, run, of_month, after, due in (
        (PERIOD, story.months[0].run_id, opened.papers, SECOND, [PERIOD]),
        (SECOND, story.months[1].run_id, later.papers, LATER, [PERIOD, SECOND]),
    ):
        desk.lists(folder / "lists", of_month, month, after)
        desk.accounts(month)
        counted = desk.run(month, due)
        references: dict[str, recount.Paid] = {}
        async for one in client.items("/disbursement/payments", AUDITOR, run=run):
            person = desk.whose(one)
            key = month, one["beneficiary_id"], one["programme"]
            shown[key] = one
            if found := counted.pop((id(person), one["programme"]), None):
                paid[key] = references[one["payment_id"]] = references[one["end_to_end_id"]] = found
        paid |= {(month, str(person), programme): one for (person, programme), one in counted.items()}
        desk.references |= references
        desk.answers(month)
    for month in (PERIOD, SECOND):
        desk.reviews(month)
    return Played(made, story, client, desk, paid, shown, folder)


async def test_every_payment_of_both_runs_is_as_the_clerk_would_pay_it(played: Played) -> None:
    assert len(played.paid) > 2 * PEOPLE * 0.9
    found = {
        key: (one["commune"], one["amount"], one["method"], one["account_number"]) for key, one in played.shown.items()
    }
    assert found == {
        key: (
            one.commune,
            one.amount,
            "ACCOUNT" if one.account else "CASH",
            one.account.number if one.account else None,
        )
        for key, one in played.paid.items()
    }


async def test_every_cell_of_both_forms_of_every_area_is_as_counted_by_hand(played: Played) -> None:
    everybody = list(played.desk.pages.values())
    communes = areas.communes("278", PERIOD)
    for month in MONTHS:
        for area in ["278", *communes]:
            here = communes if area == "278" else [area]
            cells, dong = recount.form_1(everybody, month, here)
            query = {"period": month.period, "area": area}
            shown = await played.client.get("/reporting/forms/form-1", AUDITOR, **query)
            assert shown["dong"]["III.2"] == dong, query
            assert shown["rows"] == cells, query
            shown = await played.client.get("/reporting/forms/form-2", AUDITOR, **query)
            assert shown["rows"] == recount.form_2(everybody, month, here), query


async def test_the_second_month_has_every_kind_of_money(played: Played) -> None:
    second = [one for (month, _, _), one in played.shown.items() if month == SECOND]
    purposes = {line["purpose"] for one in second for line in one["lines"]}
    assert purposes == {"REGULAR", "ARREARS", "REPEAT", "RECOVERY", "FUNERAL"}
    statuses = {one["status"] for one in played.shown.values()}
    assert {"SETTLED", "REJECTED", "RETURNED", "CASH_PAID", "CASH_UNCOLLECTED"} <= statuses
    outcomes = set().union(*(month.outcomes for month in played.story.months))
    assert {"applied", "repeated", "conflict", "unmatched", "accepted", "name-differs"} <= outcomes


async def test_a_commune_officer_sees_the_own_form_and_no_neighbours(played: Played) -> None:
    client = played.client
    assert (await client.get("/reporting/forms/form-1", COMMUNE, "10114", period=PERIOD, area="10114"))["rows"]
    response = await client.http.get(
        "/reporting/forms/form-1",
        params={"period": PERIOD, "area": "10126"},
        headers={"Authorization": f"Bearer {client._token(COMMUNE, '10114')}"},
    )
    assert response.status_code == 403


async def test_the_printed_forms_of_all_areas_and_both_months_are_there(played: Played) -> None:
    names = {file.name for file in (played.folder / "forms").iterdir()}
    assert len(names) == 2 * 22 * 4
    assert {"form-1-278-2023-11.pdf", "form-2-10180-2023-12.xlsx"} <= names


async def test_nothing_personal_reached_reporting_or_a_dead_letters_reason(played: Played, stack: Connections) -> None:
    pages = played.desk.pages.values()
    secrets = {page.person.name for page in pages} | {
        page.person.citizen_id for page in pages if page.person.citizen_id
    }
    secrets |= {account.number for page in pages for account in page.accounts}
    connection = await asyncpg.connect(stack.owner_dsn["reporting"])
    tables = await connection.fetch("select table_name from information_schema.tables where table_schema = 'reporting'")
    texts = [
        row["text"]
        for table in tables
        for row in await connection.fetch(f'select t::text as text from reporting."{table["table_name"]}" t')
    ]
    await connection.close()
    assert len(texts) > PEOPLE
    found = {word for text in texts for word in re.split(r"[^\w ]", text) if word in secrets}
    assert found == set()

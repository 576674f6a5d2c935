"""The month over HTTP on the real stack: every cell of both forms against a recount from the input files."""

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from infra.sandbox import population, workbooks
from infra.sandbox.client import Client
from infra.sandbox.month import AUDITOR, BANK, COMMUNE, Month
from infra.stack import Connections
from services.host import hosted
from services.kernel.period import Period
from services.kernel.web.auth import new_key
from services.reference import areas
from tests.journeys import recount

PERIOD = Period("2023-11")
PEOPLE = 400
# What the bank says is a rule of the last digit of the citizen id, so that the recount can follow it.
REJECTED, RETURNED, SILENT = "7", "3", "9"


def _reviewed(citizen_id: str | None) -> bool:
    return citizen_id is not None and citizen_id[-1] in "02468"


@pytest.fixture(scope="module")
async def base(stack: Connections) -> AsyncIterator[tuple[str, str]]:
    key = new_key()
    async with hosted(stack, key) as address:
        yield address, key


@pytest.fixture(scope="module")
async def played(
    base: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Month, list[Path], list[dict[str, str]], Path]:
    """The month played once; the tests look at what came of it."""
    folder = tmp_path_factory.mktemp("month")
    made = population.make(PEOPLE, 7, PERIOD)
    files = workbooks.write(folder / "lists", made, PERIOD)
    accounts = population.accounts(made, 7, date(2023, 11, 5))
    month = Month(Client(*base), PERIOD, "278", 7, lambda _: None)
    await month.send_lists(files)
    await month.open_accounts(accounts)
    ids = await _review(month)
    await month.pay()
    await _answer(month, ids)
    await month.collect_cash()
    await month.print_forms(folder / "forms")
    return month, files, accounts, folder / "forms"


async def _review(month: Month) -> dict[str, str]:
    """Reviews by the rule; answers the citizen id of each beneficiary id."""
    day = month.day(7)
    ids: dict[str, str] = {}
    reviewed: dict[str, list[str]] = {}
    async for person in month.client.items("/registry/beneficiaries", AUDITOR, period=PERIOD):
        ids[person["beneficiary_id"]] = person["citizen_id"]
        if _reviewed(person["citizen_id"]):
            reviewed.setdefault(person["commune"], []).append(person["beneficiary_id"])
    for commune, people in reviewed.items():
        body = {"reviewed_on": day.isoformat(), "commune": commune, "beneficiary_ids": people}
        results = (await month.client.post("/registry/reviews", COMMUNE, commune, body=body))["results"]
        assert {one["outcome"] for one in results} == {"recorded"}
    return ids


async def _answer(month: Month, ids: dict[str, str]) -> None:
    month.day(20)
    first: list[dict[str, Any]] = []
    later: list[dict[str, Any]] = []
    async for payment in month.client.items("/disbursement/payments", AUDITOR, run=month.run_id):
        if payment["status"] != "INSTRUCTED":
            continue
        digit = ids[payment["beneficiary_id"]][-1]
        said = {"end_to_end_id": payment["end_to_end_id"], "amount": payment["amount"], "bank_reference": "FT1"}
        if digit == REJECTED:
            first.append(said | {"result": "REJECTED", "value_date": "2023-11-10", "reason": "Tài khoản đã đóng"})
        elif digit != SILENT:
            first.append(said | {"result": "SETTLED", "value_date": "2023-11-10"})
        if digit == RETURNED:
            later.append(said | {"result": "RETURNED", "value_date": "2023-11-18"})
    for rows, outcome in ((later, "waiting"), (first, "applied"), (first, "repeated"), (later, "repeated")):
        results = (await month.client.post("/disbursement/bank-results", BANK, body=rows))["results"]
        assert {one["outcome"] for one in results} == {outcome}


def _papers(accounts: list[dict[str, str]]) -> recount.Papers:
    return recount.Papers(
        reviewed=lambda pair: pair.person.isdigit() and _reviewed(pair.person),
        opened_on={row["citizen_id"]: row["opened_on"] for row in accounts},
        kept=lambda pair: pair.person[-1] not in (REJECTED, RETURNED, SILENT),
    )


async def test_every_cell_of_both_forms_of_every_area_is_as_counted_by_hand(
    played: tuple[Month, list[Path], list[dict[str, str]], Path], repository: Path
) -> None:
    month, files, accounts, _ = played
    pairs = recount.read_pairs(files, repository / "services/registry/data")
    papers = _papers(accounts)
    assert len({pair.person for pair in pairs}) == PEOPLE
    for area in ["278", *areas.communes("278", PERIOD)]:
        here = [pair for pair in pairs if area in (pair.commune, "278")]
        cells, dong = recount.form_1(here, papers)
        shown = await month.client.get("/reporting/forms/form-1", AUDITOR, period=PERIOD, area=area)
        assert shown["dong"]["III.2"] == dong, area
        assert shown["rows"] == cells, area
        shown = await month.client.get("/reporting/forms/form-2", AUDITOR, period=PERIOD, area=area)
        assert shown["rows"] == recount.form_2(here, papers), area


async def test_a_commune_officer_sees_the_own_form_and_no_neighbours(
    played: tuple[Month, list[Path], list[dict[str, str]], Path],
) -> None:
    client = played[0].client
    assert (await client.get("/reporting/forms/form-1", COMMUNE, "10114", period=PERIOD, area="10114"))["rows"]
    response = await client.http.get(
        "/reporting/forms/form-1",
        params={"period": PERIOD, "area": "10126"},
        headers={"Authorization": f"Bearer {client._token(COMMUNE, '10114')}"},
    )
    assert response.status_code == 403


async def test_the_printed_forms_of_all_areas_are_there(
    played: tuple[Month, list[Path], list[dict[str, str]], Path],
) -> None:
    names = {file.name for file in played[3].iterdir()}
    assert len(names) == 22 * 4
    assert {"form-1-278-2023-11.pdf", "form-2-10180-2023-11.xlsx"} <= names


async def test_nothing_personal_reached_reporting_or_a_dead_letters_reason(
    played: tuple[Month, list[Path], list[dict[str, str]], Path], stack: Connections, repository: Path
) -> None:
    pairs = recount.read_pairs(played[1], repository / "services/registry/data")
    secrets = {pair.person for pair in pairs} | {row["account_number"] for row in played[2]}
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

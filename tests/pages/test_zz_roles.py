"""Every page and call × every role × own and foreign area, as `roles.csv` says: all of it tried.

Last in this folder by its name: what a role may do is done here, with empty hands. `yes` abroad is said of pages that
show a commune its own things whatever area is asked for, and of calls that find the request empty before anything else;
that nothing of another area is in the answers is the matter of the tests of each page.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from services.kernel import clock
from services.kernel.settings import KafkaSettings, ServiceSettings
from services.kernel.web.auth import new_key
from services.reference import access
from services.site import ADDRESSES
from tests.pages.conftest import MARK, TODAY, Office

TABLE = Path(__file__).parent / "roles.csv"
HOME, OTHER = "10114", "10132"
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8"))) if TABLE.exists() else []
FOREIGN = "commune-officer abroad"
# What a caller is told: refused, nothing there, or let in (whatever is then said of an empty request).
WORDS = {401: "nobody", 403: "no", 404: "nothing"}
# For everybody, signed in or not.
OPEN = re.compile(r"/(dang-nhap|huong-dan|giao-dien|tinh)\b|/(docs|openapi.json|asyncapi|metrics|health)\b")


def routes() -> Iterator[tuple[str, str]]:
    """Every address of the system with its method, as the applications have them."""
    for name, build in ADDRESSES.items():
        app = build(ServiceSettings(name, "", "", KafkaSettings(""), new_key()))
        for prefix, one in ((f"/{name}", app), ("", app.state.pages)):
            for route in _flat(one.routes):
                for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
                    yield method, prefix + route.path


def _flat(some: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    for route in some:
        if isinstance(route, APIRoute):
            yield route
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from _flat(router.routes)


def test_the_table_names_every_page_and_call() -> None:
    """A new address without a row is a hole that nobody looked into."""
    known = {(row["method"], row["address"]) for row in ROWS}
    found = {(method, address) for method, address in routes() if not OPEN.search(address)}
    assert known == found


@pytest.fixture(scope="package")
async def things(office: Office) -> dict[str, dict[str, str]]:
    """Ids of things at home and abroad, by the name that a route gives them."""
    # Made before the day of the office is set for the first test.
    clock.set_today(TODAY)
    client = office.client
    found: dict[str, dict[str, str]] = {"home": {}, "abroad": {}}
    for where, commune in (("home", HOME), ("abroad", OTHER)):
        people = [one async for one in client.items("/registry/beneficiaries", "auditor", commune=commune)]
        lists = [one async for one in client.items("/registry/change-lists", "auditor", commune=commune)]
        accounts = [one async for one in client.items("/onboarding/accounts", "auditor", commune=commune)]
        found[where] = {
            "beneficiary_id": people[0]["beneficiary_id"],
            "list_id": lists[0]["id"],
            "account_id": accounts[0]["account_id"],
            "commune": commune,
        }
    unknown = {"end_to_end_id": "KHONGAIBIET", "result": "SETTLED", "amount": 1_000, "value_date": "2024-01-02"}
    await client.post("/disbursement/bank-results", "bank", body=[unknown])
    answers = await client.get("/disbursement/open-answers", "auditor")
    for one in found.values():
        one |= {"run_id": office.runs[-1], "answer_id": answers["items"][0]["id"]}
    return found


def filled(address: str, ids: dict[str, str]) -> str:
    """The address with real ids, in the month and of the commune that are meant."""
    others = {
        "row": "2",
        "number": "2",
        "form_number": "1",
        "period": "2023-12",
        "form": "form-1",
        "suffix": "pdf",
        "key": "none",
    }
    path = re.sub(r"{(\w+)}", lambda match: ids.get(match[1]) or others.get(match[1], "none"), address)
    more = f"period=2023-12&commune={ids['commune']}&area={ids['commune']}&row=I&column=4&stream_id=none&form=form-1"
    return f"{path}?{more}"


async def told(office: Office, role: str, area: str | None, method: str, address: str) -> str:
    """What a role is told there."""
    browser = office.browser(role, area)
    headers = {"x-csrf-token": MARK}
    if method == "GET":
        answer = await browser.get(address, headers=headers)
    elif address.startswith(tuple(f"/{name}/" for name in ADDRESSES)):
        answer = await browser.request(method, address, headers=headers, json={})
    else:
        answer = await browser.request(method, address, data={"csrf": MARK})
    assert answer.status_code < 500, f"{method} {address} as {role}: {answer.status_code}"
    return WORDS.get(answer.status_code, "yes")


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['method']} {row['address']}" for row in ROWS])
async def test_each_role_is_let_in_or_refused_as_the_table_says(
    office: Office, things: dict[str, dict[str, str]], row: dict[str, str]
) -> None:
    at_home = filled(row["address"], things["home"])
    found = {
        role: await told(office, role, HOME if role == access.COMMUNE_OFFICER else None, row["method"], at_home)
        for role in access.ROLES
    }
    abroad = filled(row["address"], things["abroad"])
    found[FOREIGN] = await told(office, access.COMMUNE_OFFICER, HOME, row["method"], abroad)
    assert found == {name: row[name] for name in (*access.ROLES, FOREIGN)}

"""Who looked at whom: every call that shows persons keeps one row, readable by the auditor and without values."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request

from infra.sandbox.client import Refused
from infra.sandbox.month import AUDITOR
from infra.stack import Connections
from services.kernel.service import running
from services.kernel.web import looks
from services.kernel.web.auth import Caller, allowed, issue, new_key, private_key
from services.kernel.web.service_app import service_app
from tests.integration.conftest import PERIOD, Played
from tests.integration.kernel_probe import TYPES, append, settings

ROW = {"at", "person", "role", "what", "route", "area", "subjects", "count"}


async def _looks(played: Played, service: str, **asked: Any) -> list[dict[str, Any]]:
    path = f"/{service}/looks"
    return [one async for one in played.client.items(path, AUDITOR, **asked)]


async def test_each_call_that_shows_persons_keeps_one_look(played: Played) -> None:
    client = played.client
    page = await client.get("/registry/beneficiaries", AUDITOR, period=PERIOD, commune="10114", limit=3)
    person = page["items"][0]
    who = person["beneficiary_id"]
    before = {name: len(await _looks(played, name)) for name in ("registry", "onboarding", "disbursement", "reporting")}
    reads = [
        ("registry", "/registry/beneficiaries", {"q": person["name"], "period": PERIOD}),
        ("registry", f"/registry/beneficiaries/{who}", {"period": PERIOD}),
        ("registry", f"/registry/beneficiaries/{who}/history", {}),
        ("registry", "/registry/matters", {}),
        ("onboarding", "/onboarding/accounts", {"beneficiary_id": who}),
        ("disbursement", "/disbursement/payments", {"beneficiary_id": who}),
        ("disbursement", "/disbursement/open-answers", {}),
    ]
    for _, path, query in reads:
        await client.get(path, AUDITOR, **query)
    cell = {"row": "I", "column": "5", "period": PERIOD, "area": "278"}
    explained = await client.get("/reporting/forms/form-1/explain", AUDITOR, **cell)
    after = {name: (await _looks(played, name))[before[name] :] for name in before}
    assert [(one["what"], one["route"]) for one in after["registry"]] == [
        ("search", "/beneficiaries"),
        ("person", "/beneficiaries/{beneficiary_id}"),
        ("person", "/beneficiaries/{beneficiary_id}/history"),
        *([("list", "/matters")] if len(after["registry"]) == 4 else []),
    ]
    assert [(one["what"], one["route"], one["area"]) for one in after["reporting"]] == [
        ("list", "/forms/{form}/explain", "278")
    ]
    assert after["reporting"][0]["count"] == len({one["beneficiary_id"] for one in explained["items"]})
    for rows in after.values():
        for one in rows:
            assert one.keys() == ROW
            assert (one["person"], one["role"]) == (AUDITOR, AUDITOR)
            assert person["name"] not in str(one)
    assert [one["what"] for one in after["onboarding"] + after["disbursement"]][:2] in (
        ["person"] * 2,
        ["person", "list"],
    )


async def test_a_person_and_a_list_are_found_by_subject_by_person_and_by_day(played: Played) -> None:
    client = played.client
    page = await client.get("/registry/beneficiaries", AUDITOR, period=PERIOD, limit=2)
    who = [one["beneficiary_id"] for one in page["items"]]
    await client.get(f"/registry/beneficiaries/{who[0]}", "commune-officer", page["items"][0]["commune"], period=PERIOD)
    found = await _looks(played, "registry", subject=who[0])
    assert found[-1]["role"] == "commune-officer"
    assert found[-1]["area"] == page["items"][0]["commune"]
    assert all(one["subjects"] == [who[0]] for one in found if one["subjects"] is not None)
    assert {one["person"] for one in await _looks(played, "registry", person=AUDITOR)} == {AUDITOR}
    assert await _looks(played, "registry", **{"from": "2001-01-01", "to": "2001-01-31"}) == []
    assert await _looks(played, "registry", **{"from": "2001-01-01"})
    lists = await client.get("/registry/change-lists", AUDITOR, period=PERIOD)
    await client.get(f"/registry/change-lists/{lists['items'][0]['id']}", AUDITOR)
    (look,) = [one for one in await _looks(played, "registry", subject=lists["items"][0]["id"]) if one["subjects"]]
    assert look["route"] == "/change-lists/{list_id}"


async def test_nobody_else_reads_who_looked_or_who_changed(played: Played) -> None:
    for role, home in (("district-officer", None), ("admin", None), ("commune-officer", "10114")):
        for path in ("/onboarding/looks", "/onboarding/changes?stream_id=x"):
            with pytest.raises(Refused, match="403"):
                await played.client.get(path, role, home)
    with pytest.raises(Refused, match="422"):
        await played.client.get("/onboarding/looks", AUDITOR, to="9999-12-31")


async def test_changes_say_who_and_when_but_not_what(played: Played) -> None:
    page = await played.client.get("/registry/beneficiaries", AUDITOR, period=PERIOD, limit=1)
    person = page["items"][0]
    stream = {"stream_id": f"beneficiary-{person['beneficiary_id']}"}
    changes = await played.client.get("/registry/changes", AUDITOR, **stream)
    first = changes["items"][0]
    assert (first["version"], first["type"]) == (1, "BeneficiaryAdded")
    assert first.keys() == {"version", "type", "at", "by"}
    assert first["by"] in ("district-officer", "district-approver")
    assert person["name"] not in str(changes)


@asynccontextmanager
async def _service(stack: Connections, name: str, people: int) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient, str]]:
    """A service that shows so many people at once."""
    router = APIRouter()

    @router.get("/people")
    async def shown(request: Request, caller: Annotated[Caller, Depends(allowed())]) -> None:
        await looks.record(request, caller, "export", [f"p-{number}" for number in range(people)], "10120")

    key = new_key()
    own = replace(settings(stack, name), token_key=key)
    app = service_app(own, lambda wanted: running(wanted, TYPES, [], None), [router], {})
    token = issue(private_key(key), Caller("Hòa", "auditor", None), 60)
    async with app.router.lifespan_context(app):
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://probe", headers={"authorization": f"Bearer {token}"}
        )
        yield app, client, name


@pytest.mark.parametrize(("people", "named"), [(0, None), (1_000, 1_000), (1_001, 0)])
async def test_a_thousand_people_are_named_more_are_only_counted(
    stack: Connections, probe: str, people: int, named: int | None
) -> None:
    async with _service(stack, probe, people) as (_, client, _name):
        await client.get("/people")
        items = (await client.get("/looks")).json()["items"]
        if named is None:
            assert items == []
            return
        (look,) = items
        assert (look["count"], look["area"], look["what"]) == (people, "10120", "export")
        assert len(look["subjects"] or ()) == named
        # Whoever was among too many to name may have been anybody.
        of_one = (await client.get("/looks", params={"subject": "p-7"})).json()["items"]
        assert [one["subjects"] for one in of_one] == [["p-7"] if named else None]
        assert (await client.get("/looks", params={"subject": "p-x"})).json()["items"] == ([] if named else of_one)


async def test_looks_and_changes_come_in_pages(stack: Connections, probe: str) -> None:
    async with _service(stack, probe, 1) as (app, client, _name):
        await append(app.state.running.pool, app.state.running.store, "thing-1", 0, 1, 2, 3)
        for _ in range(3):
            await client.get("/people")
        for path, key in (("/looks?", "person"), ("/changes?stream_id=thing-1&", "type")):
            first = (await client.get(f"{path}limit=2")).json()
            rest = (await client.get(f"{path}limit=2&cursor={first['next_cursor']}")).json()
            assert [len(first["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 1, None]
            assert {one[key] for one in first["items"]} == {"Hòa" if key == "person" else "ThingCounted"}

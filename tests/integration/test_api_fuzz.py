"""Whatever a caller sends, in any role: never a server's error, and no status or media type that is not documented.

Cases are made by schemathesis from each service's own OpenAPI document, the same ones every time; half of them name
things that exist, so that they come further than "not found".
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from infra.sandbox import population, workbooks
from infra.sandbox.client import SERVICES, Client
from infra.sandbox.month import AUDITOR, Month
from infra.stack import connect
from services.host import hosted
from services.kernel.period import Period
from services.kernel.web.auth import new_key
from services.portal.roles import MAY_HAVE_AREA
from services.portal.tokens import issue_token
from services.reference.access import ROLES

PERIOD = Period("2023-11")
COMMUNE = "10114"
PEOPLE = 60
CASES_PER_CALL = {GenerationMode.POSITIVE: 8, GenerationMode.NEGATIVE: 4}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]


@dataclass(frozen=True, slots=True)
class System:
    """One after a month of a few people: its address, a token for each role, and ids of what exists."""

    base: str
    tokens: list[str]
    known: dict[str, str]


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """A system of its own: what strange callers leave behind must not stand in the way of other tests."""
    folder, key = tmp_path_factory.mktemp("fuzz"), new_key()
    connections = await asyncio.to_thread(connect, folder / "stack", lambda _: None, environment={})
    try:
        async with hosted(connections, key) as base:
            month = Month(Client(base, key), PERIOD, "278", 3, lambda _: None)
            made = population.make(PEOPLE, 3, PERIOD)
            await month.send_lists(workbooks.write(folder / "lists", made, PERIOD))
            await month.open_accounts(population.accounts(made, 3, PERIOD.first_day.replace(day=5)))
            await month.review()
            await month.pay()
            known = await _known(month)
            yield System(base, [issue_token(key, role, _area(role), None) for role in ROLES], known)
            await month.client.http.aclose()
    finally:
        await asyncio.to_thread(connections.stop)


def _area(role: str) -> str | None:
    return COMMUNE if role in MAY_HAVE_AREA else None


async def _known(month: Month) -> dict[str, str]:
    """Things that exist, by the name of the parameter that names them."""
    lists = await month.client.get("/registry/change-lists", AUDITOR)
    payments = await month.client.get("/disbursement/payments", AUDITOR, run=month.run_id)
    accounts = await month.client.get("/onboarding/accounts", AUDITOR)
    payment = payments["items"][0]
    return {
        "list_id": lists["items"][0]["id"],
        "run_id": month.run_id,
        "run": month.run_id,
        "beneficiary_id": payment["beneficiary_id"],
        "payment_id": payment["payment_id"],
        "account_id": accounts["items"][0]["account_id"],
        "period": PERIOD,
        "commune": COMMUNE,
        "area": COMMUNE,
        "form": "form-1",
    }


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
@pytest.mark.parametrize("service", [*SERVICES, "portal"])
async def test_no_call_answers_with_a_fault_of_the_server_or_undocumented(system: System, service: str) -> None:
    await asyncio.to_thread(_call_all, system, service)


def _call_all(system: System, service: str) -> None:
    """Calls every operation of the service in every role; raises what schemathesis found."""
    schema = schemathesis.openapi.from_url(f"{system.base}/{service}/openapi.json")
    schema.config.update(base_url=f"{system.base}/{service}")
    found = []
    for described in schema.get_all_operations():
        assert isinstance(described, Ok), described
        operation = described.ok()
        for mode, count in CASES_PER_CALL.items():
            try:
                # A call without parameters has nothing that could be wrong.
                with suppress(Unsatisfiable):
                    _fuzz(operation.as_strategy(generation_mode=mode), count, system)
            except FailureGroup as why:
                found += [f"{operation.label}: {one.title}: {one.message}" for one in _faults(why)]
    assert not found, "\n".join(found)


def _faults(group: FailureGroup) -> list[Failure]:
    return [one for one in group.exceptions if isinstance(one, Failure)]


def _fuzz(cases: Any, count: int, system: System) -> None:
    rng = random.Random(1)

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def call(case: Any) -> None:
        if rng.random() < 0.5:
            _name_what_exists(case, system.known)
        headers = {"Authorization": f"Bearer {rng.choice(system.tokens)}"}
        case.call_and_validate(checks=CHECKS, headers=headers)

    call()


def _name_what_exists(case: Any, known: dict[str, str]) -> None:
    for part in (case.path_parameters, case.query):
        for name in part.keys() & known.keys():
            part[name] = known[name]

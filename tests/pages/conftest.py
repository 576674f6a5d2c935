"""An office after two made-up months, and people of each role who look at its pages."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Any

import httpx
import pytest

from infra.sandbox import population
from infra.sandbox.client import Client
from infra.sandbox.two_months import TwoMonths
from infra.stack import Connections
from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web.auth import TOKEN_COOKIE, Caller, issue, private_key
from tests.examples.fresh import systems

PEOPLE, SEED = 160, 7
FIRST, SECOND = Period("2023-11"), Period("2023-12")
TODAY = date(2024, 1, 3)
MARK = "mark-of-the-session"


@dataclass
class Office:
    """A running system whose months November and December 2023 are over; it is 3 January 2024."""

    base: str
    key: str
    client: Client
    runs: list[str]
    _people: dict[tuple[str, str | None, str | None], httpx.AsyncClient] = field(default_factory=dict)

    def browser(self, role: str, area: str | None = None, name: str | None = None) -> httpx.AsyncClient:
        """The browser of a signed-in person; it follows no redirect by itself."""
        if (role, area, name) not in self._people:
            self._people[role, area, name] = httpx.AsyncClient(
                base_url=self.base, cookies={TOKEN_COOKIE: self.token(role, area, name)}, timeout=60
            )
        return self._people[role, area, name]

    def token(self, role: str, area: str | None = None, name: str | None = None) -> str:
        """What the cookie of a signed-in person holds."""
        caller = Caller(name or f"{role} {area or ''}".strip(), role, area, MARK, int(clock.now().timestamp()))
        return issue(private_key(self.key), caller, 36_000)

    async def close(self) -> None:
        for one in self._people.values():
            await one.aclose()


async def press(
    browser: httpx.AsyncClient, address: str, fields: dict[str, Any] | None = None, **more: Any
) -> httpx.Response:
    """Posts a form as a page has it: with the mark of the session and a key of its own unless one is given."""
    sent = {"csrf": MARK, "key": clock.new_id()} | (fields or {})
    return await browser.post(address, data=sent, **more)


def text_of(page: httpx.Response) -> str:
    """The words of a page, one space between them, marks of HTML gone."""
    body = re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", page.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def link(page: httpx.Response, pattern: str) -> str:
    """The first address of a page that fits a pattern; fails where there is none."""
    found = re.search(rf'(?:href|action)="({pattern})"', page.text)
    assert found, f"no link like {pattern}"
    return unescape(found[1])


@pytest.fixture(scope="package")
async def office(stack: Connections, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    async with systems(stack) as shared:
        await shared.fresh()
        client = Client(shared.base, shared.key)
        story = TwoMonths(population.make(PEOPLE, SEED, FIRST), FIRST, SEED, folder / "lists", lambda _: None)
        await story.play(client, folder / "forms")
        clock.set_today(TODAY)
        found = Office(shared.base, shared.key, client, [month.run_id for month in story.months])
        yield found
        await found.close()


@pytest.fixture(autouse=True)
def _day_of_the_office() -> None:
    clock.set_today(TODAY)

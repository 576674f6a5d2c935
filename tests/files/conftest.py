"""One running system for all awful files, and what is asked of it after each."""

from collections.abc import AsyncIterator, Iterator

import pytest

from infra.sandbox.client import Client
from infra.stack import Connections
from services.host import hosted
from services.kernel import clock
from services.kernel.web.auth import new_key
from tests.files.lists import TODAY
from tests.files.office import Office


@pytest.fixture(scope="session")
async def office(stack: Connections) -> AsyncIterator[Office]:
    """The registry as an officer's program calls it."""
    key = new_key()
    async with hosted(stack, key) as address:
        office = Office(Client(address, key))
        yield office
        await office.client.http.aclose()


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    """The business day of all lists here."""
    clock.set_today(TODAY)
    yield
    clock.set_today(None)

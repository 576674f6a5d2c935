"""The catalogue as it is now: the tables of `data/` and what the office entered since."""

import asyncpg

from services.kernel import settings
from services.kernel.period import Period
from services.registry.catalogue import Catalogue, Level, with_levels


async def entered(connection: asyncpg.Connection) -> tuple[Level, ...]:
    """What the office entered, in order."""
    rows = await connection.fetch("select programme, scope, code, amount, since, basis from levels order by number")
    return tuple(Level(**dict(row)) for row in rows)


async def current(connection: asyncpg.Connection) -> Catalogue:
    """The catalogue as it is now."""
    return with_levels(await entered(connection), opening_period())


def opening_period() -> Period | None:
    """The setting `ANSINH_OPENING_PERIOD`: the first month that this software pays; raises ValueError if it is none."""
    stated = settings.read("ANSINH_OPENING_PERIOD")
    return Period(stated) if stated else None

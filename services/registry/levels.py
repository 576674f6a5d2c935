"""The catalogue as it is now: the tables of `data/` and what the office entered since."""

import asyncpg

from services.registry.catalogue import Catalogue, Level, with_levels


async def entered(connection: asyncpg.Connection) -> tuple[Level, ...]:
    """What the office entered, in order."""
    rows = await connection.fetch("select programme, scope, code, amount, since, basis from levels order by number")
    return tuple(Level(**dict(row)) for row in rows)


async def current(connection: asyncpg.Connection) -> Catalogue:
    """The catalogue as it is now."""
    return with_levels(await entered(connection))

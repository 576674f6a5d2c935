"""A service as `ansinh up` runs it, but without HTTP, and waiting until it has nothing left to do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.kernel.consumer import Consumer
from services.kernel.service import Running
from services.kernel.settings import ServiceSettings

POLL_SECONDS = 0.002
PATIENCE_SECONDS = 600.0


@asynccontextmanager
async def started(build: Callable[[ServiceSettings], FastAPI], settings: ServiceSettings) -> AsyncIterator[Running]:
    """The service of this composition root, its relay and reader at work while the block runs."""
    app = build(settings)
    async with app.router.lifespan_context(app):
        yield app.state.running


def consumer_of(service: Running) -> Consumer:
    """The reader of a service that has one."""
    assert service.consumer is not None  # noqa: S101 - those that are measured read
    return service.consumer


async def until_done(behind: Callable[[], Awaitable[int]]) -> None:
    """Waits until nothing is left to be done; raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await behind():
            await asyncio.sleep(POLL_SECONDS)

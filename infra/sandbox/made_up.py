"""Two made-up months in a running system, for whoever wants to look around in it."""

import tempfile
from datetime import date
from pathlib import Path

from infra.sandbox import population
from infra.sandbox.client import Client
from infra.sandbox.month import Step
from infra.sandbox.two_months import TwoMonths
from services.kernel import clock

PEOPLE, SEED = 2_000, 1
AFTERWARDS = date(2024, 1, 3)
"""The business day on which the system is left: lists and forms are due the next day."""


async def two_months(base: str, key: str, step: Step) -> None:
    """November and December 2023 through the public interfaces of the system at `base`."""
    client = Client(base, key)
    try:
        with tempfile.TemporaryDirectory() as folder:
            people = population.make(PEOPLE, SEED, population.OPENING)
            story = TwoMonths(people, population.OPENING, SEED, Path(folder) / "lists", step)
            await story.play(client, Path(folder) / "forms")
    finally:
        clock.set_today(AFTERWARDS)
        await client.http.aclose()

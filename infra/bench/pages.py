"""`ansinh bench pages`: how long people wait for the pages they open most, while fifty of them work.

Arrivals do not wait for answers, and a wait counts from when the request was due: a slow page makes those behind it
late, and that is measured too.
"""

import asyncio
import multiprocessing
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

import httpx

from infra.bench.report import Result, Stages, Watch
from infra.sandbox import population, workbooks
from infra.sandbox.client import Client
from infra.sandbox.month import AUDITOR, Month
from infra.sandbox.two_months import district_in
from infra.stack import Connections
from services.host import hosted
from services.kernel import clock
from services.kernel.web.auth import TOKEN_COOKIE, Caller, issue, new_key, private_key
from services.reference import access, areas

SESSIONS = 50
REQUESTS_A_SECOND = 20
WARM_UP_SECONDS, SECONDS = 3, 30
SEED = 1
PEOPLE_OPENED = 500
MARK = "bench"


@dataclass(frozen=True, slots=True)
class Load:
    """What the visitors need: where, their sign-ins with the people each may open, and the names they look for."""

    base: str
    tokens: Sequence[str]
    opened: Sequence[Sequence[str]]
    names: Sequence[Sequence[str]]
    period: str


async def measure(connections: Connections, watch: Watch, people: int) -> Result:
    """Waits in milliseconds by page; the visitors are a process of their own."""
    key = new_key()
    async with hosted(connections, key) as base:
        load = await _filled(Client(base, key), base, key, people, watch)
        watch.step(f"{SESSIONS} người, {REQUESTS_A_SECOND} lượt mỗi giây / visiting")
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as visitors:
            waits = await asyncio.get_running_loop().run_in_executor(visitors, _visit, load)
    took = Stages()
    took.add("visited", float(SECONDS))
    every = [one for some in waits.values() for one in some]
    figures: dict[str, object] = {"people": people, "p95_ms": _p95(every), "worst_ms": round(max(every), 1)}
    figures |= {f"{name}_p95_ms": _p95(some) for name, some in waits.items()}
    return Result("pages", "requests/s", len(every), [took], more=figures)


async def _filled(client: Client, base: str, key: str, people: int, watch: Watch) -> Load:
    """The month's lists are in and approved; every session is an officer of the office or of a commune."""
    period = population.OPENING
    made = population.make(people, SEED, period)
    with tempfile.TemporaryDirectory() as folder:
        files = workbooks.write(Path(folder), made, period)
        await Month(client, period, district_in(period), SEED, watch.step).send_lists(files)
    await client.quiet()
    known: dict[str, list[tuple[str, str]]] = {}
    async for one in client.items("/registry/beneficiaries", AUDITOR, period=period):
        known.setdefault(one["commune"], []).append((one["beneficiary_id"], one["name"]))
    await client.http.aclose()
    communes = areas.communes(district_in(period), period)
    random = Random(SEED)  # noqa: S311 - a mix of visits, no secret
    tokens, opened, names = [], [], []
    for number in range(SESSIONS):
        commune = communes[number % len(communes)] if number % 2 else None
        role = access.COMMUNE_OFFICER if commune else access.DISTRICT_OFFICER
        caller = Caller(f"bench {number}", role, commune, MARK, 1)
        tokens.append(issue(private_key(key), caller, 3600))
        theirs = known[commune] if commune else [one for some in known.values() for one in some]
        chosen = random.sample(theirs, min(PEOPLE_OPENED, len(theirs)))
        opened.append([beneficiary_id for beneficiary_id, _ in chosen])
        names.append([name for _, name in chosen])
    return Load(base, tokens, opened, names, period)


def _visit(load: Load) -> Mapping[str, list[float]]:
    return asyncio.run(_visits(load))


async def _visits(load: Load) -> Mapping[str, list[float]]:
    random = Random(SEED)  # noqa: S311 - a mix of visits, no secret
    waits: dict[str, list[float]] = {"roll": [], "search": [], "person": []}
    async with httpx.AsyncClient(base_url=load.base, timeout=60, follow_redirects=True) as http:
        under_way = []
        began = clock.monotonic()
        for number in range((WARM_UP_SECONDS + SECONDS) * REQUESTS_A_SECOND):
            due = began + number / REQUESTS_A_SECOND
            await asyncio.sleep(max(0.0, due - clock.monotonic()))
            kind = random.choice(("roll", "search", "person"))
            session = random.randrange(SESSIONS)
            counted = waits[kind] if number >= WARM_UP_SECONDS * REQUESTS_A_SECOND else []
            under_way.append(asyncio.create_task(_one(http, load, kind, session, random, due, counted)))
        await asyncio.gather(*under_way)
    return waits


async def _one(
    http: httpx.AsyncClient, load: Load, kind: str, session: int, random: Random, due: float, waits: list[float]
) -> None:
    http_cookies = {"cookie": f"{TOKEN_COOKIE}={load.tokens[session]}"}
    which = random.randrange(len(load.opened[session]))
    if kind == "search":
        words = load.names[session][which].split()
        form = {"csrf": MARK, "key": clock.new_id(), "q": " ".join(words[-2:])}
        answer = await http.post("/doi-tuong/tim", data=form, headers=http_cookies)
    elif kind == "person":
        answer = await http.get(f"/doi-tuong/{load.opened[session][which]}", headers=http_cookies)
    else:
        answer = await http.get("/doi-tuong", params={"period": load.period}, headers=http_cookies)
    answer.raise_for_status()
    waits.append((clock.monotonic() - due) * 1000)


def _p95(waits: Sequence[float]) -> float:
    """The wait that one of twenty exceeds, in milliseconds."""
    ordered = sorted(waits)
    return round(ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)], 1)

"""The database's disk runs full: the caller is told to try again, nothing half is kept, and it goes on by itself."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, Depends, Request, Response

from infra.accounts import ADMIN, SERVICES, owner_of
from infra.ports import Ports
from infra.postgres import PostgreSQL
from infra.server import Supervisor
from infra.stack import Connections
from services.kernel.audit import check_seals
from services.kernel.commands import Answer, Work
from services.kernel.service import Running, running
from services.kernel.settings import KafkaSettings, ServiceSettings
from services.kernel.web.auth import Caller, allowed, issue, new_key, private_key
from services.kernel.web.service_app import service_app
from services.kernel.web.writes import write
from tests.integration.kernel_probe import TYPES, Said, make_topics

DISK = "200m"
LEFT_BYTES = 8_000_000
BODY_LETTERS = 400_000
SECONDS = 60


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own, of a few megabytes."""
    folder = Path(tempfile.mkdtemp(prefix="ansinh-disk-"))
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode:
        folder.rmdir()
        pytest.skip(f"a small file system can't be mounted here: {done.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)
    folder.rmdir()


@pytest.fixture
def database(small_disk: Path, tmp_path: Path) -> Iterator[str]:
    """A watched server whose data lies on the small disk; its administrator's address."""
    roles = (ADMIN, *SERVICES, *map(owner_of, SERVICES))
    server = PostgreSQL(small_disk / "postgres", Ports(tmp_path / "ports.json"), dict.fromkeys(roles, "made-up"))
    supervisor = Supervisor(server)
    supervisor.start()
    try:
        if (small_disk / "postgres" / "db").is_symlink():
            pytest.skip("PostgreSQL keeps its data elsewhere here: user namespaces are forbidden")
        yield server.dsn(ADMIN).replace("/ansinh?", "/postgres?")
    finally:
        supervisor.stop()


def _say() -> APIRouter:
    router = APIRouter()

    @router.post("/things/{number}")
    async def said(request: Request, number: int, caller: Caller = Depends(allowed())) -> Response:  # noqa: B008
        text = os.urandom(BODY_LETTERS // 2).hex()  # nothing that a database could press together

        async def handle(work: Work) -> Answer:
            work.append(f"s-{number}", 0, [Said(words={"text": text}, numbers=[number], nothing=None)])
            return Answer.json({"number": number}, 201)

        return await write(request, caller, (b"",), handle)

    return router


class _Caller:
    """Says one thing after another; remembers which were accepted."""

    def __init__(self, http: httpx.AsyncClient, key: str) -> None:
        self.http = http
        self.headers = {"authorization": f"Bearer {issue(private_key(key), Caller('lan', 'admin', None), 600)}"}
        self.accepted: list[int] = []
        self.next = 0

    async def say(self) -> httpx.Response:
        number, self.next = self.next, self.next + 1
        response = await self.http.post(f"/things/{number}", headers=self.headers)
        if response.status_code == 201:
            self.accepted.append(number)
        return response


@asynccontextmanager
async def _service(stack: Connections, name: str, dsn: str) -> AsyncIterator[tuple[_Caller, Running]]:
    await make_topics(stack, f"{name}.events")
    key = new_key()
    settings = ServiceSettings(name, dsn, dsn, KafkaSettings(stack.kafka_bootstrap), key)
    app = service_app(settings, lambda wanted: running(wanted, TYPES, [], None), [_say()], {})
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://probe", timeout=SECONDS) as http:
            yield _Caller(http, key), app.state.running


def _fill(disk: Path) -> Path:
    """Leaves a few megabytes."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with ballast.open("wb") as out:
        out.write(b"x" * max(0, free - LEFT_BYTES))
    return ballast


@pytest.mark.timeout(240)
async def test_a_full_disk_refuses_writes_and_loses_none(
    stack: Connections, probe: str, small_disk: Path, database: str
) -> None:
    async with _service(stack, probe, database) as (caller, service):
        assert (await caller.say()).status_code == 201
        ballast = _fill(small_disk)
        refused = await _until_refused(caller)
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["retry-after"] == "5"
        assert refused.json()["type"] == "/problems/unavailable"
        ballast.unlink()
        async with asyncio.timeout(SECONDS):
            while (await caller.say()).status_code != 201:
                await asyncio.sleep(0.5)
            while await service.relay.unpublished():
                await asyncio.sleep(0.2)
        rows = await service.pool.fetch("select stream_id from events order by position")
        assert [row["stream_id"] for row in rows] == [f"s-{number}" for number in caller.accepted]
        async with service.pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
            assert (await check_seals(connection, probe)).events == len(caller.accepted)


async def _until_refused(caller: _Caller) -> httpx.Response:
    """Every answer on the way is a success or the one problem."""
    async with asyncio.timeout(SECONDS):
        while True:
            response = await caller.say()
            assert response.status_code in (201, 503), response.text
            if response.status_code == 503:
                return response

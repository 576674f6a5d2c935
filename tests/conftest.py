"""One stack for all integration tests: containers where an engine answers, else the embedded servers."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from infra.accounts import SERVICES
from infra.stack import Connections, connect
from services.kernel import clock
from tests.browser.visitor import CHROMIUM

CADDY = shutil.which("caddy")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says so where tests could not run for want of a program."""
    if not CHROMIUM:
        terminalreporter.write_line(
            "No Chromium here: no test in a browser did run (tests/browser, pages).", yellow=True
        )
    if not CADDY:
        terminalreporter.write_line("No Caddy here: the proxy's file was not tried with the proxy itself.", yellow=True)


def _engine_answers() -> bool:
    with suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False).returncode == 0
    return False


def _containers() -> Iterator[Connections]:
    from testcontainers.kafka import KafkaContainer
    from testcontainers.postgres import PostgresContainer

    with PostgresContainer("postgres:18") as postgres, KafkaContainer("apache/kafka:4.1.0") as kafka:
        dsn = dict.fromkeys(SERVICES, postgres.get_connection_url(driver=None))
        yield Connections(kafka.get_bootstrap_server(), dsn, dsn, lambda: None)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connections]:
    """Kafka and PostgreSQL, real ones, for the whole test session."""
    if _engine_answers():
        yield from _containers()
        return
    connections = connect(tmp_path_factory.mktemp("stack"), lambda _: None)
    yield connections
    connections.stop()


@pytest.fixture
async def probe(stack: Connections) -> AsyncIterator[str]:
    """The name of a service of a test's own: a fresh schema on the stack, gone afterwards. Owned by one login."""
    name = f"probe_{clock.new_id()[:10]}"
    yield name
    connection = await asyncpg.connect(stack.owner_dsn["portal"])
    try:
        await connection.execute(f'drop schema if exists "{name}" cascade')
    finally:
        await connection.close()


@pytest.fixture(autouse=True)
def _real_day() -> Iterator[None]:
    """No test leaves its business day behind."""
    yield
    clock.set_today(None)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the project."""
    return Path(__file__).parent.parent

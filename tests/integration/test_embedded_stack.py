"""The embedded servers on real processes: found, watched, inherited, ended."""

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from infra import topics
from infra.errors import StackError
from infra.stack import Connections, connect

ROOT = Path(__file__).parents[2]
SECONDS_TO_COME_BACK = 30

HOLD = """
import sys, time
from pathlib import Path
from infra.stack import connect
connections = connect(Path(sys.argv[1]), lambda _: None, environment={})
print(connections.kafka_bootstrap, connections.dsn["registry"], flush=True)
if sys.argv[2] == "hold":
    time.sleep(600)
connections.stop()
"""


def another_process(data: Path, what: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data), what],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def said(process: subprocess.Popen[str]) -> list[str]:
    """The Kafka address and the registry's DSN that the process printed once its servers were up."""
    assert process.stdout is not None
    return process.stdout.readline().split()


def server_pid(data: Path, server: str) -> int:
    folder = {"PostgreSQL": "postgres", "Kafka": "kafka"}[server]
    return int(json.loads((data / folder / f"{server}.pid.json").read_text())["pid"])


def up(data: Path) -> Connections:
    return connect(data, lambda _: None, environment={})


async def write_row(connections: Connections, word: str) -> None:
    owner = await asyncpg.connect(connections.owner_dsn["registry"])
    await owner.execute("CREATE TABLE IF NOT EXISTS notes (word text)")
    await owner.execute("GRANT SELECT, INSERT ON notes TO registry")
    await owner.close()
    service = await asyncpg.connect(connections.dsn["registry"])
    await service.execute("INSERT INTO notes VALUES ($1)", word)
    await service.close()


async def rows(dsn: str) -> set[str]:
    """The words written, once the server answers again."""
    for _ in range(SECONDS_TO_COME_BACK * 10):
        try:
            connection = await asyncpg.connect(dsn)
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.1)
            continue
        found = await connection.fetch("SELECT word FROM notes")
        await connection.close()
        return {row["word"] for row in found}
    raise AssertionError("PostgreSQL did not come back")


async def send_record(bootstrap: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        await producer.send_and_wait("registry.events", value, partition=0)


async def records(bootstrap: str) -> list[bytes]:
    """What lies in partition 0, once the broker answers again."""
    for _ in range(SECONDS_TO_COME_BACK * 10):
        consumer = AIOKafkaConsumer("registry.events", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
        try:
            await consumer.start()
        except (OSError, KafkaError):
            await consumer.stop()
            await asyncio.sleep(0.1)
            continue
        batches = await consumer.getmany(timeout_ms=5000)
        await consumer.stop()
        return [record.value for batch in batches.values() for record in batch]
    raise AssertionError("Kafka did not come back")


async def until_gone(pid: int) -> None:
    for _ in range(SECONDS_TO_COME_BACK * 10):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{pid} still runs")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with Vietnamese letters and a space in its name, below a folder that only its owner enters."""
    private = tmp_path_factory.mktemp("private")
    private.chmod(0o700)
    return private / "Dữ liệu an sinh"


@pytest.fixture(scope="module")
def stack(data: Path) -> Iterator[Connections]:
    connections = up(data)
    yield connections
    connections.stop()


async def test_a_service_writes_in_its_own_schema_and_can_neither_change_nor_see_beyond(stack: Connections) -> None:
    await write_row(stack, "một")
    service = await asyncpg.connect(stack.dsn["registry"])
    for forbidden in ("DELETE FROM notes", "UPDATE notes SET word = ''", "CREATE TABLE more (x int)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(forbidden)
    await service.close()
    neighbour = await asyncpg.connect(stack.dsn["reporting"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await neighbour.fetch("SELECT * FROM registry.notes")
    await neighbour.close()


async def test_the_database_sorts_and_stores_unicode_whatever_the_locale(stack: Connections) -> None:
    connection = await asyncpg.connect(stack.dsn["portal"])
    assert await connection.fetchval("SELECT lower('ĐỖ THỊ ẨN')") == "đỗ thị ẩn"
    await connection.close()


async def test_no_socket_and_no_address_but_loopback(data: Path, stack: Connections) -> None:
    server = psutil.Process(server_pid(data, "PostgreSQL"))
    listening = {connection.laddr.ip for connection in server.net_connections("tcp") if connection.status == "LISTEN"}
    assert listening == {"127.0.0.1"}
    assert server.net_connections("unix") == []


async def test_topics_are_there_and_asking_again_changes_nothing(stack: Connections) -> None:
    await topics.ensure(stack.kafka_bootstrap)


@pytest.mark.parametrize(
    ("topic", "difference"),
    [
        (topics.Topic("tasks", 13, {}), "tasks: 12 partitions, not 13"),
        (topics.Topic("tasks", 12, {"cleanup.policy": "delete"}), "tasks: cleanup.policy = compact, not delete"),
    ],
)
async def test_a_topic_that_is_not_as_the_file_says_is_named(
    stack: Connections, topic: topics.Topic, difference: str
) -> None:
    with pytest.raises(StackError, match=difference):
        await topics.ensure(stack.kafka_bootstrap, (topic,))


def test_passwords_are_for_the_owner_only_and_no_folder_was_opened(data: Path, stack: Connections) -> None:
    assert stat.S_IMODE((data / "stack" / "passwords.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.parent.stat().st_mode) == 0o700


def test_a_second_process_uses_the_servers_and_leaves_them_running(data: Path, stack: Connections) -> None:
    before = server_pid(data, "PostgreSQL"), server_pid(data, "Kafka")
    guest = another_process(data, "leave")
    assert said(guest) == [stack.kafka_bootstrap, stack.dsn["registry"]]
    assert guest.wait(20) == 0
    assert (server_pid(data, "PostgreSQL"), server_pid(data, "Kafka")) == before
    assert all(psutil.pid_exists(pid) for pid in before)


async def test_postgresql_killed_comes_back_at_the_same_address_with_its_rows(data: Path, stack: Connections) -> None:
    await write_row(stack, "hai")
    os.kill(server_pid(data, "PostgreSQL"), signal.SIGKILL)
    assert "hai" in await rows(stack.dsn["registry"])


async def test_kafka_killed_comes_back_at_the_same_address_with_its_records(data: Path, stack: Connections) -> None:
    await send_record(stack.kafka_bootstrap, b"ba")
    os.kill(server_pid(data, "Kafka"), signal.SIGKILL)
    assert await records(stack.kafka_bootstrap) == [b"ba"]


@pytest.fixture
async def owner_abroad(tmp_path: Path) -> AsyncIterator[subprocess.Popen[str]]:
    """Another process that owns servers in tmp_path, under a locale that this machine may not have."""
    owner = another_process(tmp_path, "hold", LANG="vi_VN.UTF-8", LC_ALL="vi_VN.UTF-8")
    yield owner
    owner.kill()
    owner.wait()


async def test_servers_of_a_killed_owner_are_taken_over_as_they_run(
    tmp_path: Path, owner_abroad: subprocess.Popen[str]
) -> None:
    kafka, _ = said(owner_abroad)
    await send_record(kafka, b"one")
    before = server_pid(tmp_path, "PostgreSQL"), server_pid(tmp_path, "Kafka")
    owner_abroad.kill()
    owner_abroad.wait()

    heir = await asyncio.to_thread(up, tmp_path)
    try:
        assert (server_pid(tmp_path, "PostgreSQL"), server_pid(tmp_path, "Kafka")) == before
        assert await records(heir.kafka_bootstrap) == [b"one"]
    finally:
        await asyncio.to_thread(heir.stop)
    for pid in before:
        await until_gone(pid)


async def test_a_guest_watches_over_the_servers_once_their_owner_was_killed(
    tmp_path: Path, owner_abroad: subprocess.Popen[str]
) -> None:
    said(owner_abroad)
    guest = await asyncio.to_thread(up, tmp_path)
    try:
        await write_row(guest, "bốn")
        owner_abroad.kill()
        owner_abroad.wait()
        os.kill(server_pid(tmp_path, "PostgreSQL"), signal.SIGKILL)
        assert await rows(guest.dsn["registry"]) == {"bốn"}
    finally:
        await asyncio.to_thread(guest.stop)


async def test_ctrl_c_ends_both_servers_in_order_even_if_nobody_says_stop_and_a_taken_port_is_given_up(
    tmp_path: Path, owner_abroad: subprocess.Popen[str]
) -> None:
    _, dsn = said(owner_abroad)
    servers = server_pid(tmp_path, "PostgreSQL"), server_pid(tmp_path, "Kafka")
    os.killpg(owner_abroad.pid, signal.SIGINT)
    owner_abroad.wait(60)
    assert not any(psutil.pid_exists(pid) for pid in servers)
    assert "database system is shut down" in (tmp_path / "postgres" / "postgres.log").read_text()

    old_port = int(json.loads((tmp_path / "stack" / "ports.json").read_text())["postgres"])
    with socket.create_server(("127.0.0.1", old_port)):
        again = await asyncio.to_thread(up, tmp_path)
        try:
            assert again.dsn["registry"] != dsn
            await write_row(again, "năm")
        finally:
            await asyncio.to_thread(again.stop)

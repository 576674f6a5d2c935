"""The worker process: bounded in memory, started anew when it dies, gone when its parent is killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.kernel.tables.read import read_table
from services.kernel.tables.table import UnreadableTable
from services.kernel.worker import TooHeavy, Worker


def _eat(gigabytes: int) -> int:
    return len(bytearray(gigabytes * 1024**3))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def test_work_that_takes_too_much_memory_is_refused_and_the_next_goes_on() -> None:
    worker = Worker()
    with pytest.raises(TooHeavy):
        await worker.run(_eat, 3)
    assert await worker.run(len, "abc") == 3


async def test_work_that_ends_its_process_is_refused_and_the_next_goes_on() -> None:
    worker = Worker()
    with pytest.raises(TooHeavy):
        await worker.run(_die)
    assert await worker.run(len, "abc") == 3


def _spin() -> None:
    while True:
        pass


async def test_work_that_takes_too_long_is_refused_and_the_next_goes_on() -> None:
    worker = Worker(seconds=0.2)
    with pytest.raises(TooHeavy):
        await worker.run(_spin)
    assert await worker.run(len, "abc") == 3


async def test_what_waits_behind_work_that_ends_its_process_is_done() -> None:
    worker = Worker()
    died, *others = await asyncio.gather(
        worker.run(_die), worker.run(len, "abc"), worker.run(len, "ab"), return_exceptions=True
    )
    assert isinstance(died, TooHeavy)
    assert others == [3, 2]


async def test_a_file_refused_in_the_worker_is_refused_in_the_same_words() -> None:
    with pytest.raises(UnreadableTable) as here:
        read_table(b"PK", ["a"])
    with pytest.raises(UnreadableTable) as there:
        await Worker().run(read_table, b"PK", ["a"])
    for field in ("code", "message_vi", "message_en", "too_large"):
        assert getattr(there.value, field) == getattr(here.value, field)


PARENT = """
import asyncio, os, signal
from services.kernel.worker import Worker

async def main():
    print(await Worker().run(os.getpid), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_the_worker_ends_when_its_parent_is_killed(tmp_path: Path, repository: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    done = subprocess.run(
        [sys.executable, script], env=os.environ | {"PYTHONPATH": str(repository)}, capture_output=True, text=True
    )
    worker = int(done.stdout)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and Path(f"/proc/{worker}/cmdline").exists():
        if not Path(f"/proc/{worker}/cmdline").read_bytes():
            break  # ended, and nobody has collected it yet
        time.sleep(0.1)
    else:
        assert not Path(f"/proc/{worker}").exists()

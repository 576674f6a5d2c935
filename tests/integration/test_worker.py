"""The worker process: bounded in memory, started anew when it dies, gone when its parent is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

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

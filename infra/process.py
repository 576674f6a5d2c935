"""One server process: started apart from our terminal, known again by the next of us, ended in order."""

import hashlib
import json
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

import psutil

from infra.files import write_whole
from services.kernel.clock import monotonic

_LOG_LIMIT = 20_000_000
_LOOK_EVERY = 0.02  # seconds
_SAME_START = 2.0  # seconds by which two readings of one process's start may differ


@dataclass(frozen=True, slots=True)
class Command:
    """How a server is started. `settings` is what it reads from files, so that a change of them is noticed."""

    args: tuple[str, ...]
    env: Mapping[str, str]
    folder: Path
    log: Path
    settings: str = ""

    def digest(self) -> str:
        """Tells this command from any other."""
        return hashlib.sha256(repr((self.args, sorted(self.env.items()), self.settings)).encode()).hexdigest()


def start(command: Command, pid_file: Path) -> psutil.Process:
    """Starts the server in a session of its own, where a Ctrl-C meant for us does not reach it, and notes its pid.

    Raises OSError, and leaves nothing running, where that is not possible (a full disk).
    """
    if command.log.exists() and command.log.stat().st_size > _LOG_LIMIT:
        command.log.replace(command.log.with_suffix(".old.log"))
    with command.log.open("ab") as log:
        process = psutil.Popen(
            command.args,
            env=dict(command.env),
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    note = {"pid": process.pid, "created": process.create_time(), "command": command.digest()}
    try:
        write_whole(pid_file, json.dumps(note))
    except OSError:
        process.kill()
        process.wait()
        raise
    return process


def noted(pid_file: Path) -> tuple[psutil.Process, str] | None:
    """The process that the pid file tells of, if it still runs, with the digest of its command."""
    try:
        note = json.loads(pid_file.read_text())
        process = psutil.Process(note["pid"])
        same = abs(process.create_time() - note["created"]) < _SAME_START
        return (process, note["command"]) if same and is_alive(process) else None
    except (OSError, ValueError, KeyError, psutil.NoSuchProcess):
        return None


def is_alive(process: psutil.Process) -> bool:
    """Whether it still runs; one that ended and that nobody waited for does not."""
    if isinstance(process, psutil.Popen):
        return process.poll() is None
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def end(process: psutil.Process, first: Signals, patience: float) -> None:
    """Asks the process to end, waits so many seconds, then kills it with its children; returns when it is gone."""
    with suppress(psutil.NoSuchProcess):
        children = process.children(recursive=True)
        process.send_signal(first)
        if not _gone_within(process, patience):
            for one in (process, *children):
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            _gone_within(process, patience)


def _gone_within(process: psutil.Process, seconds: float) -> bool:
    deadline = monotonic() + seconds
    while is_alive(process):
        if monotonic() > deadline:
            return False
        time.sleep(_LOOK_EVERY)
    return True

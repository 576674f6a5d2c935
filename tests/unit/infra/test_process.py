import json
import os
import signal
import sys
from pathlib import Path

from infra import process

IGNORES_SIGTERM = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)


def sleeper(folder: Path, code: str = "import time; time.sleep(60)") -> process.Command:
    return process.Command((sys.executable, "-c", code), dict(os.environ), folder, folder / "log")


def test_a_running_process_is_known_again_by_its_pid_file(tmp_path: Path) -> None:
    command = sleeper(tmp_path)
    started = process.start(command, tmp_path / "pid")
    try:
        found = process.noted(tmp_path / "pid")
        assert found is not None
        assert (found[0].pid, found[1]) == (started.pid, command.digest())
        assert os.getsid(started.pid) != os.getsid(0)
    finally:
        process.end(started, signal.SIGTERM, 5)
    assert process.noted(tmp_path / "pid") is None


def test_a_pid_that_another_program_got_since_is_not_taken_for_the_server(tmp_path: Path) -> None:
    (tmp_path / "pid").write_text(json.dumps({"pid": os.getpid(), "created": 1.0, "command": "x"}))
    assert process.noted(tmp_path / "pid") is None


def test_a_broken_or_absent_pid_file_tells_of_nothing(tmp_path: Path) -> None:
    assert process.noted(tmp_path / "pid") is None
    (tmp_path / "pid").write_text('{"pid": ')
    assert process.noted(tmp_path / "pid") is None


def test_a_process_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    stubborn = process.start(sleeper(tmp_path, IGNORES_SIGTERM), tmp_path / "pid")
    while "ready" not in (tmp_path / "log").read_text():
        pass
    process.end(stubborn, signal.SIGTERM, 0.2)
    assert not process.is_alive(stubborn)


def test_other_settings_are_another_command(tmp_path: Path) -> None:
    command = sleeper(tmp_path)
    changed = process.Command(command.args, command.env, command.folder, command.log, "port = 2")
    assert command.digest() != changed.digest()

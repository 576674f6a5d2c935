"""The unit is as systemd wants it, holds little power, and starts a command that there is."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli import app

UNIT = "infra/systemd/ansinh.service"
EXPOSURE_MAX = 20
"""Of systemd's count of 100."""
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")


def _unit(repository: Path, folder: Path) -> Path:
    """The unit with this machine's Python in the place of the program, which lies elsewhere on a server."""
    text = (repository / UNIT).read_text(encoding="utf-8")
    unit = folder / "ansinh.service"
    unit.write_text(text.replace("/opt/ansinh/.venv/bin/ansinh", sys.executable), encoding="utf-8")
    return unit


@needs_systemd
def test_systemd_has_nothing_to_say_against_it(repository: Path, tmp_path: Path) -> None:
    found = subprocess.run(
        ["systemd-analyze", "verify", _unit(repository, tmp_path)], capture_output=True, text=True, check=False
    )
    of_ours = [line for line in found.stderr.splitlines() if "ansinh" in line]
    assert of_ours == []
    assert found.returncode == 0


@needs_systemd
def test_it_can_do_little(repository: Path, tmp_path: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MAX}"]
    found = subprocess.run([*command, _unit(repository, tmp_path)], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_its_command_is_one_of_ours(repository: Path) -> None:
    text = (repository / UNIT).read_text(encoding="utf-8")
    (line,) = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    _, *words = shlex.split(line)
    data = words[words.index("--data") + 1]
    assert data == "/var/lib/ansinh"
    assert "StateDirectory=ansinh" in text.splitlines()
    # Everything is understood up to the day, which is wrong on purpose: nothing is started.
    said = CliRunner().invoke(app, [*words, "--today", "never"])
    assert said.exit_code == 2
    assert "never" in said.output

"""Breaks the code in five places, one at a time, and shows which test goes red each time.

Run by hand: `.venv/bin/python tests/faults/break.py`. Works on a copy; the checkout is never touched. Exit status 0
when every fault was noticed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 400


@dataclass(frozen=True)
class Fault:
    """A place in the code, what stands there, what is put in its place, and the tests that must notice."""

    what: str
    file: str
    old: str
    new: str
    tests: str


BTXH_COLUMNS = """"5": {{
     "programme": "BTXH",
     "measure": "{}"
    }},
    "6": {{
     "programme": "BTXH",
     "measure": "{}"
"""
FAULTS = (
    Fault(
        "drop the trigger that keeps positions in commit order",
        "services/kernel/migrations/0001_store.sql",
        "create trigger hold_the_store before insert on events for each statement execute function hold_the_store();",
        "",
        "tests/integration/test_event_store.py",
    ),
    Fault(
        "commit the offsets of a batch that was not applied",
        "services/kernel/consumer.py",
        "                await asyncio.sleep(delay)\n",
        "                return\n",
        "tests/integration/test_consumer.py",
    ),
    Fault(
        "swap two columns of a form",
        "services/reporting/data/forms.json",
        BTXH_COLUMNS.format("cumulative", "in_period"),
        BTXH_COLUMNS.format("in_period", "cumulative"),
        "tests/journeys/test_month.py",
    ),
    Fault(
        "lose one event of each batch",
        "services/kernel/consumer.py",
        "await self.subscription.apply(work, events)",
        "await self.subscription.apply(work, events[1:])",
        "tests/integration/test_consumer.py",
    ),
    Fault(
        "let whoever entered a list approve it",
        "services/registry/change_list.py",
        "if command.by in state.entered_by:",
        "if command.by in ():",
        "tests/unit/registry/test_change_list.py",
    ),
)


def copy_of_the_project(folder: Path) -> Path:
    """A copy without history, data and caches, using the same virtual environment."""
    target = folder / "project"
    ignored = shutil.ignore_patterns(".git", ".venv", ".data", "out", "__pycache__", ".*_cache", "*.egg-info")
    shutil.copytree(ROOT, target, ignore=ignored)
    return target


def first_red_test(project: Path, tests: str) -> str | None:
    """The first test that fails, None if all pass."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", tests]
    environment = os.environ | {"PYTHONPATH": str(project)}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
    )
    summary = [line.split() for line in done.stdout.splitlines() if line.startswith(("FAILED tests", "ERROR tests"))]
    red = [words[1] for words in summary]
    if done.returncode != 0 and not red:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return red[0] if red else None


def main() -> int:
    unnoticed = 0
    for fault in FAULTS:
        with tempfile.TemporaryDirectory(prefix="ansinh-fault-") as folder:
            project = copy_of_the_project(Path(folder))
            broken = project / fault.file
            text = broken.read_text(encoding="utf-8")
            if text.count(fault.old) != 1:
                raise RuntimeError(f"{fault.file} no longer holds the line to break: {fault.what}")
            broken.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
            red = first_red_test(project, fault.tests)
        print(f"{'red  ' if red else 'GREEN'}  {fault.what}: {red or 'no test noticed'}", flush=True)
        unnoticed += red is None
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())

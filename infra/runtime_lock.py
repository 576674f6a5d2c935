"""The part of requirements.lock that a server needs, for the image: `python infra/runtime_lock.py > runtime.lock`.

One lock for everything stays the only one; here are the blocks of what the project depends on by itself, of what those
depend on in turn (the lock says who asked for what), and of what builds the package. Needs Python alone.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^(?=\S)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_ASKED_BY = re.compile(r"^    #(?: via|  ) ([A-Za-z0-9._-]+)(?:\[.*\])?$", re.MULTILINE)


def runtime(lock: str, project: Mapping[str, object]) -> str:
    """The blocks of the lock that the project (as pyproject.toml says it) needs while it runs."""
    blocks = {_name(block): block for block in _BLOCK.split(lock) if block.strip()}
    wanted = {_name(one) for one in _needed(project)}
    while more := {name for name, block in blocks.items() if name not in wanted and wanted & _asked_by(block)}:
        wanted |= more
    return "".join(block for name, block in blocks.items() if name in wanted)


def _needed(project: Mapping[str, object]) -> Iterator[str]:
    for table, key in (("project", "dependencies"), ("build-system", "requires")):
        part = project[table]
        assert isinstance(part, dict)  # noqa: S101 - narrows the type
        yield from part[key]


def _name(text: str) -> str:
    found = _NAME.match(text)
    assert found, text  # noqa: S101 - a lock begins every block with a name
    return found[0].lower().replace("_", "-").replace(".", "-")


def _asked_by(block: str) -> set[str]:
    return {_name(one) for one in _ASKED_BY.findall(block)}


if __name__ == "__main__":
    with (_ROOT / "pyproject.toml").open("rb") as said:
        sys.stdout.write(runtime((_ROOT / "requirements.lock").read_text(encoding="utf-8"), tomllib.load(said)))

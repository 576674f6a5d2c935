"""The image installs what the services need, all of it by digest, and none of the tools of those who make them."""

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.runtime_lock import runtime


def _runtime(repository: Path) -> str:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    return runtime((repository / "requirements.lock").read_text(encoding="utf-8"), project)


def test_what_an_installed_package_asks_for_is_there_too(repository: Path) -> None:
    lock = _runtime(repository)
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [Requirement(one) for one in project["dependencies"]]
    seen: set[tuple[str, str]] = set()
    while waiting:
        asked = waiting.pop()
        for extra in ("", *asked.extras):
            name = canonicalize_name(asked.name)
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            more = [Requirement(one) for one in requires(name) or ()]
            waiting += [one for one in more if not one.marker or one.marker.evaluate({"extra": extra})]
    assert {name for name, _ in seen} <= pinned
    assert len(pinned) > 40


def test_every_file_has_a_digest_and_no_tool_is_there(repository: Path) -> None:
    lock = _runtime(repository)
    blocks = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    names = {block.partition("==")[0] for block in blocks}
    assert names & {"pytest", "mypy", "ruff", "playwright", "schemathesis", "hypothesis", "pyyaml"} == set()
    assert "setuptools" in names

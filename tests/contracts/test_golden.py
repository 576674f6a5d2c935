"""Every event as it was once stored is read by today's classes, and says what it said."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from docs.build import SERVICES, file_of, published
from services.kernel.event_types import Event, EventTypes
from services.kernel.period import Period

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("*/*.json"))


def _lost(before: Any, now: Any, path: str = "") -> list[str]:
    """Where a value of `before` is not the same in `now`; `now` may hold more fields."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        return [
            fault
            for key, value in before.items()
            for fault in (_lost(value, now[key], f"{path}.{key}") if key in now else [f"{path}.{key} is gone"])
        ]
    if isinstance(before, Sequence) and not isinstance(before, str) and isinstance(now, Sequence):
        if len(before) != len(now):
            return [f"{path} has {len(now)} parts, not {len(before)}"]
        return [
            fault
            for place, (one, other) in enumerate(zip(before, now, strict=True))
            for fault in _lost(one, other, f"{path}[{place}]")
        ]
    return [] if before == now and type(before) is type(now) else [f"{path} was {before!r}, is {now!r}"]


def _read(file: Path, types: EventTypes) -> list[str]:
    """What today's class loses of a golden file."""
    name, version = file.stem.rsplit(".v", 1)
    written = json.loads(file.read_text(encoding="utf-8"))
    return _lost(written, types.decode(name, int(version), written).model_dump(mode="json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_event_stored_once_is_read_by_todays_class_with_the_same_values(file: Path) -> None:
    assert _read(file, SERVICES[file.parent.name]) == []


def test_every_published_event_and_version_has_its_golden_example() -> None:
    """If one is missing: `.venv/bin/python -m tests.contracts.golden_examples`, and look at what it wrote."""
    there = {file.relative_to(GOLDEN).as_posix() for file in FILES}
    assert {file_of(service, event) for service, event in published()} - there == set()


class Old(Event):
    """An event as it was stored: {"who", "month", "sums", "personal"}."""

    who: str
    month: Period
    sums: tuple[dict[str, int], ...]


STORED = {"who": "xuan", "month": "2023-11", "sums": [{"BTXH": 440_000}]}


def _named_old(**fields: Any) -> type[Event]:
    return type("Old", (Event,), {"__annotations__": fields, "__module__": __name__})


@pytest.mark.parametrize(
    ("today", "lost"),
    [
        (Old, []),
        (_named_old(who=str, month=Period), [".sums is gone"]),
        (_named_old(who=str, month=Period, sums=tuple[dict[str, str], ...]), None),
        (_named_old(who=str, month=Period, sums=list[dict[str, float]]), [".sums[0].BTXH was 440000, is 440000.0"]),
    ],
    ids=["the same class", "a field dropped", "a type that no longer reads it", "a number that became another kind"],
)
def test_a_class_that_reads_it_otherwise_is_found(tmp_path: Path, today: type[Event], lost: list[str] | None) -> None:
    file = tmp_path / "Old.v1.json"
    file.write_text(json.dumps(STORED), encoding="utf-8")
    if lost is None:
        with pytest.raises(ValueError, match=r"sums\.0\.BTXH"):
            _read(file, EventTypes([today]))
    else:
        assert _read(file, EventTypes([today])) == lost

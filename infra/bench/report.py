"""What a benchmark says: one JSON line on standard output, progress on standard error."""

import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.kernel import clock

_STATUS = Path("/proc/self/status")
_KIB_PER_MB = 1024
# Rounds of fewer things than this cost seconds.
_CHEAP = 50_000
_ROUNDS = 3


def rounds_for(n: int) -> int:
    """How many rounds of `n` things are measured: a few where that is cheap."""
    return _ROUNDS if n < _CHEAP else 1


@dataclass(slots=True)
class Stages:
    """Seconds by stage of one round, in the order in which the stages first ran."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Adds what the block takes to the stage `name`."""
        began = clock.monotonic()
        try:
            yield
        finally:
            self.add(name, clock.monotonic() - began)

    def add(self, name: str, seconds: float) -> None:
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


@dataclass(frozen=True, slots=True)
class Result:
    """A benchmark's outcome. `rounds` and `baseline_rounds` hold the stages of every measured round of `n` things.

    `baseline` says in words what `baseline_rate` was measured on; `more` holds further figures of the line.
    """

    name: str
    unit: str
    n: int
    rounds: Sequence[Stages]
    baseline: str | None = None
    baseline_rounds: Sequence[Stages] = ()
    more: Mapping[str, object] = field(default_factory=dict)

    def line(self, peak_rss_mb: int, profile: bool) -> dict[str, object]:
        """The values of the JSON line: `rate` is that of the median round, `ratio` null without a baseline."""
        rate = self.n / median(one.total for one in self.rounds)
        base = self.n / median(one.total for one in self.baseline_rounds) if self.baseline_rounds else None
        said: dict[str, object] = {
            "name": self.name,
            "rate": round(rate, 1),
            "unit": self.unit,
            "baseline_rate": round(base, 1) if base else None,
            "ratio": round(rate / base, 3) if base else None,
            "n": self.n,
            "peak_rss_mb": peak_rss_mb,
            "rounds": len(self.rounds),
            "baseline": self.baseline,
            **self.more,
        }
        if profile:
            said["stages"] = _of_median(self.rounds)
            said["baseline_stages"] = _of_median(self.baseline_rounds) if self.baseline_rounds else None
        return said


def _of_median(rounds: Sequence[Stages]) -> dict[str, float]:
    """The stages of the round in the middle, so that they add up to a round that was measured."""
    middle = sorted(rounds, key=lambda one: one.total)[(len(rounds) - 1) // 2]
    return {name: round(seconds, 4) for name, seconds in middle.seconds.items()}


def peak_rss_mb() -> int:
    """The most memory this process held, in MB.

    From the kernel's high-water mark of this program; what `getrusage` says also counts the program that started it.
    """
    if _STATUS.exists():
        held = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(held.split()[1]) // _KIB_PER_MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB_PER_MB


class Watch:
    """The progress bar on standard error: `step` says what is being done."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("…", total=None)

    def step(self, text: str) -> None:
        self._bar.update(self._task, description=text)


@contextmanager
def watching() -> Iterator[Watch]:
    """A progress bar while the block runs."""
    console = Console(stderr=True, highlight=False)
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    ) as bar:
        yield Watch(bar)


def say(result: Result, profile: bool) -> None:
    """Writes the one line."""
    sys.stdout.write(orjson.dumps(result.line(peak_rss_mb(), profile)).decode() + "\n")
    sys.stdout.flush()

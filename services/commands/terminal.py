"""What the commands share: where words go, the data folder, the servers while a command runs, progress."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from infra.accounts import SERVICES
from infra.stack import Connections, connect

# A pipe has no width of its own: wide enough for Form 1 with its labels on few lines.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
err = Console(stderr=True, highlight=False)

Data = Annotated[Path, typer.Option(help="Thư mục dữ liệu / data folder")]
DATA = Path(".data")


def tell(text: str) -> None:
    """A step on the way, to standard error."""
    err.print(f"[dim]{text}[/dim]")


@contextmanager
def servers(data: Path) -> Iterator[Connections]:
    """The servers of all services for as long as the block lasts; those that ran before go on running."""
    connections = connect(data, tell, SERVICES)
    try:
        yield connections
    finally:
        connections.stop()


def bar() -> Progress:
    """A progress bar with counts, on standard error."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
    )


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """One bar for each thing that is told of: what it is, how much is done, of how much."""
    with bar() as progress:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what)
            progress.update(tasks[what], completed=done, total=total)

        yield told

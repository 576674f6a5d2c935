"""Small files that are whole or absent, whenever we are killed."""

import os
from pathlib import Path


def write_whole(file: Path, text: str, mode: int = 0o644) -> None:
    """Replaces the file's content at once; only a new file gets the mode."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)


def tail(file: Path, lines: int = 15) -> str:
    """The last lines of a log, empty where there is none."""
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:]) if file.exists() else ""

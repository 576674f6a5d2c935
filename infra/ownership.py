"""Which process answers for the servers of a data folder: the one that holds the lock. The others are guests.

The lock is the system's own and ends with its holder, however that dies. The note beside it says whether the servers
may be used yet and whether they were ended on purpose.
"""

import fcntl
import json
import os
from pathlib import Path
from typing import Literal, TextIO

import psutil

from infra.files import write_whole

Phase = Literal["starting", "ready", "stopped"]


class Ownership:
    """The lock and the note of one data folder, seen from one process."""

    def __init__(self, folder: Path) -> None:
        self._lock = folder / "owner.lock"
        self._note = folder / "owner.json"
        self._held: TextIO | None = None

    def take(self) -> bool:
        """Tries to become the owner; false while another process is."""
        held = self._lock.open("a")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.close()
            return False
        self._held = held
        return True

    def give_up(self) -> None:
        """Lets another process become the owner."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def say(self, phase: Phase) -> None:
        """Tells the guests how far the owner (this process) is."""
        write_whole(self._note, json.dumps({"pid": os.getpid(), "phase": phase}))

    def phase(self) -> Phase | None:
        """What the last owner said, whether or not it still lives."""
        try:
            phase: Phase = json.loads(self._note.read_text())["phase"]
        except (OSError, ValueError, KeyError):
            return None
        return phase

    def is_ready(self) -> bool:
        """Whether a living owner says that the servers may be used; a dead one's word does not count."""
        try:
            note = json.loads(self._note.read_text())
        except (OSError, ValueError):
            return False
        return bool(note["phase"] == "ready" and psutil.pid_exists(note["pid"]))

"""What PostgreSQL and Kafka have in common for us, and the supervisor that keeps one of them running."""

import threading
import time
from abc import ABC, abstractmethod
from pathlib import Path
from signal import Signals
from typing import ClassVar

import psutil
import structlog

from infra import process
from infra.errors import StackError
from infra.files import tail
from services.kernel.clock import monotonic

_log = structlog.get_logger("infra")
_ATTEMPTS = 5
_SHORTEST_LOOK, _LOOK_EVERY = 0.02, 0.15  # seconds
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_ADOPTION_SECONDS = 5.0


class Server(ABC):
    """One server on one folder."""

    name: ClassVar[str]
    stop_signal: ClassVar[Signals]
    stop_seconds: ClassVar[float]
    ready_seconds: ClassVar[float]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def pid_file(self) -> Path:
        """Where the running process is noted."""
        return self.folder / f"{self.name}.pid.json"

    @abstractmethod
    def prepare(self) -> None:
        """Makes the empty data in the folder, once; again, it does nothing."""

    @abstractmethod
    def claim_ports(self) -> None:
        """Makes sure that the ports it will listen on are free, else takes others."""

    @abstractmethod
    def command(self) -> process.Command:
        """How it is started on the ports it has now."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes work now."""


class Supervisor:
    """Starts a server or takes over one that was left running, and starts it again whenever it dies."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        self._process: psutil.Process | None = None
        self._watch: threading.Thread | None = None

    def start(self) -> None:
        """Returns when the server takes work. Raises StackError, with the end of its log, if it does not."""
        self.server.folder.mkdir(parents=True, exist_ok=True)
        self.server.prepare()
        self._process = self._adopted() or self._launched()
        self._watch = threading.Thread(target=self._keep_running, name=f"watch-{self.server.name}", daemon=True)
        self._watch.start()

    def stop(self) -> None:
        """Ends the server in order; returns when it is gone."""
        self._stopping.set()
        with self._changing:
            if self._process is not None:
                process.end(self._process, self.server.stop_signal, self.server.stop_seconds)
        if self._watch is not None:
            self._watch.join()
        self.server.pid_file.unlink(missing_ok=True)

    def _adopted(self) -> psutil.Process | None:
        """The server that somebody before us left running, if it is as we would start it; ended if it is not."""
        found = process.noted(self.server.pid_file)
        if found is None:
            return None
        running, digest = found
        if digest == self.server.command().digest() and self._becomes_ready(running, _ADOPTION_SECONDS):
            return running
        process.end(running, self.server.stop_signal, self.server.stop_seconds)
        return None

    def _launched(self) -> psutil.Process:
        """A new process; a port that was snatched away or a predecessor's last breath is worth another try."""
        for attempt in range(_ATTEMPTS):
            self.server.claim_ports()
            started = process.start(self.server.command(), self.server.pid_file)
            if self._becomes_ready(started, self.server.ready_seconds):
                return started
            process.end(started, self.server.stop_signal, self.server.stop_seconds)
            self._stopping.wait(_FIRST_PAUSE * 2**attempt)
        log = self.server.command().log
        raise StackError(
            f"Không khởi động được {self.server.name}. Xem nhật ký {log}; đoạn cuối:\n{tail(log)}",
            f"{self.server.name} does not start. See the log {log}, whose end stands above.",
        )

    def _becomes_ready(self, running: psutil.Process, seconds: float) -> bool:
        deadline = monotonic() + seconds
        pause = _SHORTEST_LOOK
        while monotonic() < deadline and not self._stopping.is_set():
            if not process.is_alive(running):
                return False
            if self.server.answers():
                return process.is_alive(running)
            time.sleep(pause)
            pause = min(pause * 1.2, _LOOK_EVERY)
        return False

    def _keep_running(self) -> None:
        """When the process has died and nobody asked for that, starts it again on the same ports and data."""
        pause = _FIRST_PAUSE
        while not self._stopping.wait(_LOOK_EVERY):
            if self._process is None or process.is_alive(self._process):
                continue
            _log.warning("server-died", server=self.server.name)
            with self._changing:
                if self._stopping.is_set():
                    return
                self._process = self._started_again() or self._process
            if process.is_alive(self._process) and self._becomes_ready(self._process, self.server.ready_seconds):
                _log.warning("server-restarted", server=self.server.name)
                pause = _FIRST_PAUSE
            else:
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _started_again(self) -> psutil.Process | None:
        """A new process; None where the system gives no room for one now, which may change."""
        try:
            return process.start(self.server.command(), self.server.pid_file)
        except OSError as error:
            _log.warning("server-not-restarted", server=self.server.name, reason=error.strerror)
            return None

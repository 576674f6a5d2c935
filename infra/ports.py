"""The loopback ports of one data folder: remembered, and changed only when somebody else took them."""

import json
import secrets
import socket
from pathlib import Path

from infra.files import write_whole

HOST = "127.0.0.1"

_FIRST, _LAST = 20_000, 32_000
"""Below the ports that systems hand out for outgoing connections (from 32768 on): a client that tries again while its
server is down would otherwise sometimes connect to itself and keep the server's port from it."""


class Ports:
    """Port numbers by name, kept in one small file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, name: str) -> int:
        """The port remembered under this name; a new free one where none is."""
        return self._all().get(name) or self._remember(name, _free_port())

    def claim(self, name: str) -> int:
        """The port to start a server on: the remembered one if it is free, else a new one, remembered from now on."""
        port = self.of(name)
        return port if is_free(port) else self._remember(name, _free_port())

    def _all(self) -> dict[str, int]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}

    def _remember(self, name: str, port: int) -> int:
        write_whole(self._file, json.dumps(self._all() | {name: port}))
        return port


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    return next(port for port in iter(_any_port, None) if is_free(port))


def _any_port() -> int:
    return _FIRST + secrets.randbelow(_LAST - _FIRST)

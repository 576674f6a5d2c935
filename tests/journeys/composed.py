"""infra/compose.yaml without containers: each service a process with the file's command and environment.

Only what a container gives is put in the place of it: host names become the embedded servers, the folder of secrets a
folder here, the port inside a port of its own, and the proxy's file is followed by this caller.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml

from infra import server_secrets
from infra.accounts import SERVICES, owner_of
from infra.embedded import Stack
from infra.ports import HOST, Ports
from infra.postgres import ADMIN
from services.kernel import clock

READY_SECONDS = 60
STOP_SECONDS = 20
PORT_INSIDE, EVERYWHERE = "8000", "0.0.0.0"  # noqa: S104 - as the file says it
BROWSER = "203.0.113.9"
"""The address from which requests come in."""


def compose(repository: Path) -> dict[str, Any]:
    """The file, its anchors resolved."""
    return dict(yaml.safe_load((repository / "infra/compose.yaml").read_text(encoding="utf-8")))


def entrypoint(repository: Path) -> list[str]:
    """What the image runs before a container's command."""
    found = re.search(r"^ENTRYPOINT (\[.*\])$", (repository / "infra/Containerfile").read_text(), re.MULTILINE)
    assert found
    return list(json.loads(found[1]))


class Routes:
    """The proxy's file as far as it is used: which container answers for a path, None where the proxy itself does."""

    def __init__(self, caddyfile: str) -> None:
        self._paths = {name: paths.split() for name, paths in re.findall(r"@(\w+) path (.+)", caddyfile)}
        self._to = re.findall(r"handle(?: @(\w+))? \{\s+(respond|reverse_proxy) (\S+)", caddyfile)

    def container(self, path: str) -> str | None:
        """The container's name; `handle` blocks count in their order, the first that fits."""
        for matcher, does, target in self._to:
            if not matcher or any(fnmatchcase(path, one) for one in self._paths[matcher]):
                return target.partition(":")[0] if does == "reverse_proxy" else None
        raise AssertionError(path)


class Proxy(httpx.AsyncBaseTransport):
    """Hands requests on as the proxy would: to the container of the path, with who asked and that it was by TLS."""

    def __init__(self, routes: Routes, ports: Mapping[str, int]) -> None:
        self._routes = routes
        self._ports = ports
        self._on = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        container = self._routes.container(request.url.path)
        if container is None:
            return httpx.Response(404)
        request.url = request.url.copy_with(scheme="http", host=HOST, port=self._ports[container])
        request.headers.update({"x-forwarded-proto": "https", "x-forwarded-for": BROWSER})
        return await self._on.handle_async_request(request)

    async def aclose(self) -> None:
        await self._on.aclose()


class Composed:
    """The file's services on a stack of their own in `folder`, on the business day `today`."""

    def __init__(self, repository: Path, folder: Path, today: str) -> None:
        self.file = compose(repository)
        self.repository = repository
        self.folder = folder
        self.today = today
        self.secrets = folder / "secrets"
        self.ports: dict[str, int] = {}
        self._hosts: dict[str, str] = {}

    @property
    def token_key(self) -> str:
        return (self.secrets / "token_key").read_text().strip()

    def proxy(self) -> Proxy:
        """A way in from outside."""
        return Proxy(Routes((self.repository / "infra/Caddyfile").read_text(encoding="utf-8")), self.ports)

    @contextmanager
    def up(self) -> Iterator[None]:
        """As `docker compose up`: servers, then services until they are healthy; ended in order afterwards."""
        server_secrets.make(self.secrets)
        stack = Stack.start(self._with_passwords())
        numbers = Ports(self.folder / "ports.json")
        self.ports = {service: numbers.of(service) for service in SERVICES}
        self._hosts = {
            "kafka:9092": stack.kafka_bootstrap,
            "postgres:5432": urlsplit(stack.admin_dsn).netloc.split("@")[1],
        }
        for secret in self.secrets.glob("*_dsn"):
            secret.write_text(self._here(secret.read_text()))
        running = {service: self._started(service) for service in SERVICES}
        try:
            for service in SERVICES:
                self._wait_until_healthy(service)
            yield
        finally:
            for process in running.values():
                process.terminate()
            ended = {service: process.wait(STOP_SECONDS) for service, process in running.items()}
            stack.stop()
        assert set(ended.values()) == {0}, ended

    def run(self, container: str, *words: str) -> str:
        """As `docker compose run`: what the command printed; it must succeed."""
        command = [*self._entrypoint(), *words]
        done = subprocess.run(
            command, env=self._environment(container), cwd=self.folder, text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text()

    def _with_passwords(self) -> Path:
        """The data folder of the embedded servers, which are told the passwords that the secrets name."""
        place = self.folder / "stack-data"
        (place / "stack").mkdir(parents=True)
        dsns = [self.secrets / f"{service}{kind}_dsn" for service in SERVICES for kind in ("", "_owner")]
        roles = [urlsplit(dsn.read_text().strip()) for dsn in dsns]
        assert {one.username for one in roles} == {*SERVICES, *map(owner_of, SERVICES)}
        known = {one.username: one.password for one in roles}
        known[ADMIN] = (self.secrets / "postgres_password").read_text().strip()
        (place / "stack/passwords.json").write_text(json.dumps(known))
        return place

    def _started(self, service: str) -> subprocess.Popen[bytes]:
        command = [self._here(word, service) for word in self.file["services"][service]["command"]]
        with (self.folder / f"{service}.log").open("wb") as log:
            return subprocess.Popen(
                [*self._entrypoint(), *command],
                env=self._environment(service), cwd=self.folder, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def _wait_until_healthy(self, service: str) -> None:
        kind, program, *words = self.file["services"][service]["healthcheck"]["test"]
        assert (kind, program) == ("CMD", "python")
        check = [sys.executable, *(word.replace(f":{PORT_INSIDE}/", f":{self.ports[service]}/") for word in words)]
        deadline = clock.monotonic() + READY_SECONDS
        while subprocess.run(check, capture_output=True, check=False).returncode:
            assert clock.monotonic() < deadline, self.log(service)
            time.sleep(0.3)

    def _entrypoint(self) -> Sequence[str]:
        program, *words = entrypoint(self.repository)
        return [str(Path(sys.executable).with_name(program)), *words]

    def _environment(self, container: str) -> dict[str, str]:
        """The file's, and nothing else of this machine but where programs and this code lie."""
        stated = {name: self._here(value) for name, value in self.file["services"][container]["environment"].items()}
        return stated | {"ANSINH_TODAY": self.today, "PATH": os.defpath, "PYTHONPATH": str(self.repository)}

    def _here(self, word: str, service: str = "") -> str:
        """A word of the file as it must be said on this machine."""
        proxy = self.file["services"]["proxy"]["networks"]["inside"]["ipv4_address"]
        said = {"/run/secrets": str(self.secrets), EVERYWHERE: HOST, proxy: HOST, **self._hosts}
        for there, here in said.items():
            word = word.replace(there, here)
        return str(self.ports[service]) if word == PORT_INSIDE else word

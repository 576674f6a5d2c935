"""The proxy's file read by the real Caddy: every address reaches its owner over TLS, and metrics stay inside.

Where the machine has no Caddy these tests are skipped, and the run says so; CI installs it.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from infra import proxy
from infra.ports import HOST, Ports
from services.site import ADDRESSES, PARTED, PREFIXES, owner_of
from tests.conftest import CADDY

pytestmark = pytest.mark.skipif(CADDY is None, reason="no caddy on this machine")
STARTS_SECONDS = 20


def _stands_for(name: str) -> ThreadingHTTPServer:
    """A container that answers every request with its name and how the browser came in."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"{name} {self.headers['x-forwarded-proto']}".encode())

        def log_message(self, *_: object) -> None:
            """Nothing on the screen of the tests."""

    server = ThreadingHTTPServer((HOST, 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def containers() -> Iterator[dict[str, str]]:
    servers = {name: _stands_for(name) for name in ADDRESSES}
    yield {name: f"{HOST}:{one.server_address[1]}" for name, one in servers.items()}
    for one in servers.values():
        one.shutdown()


@pytest.fixture(scope="module")
async def site(
    containers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser before Caddy with the committed file; only ports and the containers' names are of this machine."""
    folder = tmp_path_factory.mktemp("caddy")
    ports = Ports(folder / "ports.json")
    http, https = ports.claim("http"), ports.claim("https")
    text = proxy.FILE.read_text(encoding="utf-8")
    for name, address in containers.items():
        text = text.replace(f"reverse_proxy {name}:{proxy.PORT}", f"reverse_proxy {address}")
    options = f"{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {http}\n\thttps_port {https}\n}}\n"
    (folder / "Caddyfile").write_text(options + text, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        str(CADDY),
        "run",
        "--config",
        str(folder / "Caddyfile"),
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        # The certificate is the proxy's own: nobody signed it.
        async with httpx.AsyncClient(base_url=f"https://localhost:{https}", verify=False) as client:  # noqa: S501
            await _answers(client)
            yield client
    finally:
        process.terminate()
        await process.wait()


async def _answers(client: httpx.AsyncClient) -> None:
    for _ in range(STARTS_SECONDS * 10):
        try:
            await client.get("/")
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        else:
            return
    raise AssertionError("Caddy does not answer")


@pytest.mark.parametrize("prefix", ["", "dang-nhap", "nguoi-dung", *PARTED, *PREFIXES])
async def test_a_page_comes_from_its_owner_over_tls(site: httpx.AsyncClient, prefix: str) -> None:
    for path in (f"/{prefix}", f"/{prefix}/x?period=2023-11"):
        answer = await site.get(path)
        assert answer.text == f"{owner_of(path.partition('?')[0])} https"
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("service", ADDRESSES)
async def test_calls_and_parts_of_a_service_come_from_it_and_its_metrics_from_nobody(
    site: httpx.AsyncClient, service: str
) -> None:
    for path in (f"/{service}/lag", *(f"/{page}/{service}" for page in PARTED)):
        assert (await site.get(path)).text == f"{service} https"
    assert (await site.get(f"/{service}/metrics")).status_code == 404

"""docs/settings.md names every environment variable that is read, and no other."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import uvicorn

from infra.stack import connect
from services.disbursement import api_papers
from services.kernel import settings
from services.portal.oidc_settings import oidc_settings

VARIABLE = re.compile(r"(ANSINH|KAFKA|XDG)_[A-Z_]*[A-Z]")
PREFIX = re.compile(r"(ANSINH|KAFKA)_([A-Z]+_)*")
# What the servers of infra/compose.yaml are told; no setting of ours.
OF_OTHERS = re.compile(r"KAFKA_(?!BOOTSTRAP|SECURITY)|POSTGRES_|CLUSTER_ID")
ROW = re.compile(r"^\| `([A-Z_]+)` \| (F?) ?\|", re.MULTILINE)
READ_BY_UVICORN = "FORWARDED_ALLOW_IPS"


def _page(repository: Path) -> dict[str, bool]:
    """Variable → whether it may be a file, by the page."""
    rows = ROW.findall((repository / "docs/settings.md").read_text(encoding="utf-8"))
    assert len(rows) == len(dict(rows))
    return {name: bool(file) for name, file in rows}


def _words(repository: Path) -> Iterator[str]:
    for folder in ("services", "infra"):
        for file in sorted((repository / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> set[str]:
    """Variables whose names are put together, as those who read them ask for them."""
    asked: set[str] = set()
    said = {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_SECURITY_MECHANISM": "PLAIN", "KAFKA_SECURITY_CAFILE": None}

    def read(name: str, environment: Mapping[str, str] | None = None) -> str | None:
        asked.add(name)
        return said.get(name, "https://said.example")

    monkeypatch.setattr(settings, "read", read)
    connect(tmp_path, print, environment={})
    oidc_settings({})
    api_papers._payer()
    return asked


def test_every_variable_that_the_code_reads_stands_on_the_page_and_no_other(
    repository: Path, composed: set[str]
) -> None:
    words = set(_words(repository))
    # Whoever puts names together in a new place is to be asked in `composed` too.
    assert {one for one in words if PREFIX.fullmatch(one)} == {"ANSINH_OIDC_", "ANSINH_PAYER_", "KAFKA_SECURITY_"}
    read = composed | {one for one in words if VARIABLE.fullmatch(one)} | {READ_BY_UVICORN}
    of_the_proxy = set(re.findall(r"\{\$([A-Z_]+)", (repository / "infra/Caddyfile").read_text(encoding="utf-8")))
    assert _page(repository).keys() == read | of_the_proxy


def test_the_page_says_which_may_be_files(repository: Path, composed: set[str]) -> None:
    page = _page(repository)
    files = {name for name, file in page.items() if file}
    assert composed <= files
    assert page.keys() - files == {
        "ANSINH_CACHE", "ANSINH_SITE", "ANSINH_TLS", "ANSINH_TODAY", "FORWARDED_ALLOW_IPS", "XDG_CACHE_HOME",
    }  # fmt: skip


def test_uvicorn_reads_whose_forwarding_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(READ_BY_UVICORN, "192.0.2.7")
    config = uvicorn.Config("none:app")
    assert (config.proxy_headers, config.forwarded_allow_ips) == (True, "192.0.2.7")


def test_the_deployment_files_set_nothing_that_nobody_reads(repository: Path) -> None:
    page = _page(repository)
    known = page.keys() | {f"{name}_FILE" for name, file in page.items() if file}
    compose = (repository / "infra/compose.yaml").read_text(encoding="utf-8")
    stated = set(re.findall(r"^ +([A-Z][A-Z_]+): ", compose, re.MULTILINE)) | set(re.findall(r"\$\{([A-Z_]+)", compose))
    unit = (repository / "infra/systemd/ansinh.service").read_text(encoding="utf-8")
    stated |= set(re.findall(r"^Environment=([A-Z_]+)=", unit, re.MULTILINE))
    assert {one for one in stated if not OF_OTHERS.match(one)} <= known
    assert {"ANSINH_TOKEN_KEY_FILE", "FORWARDED_ALLOW_IPS", "ANSINH_SITE", "ANSINH_CACHE"} <= stated

import hashlib
from pathlib import Path

import pytest

from infra import jars
from infra.errors import StackError

CONTENT = b"a jar"
LOCK = f"""
[[jar]]
coordinate = "org.example:tool:1.2"
size = 5
sha256 = "{hashlib.sha256(CONTENT).hexdigest()}"
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache for a lock of one file."""
    lock = tmp_path / "lock.toml"
    lock.write_text(LOCK)
    monkeypatch.setattr(jars, "LOCK", lock)
    monkeypatch.setenv("ANSINH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def repository_serving(monkeypatch: pytest.MonkeyPatch, *contents: bytes) -> list[str]:
    """Serves one content after the other; gives the list of what was asked for."""
    asked: list[str] = []

    def download(jar: jars.Jar, repository: Path) -> Path:
        repository.mkdir(parents=True)
        file = repository / "got.jar"
        file.write_bytes(contents[len(asked)])
        asked.append(jar.coordinate)
        return file

    monkeypatch.setattr(jars, "_download", download)
    return asked


def test_what_is_in_the_cache_is_not_fetched_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = repository_serving(monkeypatch, CONTENT)
    [path] = jars.ensure(print)
    assert path.name == "tool-1.2.jar"
    assert path.read_bytes() == CONTENT
    assert jars.ensure(print) == [path]
    assert asked == ["org.example:tool:1.2"]


def test_a_file_cut_short_in_the_cache_is_fetched_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository_serving(monkeypatch, CONTENT, CONTENT)
    [path] = jars.ensure(print)
    path.write_bytes(b"a j")
    jars.ensure(print)
    assert path.read_bytes() == CONTENT


def test_the_install_step_finds_a_changed_byte(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository_serving(monkeypatch, CONTENT, CONTENT)
    [path] = jars.ensure(print)
    path.write_bytes(b"a jur")
    jars.ensure(print, verify=True)
    assert path.read_bytes() == CONTENT


def test_a_download_that_differs_from_the_lock_is_tried_again_then_refused(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository_serving(monkeypatch, b"other", CONTENT)
    assert jars.ensure(print)[0].read_bytes() == CONTENT
    jars.ensure(print)[0].unlink()
    repository_serving(monkeypatch, b"other", b"other", b"other")
    with pytest.raises(StackError, match="SHA-256") as refused:
        jars.ensure(print)
    assert "make install" in str(refused.value)
    assert not list(cache.rglob("tool-1.2.jar"))


def test_without_a_network_the_message_says_what_to_do(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(jar: jars.Jar, repository: Path) -> Path:
        raise OSError("no route")

    monkeypatch.setattr(jars, "_download", no_network)
    with pytest.raises(StackError, match="ANSINH_CACHE"):
        jars.ensure(print)


def test_the_lock_names_the_broker_its_clients_and_a_logger_and_no_host() -> None:
    names = {jar.coordinate for jar in jars.locked()}
    assert {
        "org.apache.kafka:kafka_2.13:4.4.0",
        "org.apache.kafka:kafka-clients:4.4.0",
        "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5",
    } <= names
    assert "://" not in jars.LOCK.read_text()

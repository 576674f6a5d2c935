"""What comes from the public Maven repository (the JARs of Apache Kafka): fetched once per user, checked by a lock.

`python -m infra.jars` is the install step; with `--relock` it resolves the versions anew first and writes the lock. The
JARs lie in a cache that all working copies of one user share, so that only the first of them fetches.
"""

import fcntl
import hashlib
import os
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.errors import StackError

Progress = Callable[[str], None]

LOCK = Path(__file__).with_name("kafka_lock.toml")
_WANTED = (
    "org.apache.kafka:kafka_2.13:4.4.0",
    "org.apache.kafka:kafka-clients:4.4.0",  # unnamed, an older one is resolved
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5",  # without a logger the broker is mute
)
_TRIES = 3
_TROUBLE_LENGTH = 200
_FETCHES_AT_ONCE = 4
_TIMEOUT = 30  # seconds without an answer


@dataclass(frozen=True, slots=True)
class Jar:
    """One locked file: group:artifact:version, its size in bytes, its SHA-256 in hex, and its kind (`jar`, `zip`)."""

    coordinate: str
    size: int
    sha256: str
    packaging: str = "jar"

    @property
    def file_name(self) -> str:
        """As it is called in the cache and in every Maven repository."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.{self.packaging}"

    def is_in(self, folder: Path) -> bool:
        """The cheap check: there, and as long as it must be."""
        file = folder / self.file_name
        return file.is_file() and file.stat().st_size == self.size

    def is_whole_in(self, folder: Path) -> bool:
        """The full check, by SHA-256."""
        return self.is_in(folder) and sha256_of(folder / self.file_name) == self.sha256


def sha256_of(file: Path) -> str:
    """SHA-256 of a file's content, in hex."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def locked(lock: Path | None = None) -> tuple[Jar, ...]:
    """The files that the lock (Kafka's unless another is named) names, in the order of the class path."""
    return tuple(Jar(**entry) for entry in tomllib.loads((lock or LOCK).read_text())["jar"])


def cache_folder() -> Path:
    """`ANSINH_CACHE`, else the user's cache folder."""
    stated = os.environ.get("ANSINH_CACHE")
    if stated:
        return Path(stated)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ansinh"


def folder(lock: Path | None = None) -> Path:
    """Where the files of this lock lie; another lock has another folder."""
    named = lock or LOCK
    return cache_folder() / named.stem.removesuffix("_lock") / sha256_of(named)[:16]


def ensure(progress: Progress, verify: bool = False, lock: Path | None = None) -> list[Path]:
    """The files' paths, fetching what is missing; with `verify`, each is held against its SHA-256 first.

    Raises StackError when one can't be fetched or the cache can't be written.
    """
    jars, here = locked(lock), folder(lock)
    is_good = Jar.is_whole_in if verify else Jar.is_in
    if not all(is_good(jar, here) for jar in jars):
        try:
            here.mkdir(parents=True, exist_ok=True)
            with _alone(here / ".lock"):
                missing = [jar for jar in jars if not is_good(jar, here)]
                _fetch_all(missing, here, progress)
        except OSError as error:
            raise StackError(
                f"Không ghi được vào thư mục đệm {here} ({error.strerror}). Đặt ANSINH_CACHE tới thư mục ghi được.",
                f"The cache folder {here} can't be written ({error.strerror}). Set ANSINH_CACHE to one that can.",
            ) from error
    return [here / jar.file_name for jar in jars]


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _fetch_all(jars: list[Jar], here: Path, progress: Progress) -> None:
    if not jars:
        return
    for outdated in here.glob("*.aot"):
        outdated.unlink()
    megabytes = sum(jar.size for jar in jars) / 1e6
    progress(f"Tải từ Maven (một lần): {len(jars)} tệp, {megabytes:.0f} MB")
    with (
        tempfile.TemporaryDirectory(dir=here, prefix=".fetch-") as scratch,
        ThreadPoolExecutor(_FETCHES_AT_ONCE) as pool,
    ):
        for done, jar in enumerate(pool.map(lambda one: _fetch(one, Path(scratch), here), jars), 1):
            progress(f"Tải từ Maven: {done}/{len(jars)} {jar.file_name}")


def _fetch(jar: Jar, scratch: Path, here: Path) -> Jar:
    """Fetches one JAR; what arrives cut short or changed is fetched again, then refused."""
    trouble = ""
    for attempt in range(_TRIES):
        try:
            got = _download(jar, scratch / f"{attempt}-{jar.file_name}")
        except Exception as error:  # noqa: BLE001 - the library raises whatever its own parts raise
            trouble = f"{type(error).__name__}: {error}"[:_TROUBLE_LENGTH]
            continue
        if sha256_of(got) == jar.sha256:
            got.replace(here / jar.file_name)
            return jar
        trouble = "SHA-256 khác với tệp khóa / differs from the lock"
    raise StackError(
        f"Không tải được {jar.coordinate}: {trouble}. Kiểm tra mạng (hoặc máy chủ trung gian HTTPS_PROXY) rồi chạy lại "
        "`make install`. Máy không có mạng: chép thư mục đệm của máy khác và đặt ANSINH_CACHE.",
        f"{jar.coordinate} can't be fetched. Check the network (or HTTPS_PROXY) and run `make install` again. On a "
        "machine without a network, copy another machine's cache folder and set ANSINH_CACHE.",
    )


def _download(jar: Jar, repository: Path) -> Path:
    from jgo.maven import MavenContext  # slow to load, and needed only to fetch

    group, artifact, version = jar.coordinate.split(":")
    context = MavenContext(repo_cache=repository, local_repos=[], timeout=_TIMEOUT)
    return Path(context.project(group, artifact).at_version(version).artifact(packaging=jar.packaging).resolve())


def relock(progress: Progress) -> None:
    """Resolves what Kafka needs from the public repository and writes it to the lock."""
    from jgo.env import EnvironmentBuilder
    from jgo.maven import MavenContext

    with tempfile.TemporaryDirectory() as scratch:
        context = MavenContext(repo_cache=Path(scratch) / "repository", local_repos=[], timeout=_TIMEOUT)
        builder = EnvironmentBuilder(context=context, cache_dir=Path(scratch) / "environments")
        progress("Resolving")
        environment = builder.from_endpoint("+".join(_WANTED))
        entries = tomllib.loads((environment.path / "jgo.lock.toml").read_text())["dependencies"]
        found = {jar.name: jar for jar in environment.path.rglob("*.jar")}
        jars = [_locked_entry(entry, found) for entry in entries]
    text = "".join(
        f'\n[[jar]]\ncoordinate = "{jar.coordinate}"\nsize = {jar.size}\nsha256 = "{jar.sha256}"\n' for jar in jars
    )
    LOCK.write_text(f"# Made by `python -m infra.jars --relock`; the order is that of the class path.\n{text}")
    progress(f"{len(jars)} JARs")


def _locked_entry(entry: dict[str, str], found: dict[str, Path]) -> Jar:
    coordinate = f"{entry['groupId']}:{entry['artifactId']}:{entry['version']}"
    file = found[f"{entry['artifactId']}-{entry['version']}.jar"]
    return Jar(coordinate, file.stat().st_size, sha256_of(file))


def main(arguments: list[str]) -> None:
    """The install step: everything here, checked in full, and the broker's start prepared."""
    from infra.kafka_aot import train  # it stands above this module

    if "--relock" in arguments:
        relock(print)
    try:
        ensure(print, verify=True)
        train(print)
    except StackError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])

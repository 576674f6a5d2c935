"""PostgreSQL refuses to run as root; this finds who it runs as instead.

An ordinary user runs it as is. Root runs it in a user namespace of its own, where root is called `nobody`: it keeps the
access of root's own files, so that folders of mode 0700 need no change. Where namespaces are forbidden (many
containers) it runs as the real `nobody`, from places that `nobody` reaches.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from infra.errors import StackError
from services.kernel.clock import new_id

_STRANGER = "nobody"
_COMMON_PLACE = Path("/var/lib/ansinh")


@dataclass(frozen=True, slots=True)
class Runner:
    """How to run PostgreSQL's programs: what stands before the command, where the programs and the data lie."""

    prefix: tuple[str, ...]
    programs: Path
    data: Path


def runner(programs: Path, data: Path) -> Runner:
    """Decides for this data folder, which need not exist yet; what was decided for existing data stays.

    Raises StackError where none of the ways is open.
    """
    if os.geteuid() != 0:
        return Runner((), programs, data)
    namespace = ("unshare", "--user", f"--map-user={pwd.getpwnam(_STRANGER).pw_uid}")
    if not data.is_symlink() and _reaches(namespace, programs) and _works(*namespace, "test", "-w", str(data.parent)):
        return Runner(namespace, programs, data)
    return _as_stranger(programs, data)


def _as_stranger(programs: Path, data: Path) -> Runner:
    """The data moves to a common place and the folder gets a link to it; so do the programs where out of reach."""
    stranger = pwd.getpwnam(_STRANGER)
    prefix = ("setpriv", f"--reuid={stranger.pw_uid}", f"--regid={stranger.pw_gid}", "--clear-groups")
    if data.is_dir() and not data.is_symlink():
        raise StackError(
            f"Dữ liệu {data} được tạo khi hệ thống cho phép user namespace, nay bị cấm. Cho phép lại, hoặc chạy bằng "
            "người dùng thường sở hữu thư mục.",
            f"{data} was made where user namespaces were allowed and now they are not. Allow them again, or run as an "
            "ordinary user who owns the folder.",
        )
    try:
        home = data.readlink().parent if data.is_symlink() else _COMMON_PLACE / new_id()
        home.mkdir(parents=True, exist_ok=True)
        os.chown(home, stranger.pw_uid, stranger.pw_gid)
        if not _reaches(prefix, programs):
            programs = _copied(programs)
    except OSError as error:
        raise StackError(
            f"PostgreSQL không chạy bằng root, mà user namespace bị cấm và {_COMMON_PLACE} không ghi được. Hãy chạy "
            "bằng người dùng thường.",
            f"PostgreSQL does not run as root, user namespaces are forbidden and {_COMMON_PLACE} can't be written. "
            "Run as an ordinary user.",
        ) from error
    return Runner(prefix, programs, home / data.name)


def _copied(programs: Path) -> Path:
    """The programs with their libraries in the common place, copied once per version of the wheel."""
    installation, package = programs.parent, programs.parent.parent
    wheel = (programs / "postgres").stat()
    there = _COMMON_PLACE / f"postgresql-{wheel.st_size:x}-{int(wheel.st_mtime):x}"
    if not there.exists():
        half = there.with_name(f".{there.name}.{os.getpid()}")
        skipped = shutil.ignore_patterns("*.a", "include")
        shutil.copytree(installation, half / package.name / installation.name, ignore=skipped)
        shutil.copytree(package.with_name(f"{package.name}.libs"), half / f"{package.name}.libs")
        half.replace(there)
    return there / package.name / installation.name / programs.name


def _reaches(prefix: tuple[str, ...], programs: Path) -> bool:
    """By a program that loads a library of the wheel: the first file is still opened with root's rights."""
    return _works(*prefix, str(programs / "initdb"), "--version")


def _works(*command: str) -> bool:
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0
    except OSError:
        return False

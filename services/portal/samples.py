"""The users of a fresh installation that is tried out: one for each role, made-up names, random first passwords."""

import os
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from services.portal import store, user_handlers
from services.portal.user_handlers import First
from services.reference import access

FILE = "sample-users.txt"
MADE_BY = "ansinh up"
SAMPLES: Sequence[tuple[str, str, str, str | None]] = (
    ("chuyenvien", "Nguyễn Thị Vân", access.DISTRICT_OFFICER, None),
    ("lanhdao", "Trần Văn Lâm", access.DISTRICT_APPROVER, None),
    ("xa.kimbai", "Lê Thị Hà", access.COMMUNE_OFFICER, "10114"),
    ("xa.bichhoa", "Phạm Văn Sơn", access.COMMUNE_OFFICER, "10126"),
    ("xa.caovien", "Đỗ Thị Mai", access.COMMUNE_OFFICER, "10132"),
    ("congan", "Hoàng Văn Dũng", access.POLICE, None),
    ("taichinh", "Vũ Thị Hạnh", access.FINANCE, None),
    ("khobac", "Bùi Văn Khoa", access.TREASURY, None),
    ("vanhoa", "Đặng Thị Thu", access.OUTREACH, None),
    ("nganhang", "Ngô Văn Phúc", access.BANK, None),
    ("kiemtra", "Dương Thị An", access.AUDITOR, None),
    ("quantri", "Lý Văn Tài", access.ADMIN, None),
)
"""Login, name, role, area."""


async def prepare(connection: asyncpg.Connection, file: Path) -> Sequence[str]:
    """Lines to print: the sample users with their first passwords where they were made just now (there was no user),
    else where the passwords were kept. The file is for its owner's eyes. Within a transaction."""
    await store.hold_users(connection)
    if await store.users(connection, "", 1):
        return _where(file)
    made = [
        await user_handlers.add(connection, MADE_BY, name, login, role, area) for login, name, role, area in SAMPLES
    ]
    lines = [_line(one) for one in made]
    _keep(file, lines)
    return ["Người dùng mẫu và mật khẩu lần đầu / sample users with first passwords:", *lines, *_where(file)]


def _line(one: First) -> str:
    return f"  {one.user.login:<12} {one.password}  {one.user.role}{f' {one.user.area}' if one.user.area else ''}"


def _where(file: Path) -> list[str]:
    return [f"Mật khẩu lần đầu để trong / first passwords are kept in: {file}"] if file.exists() else []


def _keep(file: Path, lines: Sequence[str]) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as target:
        target.write("\n".join(lines) + "\n")

"""Access tokens: made here, checked offline by every service with the public key."""

import os
from pathlib import Path

from services.kernel.settings import read
from services.kernel.web.auth import Caller, issue, new_key, private_key
from services.reference import areas
from services.reference.access import BOUND_TO_COMMUNE, ROLES

LIFETIME_SECONDS = 12 * 3600
KEY_FILE = "token.key"
NAME_LETTERS_MAX = 100


class TokenRefused(Exception):
    """No token for such a role or area; the message says why, in Vietnamese and English."""


def token_key(data: Path) -> str:
    """The signing key: `ANSINH_TOKEN_KEY`, else the file in the data folder, made at first use (mode 0600)."""
    if stated := read("ANSINH_TOKEN_KEY"):
        return stated
    data.mkdir(parents=True, exist_ok=True)
    file = data / KEY_FILE
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w") as stream:
        stream.write(new_key())
    return file.read_text(encoding="ascii").strip()


def issue_token(key: str, role: str, area: str | None = None, name: str | None = None) -> str:
    """A token of 12 hours for that person; without a name, one person per role and area. Raises TokenRefused."""
    if role not in ROLES:
        raise TokenRefused(f"không có vai trò {role} / no such role; {', '.join(ROLES)}")
    if role in BOUND_TO_COMMUNE and not area:
        raise TokenRefused(f"vai trò {role} cần --area, mã xã / needs --area, the commune's code")
    if area and not areas.known(area):
        raise TokenRefused(f"không có đơn vị hành chính mã {area} / no such area")
    person = name or " ".join(part for part in (role, area) if part)
    return issue(private_key(key), Caller(person[:NAME_LETTERS_MAX], role, area), LIFETIME_SECONDS)

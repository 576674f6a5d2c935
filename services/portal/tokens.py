"""The key that signs tokens, and tokens for people in a role."""

import binascii
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from services.kernel import settings
from services.kernel.decider import Rejected
from services.kernel.web.auth import Caller, issue, new_key, private_key
from services.portal.roles import check_name, check_role
from services.portal.words import in_both

LIFETIME_SECONDS = 12 * 3600
KEY_FILE = "token.key"
SETTING = "ANSINH_TOKEN_KEY"


class TokenRefused(Exception):
    """No token can be issued; the message says why, in both languages."""


def token_key(data: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The signing key: the setting `ANSINH_TOKEN_KEY` (or `…_FILE`), else the data folder's own, made on first use.

    Raises TokenRefused where what is found is no key.
    """
    try:
        key = settings.read(SETTING, environment) or _kept(data)
    except settings.Unreadable as why:
        raise TokenRefused(
            f"Không đọc được tệp {why.file} mà biến {why.name} chỉ tới: {why.reason}."
            f" / The file {why.file} named by {why.name} can't be read: {why.reason}."
        ) from why
    try:
        private_key(key)
    except (ValueError, binascii.Error) as why:
        raise TokenRefused(
            f"Khóa ký mã truy cập ({SETTING} hoặc {data / KEY_FILE}) không phải 32 byte dạng base64."
            f" / The token key ({SETTING} or {data / KEY_FILE}) is not 32 bytes in base64."
        ) from why
    return key


def _kept(data: Path) -> str:
    file = data / KEY_FILE
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        _make(file)
    return file.read_text(encoding="ascii").strip()


def _make(file: Path) -> None:
    """Writes a new key beside the file and links it into place: two who start at once agree on one whole key."""
    draft = file.with_name(f".{KEY_FILE}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        target.write(new_key() + "\n")
    try:
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()


def issue_token(key: str, role: str, area: str | None, name: str | None) -> str:
    """A bearer token for 12 hours; without a name, one person for each role and area. Raises TokenRefused."""
    person = (name or "").strip() or (f"{role} {area}" if area else role)
    try:
        check_role(role, area)
        check_name(person)
    except Rejected as why:
        raise TokenRefused(in_both(why)) from why
    return issue(private_key(key), Caller(person, role, area), LIFETIME_SECONDS)

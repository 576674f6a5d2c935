"""The key that signs tokens, and tokens for people in a role."""

import binascii
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from services.kernel import settings
from services.kernel.web.auth import Caller, issue, new_key, private_key
from services.reference import access, areas

LIFETIME_SECONDS = 12 * 3600
NAME_LETTERS_MAX = 100
KEY_FILE = "token.key"
SETTING = "ANSINH_TOKEN_KEY"
MAY_HAVE_AREA = (*access.BOUND_TO_COMMUNE, access.POLICE)


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
    _check(role, area)
    person = (name or "").strip() or (f"{role} {area}" if area else role)
    if len(person) > NAME_LETTERS_MAX or not person.isprintable():
        raise TokenRefused(
            f"Tên người dùng phải là chữ, tối đa {NAME_LETTERS_MAX} chữ."
            f" / The person's name must be printable, at most {NAME_LETTERS_MAX} letters."
        )
    return issue(private_key(key), Caller(person, role, area), LIFETIME_SECONDS)


def _check(role: str, area: str | None) -> None:
    if role not in access.ROLES:
        known = ", ".join(access.ROLES)
        raise TokenRefused(f"Không có vai trò {role}; chọn: {known}. / No role {role}; choose one of these.")
    if area is None:
        if role in access.BOUND_TO_COMMUNE:
            raise TokenRefused(
                f"Vai trò {role} cần mã xã: --area 10114. / The role {role} needs its commune: --area 10114."
            )
        return
    if role not in MAY_HAVE_AREA:
        raise TokenRefused(
            f"Vai trò {role} không gắn với địa bàn, bỏ --area. / The role {role} has no area: leave --area out."
        )
    levels = {one.level for one in areas.all_areas() if one.code == area}
    if not levels:
        raise TokenRefused(f"Không có đơn vị hành chính mã {area}. / There is no area {area}.")
    if role in access.BOUND_TO_COMMUNE and "commune" not in levels:
        raise TokenRefused(f"{area} không phải xã, thị trấn. / {area} is not a commune.")

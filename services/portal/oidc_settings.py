"""Whether people sign in at an identity provider (OpenID Connect), and how it is reached."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from services.kernel import settings

_PREFIX = "ANSINH_OIDC_"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class OidcMisconfigured(Exception):
    """The settings do not make a provider; the message says why, in both languages."""


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """The provider's address (its `iss`), our registration there, and the claims that say who a person is here."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name_claim: str
    role_claim: str
    area_claim: str


def oidc_settings(environment: Mapping[str, str] = os.environ) -> OidcSettings | None:
    """The provider by `ANSINH_OIDC_ISSUER`, `_CLIENT_ID`, `_CLIENT_SECRET` (or `…_FILE`) and `_NAME_CLAIM`,
    `_ROLE_CLAIM`, `_AREA_CLAIM` (`preferred_username`, `role`, `area`); None where no issuer is named.

    Raises OidcMisconfigured.
    """
    issuer = _read("ISSUER", environment)
    if not issuer:
        return None
    address = urlsplit(issuer)
    if address.scheme != "https" and address.hostname not in _LOOPBACK:
        raise OidcMisconfigured(
            f"{_PREFIX}ISSUER phải bắt đầu bằng https://. / {_PREFIX}ISSUER must begin with https://."
        )
    return OidcSettings(
        issuer,
        _required("CLIENT_ID", environment),
        _required("CLIENT_SECRET", environment),
        _read("NAME_CLAIM", environment) or "preferred_username",
        _read("ROLE_CLAIM", environment) or "role",
        _read("AREA_CLAIM", environment) or "area",
    )


def _required(name: str, environment: Mapping[str, str]) -> str:
    value = _read(name, environment)
    if not value:
        raise OidcMisconfigured(
            f"Có {_PREFIX}ISSUER thì phải đặt cả {_PREFIX}{name}. / {_PREFIX}ISSUER is set, so set {_PREFIX}{name} too."
        )
    return value


def _read(name: str, environment: Mapping[str, str]) -> str | None:
    try:
        return settings.read(_PREFIX + name, environment)
    except settings.Unreadable as why:
        raise OidcMisconfigured(
            f"Không đọc được tệp {why.file} mà biến {why.name} chỉ tới: {why.reason}."
            f" / The file {why.file} named by {why.name} can't be read: {why.reason}."
        ) from why

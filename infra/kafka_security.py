"""How to sign in to a broker elsewhere: the variables `KAFKA_SECURITY_…` as aiokafka's clients take them."""

import ssl
from collections.abc import Callable
from typing import Any

from infra.errors import StackError

PREFIX = "KAFKA_SECURITY_"
PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
Read = Callable[[str], str | None]


def kafka_security(read: Read) -> dict[str, Any]:
    """The arguments, none for an open broker; `read` gives a variable's value or that of the file it names.

    `…_PROTOCOL`; for SASL `…_MECHANISM` (PLAIN if unsaid), `…_USERNAME`, `…_PASSWORD`; for SSL `…_CAFILE`, the path of
    the authority's certificates (the system's if unsaid). Raises StackError for what does not fit together.
    """
    stated = {name: read(PREFIX + name) for name in ("PROTOCOL", "MECHANISM", "USERNAME", "PASSWORD", "CAFILE")}
    protocol = stated["PROTOCOL"] or "PLAINTEXT"
    if protocol not in PROTOCOLS:
        raise _wrong("PROTOCOL", PROTOCOLS)
    unused = _unused(protocol, stated)
    if unused:
        raise StackError(
            f"{PREFIX}{unused} không dùng được với {PREFIX}PROTOCOL={protocol}.",
            f"{PREFIX}{unused} has no use with {PREFIX}PROTOCOL={protocol}.",
        )
    found: dict[str, Any] = {} if protocol == "PLAINTEXT" else {"security_protocol": protocol}
    if protocol.startswith("SASL"):
        found |= _sign_in(stated)
    if protocol.endswith("SSL"):
        found["ssl_context"] = _encrypted(stated["CAFILE"])
    return found


def _unused(protocol: str, stated: dict[str, str | None]) -> str | None:
    """A variable that says something this protocol does not do: a password sent to nobody is a mistake."""
    useless: tuple[str, ...] = () if protocol.startswith("SASL") else ("MECHANISM", "USERNAME", "PASSWORD")
    useless += () if protocol.endswith("SSL") else ("CAFILE",)
    return next((name for name in useless if stated[name]), None)


def _sign_in(stated: dict[str, str | None]) -> dict[str, Any]:
    mechanism = stated["MECHANISM"] or "PLAIN"
    if mechanism not in MECHANISMS:
        raise _wrong("MECHANISM", MECHANISMS)
    missing = [PREFIX + name for name in ("USERNAME", "PASSWORD") if not stated[name]]
    if missing:
        raise StackError(
            f"Thiếu {', '.join(missing)} để đăng nhập Kafka bằng SASL.",
            f"Missing to sign in to Kafka by SASL: {', '.join(missing)}.",
        )
    return {
        "sasl_mechanism": mechanism,
        "sasl_plain_username": stated["USERNAME"],
        "sasl_plain_password": stated["PASSWORD"],
    }


def _encrypted(authorities: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authorities)
    except (OSError, ssl.SSLError) as error:
        raise StackError(
            f"Không đọc được chứng thư {authorities} ({PREFIX}CAFILE): {error}.",
            f"The certificates {authorities} ({PREFIX}CAFILE) can't be read: {error}.",
        ) from error


def _wrong(name: str, allowed: tuple[str, ...]) -> StackError:
    return StackError(
        f"{PREFIX}{name} phải là một trong: {', '.join(allowed)}.",
        f"{PREFIX}{name} must be one of: {', '.join(allowed)}.",
    )

"""Where the services find Kafka and their databases: what the environment names, else the embedded stack."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.accounts import SERVICES
from infra.embedded import Stack
from infra.errors import StackError
from infra.kafka_security import kafka_security
from services.kernel import settings


@dataclass(frozen=True, slots=True)
class Connections:
    """What callers need to connect. `dsn` and `owner_dsn` are by service: the running service's and its migrations'.

    `kafka_security` goes to aiokafka's clients as it is. `stop` ends what was started for this caller.
    """

    kafka_bootstrap: str
    dsn: Mapping[str, str] = field(repr=False)
    owner_dsn: Mapping[str, str] = field(repr=False)
    stop: Callable[[], None]
    kafka_security: Mapping[str, Any] = field(default_factory=dict, repr=False)


def connect(
    data: Path,
    progress: Callable[[str], None],
    services: Sequence[str] = SERVICES,
    environment: Mapping[str, str] = os.environ,
) -> Connections:
    """The connections of these services. Blocks until the embedded servers, where they are used, take work.

    `KAFKA_BOOTSTRAP` (with `KAFKA_SECURITY_…`, see `infra.kafka_security`) and one `REGISTRY_DSN` … per service name
    servers elsewhere (`REGISTRY_OWNER_DSN` … where the migrations' role is another; `…_FILE` names a file with the
    value). Raises StackError where only some of them are set, or where the embedded servers do not start.
    """
    return _elsewhere(services, environment) or _embedded(data, progress, services)


def _embedded(data: Path, progress: Callable[[str], None], services: Sequence[str]) -> Connections:
    stack = Stack.start(data, progress)
    return Connections(
        kafka_bootstrap=stack.kafka_bootstrap,
        dsn={service: stack.service_dsn(service) for service in services},
        owner_dsn={service: stack.owner_dsn(service) for service in services},
        stop=stack.stop,
    )


def _elsewhere(services: Sequence[str], environment: Mapping[str, str]) -> Connections | None:
    names = ("KAFKA_BOOTSTRAP", *map(_dsn_name, services))
    stated = {name: _read(name, environment) for name in names}
    if not any(stated.values()):
        return None
    missing = [name for name, value in stated.items() if not value]
    if missing:
        raise StackError(
            f"Thiếu biến môi trường {', '.join(missing)}: đặt đủ, hoặc không đặt biến nào để dùng máy chủ nhúng.",
            f"Missing in the environment: {', '.join(missing)}. Set all of them, or none to use the embedded servers.",
        )
    dsn = {service: str(stated[_dsn_name(service)]) for service in services}
    return Connections(
        kafka_bootstrap=str(stated["KAFKA_BOOTSTRAP"]),
        dsn=dsn,
        owner_dsn={service: _read(f"{service.upper()}_OWNER_DSN", environment) or dsn[service] for service in services},
        stop=lambda: None,
        kafka_security=kafka_security(lambda name: _read(name, environment)),
    )


def _dsn_name(service: str) -> str:
    return f"{service.upper()}_DSN"


def _read(name: str, environment: Mapping[str, str]) -> str | None:
    """The setting; raises StackError where the file that should hold it can't be read."""
    try:
        return settings.read(name, environment)
    except settings.Unreadable as why:
        raise StackError(
            f"Không đọc được tệp {why.file} mà biến {why.name} chỉ tới: {why.reason}.",
            f"The file {why.file} named by {why.name} can't be read: {why.reason}.",
        ) from why

"""Settings of a service, and how a setting is read; secrets also as files (`ANSINH_TOKEN_KEY_FILE`)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Unreadable(Exception):
    """The file that a `…_FILE` variable names cannot be read; `name` is the variable, `reason` the system's word."""

    def __init__(self, name: str, file: str, reason: str) -> None:
        super().__init__(f"{name}: {file}: {reason}")
        self.name = name
        self.file = file
        self.reason = reason


def read(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The value of a setting, from `NAME` or else from the file that `NAME_FILE` names. Raises Unreadable."""
    if value := environment.get(name):
        return value
    variable = f"{name}_FILE"
    file = environment.get(variable)
    if not file:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as why:
        raise Unreadable(variable, file, getattr(why, "strerror", None) or "not UTF-8 text") from why


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """How to reach the broker; `security` goes to aiokafka's clients as it is."""

    bootstrap: str
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What one service needs: its store (as its own login and as the owner who migrates), Kafka, the tokens' key.

    `data` is the folder whose disk is watched; nothing is read or written there.
    """

    name: str
    dsn: str = field(repr=False)
    owner_dsn: str = field(repr=False)
    kafka: KafkaSettings
    token_key: str = field(repr=False)
    data: Path = Path()

"""Settings of a service, and how a setting is read; secrets also as files (`ANSINH_TOKEN_KEY_FILE`)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def read(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The value of a setting, from `NAME` or from the file that `NAME_FILE` names."""
    if value := environment.get(name):
        return value
    file = environment.get(f"{name}_FILE")
    return Path(file).read_text(encoding="utf-8").strip() if file else None


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """How to reach the broker; `security` goes to aiokafka's clients as it is."""

    bootstrap: str
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What one service needs: its store (as its own login and as the owner who migrates), Kafka, the tokens' key."""

    name: str
    dsn: str = field(repr=False)
    owner_dsn: str = field(repr=False)
    kafka: KafkaSettings
    token_key: str = field(repr=False)

"""Settings of a process, from the environment; secrets also as files (`REGISTRY_DSN_FILE` for `REGISTRY_DSN`)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SERVICES = ("registry", "onboarding", "disbursement", "reporting", "portal")


class SettingMissing(Exception):
    """A setting that this process cannot do without."""


def read(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The value of a setting, from `NAME` or from the file that `NAME_FILE` names."""
    if value := environment.get(name):
        return value
    file = environment.get(f"{name}_FILE")
    return Path(file).read_text(encoding="utf-8").strip() if file else None


def need(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The same; raises SettingMissing with what to set."""
    value = read(name, environment)
    if value is None:
        raise SettingMissing(f"{name} (or {name}_FILE) is not set")
    return value


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """How to reach the broker; `security` goes to the clients as it is."""

    bootstrap: str
    security: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, bootstrap: str | None = None) -> "KafkaSettings":
        names = {
            "KAFKA_SECURITY_PROTOCOL": "security_protocol",
            "KAFKA_SECURITY_MECHANISM": "sasl_mechanism",
            "KAFKA_SECURITY_USERNAME": "sasl_plain_username",
            "KAFKA_SECURITY_PASSWORD": "sasl_plain_password",
        }
        security = {key: value for name, key in names.items() if (value := read(name))}
        return cls(bootstrap or need("KAFKA_BOOTSTRAP"), security)


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What one service needs: its store (as its own login and as the owner who migrates), Kafka, the tokens' key."""

    name: str
    dsn: str
    owner_dsn: str
    kafka: KafkaSettings
    token_key: str
    opening_period: str | None = None

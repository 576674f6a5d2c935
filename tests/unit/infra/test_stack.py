from pathlib import Path

import pytest

from infra.errors import StackError
from infra.stack import connect

ALL = {
    "KAFKA_BOOTSTRAP": "broker:9092",
    "REGISTRY_DSN": "postgresql://registry@one/a",
    "ONBOARDING_DSN": "postgresql://onboarding@two/a",
    "DISBURSEMENT_DSN": "postgresql://disbursement@three/a",
    "REPORTING_DSN": "postgresql://reporting@four/a",
    "PORTAL_DSN": "postgresql://portal@five/a",
}


def test_servers_named_by_the_environment_are_used_and_none_is_started(tmp_path: Path) -> None:
    found = connect(tmp_path / "data", print, environment=ALL | {"REGISTRY_OWNER_DSN": "postgresql://owner@one/a"})
    assert found.kafka_bootstrap == "broker:9092"
    assert found.dsn["reporting"] == "postgresql://reporting@four/a"
    assert found.owner_dsn["registry"] == "postgresql://owner@one/a"
    assert found.owner_dsn["portal"] == "postgresql://portal@five/a"
    assert found.kafka_security == {}
    assert not (tmp_path / "data").exists()


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    some = {name: value for name, value in ALL.items() if name not in {"PORTAL_DSN", "KAFKA_BOOTSTRAP"}}
    with pytest.raises(StackError, match="KAFKA_BOOTSTRAP, PORTAL_DSN"):
        connect(tmp_path, print, environment=some)


def test_one_service_alone_needs_only_its_own_database(tmp_path: Path) -> None:
    own = {name: ALL[name] for name in ("KAFKA_BOOTSTRAP", "REGISTRY_DSN")}
    assert connect(tmp_path, print, ("registry",), own).dsn == {"registry": "postgresql://registry@one/a"}


def test_secrets_are_read_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "dsn"
    secret.write_text("postgresql://registry:hidden@one/a\n")
    own = {"KAFKA_BOOTSTRAP": "broker:9092", "REGISTRY_DSN_FILE": str(secret)}
    found = connect(tmp_path, print, ("registry",), own)
    assert found.dsn["registry"] == "postgresql://registry:hidden@one/a"
    assert "hidden" not in repr(found)
    with pytest.raises(StackError, match="REGISTRY_DSN_FILE"):
        connect(tmp_path, print, ("registry",), own | {"REGISTRY_DSN_FILE": str(tmp_path / "absent")})


def test_kafka_security_of_the_environment_reaches_the_clients_its_password_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("hidden\n")
    security = {
        "KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "KAFKA_SECURITY_MECHANISM": "SCRAM-SHA-256",
        "KAFKA_SECURITY_USERNAME": "ansinh",
        "KAFKA_SECURITY_PASSWORD_FILE": str(secret),
    }
    found = connect(tmp_path, print, environment=ALL | security)
    assert found.kafka_security == {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-256",
        "sasl_plain_username": "ansinh",
        "sasl_plain_password": "hidden",
    }
    assert "hidden" not in repr(found)
    with pytest.raises(StackError, match="KAFKA_SECURITY_PASSWORD_FILE"):
        connect(tmp_path, print, environment=ALL | security | {"KAFKA_SECURITY_PASSWORD_FILE": str(tmp_path / "no")})

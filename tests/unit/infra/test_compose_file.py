"""infra/compose.yaml agrees with itself, with the embedded servers and with what a container may do."""

import base64
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from infra import kafka, postgres, server_secrets
from infra.accounts import SERVICES, new_passwords
from tests.journeys.composed import compose

# Of Kafka's settings, those that tell of the machine it runs on, or of its size.
OF_THE_MACHINE = re.compile(
    r"listener|quorum|voters|log\.dirs|node\.id|threads|partitions|cleaner|index|session|heartbeat"
)


@pytest.fixture(scope="module")
def file(repository: Path) -> dict[str, Any]:
    return compose(repository)


def test_each_service_has_a_container_of_its_own_that_can_do_little(file: dict[str, Any]) -> None:
    for service in SERVICES:
        one = file["services"][service]
        assert one["command"][:2] == ["serve", service]
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert f"/{service}/health/ready" in one["healthcheck"]["test"][-1]
        own = [name for name in one["environment"] if name.endswith("_DSN_FILE")]
        assert own == [f"{service.upper()}_DSN_FILE", f"{service.upper()}_OWNER_DSN_FILE"]


def test_only_the_proxy_can_be_reached_from_outside_and_only_it_is_believed(file: dict[str, Any]) -> None:
    assert [name for name, one in file["services"].items() if "ports" in one] == ["proxy"]
    proxy = file["services"]["proxy"]["networks"]["inside"]["ipv4_address"]
    for service in SERVICES:
        assert file["services"][service]["environment"]["FORWARDED_ALLOW_IPS"] == proxy


def test_a_container_is_given_the_secrets_that_it_reads_and_no_others(file: dict[str, Any]) -> None:
    for name, one in file["services"].items():
        given = {secret for secret in one.get("secrets", ()) if isinstance(secret, str)}
        read = {
            value.removeprefix("/run/secrets/") for value in one.get("environment", {}).values() if "/run/" in value
        }
        assert given == read, name


def test_every_secret_is_made(file: dict[str, Any]) -> None:
    made = {f"./secrets/{name}" for name, _ in server_secrets.secrets_of(new_passwords())}
    assert {one["file"] for one in file["secrets"].values()} == made
    asked = {
        secret if isinstance(secret, str) else secret["source"]
        for one in file["services"].values()
        for secret in one.get("secrets", ())
    }
    assert asked == file["secrets"].keys()


def test_kafka_and_postgresql_are_of_the_embedded_versions(file: dict[str, Any], repository: Path) -> None:
    jars = tomllib.loads((repository / "infra/kafka_lock.toml").read_text())["jar"]
    (version,) = {
        jar["coordinate"].rpartition(":")[2] for jar in jars if jar["coordinate"].startswith("org.apache.kafka:kafka_2")
    }
    assert file["services"]["kafka"]["image"] == f"apache/kafka:{version}"
    said = subprocess.run([postgres._programs() / "postgres", "--version"], capture_output=True, text=True, check=True)
    major = said.stdout.split()[-1].split(".")[0]
    assert file["services"]["postgres"]["image"] == f"postgres:{major}"


def test_kafka_is_set_as_the_embedded_one(file: dict[str, Any]) -> None:
    said = file["services"]["kafka"]["environment"]
    there = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in said.items()
        if name.startswith("KAFKA_")
    }
    lines = [line.partition(" = ") for line in kafka._SETTINGS.splitlines() if " = " in line]
    here = {name: value for name, _, value in lines if not OF_THE_MACHINE.search(name)}
    assert len(here) > 8
    assert {name: there.get(name) for name in here} == here
    assert len(base64.urlsafe_b64decode(said["CLUSTER_ID"] + "==")) == 16


def test_postgresql_is_made_as_the_embedded_one_and_logs_no_personal_data(file: dict[str, Any]) -> None:
    one = file["services"]["postgres"]
    stated = dict(word.split("=") for word in one["command"] if "=" in word)
    assert stated.items() <= postgres._SETTINGS.items()
    assert {"log_error_verbosity", "log_min_error_statement"} <= stated.keys()
    assert tuple(one["environment"]["POSTGRES_INITDB_ARGS"].split()) == postgres.INITDB

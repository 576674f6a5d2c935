import ssl
from pathlib import Path

import pytest
from faststream.kafka.security import parse_security

from infra.errors import StackError
from infra.kafka_security import kafka_security
from services.kernel.kafka import broker_security
from services.kernel.settings import KafkaSettings

SIGN_IN = {"USERNAME": "ansinh", "PASSWORD": "hidden"}


def security(**stated: str) -> dict[str, object]:
    return kafka_security({f"KAFKA_SECURITY_{name}": value for name, value in stated.items()}.get)


def test_nothing_said_is_an_open_broker() -> None:
    assert security() == security(PROTOCOL="PLAINTEXT") == {}


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
def test_readers_and_writers_sign_in_alike(protocol: str, mechanism: str) -> None:
    """Writers take the arguments as they are, the reader by FastStream's own object: both must come to the same."""
    found = security(PROTOCOL=protocol, MECHANISM=mechanism, **SIGN_IN)
    assert found["security_protocol"] == protocol
    assert found["sasl_mechanism"] == mechanism
    parsed = parse_security(broker_security(KafkaSettings("broker:9092", found)))
    assert {name: value for name, value in parsed.items() if value is not None} == found


def test_encryption_alone_checks_the_brokers_name_and_certificate() -> None:
    found = security(PROTOCOL="SSL")
    context = found["ssl_context"]
    assert isinstance(context, ssl.SSLContext)
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
    parsed = parse_security(broker_security(KafkaSettings("broker:9092", found)))
    assert parsed == {"security_protocol": "SSL", "ssl_context": context}


def test_plain_is_the_mechanism_where_none_is_said() -> None:
    assert security(PROTOCOL="SASL_PLAINTEXT", **SIGN_IN)["sasl_mechanism"] == "PLAIN"


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        ({"PROTOCOL": "TLS"}, "KAFKA_SECURITY_PROTOCOL must be one of: PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL"),
        ({"PROTOCOL": "SASL_SSL", "MECHANISM": "GSSAPI", **SIGN_IN}, "KAFKA_SECURITY_MECHANISM must be one of"),
        ({"PROTOCOL": "SASL_SSL", "USERNAME": "ansinh"}, "KAFKA_SECURITY_PASSWORD"),
        ({"PROTOCOL": "SASL_SSL"}, "KAFKA_SECURITY_USERNAME, KAFKA_SECURITY_PASSWORD"),
        ({"PASSWORD": "hidden"}, "KAFKA_SECURITY_PASSWORD has no use with KAFKA_SECURITY_PROTOCOL=PLAINTEXT"),
        ({"PROTOCOL": "SASL_PLAINTEXT", "CAFILE": "/ca.pem", **SIGN_IN}, "KAFKA_SECURITY_CAFILE has no use"),
        ({"PROTOCOL": "SSL", "CAFILE": "/nonexistent/ca.pem"}, "/nonexistent/ca.pem"),
    ],
)
def test_what_does_not_fit_together_is_named_and_no_secret_with_it(stated: dict[str, str], named: str) -> None:
    with pytest.raises(StackError) as refused:
        security(**stated)
    assert named in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_a_file_that_holds_no_certificates_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("no certificates")
    with pytest.raises(StackError, match=r"ca\.pem"):
        security(PROTOCOL="SSL", CAFILE=str(file))

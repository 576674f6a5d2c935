"""Kafka's security settings in the form that FastStream's broker takes."""

from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from services.kernel.settings import KafkaSettings

MECHANISMS = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}


def broker_security(kafka: KafkaSettings) -> BaseSecurity | None:
    """None for an open broker on a trusted network (the embedded one listens on loopback only)."""
    protocol = kafka.security.get("security_protocol", "PLAINTEXT")
    context = kafka.security.get("ssl_context")
    if not protocol.startswith("SASL"):
        return BaseSecurity(ssl_context=context) if context else None
    mechanism = MECHANISMS[kafka.security.get("sasl_mechanism", "PLAIN")]
    return mechanism(
        username=kafka.security.get("sasl_plain_username", ""),
        password=kafka.security.get("sasl_plain_password", ""),
        ssl_context=context,
    )

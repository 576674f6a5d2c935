"""Logs as JSON lines by structlog, personal data cut out by name; metrics by Prometheus."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

PERSONAL_KEYS = frozenset(
    {"personal", "name", "citizen_id", "old_id", "phone", "address", "account_number", "account_name", "payee"}
    | {"payee_name", "holder_name", "holder_citizen_id", "token", "authorization", "password", "dsn", "q"}
)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces the value of every key that may hold personal data or a secret."""
    for key in event.keys() & PERSONAL_KEYS:
        event[key] = "…"
    return event


def configure(level: int = logging.INFO) -> None:
    """Sets logging for the process: one JSON line an entry, to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s %(levelname)s %(message)s")
    # A broker that has just started says for a second that its groups are not ready yet; readers wait and go on.
    for noisy, quiet in (("aiokafka", logging.ERROR), ("aiokafka.consumer.group_coordinator", logging.CRITICAL)):
        logging.getLogger(noisy).setLevel(quiet)


def logger(name: str) -> Any:
    """A bound logger that names its room."""
    return structlog.get_logger(room=name)

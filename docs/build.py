"""Makes `docs/contracts/` from the register of events: `make docs`.

One AsyncAPI document a service, one JSON Schema a published event and version. A schema that would break those who
hold the event is not written: the event gets a new version beside the old one.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docs.compatibility import breaks
from services.disbursement.events import TYPES as DISBURSEMENT
from services.kernel.asyncapi import document
from services.kernel.event_types import Event, EventTypes
from services.onboarding.events import TYPES as ONBOARDING
from services.registry.events import TYPES as REGISTRY
from services.reporting.events import TYPES as REPORTING

CONTRACTS = Path(__file__).parent / "contracts"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SERVICES: dict[str, EventTypes] = {
    "registry": REGISTRY,
    "onboarding": ONBOARDING,
    "disbursement": DISBURSEMENT,
    "reporting": REPORTING,
}


def published() -> Iterable[tuple[str, type[Event]]]:
    """Every published event class with its service."""
    return ((service, event) for service, types in SERVICES.items() for event in types)


def file_of(service: str, event: type[Event]) -> str:
    """Where an event's file lies within a folder of contracts: service/Event.vN.json."""
    return f"{service}/{event.type_name()}.v{event.VERSION}.json"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The JSON Schema of an event's data, whole in itself."""
    return {"$schema": DIALECT, **event.model_json_schema(), "x-version": event.VERSION}


def schemas() -> dict[str, dict[str, Any]]:
    """File name → schema of every published event."""
    return {f"schemas/{file_of(service, event)}": schema_of(event) for service, event in published()}


def contracts() -> dict[str, str]:
    """File name → text of everything that lies in `docs/contracts/`."""
    documents = {f"{name}.asyncapi.json": document(name, types) for name, types in SERVICES.items()}
    return {name: _text(content) for name, content in (documents | schemas()).items()}


def broken(written: Mapping[str, dict[str, Any]], now: Mapping[str, dict[str, Any]]) -> list[str]:
    """What would break: file and field of every schema that was written before and is gone or changed."""
    gone = [f"{name}: no such event any more" for name in sorted(written.keys() - now.keys())]
    return gone + [
        f"{name}: {fault}" for name in sorted(written.keys() & now.keys()) for fault in breaks(written[name], now[name])
    ]


def written_schemas(folder: Path = CONTRACTS) -> dict[str, dict[str, Any]]:
    """The schemas as they lie in the folder."""
    files = sorted(folder.glob("schemas/*/*.json"))
    return {file.relative_to(folder).as_posix(): json.loads(file.read_text(encoding="utf-8")) for file in files}


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> None:
    if faults := broken(written_schemas(), schemas()):
        sys.exit("These changes break readers; give the event a new VERSION beside the old one:\n" + "\n".join(faults))
    for name, text in contracts().items():
        file = CONTRACTS / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

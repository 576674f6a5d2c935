"""Makes `docs/contracts/` from the register of events: `make docs`."""

import json
from pathlib import Path

from services.disbursement.events import TYPES as DISBURSEMENT
from services.kernel.asyncapi import document
from services.onboarding.events import TYPES as ONBOARDING
from services.registry.events import TYPES as REGISTRY
from services.reporting.events import TYPES as REPORTING

CONTRACTS = Path(__file__).parent / "contracts"
SERVICES = {
    "registry": REGISTRY,
    "onboarding": ONBOARDING,
    "disbursement": DISBURSEMENT,
    "reporting": REPORTING,
}


def contracts() -> dict[str, str]:
    """File name → text of every AsyncAPI document."""
    return {
        f"{name}.asyncapi.json": json.dumps(document(name, types), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        for name, types in SERVICES.items()
    }


def main() -> None:
    CONTRACTS.mkdir(exist_ok=True)
    for name, text in contracts().items():
        (CONTRACTS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

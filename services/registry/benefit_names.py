"""What the codes of the catalogue are called in the decrees that they come from (Vietnamese law has no other name)."""

import csv
from functools import cache

from services.registry.catalogue import DATA


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for table in ("social_assistance_coefficients.csv", "benefit_levels.csv"):
        with (DATA / table).open(encoding="utf-8", newline="") as file:
            found |= {row["code"]: row["label_vi"] for row in csv.DictReader(file)}
    return found


def benefit_name(code: str) -> str:
    """The name of a code, "" for one that the catalogue has not."""
    return _names().get(code.strip().upper(), "")

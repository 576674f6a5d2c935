"""What a benefit code is called: the wording of the decrees, from the tables of `data/`."""

import csv
from functools import cache

from services.registry.catalogue import DATA

TABLES = ("benefit_levels.csv", "social_assistance_coefficients.csv")


@cache
def labels() -> dict[str, str]:
    """Code → its label in Vietnamese."""
    found: dict[str, str] = {}
    for table in TABLES:
        with (DATA / table).open(encoding="utf-8", newline="") as file:
            found |= {row["code"]: row["label_vi"] for row in csv.DictReader(file)}
    return found


def label(code: str | None) -> str:
    """The code's wording; the code itself where no table has it, "" without a code."""
    return labels().get(code, code) if code else ""

"""Registry's rows of change lists, as JSON."""

from collections.abc import Sequence

import orjson

from services.registry.row import Finding
from services.registry.spreadsheet import ParsedList


def findings_json(found: Sequence[Finding]) -> str:
    """Errors or warnings as they are kept and shown, in both languages."""
    return orjson.dumps(
        [
            {
                "row": one.row,
                "column": one.column,
                "code": one.code,
                "vi": one.vi,
                "en": one.en,
                "needs_acceptance": one.needs_acceptance,
            }
            for one in found
        ]
    ).decode()


def raw_json(parsed: ParsedList) -> str:
    return orjson.dumps([[number, cells] for number, cells in parsed.raw]).decode()

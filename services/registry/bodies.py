"""The bodies that registry's routes read themselves, as its OpenAPI document describes them."""

from typing import Any

from services.kernel.web.documented import BINARY, FORM, JSON, XLSX, form, takes
from services.registry.headings import HEADINGS

TEXT: dict[str, Any] = {"type": "string"}
CELL: dict[str, Any] = {"type": ["string", "number", "null"]}
NO_CHANGE: dict[str, Any] = {
    "type": "object",
    "required": ["commune", "period", "no_change"],
    "properties": {"commune": TEXT, "period": TEXT, "no_change": {"const": True}},
}
ENTERED = takes({FORM: form(commune=TEXT, period=TEXT), JSON: NO_CHANGE})
FILE = takes({FORM: form(), XLSX: BINARY})
CELLS = takes({JSON: {"type": "object", "properties": dict.fromkeys(HEADINGS, CELL)}})
REASON = takes({JSON: {"type": "object", "required": ["reason"], "properties": {"reason": TEXT}}})
APPROVAL = takes(
    {
        JSON: {
            "type": "object",
            "properties": {
                "allow_late": {"type": "boolean"},
                "accept_warnings": {"type": "boolean"},
                "reason": {"type": ["string", "null"]},
            },
        }
    },
    required=False,
)

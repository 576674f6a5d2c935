"""Writes the golden example of every published event and version that has none yet; never changes one that is there.

    .venv/bin/python -m tests.contracts.golden_examples

What is written is data as it lies in a store today: look at it before it is committed, for from then on every later
class of that name and version must read it and find the same values.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from docs.build import file_of, published
from services.kernel.event_types import Event
from services.kernel.period import Period

GOLDEN = Path(__file__).parent / "golden"
PLAIN: Mapping[type, object] = {
    bool: True,
    int: 1,
    date: "2023-11-10",
    datetime: "2023-11-10T02:30:00+00:00",
    Period: "2023-11",
}
# Values by the field that holds them; another text is its field's own name.
FIELDS: Mapping[str, object] = {
    "amount": 440_000,
    "funeral_grant": 7_200_000,
    "digest": "0123456789abcdef" * 4,
    "rows_digest": "0123456789abcdef" * 4,
    "name": "Mai Thị Xuân",
    "payee_name": "Mai Thị Xuân",
    "holder_name": "Mai Thị Xuân",
    "account_name": "MAI THI XUAN",
    "birth": "1950-03-02",
    "citizen_id": "001150194229",
    "holder_citizen_id": "001150194229",
    "old_id": "111222333",
    "phone": "0912345678",
    "address": "Thôn Kim Bài, thị trấn Kim Bài",
    "account_number": "2200205002329",
    "bank_code": "VBA",
    "bank_reference": "FT23314000001",
    "commune": "10114",
    "area": "278",
    "item": "11",
    "code": "5.1a",
    "end_to_end_id": "ABCDEFGHIJKLMNOP",
    "reason": "Tài khoản đã đóng",
}
KEYS = {"by_commune": "10114", "by_method": "ACCOUNT", "by_purpose": "REGULAR", "rows": "III.2"}


def example(event: type[Event]) -> dict[str, Any]:
    """The data of one event with every field filled in, as JSON has it."""
    made: dict[str, Any] = event.model_validate(_model(event)).model_dump(mode="json")
    return made


def _model(model: type[BaseModel]) -> dict[str, Any]:
    return {name: _value(name, field.annotation) for name, field in model.model_fields.items()}


def _value(name: str, kind: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return parts[0]
    if origin in (Union, UnionType):
        return _value(name, next(part for part in parts if part is not NoneType))
    if origin is tuple:
        inner = parts[:1] if parts[-1] is Ellipsis else parts
        return [_value(name, part) for part in inner]
    if origin in (dict, Mapping):
        return {KEYS.get(name, "BTXH"): _value(name, parts[1])}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _model(kind)
    # JsonValue is an alias without a class of its own.
    plain = PLAIN.get(kind) if isinstance(kind, type) else None
    return FIELDS.get(name, name if plain is None else plain)


def main() -> None:
    for service, event in published():
        file = GOLDEN / file_of(service, event)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(example(event), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

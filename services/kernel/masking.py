"""A record's value as an administrator may see it: its shape and codes, never a person's name, number or address.

What may be personal is not known of a record that nobody could read. So only what looks like a code of ours is shown
(capitals, days, short numbers, ids); everything else is its length.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from services.kernel.telemetry import PERSONAL_KEYS

LINES_MAX = 200
KEY_LETTERS_MAX = 60
_ID = re.compile(r"(?:[a-z]+-)?[0-9a-f]{32}", re.ASCII)
_IDS_WITHIN = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", re.ASCII)
_CODE = re.compile(r"[A-Z0-9_.:+-]{1,40}", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# Citizen ids have 12 digits, old ones 9, telephones 10, accounts 8 and more.
_MANY_DIGITS = re.compile(r"\d(?:[ .-]?\d){7,}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:T[\d:.+Z-]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """One value: the path of its keys, and its text; None where it is hidden, which has so many `letters`."""

    path: str
    text: str | None
    letters: int


def shown(value: bytes | None) -> Sequence[Shown] | None:
    """The values of a JSON record, in its order, at most two hundred; None where it is no JSON."""
    try:
        parsed = orjson.loads(value or b"")
    except orjson.JSONDecodeError:
        return None
    found: list[Shown] = []
    _walk("", parsed, False, found)
    return found[:LINES_MAX]


def header(text: str) -> Shown:
    """The value of a header."""
    return _leaf("", text, False)


def ids_in(value: bytes | None) -> list[str]:
    """The ids that stand in a value, as the log of looks has them."""
    return sorted(set(_IDS_WITHIN.findall((value or b"").decode("utf-8", "replace"))))


def _walk(path: str, value: Any, personal: bool, found: list[Shown]) -> None:
    if len(found) >= LINES_MAX:
        return
    match value:
        case dict():
            for key, one in value.items():
                plain = _KEY.fullmatch(key) and len(key) <= KEY_LETTERS_MAX
                name = key if plain else "…"
                _walk(f"{path}.{name}" if path else name, one, personal or not plain or key in PERSONAL_KEYS, found)
        case list():
            for number, one in enumerate(value):
                _walk(f"{path}[{number}]", one, personal, found)
        case _:
            found.append(_leaf(path, value, personal))


def _leaf(path: str, value: Any, personal: bool) -> Shown:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    if personal or not (value is None or isinstance(value, bool) or _is_code(text)):
        return Shown(path, None, len(text))
    return Shown(path, text, len(text))


def _is_code(text: str) -> bool:
    if _ID.fullmatch(text) or _DAY.fullmatch(text):
        return True
    return bool(_CODE.fullmatch(text)) and not _MANY_DIGITS.search(text)

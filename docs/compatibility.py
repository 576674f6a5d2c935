"""What would break those who hold a published event: its JSON Schema as committed against the one of today. Pure.

Breaking: a field taken away, a type (or its allowed values) changed in any way, a new field that must be there. Not
breaking: a new field that may be absent, other words in a title or description, another default.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]
# What only people read, and what is gone through part by part.
WORDS = frozenset({"title", "description", "default", "examples", "$defs", "$schema", "x-version"})
PARTS = frozenset({"properties", "required", "items", "prefixItems", "additionalProperties", "anyOf", "oneOf", "allOf"})


def breaks(before: Schema, now: Schema) -> list[str]:
    """Every breaking change from `before` to `now`, named by the field's path; none for compatible schemas."""
    return sorted(set(_Comparison(before, now).breaks("", before, now, ())))


class _Comparison:
    """Two whole schemas, each with the definitions that its `$ref`s name."""

    def __init__(self, before: Schema, now: Schema) -> None:
        self._before = before.get("$defs", {})
        self._now = now.get("$defs", {})

    def breaks(self, path: str, before: Any, now: Any, within: tuple[tuple[Any, Any], ...]) -> Iterator[str]:
        if not (isinstance(before, Mapping) and isinstance(now, Mapping)):
            if before != now:
                yield f"{path or 'event'}: type changed"
            return
        pair = before.get("$ref"), now.get("$ref")
        if pair in within:
            return
        if any(pair):
            within = (*within, pair)
        before, now = _resolved(before, self._before), _resolved(now, self._now)
        if _own(before) != _own(now):
            yield f"{path or 'event'}: type changed"
            return
        yield from self._fields(path, before, now, within)
        for key in sorted(PARTS - {"properties", "required"}):
            yield from self._part(f"{path}[]" if key in ("items", "prefixItems") else path, key, before, now, within)

    def _fields(self, path: str, before: Schema, now: Schema, within: tuple[tuple[Any, Any], ...]) -> Iterator[str]:
        old, new = before.get("properties", {}), now.get("properties", {})
        for name, field in old.items():
            place = f"{path}.{name}".lstrip(".")
            if name not in new:
                yield f"{place}: field removed"
            else:
                yield from self.breaks(place, field, new[name], within)
        for name in sorted(set(now.get("required", ())) - set(before.get("required", ()))):
            yield f"{path}.{name}".lstrip(".") + ": must now be there"

    def _part(
        self, path: str, key: str, before: Schema, now: Schema, within: tuple[tuple[Any, Any], ...]
    ) -> Iterator[str]:
        old, new = before.get(key), now.get(key)
        if isinstance(old, Sequence) and isinstance(new, Sequence) and len(old) == len(new):
            for one, other in zip(old, new, strict=True):
                yield from self.breaks(path, one, other, within)
        else:
            yield from self.breaks(path, old, new, within)


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    """The schema itself, its `$ref` followed."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _own(schema: Schema) -> dict[str, Any]:
    """What must be the same in both: type, constant, allowed values, form, bounds."""
    return {key: value for key, value in schema.items() if key not in WORDS | PARTS}

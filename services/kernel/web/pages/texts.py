"""The words of the pages: one catalogue a service, every text in Vietnamese and English side by side."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

VIETNAMESE, ENGLISH = "vi", "en"
LANGUAGES = (VIETNAMESE, ENGLISH)


class Catalogue:
    """Texts by dotted key. A file has tables of `key = { vi = "…", en = "…" }`; `{name}` stands for a value.

    Two files may not name the same key, and a text lacks no language: both are refused when the catalogue is made.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self._texts: dict[str, Mapping[str, str]] = {}
        for file in files:
            for key, told in _flat("", tomllib.loads(file.read_text(encoding="utf-8"))):
                if key in self._texts:
                    raise ValueError(f"the text {key} stands twice; the second time in {file}")
                if set(told) != set(LANGUAGES):
                    raise ValueError(f"the text {key} in {file} is not in {' and '.join(LANGUAGES)}")
                self._texts[key] = told

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def text(self, language: str, key: str) -> str:
        """The text as it stands in the file; raises KeyError."""
        return self._texts[key][language]

    def say(self, language: str, key: str, **values: Any) -> str:
        """The text in that language; raises KeyError for a text or value that nobody gave."""
        text = self.text(language, key)
        return text.format_map(values) if values else text


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, str]]]:
    for key, value in table.items():
        if all(isinstance(part, str) for part in value.values()):
            yield prefix + key, value
        else:
            yield from _flat(f"{prefix}{key}.", value)

"""The catalogues of all rooms: both languages, the same values in each, nothing said twice."""

import re
from pathlib import Path

import pytest

from services.kernel.web.pages.texts import LANGUAGES, Catalogue

VALUE = re.compile(r"\{(\w+)[^}]*\}")


def _rooms(repository: Path) -> list[Path]:
    return sorted(
        {file.parent.parent for file in (repository / "services").glob("*/texts/*.toml")}
        - {repository / "services/reference"}
    )


def test_every_text_names_the_same_values_in_both_languages(repository: Path) -> None:
    shared = [repository / "services/kernel/web/pages", repository / "services/reference"]
    for room in _rooms(repository):
        texts = Catalogue(file for one in (*shared, room) for file in sorted((one / "texts").glob("*.toml")))
        for key in texts:
            vi, en = (set(VALUE.findall(texts.text(language, key))) for language in LANGUAGES)
            assert vi == en, f"{room.name}: {key}"


def test_a_text_without_a_language_or_said_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "half.toml").write_text('[a]\nb = { vi = "x" }\n')
    with pytest.raises(ValueError, match="is not in vi and en"):
        Catalogue([tmp_path / "half.toml"])
    (tmp_path / "whole.toml").write_text('[a]\nb = { vi = "x", en = "y {n}" }\n')
    with pytest.raises(ValueError, match="stands twice"):
        Catalogue([tmp_path / "whole.toml", tmp_path / "whole.toml"])
    assert Catalogue([tmp_path / "whole.toml"]).say("en", "a.b", n=3) == "y 3"

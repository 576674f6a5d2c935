from pathlib import Path

import pytest
from typer.testing import CliRunner

from services import host
from services.cli import app


def test_the_services_that_are_named_are_served_and_no_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[host.Site] = []
    monkeypatch.setattr(host, "serve", lambda wanted, *_: asked.append(wanted))
    for words in (("portal",), ("registry", "portal", "--bind", "0.0.0.0", "--port", "81")):  # noqa: S104
        assert CliRunner().invoke(app, ["serve", *words, "--data", str(tmp_path)]).exit_code == 0
    assert asked == [
        host.Site(("portal",), tmp_path, "127.0.0.1", 8000),
        host.Site(("registry", "portal"), tmp_path, "0.0.0.0", 81),  # noqa: S104
    ]

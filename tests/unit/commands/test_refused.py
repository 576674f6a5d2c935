import pytest
from typer.testing import CliRunner

from services.cli import app


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "nobody"),
        ("serve", "registry", "nobody"),
        ("rebuild", "registry"),
        ("rebuild",),
        ("republish", "nobody"),
        ("republish",),
        ("backup",),
        ("restore",),
        ("republish", "registry", "--from", "0"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_any_server_starts(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, [*words, "--data", "/nonexistent/data"]).exit_code == 2

"""What is published is what `docs/contracts/` says: run `make docs` and look at the difference before it lands."""

from pathlib import Path

from docs.build import contracts


def test_the_written_contracts_are_those_of_the_code(repository: Path) -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in (repository / "docs/contracts").iterdir()}
    assert written == contracts()

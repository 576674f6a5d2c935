from pathlib import Path

import pytest

from infra import accounts
from infra.errors import StackError


def test_passwords_are_made_once_and_differ(tmp_path: Path) -> None:
    made = accounts.passwords(tmp_path / "passwords.json", for_existing_data=False)
    assert accounts.passwords(tmp_path / "passwords.json", for_existing_data=True) == made
    assert len(set(made.values())) == len(made) == 11


def test_lost_passwords_of_existing_data_are_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"passwords\.json"):
        accounts.passwords(tmp_path / "passwords.json", for_existing_data=True)
    assert not (tmp_path / "passwords.json").exists()

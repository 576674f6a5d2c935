"""Tokens are made for known roles and areas only; the key is kept private."""

from pathlib import Path

import pytest

from services.kernel.web.auth import Caller, private_key, verify
from services.portal.tokens import TokenRefused, issue_token, token_key


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    key = token_key(tmp_path / "data")
    assert token_key(tmp_path / "data") == key
    assert (tmp_path / "data" / "token.key").stat().st_mode & 0o777 == 0o600


def test_without_a_name_there_is_one_person_per_role_and_area(tmp_path: Path) -> None:
    key = token_key(tmp_path)
    caller = verify(private_key(key).public_key(), issue_token(key, "commune-officer", "10114"))
    assert caller == Caller("commune-officer 10114", "commune-officer", "10114")


@pytest.mark.parametrize(("role", "area"), [("king", None), ("commune-officer", None), ("police", "99999")])
def test_an_unknown_role_or_area_gets_no_token(tmp_path: Path, role: str, area: str | None) -> None:
    with pytest.raises(TokenRefused):
        issue_token(token_key(tmp_path), role, area)

"""Tokens: who gets one, for what, and the key that signs them."""

import stat
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from typer.testing import CliRunner

from services.cli import app
from services.kernel.web.auth import Caller, new_key, private_key, verify
from services.portal.tokens import TokenRefused, issue_token, token_key


@pytest.fixture(scope="module")
def key() -> str:
    return new_key()


def caller(key: str, token: str) -> Caller:
    return verify(private_key(key).public_key(), token)


def test_without_a_name_there_is_one_person_for_each_role(key: str) -> None:
    token = issue_token(key, "district-officer", None, None)
    assert caller(key, token) == Caller("district-officer", "district-officer", None)


def test_without_a_name_there_is_one_person_for_each_commune(key: str) -> None:
    token = issue_token(key, "commune-officer", "10114", None)
    assert caller(key, token) == Caller("commune-officer 10114", "commune-officer", "10114")


def test_a_named_person_keeps_the_name_in_any_role(key: str) -> None:
    names = {
        caller(key, issue_token(key, role, None, "Lan")).name for role in ("district-officer", "district-approver")
    }
    assert names == {"Lan"}


def test_police_may_have_an_area_or_the_whole_district(key: str) -> None:
    assert caller(key, issue_token(key, "police", None, None)).area is None
    assert caller(key, issue_token(key, "police", "278", None)).area == "278"


def test_a_token_lasts_twelve_hours(key: str) -> None:
    claims = jwt.decode(issue_token(key, "bank", None, None), options={"verify_signature": False})
    assert timedelta(seconds=claims["exp"] - claims["iat"]) == timedelta(hours=12)


@pytest.mark.parametrize(
    ("role", "area", "said"),
    [
        ("boss", None, "Không có vai trò boss"),
        ("commune-officer", None, "cần mã xã"),
        ("commune-officer", "99999", "Không có đơn vị hành chính mã 99999"),
        ("commune-officer", "278", "không phải xã"),
        ("bank", "10114", "không gắn với địa bàn"),
    ],
)
def test_a_token_is_refused_with_the_reason(key: str, role: str, area: str | None, said: str) -> None:
    with pytest.raises(TokenRefused, match=said):
        issue_token(key, role, area, None)


@pytest.mark.parametrize("name", ["L" * 101, "Lan\nHoa"])
def test_a_name_that_no_record_could_show_is_refused(key: str, name: str) -> None:
    with pytest.raises(TokenRefused, match="Tên người dùng"):
        issue_token(key, "bank", None, name)


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = token_key(folder, {})
    assert token_key(folder, {}) == first
    assert stat.S_IMODE((folder / "token.key").stat().st_mode) == 0o600
    assert [one.name for one in folder.iterdir()] == ["token.key"]


def test_a_key_from_the_settings_comes_before_the_one_in_the_folder(tmp_path: Path) -> None:
    stated = new_key()
    file = tmp_path / "secret"
    file.write_text(stated + "\n")
    assert token_key(tmp_path, {"ANSINH_TOKEN_KEY": stated}) == stated
    assert token_key(tmp_path, {"ANSINH_TOKEN_KEY_FILE": str(file)}) == stated
    assert not (tmp_path / "token.key").exists()


def test_a_key_that_is_none_is_refused_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "token.key").write_text("nonsense")
    with pytest.raises(TokenRefused, match=r"token\.key"):
        token_key(tmp_path, {})
    assert (tmp_path / "token.key").read_text() == "nonsense"


def test_no_token_is_issued_here_where_people_sign_in_at_a_provider(tmp_path: Path) -> None:
    provider = {
        "ANSINH_OIDC_ISSUER": "https://id.example",
        "ANSINH_OIDC_CLIENT_ID": "ansinh",
        "ANSINH_OIDC_CLIENT_SECRET": "secret",
    }
    answer = CliRunner().invoke(app, ["token", "bank", "--data", str(tmp_path)], env=provider)
    assert answer.exit_code == 2
    assert "OIDC" in answer.output
    assert CliRunner().invoke(app, ["token", "bank", "--data", str(tmp_path)]).exit_code == 0

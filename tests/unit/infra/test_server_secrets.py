import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from infra import accounts, server_secrets
from infra.errors import StackError
from services.kernel.web.auth import private_key


def test_each_login_has_its_own_password_and_the_script_makes_it_so(tmp_path: Path) -> None:
    server_secrets.make(tmp_path / "secrets")
    files = {file.name: file.read_text().strip() for file in (tmp_path / "secrets").iterdir()}
    dsns = {name: urlsplit(text) for name, text in files.items() if name.endswith("_dsn")}
    assert len(dsns) == 10
    assert dsns["registry_dsn"].username == "registry"
    assert dsns["registry_owner_dsn"].username == "registry_owner"
    assert {(one.hostname, one.port, one.path) for one in dsns.values()} == {("postgres", 5432, "/ansinh")}
    assert len({one.password for one in dsns.values()} | {files["postgres_password"]}) == 11
    for one in dsns.values():
        assert f"CREATE ROLE {one.username} LOGIN PASSWORD ''{one.password}''" in files["roles.sql"]
    assert files["postgres_password"] not in files["roles.sql"]
    private_key(files["token_key"])


def test_the_script_is_that_of_the_embedded_database() -> None:
    passwords = accounts.new_passwords()
    assert dict(server_secrets.secrets_of(passwords))["roles.sql"] == accounts.setup_script(passwords)


def test_nobody_else_on_the_machine_gets_at_them_and_containers_can_read_them(tmp_path: Path) -> None:
    server_secrets.make(tmp_path / "secrets")
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "secrets").iterdir()} == {0o644}


def test_secrets_in_use_are_never_made_anew(tmp_path: Path) -> None:
    server_secrets.make(tmp_path)
    before = {file.name: file.read_text() for file in tmp_path.iterdir()}
    with pytest.raises(StackError, match="holds files already"):
        server_secrets.make(tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == before

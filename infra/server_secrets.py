"""The secrets of a server, one file each, as `infra/compose.yaml` hands them to its containers.

`python -m infra.server_secrets FOLDER` makes them once: passwords, the services' addresses of their stores with them,
the script that makes roles and schemas in an empty database, and the key of the access tokens.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from infra import accounts
from infra.errors import StackError
from infra.files import write_whole
from infra.postgres import ADMIN, DATABASE
from services.kernel.web.auth import new_key

DATABASE_HOST = "postgres:5432"
# Containers read the files as users of their own, so the files are open; the folder lets nobody else in to them.
FOLDER_MODE, FILE_MODE = 0o700, 0o644


def secrets_of(passwords: accounts.Passwords) -> Iterator[tuple[str, str]]:
    """File name and content of every secret."""
    yield "postgres_password", passwords[ADMIN]
    yield "roles.sql", accounts.setup_script(passwords)
    yield "token_key", new_key()
    for service in accounts.SERVICES:
        yield f"{service}_dsn", _dsn(service, passwords)
        yield f"{service}_owner_dsn", _dsn(accounts.owner_of(service), passwords)


def make(folder: Path) -> None:
    """Writes the files. Raises StackError where the folder holds any: a database knows its old passwords only."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(FOLDER_MODE)
    if any(folder.iterdir()):
        raise StackError(
            f"Thư mục {folder} đã có tệp; giữ nguyên các bí mật đang dùng. Chọn thư mục trống cho hệ thống mới.",
            f"{folder} holds files already; secrets in use stay. Name an empty folder for a new system.",
        )
    for name, content in secrets_of(accounts.new_passwords()):
        write_whole(folder / name, f"{content}\n", FILE_MODE)


def _dsn(role: str, passwords: accounts.Passwords) -> str:
    return f"postgresql://{role}:{passwords[role]}@{DATABASE_HOST}/{DATABASE}"


if __name__ == "__main__":
    try:
        make(Path(sys.argv[1]))
    except StackError as why:
        sys.exit(str(why))

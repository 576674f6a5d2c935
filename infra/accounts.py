"""The roles and schemas of the services in the embedded database, and the file that keeps their passwords."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.errors import StackError
from infra.files import write_whole
from infra.postgres import ADMIN, DATABASE
from services.kernel.clock import new_secret

Passwords = Mapping[str, str]
"""Passwords by role."""

SERVICES = ("registry", "onboarding", "disbursement", "reporting", "portal")


def owner_of(service: str) -> str:
    """The role that owns the service's schema and runs its migrations; the service itself runs as a lesser one."""
    return f"{service}_owner"


def new_passwords() -> Passwords:
    """A new password for the administrator and for every role of every service."""
    return {role: new_secret() for role in (ADMIN, *SERVICES, *map(owner_of, SERVICES))}


def passwords(file: Path, for_existing_data: bool) -> Passwords:
    """Every role's password, made on first use and kept in a file that only its owner reads."""
    if not file.exists():
        if for_existing_data:
            raise StackError(
                f"Thiếu tệp mật khẩu {file} của dữ liệu đang có. Chép lại tệp, hoặc phục hồi bản sao lưu vào nơi mới.",
                f"The password file {file} of the existing data is missing. Bring it back or restore a copy elsewhere.",
            )
        write_whole(file, json.dumps(new_passwords(), indent=1), mode=0o600)
    try:
        kept: dict[str, str] = json.loads(file.read_text())
    except PermissionError as error:
        raise StackError(
            f"Không đọc được {file}: dữ liệu này của người dùng khác. Chạy bằng chính người dùng đó.",
            f"{file} can't be read: this data is another user's. Run as that user.",
        ) from error
    return kept


def setup_script(secrets: Passwords, services: Sequence[str] = SERVICES) -> str:
    """A script of psql that makes the database, the roles and one schema per service where they are not there yet.

    The owner may make further schemas, since a projection is rebuilt in a new one beside the old. What the running
    service may do with tables is for its migrations to grant.
    """
    roles = [role for service in services for role in (service, owner_of(service))]
    made = "\n".join(
        _unless(
            f"SELECT FROM pg_roles WHERE rolname = '{role}'", f"CREATE ROLE {role} LOGIN PASSWORD '{secrets[role]}'"
        )
        for role in roles
    )
    connect = f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {', '.join(roles)};"
    return f"""
SET client_min_messages = warning;
{_unless(f"SELECT FROM pg_database WHERE datname = '{DATABASE}'", f"CREATE DATABASE {DATABASE}")}
{made}
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;
{connect}
\\connect {DATABASE}
SET client_min_messages = warning;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
{"".join(map(_schema, services))}"""


def _unless(question: str, statement: str) -> str:
    quoted = statement.replace("'", "''")
    return f"SELECT '{quoted}' WHERE NOT EXISTS ({question}) \\gexec"


def _schema(service: str) -> str:
    owner = owner_of(service)
    return f"""
CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {owner};
GRANT CREATE ON DATABASE {DATABASE} TO {owner};
GRANT USAGE ON SCHEMA {service} TO {service};
ALTER ROLE {service} IN DATABASE {DATABASE} SET search_path = {service};
ALTER ROLE {owner} IN DATABASE {DATABASE} SET search_path = {service};
"""

"""Connections to a service's schema, and the migrations that bring it to this version."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

POOL_MAX = 12
LOCK_TIMEOUT = "20s"
KERNEL_MIGRATIONS = Path(__file__).parent / "migrations"


async def connect_pool(dsn: str, schema: str) -> asyncpg.Pool:
    """A pool whose connections see the service's own schema only."""
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=POOL_MAX,
        server_settings={"search_path": schema, "lock_timeout": LOCK_TIMEOUT, "application_name": f"ansinh-{schema}"},
    )


async def migrate(owner_dsn: str, schema: str, role: str, folders: Sequence[Path]) -> list[str]:
    """Applies the `.sql` files of the folders not applied yet, each in a transaction; answers their names.

    The running service's role gets what it needs and no more: it may add events and seals, never change them.
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        await connection.execute("select pg_advisory_lock(hashtextextended($1, 1))", schema)
        await connection.execute(f'create schema if not exists "{schema}"')
        await connection.execute(f'set search_path to "{schema}"')
        await connection.execute("create table if not exists migrations (name text primary key, digest text not null)")
        known = dict(await connection.fetch("select name, digest from migrations"))
        texts = _texts(folders)
        applied = [name for name, text in texts.items() if await _apply(connection, name, text, known)]
        await _grant(connection, schema, role)
        return [name.rpartition("/")[2] for name in applied]
    finally:
        await connection.close()


def schema_version(folders: Sequence[Path]) -> Mapping[str, str]:
    """What `migrate` with these folders leaves in the table `migrations`: names with digests."""
    return {name: _digest(text) for name, text in _texts(folders).items()}


def _texts(folders: Sequence[Path]) -> Mapping[str, str]:
    """The migrations by name, in the order in which they are applied."""
    files = [file for folder in (KERNEL_MIGRATIONS, *folders) for file in sorted(folder.glob("*.sql"))]
    return {f"{file.parent.parent.name}/{file.name}": file.read_text(encoding="utf-8") for file in files}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def _apply(connection: asyncpg.Connection, name: str, text: str, known: Mapping[str, str]) -> bool:
    digest = _digest(text)
    if name in known:
        if known[name] != digest:
            raise RuntimeError(f"migration {name} was changed after it had been applied")
        return False
    async with connection.transaction():
        await connection.execute(text)
        await connection.execute("insert into migrations (name, digest) values ($1, $2)", name, digest)
    return True


async def _grant(connection: asyncpg.Connection, schema: str, role: str) -> None:
    if role == await connection.fetchval("select current_user"):
        return  # one login for both: a server of one's own may be set up so
    for statement in (
        f'grant usage on schema "{schema}" to "{role}"',
        f'grant select, insert, update, delete, truncate on all tables in schema "{schema}" to "{role}"',
        "revoke update, delete, truncate on events, seals, replayed_letters, dismissed_letters, looks, migrations"
        f' from "{role}"',
        f'grant usage on all sequences in schema "{schema}" to "{role}"',
        f'grant execute on all functions in schema "{schema}" to "{role}"',
    ):
        await connection.execute(statement)


def role_of(dsn: str) -> str:
    """The login of a DSN."""
    return urlsplit(dsn).username or ""

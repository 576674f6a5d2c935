"""The portal's tables: users, sessions, attempts, and the two records of what happened."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg

from services.kernel.database import connect_pool
from services.kernel.web.paging import Order
from services.portal.attempts import FORGOTTEN_AFTER, Attempts
from services.portal.sessions import LIFETIME, Session
from services.portal.users import User

_USER = "id, name, login, role, area, must_change, locked"
_SESSION = "id, user_id, name, role, area, csrf, must_change, auth_at, started_at, seen_at"


def digest(secret: str) -> bytes:
    """What is kept of a session's secret: it is random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


@asynccontextmanager
async def in_portal(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A transaction in the portal's schema from outside the running portal: for the command line."""
    pool = await connect_pool(dsn, "portal")
    try:
        async with pool.acquire() as connection, connection.transaction():
            yield connection
    finally:
        await pool.close()


def attempts_of_login(login: str) -> str:
    """Under which attempts at a login are counted: hashed, since people type passwords there."""
    return f"login {digest(login).hex()}"


async def users(connection: asyncpg.Connection, after: str, limit: int) -> list[asyncpg.Record]:
    """Users by login, one more than `limit` if there are more."""
    found: list[asyncpg.Record] = await connection.fetch(
        f"select {_USER}, created_at from users where login > $1 order by login limit $2", after, limit + 1
    )
    return found


async def user(connection: asyncpg.Connection, user_id: str, lock: str = "") -> User | None:
    """The user with this id."""
    row = await connection.fetchrow(f"select {_USER} from users where id = $1 {lock}", user_id)
    return User(**row) if row else None


async def user_by_login(connection: asyncpg.Connection, login: str) -> tuple[User, str] | None:
    """The user with this login and what is kept of the password."""
    row = await connection.fetchrow(f"select {_USER}, password_hash from users where login = $1", login)
    if row is None:
        return None
    found = dict(row)
    kept = found.pop("password_hash")
    return User(**found), kept


async def hold_users(connection: asyncpg.Connection) -> None:
    """Until the transaction ends nobody else changes users: rules about all of them (the last administrator) hold."""
    await connection.execute("lock table users in share row exclusive mode")


async def other_admins(connection: asyncpg.Connection, user_id: str) -> int:
    """How many can administer besides this user."""
    count: int = await connection.fetchval(
        "select count(*) from users where role = 'admin' and not locked and id <> $1", user_id
    )
    return count


async def add_user(connection: asyncpg.Connection, new: User, password_hash: str, now: datetime) -> None:
    """Raises asyncpg.UniqueViolationError where the login or the name is somebody's."""
    await connection.execute(
        f"insert into users ({_USER}, password_hash, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id,
        new.name,
        new.login,
        new.role,
        new.area,
        new.must_change,
        new.locked,
        password_hash,
        now,
    )


async def keep_user(connection: asyncpg.Connection, new: User) -> None:
    """Raises asyncpg.UniqueViolationError where the login is somebody's."""
    await connection.execute(
        "update users set login = $2, role = $3, area = $4, must_change = $5, locked = $6 where id = $1",
        new.id,
        new.login,
        new.role,
        new.area,
        new.must_change,
        new.locked,
    )


async def keep_password(connection: asyncpg.Connection, user_id: str, password_hash: str, *, must_change: bool) -> None:
    await connection.execute(
        "update users set password_hash = $2, must_change = $3 where id = $1", user_id, password_hash, must_change
    )


async def log_change(connection: asyncpg.Connection, by: str, what: str, new: User, now: datetime) -> None:
    """Keeps what was done with a user, and how the user is since."""
    await connection.execute(
        "insert into user_changes (at, changed_by, name, what, login, role, area) values ($1, $2, $3, $4, $5, $6, $7)",
        now,
        by,
        new.name,
        what,
        new.login,
        new.role,
        new.area,
    )


async def log_sign_in(connection: asyncpg.Connection, name: str | None, what: str, address: str, now: datetime) -> None:
    """Keeps what happened at the door; `name` None where nobody has the login that was typed."""
    await connection.execute(
        "insert into sign_in_log (at, name, what, address) values ($1, $2, $3, $4)", now, name, what, address
    )


async def sign_ins(
    connection: asyncpg.Connection, order: Order, cursor: str | None, limit: int
) -> list[asyncpg.Record]:
    """What happened at the door, one more than `limit` if there are more. Raises Problem 422."""
    return await _numbered(connection, "number, at, name, what, address from sign_in_log", order, cursor, limit)


async def user_changes(
    connection: asyncpg.Connection, order: Order, cursor: str | None, limit: int
) -> list[asyncpg.Record]:
    """What was done to users, one more than `limit` if there are more. Raises Problem 422."""
    what = "number, at, changed_by, name, what, login, role, area from user_changes"
    return await _numbered(connection, what, order, cursor, limit)


async def _numbered(
    connection: asyncpg.Connection, what: str, order: Order, cursor: str | None, limit: int
) -> list[asyncpg.Record]:
    found: list[asyncpg.Record] = await connection.fetch(
        f"select {what} where number {order.beyond} $1 order by number {order.sort} limit $2",
        order.start(cursor),
        limit + 1,
    )
    return found


async def attempts(connection: asyncpg.Connection, what: str, now: datetime) -> Attempts:
    """What is known of a login or an address, held until the transaction ends."""
    await connection.execute(
        "insert into attempts (what, failures, last_at) values ($1, 0, $2) on conflict do nothing", what, now
    )
    row: Mapping[str, Any] = await connection.fetchrow(
        "select failures, last_at, barred_until from attempts where what = $1 for update", what
    )
    return Attempts(**row)


async def keep_attempts(connection: asyncpg.Connection, what: str, new: Attempts) -> None:
    await connection.execute(
        "update attempts set failures = $2, last_at = $3, barred_until = $4 where what = $1",
        what,
        new.failures,
        new.last_at,
        new.barred_until,
    )


async def forget_attempts(connection: asyncpg.Connection, what: str) -> None:
    await connection.execute("delete from attempts where what = $1", what)


async def take_back_attempt(connection: asyncpg.Connection, what: str) -> None:
    """One attempt less: it succeeded. Those of others from the same address stay counted."""
    await connection.execute(
        "update attempts set failures = greatest(failures - 1, 0), barred_until = null where what = $1", what
    )


async def add_session(connection: asyncpg.Connection, new: Session, secret: str) -> None:
    await connection.execute(
        f"insert into sessions ({_SESSION}, secret_hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.id,
        new.user_id,
        new.name,
        new.role,
        new.area,
        new.csrf,
        new.must_change,
        new.auth_at,
        new.started_at,
        new.seen_at,
        digest(secret),
    )


async def session(connection: asyncpg.Connection, secret: str) -> Session | None:
    """The session that the browser's secret opens, alive or not."""
    row = await connection.fetchrow(f"select {_SESSION} from sessions where secret_hash = $1", digest(secret))
    return Session(**row) if row else None


async def keep_session(connection: asyncpg.Connection, new: Session) -> None:
    """Keeps what changes in a session; one that was ended meanwhile stays ended."""
    await connection.execute(
        "update sessions set must_change = $2, auth_at = $3, seen_at = $4 where id = $1",
        new.id,
        new.must_change,
        new.auth_at,
        new.seen_at,
    )


async def end_session(connection: asyncpg.Connection, session_id: str) -> None:
    await connection.execute("delete from sessions where id = $1", session_id)


async def end_sessions(connection: asyncpg.Connection, name: str, but: str = "") -> None:
    """Ends all sessions of a person, but for one."""
    await connection.execute("delete from sessions where name = $1 and id <> $2", name, but)


async def forget_old(connection: asyncpg.Connection, now: datetime) -> None:
    """Drops sessions and attempts that no longer mean anything."""
    await connection.execute("delete from sessions where started_at < $1", now - LIFETIME)
    await connection.execute("delete from attempts where greatest(last_at, barred_until) < $1", now - FORGOTTEN_AFTER)


async def name_of_subject(connection: asyncpg.Connection, subject: str, name: str, now: datetime) -> str:
    """The name of the provider's subject: the one first seen, for good.

    Raises asyncpg.UniqueViolationError where the name is another subject's.
    """
    kept: str = await connection.fetchval(
        "insert into oidc_people (subject, name, first_seen_at) values ($1, $2, $3)"
        " on conflict (subject) do update set subject = excluded.subject returning name",
        subject,
        name,
        now,
    )
    return kept

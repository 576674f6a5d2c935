"""What is done with users: each in one transaction, on record, and felt at once by their sessions."""

from dataclasses import dataclass, field

import asyncpg

from services.kernel import clock
from services.kernel.decider import Rejected
from services.portal import passwords, store, users
from services.portal.users import User


@dataclass(frozen=True, slots=True)
class First:
    """A user with the first password, which is told once and kept nowhere."""

    user: User
    password: str = field(repr=False)


async def add(connection: asyncpg.Connection, by: str, name: str, login: str, role: str, area: str | None) -> First:
    """Adds a user. Raises Rejected."""
    new, first = users.added(clock.new_id(), name, login, role, area), passwords.first_password()
    kept, now = await passwords.hashed(first), clock.now()
    try:
        async with connection.transaction():
            await store.add_user(connection, new, kept, now)
    except asyncpg.UniqueViolationError as why:
        raise _taken(why) from why
    await store.log_change(connection, by, "ADDED", new, now)
    return First(new, first)


async def change(
    connection: asyncpg.Connection, by: str, user_id: str, login: str, role: str, area: str | None
) -> User:
    """Gives a user another login, role or area; another role or area ends the sessions. Raises Rejected."""
    before = await _held(connection, user_id)
    new = users.changed(before, login, role, area, by, await store.other_admins(connection, user_id))
    try:
        async with connection.transaction():
            await store.keep_user(connection, new)
    except asyncpg.UniqueViolationError as why:
        raise _taken(why) from why
    await _recorded(connection, by, "CHANGED", new, ends=(new.role, new.area) != (before.role, before.area))
    return new


async def lock(connection: asyncpg.Connection, by: str, user_id: str) -> User:
    """Shuts a user out; their sessions end. Raises Rejected."""
    before = await _held(connection, user_id)
    new = users.locked(before, by, await store.other_admins(connection, user_id))
    return await _kept(connection, by, "LOCKED", new)


async def unlock(connection: asyncpg.Connection, by: str, user_id: str) -> User:
    """Lets a user in again. Raises Rejected."""
    return await _kept(connection, by, "UNLOCKED", users.unlocked(await _held(connection, user_id)))


async def reset(connection: asyncpg.Connection, by: str, user_id: str) -> First:
    """A new first password; sessions end, and a bar after wrong attempts is lifted. Raises Rejected."""
    first = passwords.first_password()
    kept = await passwords.hashed(first)
    new = users.reset(await _held(connection, user_id))
    await store.keep_password(connection, user_id, kept, must_change=True)
    await store.forget_attempts(connection, store.attempts_of_login(new.login))
    await _recorded(connection, by, "RESET", new, ends=True)
    return First(new, first)


async def _held(connection: asyncpg.Connection, user_id: str) -> User:
    await store.hold_users(connection)
    found = await store.user(connection, user_id)
    if found is None:
        raise Rejected("no-such-user")
    return found


async def _kept(connection: asyncpg.Connection, by: str, what: str, new: User) -> User:
    await store.keep_user(connection, new)
    await _recorded(connection, by, what, new, ends=True)
    return new


async def _recorded(connection: asyncpg.Connection, by: str, what: str, new: User, *, ends: bool) -> None:
    if ends:
        await store.end_sessions(connection, new.name)
    await store.log_change(connection, by, what, new, clock.now())


def _taken(why: asyncpg.UniqueViolationError) -> Rejected:
    return Rejected("name-taken" if why.constraint_name == "users_by_name" else "login-taken")

"""The door: who comes in with a password or by the provider's word, goes on, proves it again, and leaves."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import asyncpg

from services.kernel import clock
from services.kernel.decider import Rejected
from services.portal import passwords, store
from services.portal.attempts import claim
from services.portal.sessions import Session
from services.portal.users import User, typed_login

FAILURES_OF_LOGIN = 5
# A whole office may stand behind one address.
FAILURES_OF_ADDRESS = 50


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed at the door, and from which network address."""

    login: str
    password: str = field(repr=False)
    address: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider vouches for, already checked: its own lasting id of the person, and what they are here."""

    subject: str
    name: str
    role: str
    area: str | None


async def sign_in(pool: asyncpg.Pool, typed: Typed) -> tuple[Session, str]:
    """A new session and its secret. Raises Rejected."""
    user = await _authenticated(pool, typed)
    now = clock.now()
    async with pool.acquire() as connection, connection.transaction():
        # Locked or changed since the password was looked at: then that session must not come to be.
        if await store.user(connection, user.id, "for share") != user:
            raise Rejected("sign-in-refused")
        started = _begun(user.id, user.name, user.role, user.area, now, must_change=user.must_change)
        return started, await _opened(connection, started, typed.address, now)


async def sign_in_vouched(pool: asyncpg.Pool, person: Vouched, address: str) -> tuple[Session, str]:
    """A new session of somebody whom the provider vouches for. Raises Rejected."""
    now = clock.now()
    async with pool.acquire() as connection, connection.transaction():
        name = await _kept_name(connection, person, now)
        started = _begun(None, name, person.role, person.area, now)
        return started, await _opened(connection, started, address, now)


async def prove_vouched(pool: asyncpg.Pool, session: Session, person: Vouched, address: str) -> Session:
    """The session with a fresh proof by the provider; raises Rejected where it is another person's."""
    now = clock.now()
    async with pool.acquire() as connection, connection.transaction():
        if await _kept_name(connection, person, now) != session.name:
            raise Rejected("oidc-refused")
        return await _proved(connection, session, address, now)


async def renewed(pool: asyncpg.Pool, secret: str) -> Session:
    """The session of a browser, its life prolonged. Raises Rejected where it is over."""
    now = clock.now()
    async with pool.acquire() as connection:
        found = await store.session(connection, secret) if secret else None
        if found is None or not found.is_alive(now):
            raise Rejected("session-over")
        alive = replace(found, seen_at=now)
        await store.keep_session(connection, alive)
    return alive


async def prove_again(pool: asyncpg.Pool, session: Session, password: str, address: str) -> Session:
    """The session with a fresh proof by password. Raises Rejected."""
    await _own(pool, session, password, address)
    async with pool.acquire() as connection, connection.transaction():
        return await _proved(connection, session, address, clock.now())


async def change_password(
    pool: asyncpg.Pool, session: Session, present: str, new: tuple[str, str], address: str
) -> Session:
    """Sets the person's own password (typed twice) and ends their other sessions. Raises Rejected."""
    user = await _own(pool, session, present, address)
    chosen, repeated = new
    if chosen != repeated:
        raise Rejected("password-repeat-differs")
    if chosen == present:
        raise Rejected("password-same")
    passwords.require_good(chosen, user.login, user.name)
    kept, now = await passwords.hashed(chosen), clock.now()
    async with pool.acquire() as connection, connection.transaction():
        if await store.user(connection, user.id, "for update") != user:
            raise Rejected("session-over")
        await store.keep_password(connection, user.id, kept, must_change=False)
        await store.end_sessions(connection, session.name, but=session.id)
        await store.log_sign_in(connection, session.name, "PASSWORD_CHANGED", address, now)
        free = replace(session, must_change=False, auth_at=now)
        await store.keep_session(connection, free)
    return free


async def sign_out(pool: asyncpg.Pool, secret: str, address: str, *, everywhere: bool) -> None:
    """Ends the browser's session, or all of that person; a session that is over is none."""
    async with pool.acquire() as connection, connection.transaction():
        session = await store.session(connection, secret)
        if session is None:
            return
        if everywhere:
            await store.end_sessions(connection, session.name)
        else:
            await store.end_session(connection, session.id)
        what = "SIGNED_OUT_EVERYWHERE" if everywhere else "SIGNED_OUT"
        await store.log_sign_in(connection, session.name, what, address, clock.now())


async def _own(pool: asyncpg.Pool, session: Session, password: str, address: str) -> User:
    async with pool.acquire() as connection:
        user = await store.user(connection, session.user_id or "")
    if user is None:
        raise Rejected("oidc-is-on")
    return await _authenticated(pool, Typed(user.login, password, address))


async def _authenticated(pool: asyncpg.Pool, typed: Typed) -> User:
    """The user whose login and password these are. Raises Rejected, in the same words and time for nobody's login."""
    login, now = typed_login(typed.login), clock.now()
    of_login, of_address = store.attempts_of_login(login), f"address {typed.address}"
    async with pool.acquire() as connection:
        await _claim(connection, of_address, now, FAILURES_OF_ADDRESS)
        found = await store.user_by_login(connection, login)
        name = found[0].name if found else None
        try:
            await _claim(connection, of_login, now, FAILURES_OF_LOGIN)
        except Rejected:
            await store.log_sign_in(connection, name, "BARRED", typed.address, now)
            raise
    if not await passwords.fits(found[1] if found else None, typed.password) or found is None:
        await _log(pool, name, "FAILED", typed.address, now)
        raise Rejected("sign-in-refused")
    user, kept = found
    async with pool.acquire() as connection, connection.transaction():
        await store.forget_attempts(connection, of_login)
        await store.take_back_attempt(connection, of_address)
    if user.locked:
        await _log(pool, name, "LOCKED_OUT", typed.address, now)
        raise Rejected("user-locked")
    if passwords.outdated(kept):
        fresh = await passwords.hashed(typed.password)
        async with pool.acquire() as connection:
            await store.keep_password(connection, user.id, fresh, must_change=user.must_change)
    return user


async def _claim(connection: asyncpg.Connection, what: str, now: datetime, limit: int) -> None:
    async with connection.transaction():
        await store.keep_attempts(connection, what, claim(await store.attempts(connection, what, now), now, limit))


async def _log(pool: asyncpg.Pool, name: str | None, what: str, address: str, now: datetime) -> None:
    async with pool.acquire() as connection:
        await store.log_sign_in(connection, name, what, address, now)


async def _kept_name(connection: asyncpg.Connection, person: Vouched, now: datetime) -> str:
    try:
        async with connection.transaction():
            return await store.name_of_subject(connection, person.subject, person.name, now)
    except asyncpg.UniqueViolationError as why:
        raise Rejected("name-taken") from why


async def _opened(connection: asyncpg.Connection, session: Session, address: str, now: datetime) -> str:
    secret = clock.new_secret()
    await store.forget_old(connection, now)
    await store.add_session(connection, session, secret)
    await store.log_sign_in(connection, session.name, "SIGNED_IN", address, now)
    return secret


async def _proved(connection: asyncpg.Connection, session: Session, address: str, now: datetime) -> Session:
    proved = replace(session, auth_at=now)
    await store.keep_session(connection, proved)
    await store.log_sign_in(connection, session.name, "PROVED_AGAIN", address, now)
    return proved


def _begun(
    user_id: str | None, name: str, role: str, area: str | None, now: datetime, *, must_change: bool = False
) -> Session:
    return Session(
        id=clock.new_id(),
        user_id=user_id,
        name=name,
        role=role,
        area=area,
        csrf=clock.new_secret(),
        must_change=must_change,
        auth_at=now,
        started_at=now,
        seen_at=now,
    )

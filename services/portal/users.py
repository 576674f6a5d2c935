"""Users: what may be done with them. Pure; what is kept of a password is made elsewhere."""

import re
from dataclasses import dataclass, replace

from services.kernel import text
from services.kernel.decider import Rejected
from services.portal.roles import check_name, check_role
from services.reference import access

_LOGIN = re.compile(r"[a-z][a-z0-9.-]{2,49}")


@dataclass(frozen=True, slots=True)
class User:
    """A person with a password of ours. `name` is the person of the whole system and never changes."""

    id: str
    name: str
    login: str
    role: str
    area: str | None
    must_change: bool
    locked: bool

    @property
    def is_working_admin(self) -> bool:
        """Whether this user can administer others now."""
        return self.role == access.ADMIN and not self.locked


def typed_login(typed: str) -> str:
    """A login as it is compared: upper case and spaces around it do not matter."""
    return text.clean(typed).casefold()


def added(user_id: str, name: str, login: str, role: str, area: str | None) -> User:
    """A new user, who has to change the first password. Raises Rejected."""
    user = User(user_id, text.clean(name), typed_login(login), role, area or None, must_change=True, locked=False)
    check_name(user.name)
    _check_login(user.login)
    check_role(user.role, user.area)
    return user


def changed(user: User, login: str, role: str, area: str | None, by: str, other_admins: int) -> User:
    """The user with another login, role or area. Raises Rejected; `other_admins` can administer besides this user."""
    new = replace(user, login=typed_login(login), role=role, area=area or None)
    _check_login(new.login)
    check_role(new.role, new.area)
    if (new.role, new.area) != (user.role, user.area) and user.name == by:
        raise Rejected("own-user")
    if user.is_working_admin and not new.is_working_admin:
        _require_another_admin(other_admins)
    return new


def locked(user: User, by: str, other_admins: int) -> User:
    """The user shut out. Raises Rejected."""
    if user.locked:
        raise Rejected("user-locked")
    if user.name == by:
        raise Rejected("own-user")
    if user.is_working_admin:
        _require_another_admin(other_admins)
    return replace(user, locked=True)


def unlocked(user: User) -> User:
    """The user let in again. Raises Rejected."""
    if not user.locked:
        raise Rejected("user-not-locked")
    return replace(user, locked=False)


def reset(user: User) -> User:
    """The user with a new first password, to be changed at the next sign-in."""
    return replace(user, must_change=True)


def _check_login(login: str) -> None:
    if not _LOGIN.fullmatch(login):
        raise Rejected("login-wrong")


def _require_another_admin(other_admins: int) -> None:
    if not other_admins:
        raise Rejected("last-admin")

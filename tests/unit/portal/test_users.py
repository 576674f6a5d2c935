"""Users: what may be done with them and what may not."""

from dataclasses import replace

import pytest

from services.kernel.decider import Rejected
from services.portal import users
from services.portal.users import User

HA = User("u1", "Lê Thị Hà", "xa.kimbai", "commune-officer", "10114", must_change=False, locked=False)
TAI = User("u2", "Lý Văn Tài", "quantri", "admin", None, must_change=False, locked=False)


def test_a_new_user_has_a_clean_name_a_small_login_and_a_password_to_change() -> None:
    assert users.added("u1", " Lê  Thị Hà ", " Xa.KimBai", "commune-officer", "10114") == replace(HA, must_change=True)


@pytest.mark.parametrize(
    ("name", "login", "role", "area", "why"),
    [
        ("", "ha.le", "bank", None, "name-wrong"),
        ("H" * 101, "ha.le", "bank", None, "name-wrong"),
        ("Hà\x07Lê", "ha.le", "bank", None, "name-wrong"),
        ("Hà", "hà", "bank", None, "login-wrong"),
        ("Hà", "ab", "bank", None, "login-wrong"),
        ("Hà", "1ha", "bank", None, "login-wrong"),
        ("Hà", "h" * 51, "bank", None, "login-wrong"),
        ("Hà", "ha.le", "boss", None, "no-such-role"),
        ("Hà", "ha.le", "commune-officer", "", "area-needed"),
        ("Hà", "ha.le", "commune-officer", "278", "area-not-commune"),
        ("Hà", "ha.le", "police", "99999", "no-such-area"),
        ("Hà", "ha.le", "bank", "10114", "area-not-meant"),
    ],
)
def test_a_user_is_refused_with_the_reason(name: str, login: str, role: str, area: str | None, why: str) -> None:
    with pytest.raises(Rejected) as refused:
        users.added("u", name, login, role, area)
    assert refused.value.code == why


def test_login_role_and_area_change_and_the_name_does_not() -> None:
    assert users.changed(HA, "ha.le", "police", "", TAI.name, 1) == User(
        "u1", "Lê Thị Hà", "ha.le", "police", None, must_change=False, locked=False
    )


def test_an_administrator_changes_the_own_login_and_not_the_own_role() -> None:
    assert users.changed(TAI, "tai.ly", "admin", None, TAI.name, 1).login == "tai.ly"
    with pytest.raises(Rejected, match="own-user"):
        users.changed(TAI, "quantri", "auditor", None, TAI.name, 1)
    with pytest.raises(Rejected, match="own-user"):
        users.locked(TAI, TAI.name, 1)


def test_the_last_administrator_stays() -> None:
    with pytest.raises(Rejected, match="last-admin"):
        users.changed(TAI, "quantri", "auditor", None, HA.name, 0)
    with pytest.raises(Rejected, match="last-admin"):
        users.locked(TAI, HA.name, 0)
    assert users.locked(TAI, HA.name, 1).locked
    assert users.locked(HA, TAI.name, 0).locked


def test_locking_and_unlocking_twice_is_refused() -> None:
    shut = users.locked(HA, TAI.name, 1)
    with pytest.raises(Rejected, match="user-locked"):
        users.locked(shut, TAI.name, 1)
    assert users.unlocked(shut) == HA
    with pytest.raises(Rejected, match="user-not-locked"):
        users.unlocked(HA)


def test_a_reset_password_has_to_be_changed() -> None:
    assert users.reset(HA).must_change

"""Users through the API and the administrator's pages, and what their sessions feel of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.stack import Connections
from services.portal import samples
from tests.integration.portal import ADMIN, OWN, Portal, enter, portal_on

HA = {"name": "Lê Thị Hà", "login": "xa.kimbai", "role": "commune-officer", "area": "10114"}


@pytest.fixture
async def portal(stack: Connections, probe: str) -> AsyncIterator[Portal]:
    async with portal_on(stack, probe) as running:
        yield running


async def test_the_first_password_is_told_once_and_kept_nowhere(portal: Portal) -> None:
    admin = portal.program("admin", ADMIN)
    first, second = [await admin.post("/portal/users", json=HA, headers={"idempotency-key": "k"}) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    password = first.json()["first_password"]
    assert first.json() == second.json() | {"first_password": password}
    assert (await enter(portal.browser(), "xa.kimbai", password)).status_code == 303
    for table in ("idempotency", "users", "user_changes", "sign_in_log", "sessions", "attempts"):
        for row in await portal.pool.fetch(f"select * from {table}"):
            assert not any(password.encode() in (v if isinstance(v, bytes) else str(v).encode()) for v in row.values())


@pytest.mark.parametrize(
    ("other", "status", "slug"),
    [
        ({"login": "xa.khac"}, 409, "name-taken"),
        ({"login": "xa.khac", "name": "LÊ THỊ HÀ"}, 409, "name-taken"),
        ({"name": "Lê Thị Hà 2", "login": "XA.kimbai"}, 409, "login-taken"),
        ({"name": "X", "login": "x"}, 422, "login-wrong"),
        ({"name": "X", "login": "xxx", "area": None}, 422, "area-needed"),
        ({"name": "X", "login": "xxx", "password": "p"}, 422, "input-wrong"),
    ],
)
async def test_a_user_that_cannot_be_is_refused(
    portal: Portal, other: dict[str, str | None], status: int, slug: str
) -> None:
    admin = portal.program("admin", ADMIN)
    await admin.post("/portal/users", json=HA)
    answer = await admin.post("/portal/users", json=HA | other)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


async def test_a_locked_users_sessions_end_and_the_door_stays_shut(portal: Portal) -> None:
    browser, admin = await portal.add_working("Phúc", "nganhang"), portal.program("admin", ADMIN)
    [user] = (await admin.get("/portal/users")).json()["items"]
    assert (await admin.post(f"/portal/users/{user['id']}/lock")).json()["locked"]
    assert (await browser.get("/dang-nhap/tiep")).status_code == 303
    shut = await enter(portal.browser(), "nganhang", OWN)
    assert (shut.status_code, "Người dùng đã bị khóa" in shut.text) == (409, True)
    await admin.post(f"/portal/users/{user['id']}/unlock")
    assert (await enter(portal.browser(), "nganhang", OWN)).status_code == 303


async def test_another_role_ends_the_sessions_and_counts_at_the_next_sign_in(portal: Portal) -> None:
    browser, admin = await portal.add_working("Phúc", "nganhang"), portal.program("admin", ADMIN)
    [user] = (await admin.get("/portal/users")).json()["items"]
    change = {"login": "phuc.ngo", "role": "police", "area": "10114"}
    assert (await admin.post(f"/portal/users/{user['id']}/change", json=change)).status_code == 200
    assert (await browser.get("/dang-nhap/tiep")).status_code == 303
    await enter(browser, "phuc.ngo", OWN)
    caller = portal.caller(browser)
    assert caller is not None
    assert (caller.name, caller.role, caller.area) == ("Phúc", "police", "10114")
    changes = (await admin.get("/portal/user-changes")).json()["items"]
    assert [(one["what"], one["changed_by"], one["role"], one["area"]) for one in changes] == [
        ("ADDED", ADMIN, "bank", None),
        ("CHANGED", ADMIN, "police", "10114"),
    ]


async def test_a_reset_password_lifts_the_bar_and_has_to_be_changed(portal: Portal) -> None:
    await portal.add_working("Phúc", "nganhang")
    for _ in range(6):
        await enter(portal.browser(), "nganhang", "khong phai the nay")
    admin = portal.program("admin", ADMIN)
    [user] = (await admin.get("/portal/users")).json()["items"]
    first = (await admin.post(f"/portal/users/{user['id']}/reset")).json()["first_password"]
    assert (await enter(portal.browser(), "nganhang", OWN)).status_code == 401
    answer = await enter(portal.browser(), "nganhang", first)
    assert answer.headers["location"].startswith("/dang-nhap/mat-khau")


@pytest.mark.parametrize("role", ["district-officer", "bank", "finance"])
async def test_others_neither_see_nor_touch_users(portal: Portal, role: str) -> None:
    other = portal.program(role)
    for address in ("/portal/users", "/portal/sign-ins", "/portal/user-changes"):
        assert (await other.get(address)).status_code == 403
    assert (await other.post("/portal/users", json=HA)).status_code == 403
    assert (await portal.program("auditor").get("/portal/sign-ins")).status_code == 200
    assert (await portal.program("auditor").post("/portal/users", json=HA)).status_code == 403


async def test_the_administrator_does_all_of_it_on_pages(portal: Portal) -> None:
    browser = await portal.add_working(ADMIN, "quantri", "admin")
    caller = portal.caller(browser)
    assert caller is not None
    marks = {"csrf": caller.csrf, "key": "k1"}
    added = await browser.post("/nguoi-dung", data=HA | marks)
    assert added.status_code == 200
    assert "Chỉ hiện một lần" in added.text
    again = await browser.post("/nguoi-dung", data=HA | marks)
    assert "mật khẩu chỉ hiện ở lần đầu" in again.text
    taken = await browser.post("/nguoi-dung", data=HA | marks | {"key": "k2", "login": "xa.khac"})
    assert (taken.status_code, "Đã có người dùng mang tên này" in taken.text) == (409, True)
    user_id = await portal.pool.fetchval("select id from users where login = 'xa.kimbai'")
    page = await browser.get(f"/nguoi-dung/{user_id}")
    assert "Lê Thị Hà" in page.text
    locked = await browser.post(f"/nguoi-dung/{user_id}/khoa", data=marks | {"key": "k3"})
    assert locked.headers["location"] == f"/nguoi-dung/{user_id}?da=user_locked"
    assert "Đã khóa" in (await browser.get("/nguoi-dung")).text
    reset = await browser.post(f"/nguoi-dung/{user_id}/cap-lai", data=marks | {"key": "k4"})
    assert "Mật khẩu lần đầu của Lê Thị Hà" in reset.text
    own = await portal.pool.fetchval("select id from users where login = 'quantri'")
    refused = await browser.post(f"/nguoi-dung/{own}/khoa", data=marks | {"key": "k5"})
    assert (refused.status_code, "Không tự khóa" in refused.text) == (409, True)


async def test_a_fresh_installation_has_one_user_for_each_role_and_a_second_start_adds_none(
    portal: Portal, tmp_path: Path
) -> None:
    file = tmp_path / samples.FILE
    async with portal.pool.acquire() as connection, connection.transaction():
        told = await samples.prepare(connection, file)
        assert await samples.prepare(connection, file) == [told[-1]]
    assert file.stat().st_mode & 0o777 == 0o600
    login, password, *_ = file.read_text(encoding="utf-8").split()
    assert login == "chuyenvien"
    assert (await enter(portal.browser(), login, password)).headers["location"].startswith("/dang-nhap/mat-khau")
    roles = await portal.pool.fetch("select role, count(*) from users group by role")
    assert {row["role"]: row["count"] for row in roles} == dict.fromkeys(
        ("district-officer", "district-approver", "police", "finance", "treasury", "outreach", "bank", "auditor"), 1
    ) | {"commune-officer": 3, "admin": 1}

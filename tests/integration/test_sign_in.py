"""The door on a real database: in, on, out, and who is kept out."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from infra.stack import Connections
from services.kernel.web.auth import TOKEN_COOKIE
from tests.integration.portal import OWN, Portal, enter, portal_on

WRONG = "mot mat khau sai"


@pytest.fixture
async def portal(stack: Connections, probe: str) -> AsyncIterator[Portal]:
    async with portal_on(stack, probe) as running:
        yield running


async def test_a_first_password_opens_nothing_but_its_own_change(portal: Portal) -> None:
    first, browser = await portal.add("Hà", "xa.kimbai", "commune-officer", "10114"), portal.browser()
    answer = await enter(browser, " Xa.KimBai ", first, ve="/chi-tra?period=2023-11")
    assert (answer.status_code, portal.caller(browser)) == (303, None)
    change = answer.headers["location"]
    assert change == "/dang-nhap/mat-khau?ve=%2Fchi-tra%3Fperiod%3D2023-11"
    assert (await browser.get("/dang-nhap/tiep?ve=/")).headers["location"] == "/dang-nhap/mat-khau?ve=%2F"
    assert (
        (await browser.post("/dang-nhap/lai", data={"password": first}))
        .headers["location"]
        .startswith("/dang-nhap/mat-khau")
    )
    assert "Đổi mật khẩu của Hà" in (await browser.get(change)).text
    fields = {"present": first, "new": OWN, "repeated": OWN, "ve": "/chi-tra?period=2023-11"}
    answer = await browser.post("/dang-nhap/mat-khau", data=fields)
    assert answer.headers["location"] == "/chi-tra?period=2023-11&da=password_changed"
    caller = portal.caller(browser)
    assert caller is not None
    assert (caller.name, caller.role, caller.area) == ("Hà", "commune-officer", "10114")
    assert (await enter(portal.browser(), "xa.kimbai", first)).status_code == 401
    assert (await enter(portal.browser(), "xa.kimbai", OWN, "/bao-cao")).headers["location"] == "/bao-cao"


@pytest.mark.parametrize(
    ("new", "repeated", "said"),
    [
        ("ngắn quá", "ngắn quá", "ít nhất 12 ký tự"),
        (OWN, OWN + "x", "không giống nhau"),
        ("nha bang 2023 dep", "nha bang 2023 dep", "tên đăng nhập"),
    ],
)
async def test_a_poor_new_password_is_refused_on_the_page(portal: Portal, new: str, repeated: str, said: str) -> None:
    first, browser = await portal.add("Phúc", "bang"), portal.browser()
    await enter(browser, "bang", first)
    answer = await browser.post("/dang-nhap/mat-khau", data={"present": first, "new": new, "repeated": repeated})
    assert answer.status_code == 422
    assert said in answer.text
    assert portal.caller(browser) is None
    assert first not in answer.text
    assert new not in answer.text


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(portal: Portal) -> None:
    await portal.add_working("Phúc", "nganhang")
    answer = await enter(portal.browser("https"), "nganhang", OWN)
    session, token = sorted(answer.headers.get_list("set-cookie"))
    assert session.startswith("ansinh_session=")
    assert "Path=/dang-nhap;" in session
    assert "Max-Age=43200" in session
    assert token.startswith("ansinh_token=")
    assert "Path=/;" in token
    assert "Max-Age=600" in token
    for cookie in (session, token):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" in cookie
    plain = await enter(portal.browser("http"), "nganhang", OWN)
    assert not any("Secure" in cookie for cookie in plain.headers.get_list("set-cookie"))


async def test_another_sites_form_signs_nobody_in(portal: Portal) -> None:
    await portal.add_working("Phúc", "nganhang")
    browser = portal.browser()
    browser.headers["origin"] = "https://evil.example"
    assert (await enter(browser, "nganhang", OWN)).status_code == 403
    assert portal.caller(browser) is None


@pytest.mark.parametrize("ve", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", ""])
async def test_the_way_on_leads_to_no_other_site(portal: Portal, ve: str) -> None:
    browser = await portal.add_working("Phúc", "nganhang")
    assert (await enter(portal.browser(), "nganhang", OWN, ve)).headers["location"] == "/"
    answer = await browser.get("/dang-nhap/tiep", params={"ve": ve})
    assert (answer.status_code, answer.headers["location"]) == (307, "/")


async def test_five_failures_bar_the_login_and_a_right_password_too(portal: Portal) -> None:
    await portal.add_working("Phúc", "nganhang")
    answers = [await enter(portal.browser(), "nganhang", WRONG) for _ in range(5)]
    assert [one.status_code for one in answers] == [401] * 5
    barred = await enter(portal.browser(), "nganhang", OWN)
    assert barred.status_code == 429
    assert "Thử lại sau 15 phút" in barred.text
    assert (await portal.log())[-6:] == [("Phúc", "FAILED")] * 5 + [("Phúc", "BARRED")]
    await portal.pool.execute("update attempts set barred_until = now() - interval '1 second'")
    assert (await enter(portal.browser(), "nganhang", OWN)).status_code == 303
    assert (await enter(portal.browser(), "nganhang", WRONG)).status_code == 401  # counted from one again
    assert (await enter(portal.browser(), "nganhang", OWN)).status_code == 303


async def test_nobodys_login_is_answered_like_somebodys_and_what_was_typed_is_not_kept(portal: Portal) -> None:
    await portal.add_working("Phúc", "nganhang")
    changing = r'name="key" value="\w+"|Số liệu đến [^<]+|nganhang|my secret typed here'
    known, unknown = [
        re.sub(changing, "", (await enter(portal.browser(), login, WRONG)).text)
        for login in ("nganhang", "my secret typed here")
    ]
    assert known == unknown
    for _ in range(4):
        await enter(portal.browser(), "my secret typed here", WRONG)
    assert (await enter(portal.browser(), "my secret typed here", WRONG)).status_code == 429
    kept = await portal.pool.fetch("select what as kept from attempts union all select name from sign_in_log")
    assert not any("secret" in (row["kept"] or "") for row in kept)


async def test_an_address_that_tries_many_logins_is_barred(portal: Portal) -> None:
    await portal.add_working("Phúc", "nganhang")
    await portal.pool.execute("insert into attempts values ('address 198.51.100.9', 49, now(), null)")
    assert (await enter(portal.browser(address="198.51.100.9"), "ai.do", WRONG)).status_code == 401
    assert (await enter(portal.browser(address="198.51.100.9"), "nganhang", OWN)).status_code == 429
    assert (await enter(portal.browser(), "nganhang", OWN)).status_code == 303


async def test_a_token_that_is_over_is_renewed_and_the_form_goes_with_it(portal: Portal) -> None:
    browser = await portal.add_working("Phúc", "nganhang")
    before = portal.caller(browser)
    browser.cookies.delete(TOKEN_COOKIE)
    sent = await browser.post("/giao-dien/thu", data={"q": "x"})
    assert sent.status_code == 404  # a page that needs nobody signed in
    away = await browser.get("/")
    assert (away.status_code, away.headers["location"]) == (307, "/dang-nhap/tiep?ve=%2F")
    answer = await browser.post("/dang-nhap/tiep?ve=/danh-sach/7", data={"ly_do": "x"})
    assert (answer.status_code, answer.headers["location"]) == (307, "/danh-sach/7")
    assert portal.caller(browser) == before
    assert (await browser.get("/")).status_code == 200


@pytest.mark.parametrize(("column", "hours"), [("seen_at", 1), ("started_at", 12)])
async def test_a_session_that_is_idle_or_old_is_over(portal: Portal, column: str, hours: int) -> None:
    browser = await portal.add_working("Phúc", "nganhang")
    await portal.pool.execute(f"update sessions set {column} = now() - $1::interval", timedelta(hours=hours))
    answer = await browser.get("/dang-nhap/tiep?ve=/bao-cao")
    assert (answer.status_code, answer.headers["location"]) == (303, "/dang-nhap?ve=%2Fbao-cao")
    assert portal.caller(browser) is None


async def test_signing_out_ends_one_session_and_everywhere_ends_all(portal: Portal) -> None:
    here = await portal.add_working("Phúc", "nganhang")
    there, third = portal.browser(), portal.browser()
    for browser in (there, third):
        await enter(browser, "nganhang", OWN)
    kept = dict(here.cookies)
    assert "Đã đăng xuất." in (await here.get((await here.post("/dang-nhap/ra")).headers["location"])).text
    assert portal.caller(here) is None
    here.cookies.update(kept)  # a copy of the cookie opens nothing any more
    assert (await here.get("/dang-nhap/tiep")).status_code == 303
    assert (await there.get("/dang-nhap/tiep")).status_code == 307
    await there.post("/dang-nhap/ra-moi-noi")
    assert (await third.get("/dang-nhap/tiep")).status_code == 303
    assert (await portal.log())[-2:] == [("Phúc", "SIGNED_OUT"), ("Phúc", "SIGNED_OUT_EVERYWHERE")]


async def test_the_password_again_makes_a_token_that_says_so(portal: Portal) -> None:
    browser = await portal.add_working("Phúc", "nganhang")
    await portal.pool.execute("update sessions set auth_at = now() - interval '2 hours'")
    await browser.get("/dang-nhap/tiep")
    old = portal.caller(browser)
    assert (await browser.post("/dang-nhap/lai", data={"password": WRONG})).status_code == 401
    answer = await browser.post("/dang-nhap/lai", data={"password": OWN, "ve": "/chi-tra/1/duyet"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/chi-tra/1/duyet")
    new = portal.caller(browser)
    assert old is not None
    assert new is not None
    assert 7_190 < new.auth_at - old.auth_at < 7_300
    assert new.csrf == old.csrf


async def test_a_changed_password_ends_the_other_sessions(portal: Portal) -> None:
    here, there = await portal.add_working("Phúc", "nganhang"), portal.browser()
    await enter(there, "nganhang", OWN)
    new = "bốn chữ khác hẳn"
    await here.post("/dang-nhap/mat-khau", data={"present": OWN, "new": new, "repeated": new})
    assert (await here.get("/dang-nhap/tiep")).status_code == 307
    assert (await there.get("/dang-nhap/tiep")).status_code == 303


async def test_the_record_of_the_door_is_not_changed(portal: Portal) -> None:
    await portal.add_working("Phúc", "nganhang")
    for table in ("sign_in_log", "user_changes"):
        for statement in (f"delete from {table}", f"update {table} set name = 'x'", f"truncate {table}"):
            with pytest.raises(asyncpg.RaiseError):
                await portal.pool.execute(statement)

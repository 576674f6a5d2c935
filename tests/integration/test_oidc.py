"""Sign-in at a real Keycloak: code flow with PKCE, the person's name for good, proof anew, and what is refused."""

import asyncio
import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import httpx
import pytest

from infra.keycloak import Keycloak
from infra.server import Supervisor
from infra.stack import Connections
from tests.integration.portal import Portal, enter, portal_on

SECRET = "the client's secret"
PASSWORD = "mật khẩu ở cổng định danh"


def _mapper(claim: str) -> dict[str, Any]:
    return {
        "name": claim,
        "protocol": "openid-connect",
        "protocolMapper": "oidc-usermodel-attribute-mapper",
        "config": {"user.attribute": claim, "claim.name": claim, "jsonType.label": "String", "id.token.claim": "true"},
    }


def _person(login: str, **attributes: str) -> dict[str, Any]:
    return {
        "username": login,
        "enabled": True,
        "email": f"{login}@example.vn",
        "firstName": "Hà",
        "lastName": "Lê",
        "emailVerified": True,
        "attributes": {name: [value] for name, value in attributes.items()},
        "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
    }


REALM = {
    "realm": "huyen",
    "enabled": True,
    "clients": [
        {
            "clientId": "ansinh",
            "secret": SECRET,
            "redirectUris": ["http://ansinh.test/dang-nhap/oidc"],
            "attributes": {"pkce.code.challenge.method": "S256"},
            "protocolMappers": [_mapper(claim) for claim in ("role", "area")],
        }
    ],
    "users": [
        _person("ha.le", role="commune-officer", area="10114"),
        _person("khong.vai.tro"),
        _person("sai.dia.ban", role="commune-officer", area="278"),
    ],
    "components": {
        "org.keycloak.userprofile.UserProfileProvider": [
            {
                "providerId": "declarative-user-profile",
                "config": {
                    "kc.user.profile.config": [
                        '{"attributes":[{"name":"username"},{"name":"email"},'
                        '{"name":"firstName"},{"name":"lastName"}],"unmanagedAttributePolicy":"ENABLED"}'
                    ]
                },
            }
        ]
    },
}


@pytest.fixture(scope="module")
async def keycloak(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Keycloak]:
    server = Keycloak(tmp_path_factory.mktemp("keycloak"), REALM)
    supervisor = Supervisor(server)
    await asyncio.to_thread(supervisor.start)
    yield server
    await asyncio.to_thread(supervisor.stop)


@pytest.fixture
async def portal(
    stack: Connections, probe: str, keycloak: Keycloak, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Portal]:
    monkeypatch.setenv("ANSINH_OIDC_ISSUER", keycloak.issuer)
    monkeypatch.setenv("ANSINH_OIDC_CLIENT_ID", "ansinh")
    monkeypatch.setenv("ANSINH_OIDC_CLIENT_SECRET", SECRET)
    async with portal_on(stack, probe) as running:
        yield running


async def depart(browser: httpx.AsyncClient, address: str) -> str:
    """Presses the link of a page of the door; gives the provider's address that it leads to."""
    link = re.search(r'href="(/dang-nhap/oidc/di[^"]*)"', (await browser.get(address)).text)
    assert link
    answer = await browser.get(unescape(link[1]))
    assert answer.status_code == 303
    return answer.headers["location"]


async def at_provider(there: httpx.AsyncClient, address: str, login: str) -> str:
    """Fills in Keycloak's form; gives the address at which it sends the browser back."""
    page = await there.get(address)
    for cookie in there.cookies.jar:
        cookie.secure = False  # Keycloak trusts 127.0.0.1 as browsers do, and httpx does not
    form = re.search(r'<form[^>]*action="([^"]+)"', page.text)
    assert form, page.text
    answer = await there.post(unescape(form[1]), data={"username": login, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


@pytest.fixture
async def there() -> AsyncIterator[httpx.AsyncClient]:
    """The browser as the provider sees it."""
    async with httpx.AsyncClient(timeout=60) as client:
        yield client


async def test_the_provider_says_who_comes_and_what_they_are(portal: Portal, there: httpx.AsyncClient) -> None:
    browser = portal.browser()
    address = await depart(browser, "/dang-nhap?ve=/danh-sach")
    assert {"code_challenge_method=S256", "response_type=code"} < set(address.partition("?")[2].split("&"))
    answer = await browser.get(await at_provider(there, address, "ha.le"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/danh-sach")
    caller = portal.caller(browser)
    assert caller is not None
    assert (caller.name, caller.role, caller.area) == ("ha.le", "commune-officer", "10114")
    assert (await browser.get("/dang-nhap/tiep?ve=/x")).status_code == 307
    assert await portal.log() == [("ha.le", "SIGNED_IN")]


async def test_an_answer_serves_once_and_in_its_own_browser_only(portal: Portal, there: httpx.AsyncClient) -> None:
    browser, other = portal.browser(), portal.browser()
    back = await at_provider(there, await depart(browser, "/dang-nhap"), "ha.le")
    assert (await other.get(back)).status_code == 401
    kept = dict(browser.cookies)
    assert (await browser.get(back)).status_code == 303
    assert (await browser.get(back)).status_code == 401
    other.cookies.update(kept)
    assert (await other.get(back)).status_code == 401
    assert portal.caller(other) is None


@pytest.mark.parametrize(("login", "said"), [("khong.vai.tro", "role"), ("sai.dia.ban", "không phải xã")])
async def test_who_is_nobody_here_is_told_why(portal: Portal, there: httpx.AsyncClient, login: str, said: str) -> None:
    browser = portal.browser()
    answer = await browser.get(await at_provider(there, await depart(browser, "/dang-nhap"), login))
    assert answer.status_code in (403, 422)
    assert said in answer.text
    assert portal.caller(browser) is None


async def test_proving_again_asks_for_the_password_though_the_provider_knows_the_browser(
    portal: Portal, there: httpx.AsyncClient
) -> None:
    browser = portal.browser()
    await browser.get(await at_provider(there, await depart(browser, "/dang-nhap"), "ha.le"))
    await portal.pool.execute("update sessions set auth_at = now() - interval '2 hours'")
    await browser.get("/dang-nhap/tiep")
    old = portal.caller(browser)
    address = await depart(browser, "/dang-nhap/lai?ve=/chi-tra/1/duyet")
    assert "max_age=0" in address
    answer = await browser.get(await at_provider(there, address, "ha.le"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/chi-tra/1/duyet")
    new = portal.caller(browser)
    assert old is not None
    assert new is not None
    assert new.auth_at - old.auth_at > 7_000


async def test_a_name_once_seen_is_nobody_elses(portal: Portal, there: httpx.AsyncClient) -> None:
    await portal.pool.execute("insert into oidc_people values ('another subject', 'HA.LE', now())")
    browser = portal.browser()
    answer = await browser.get(await at_provider(there, await depart(browser, "/dang-nhap"), "ha.le"))
    assert answer.status_code == 409
    assert portal.caller(browser) is None


async def test_no_password_of_ours_opens_and_no_user_of_ours_is_made(portal: Portal) -> None:
    first = await portal.add("Phúc", "nganhang")
    assert (await enter(portal.browser(), "nganhang", first)).status_code == 409
    user = {"name": "X", "login": "xxx", "role": "bank"}
    answer = await portal.program("admin").post("/portal/users", json=user)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/oidc-is-on")

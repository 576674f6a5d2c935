"""The frame of the pages, over HTTP without a store: who is let in, whose form it is, what stands in a page's place."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import APIRouter, Depends, Request, Response
from fastapi.testclient import TestClient
from starlette.datastructures import State

from services.kernel.web.auth import TOKEN_COOKIE, Caller, issue, new_key, private_key
from services.kernel.web.pages.application import pages_app
from services.kernel.web.pages.forms import posted
from services.kernel.web.pages.render import Pages, see
from services.kernel.web.pages.session import own_path, signed_in
from services.kernel.web.pages.static import address_of
from services.navigation import SITE
from services.site import OPERATIONS, PREFIXES, owner_of

KEY = private_key(new_key())
OFFICER = Caller("Lê Thu Hằng", "district-officer", None, csrf="mark", auth_at=1)
OFFICERS = Depends(signed_in("district-officer"))
PORTAL = Pages(Path(__file__).parents[4] / "services/portal")


def _router() -> APIRouter:
    router = APIRouter()

    @router.get("/a")
    async def shown(request: Request, caller: Caller = OFFICERS) -> Response:
        return PORTAL.page(request, "style.html", {}, caller=caller)

    @router.post("/a")
    async def written(request: Request, caller: Caller = OFFICERS) -> Response:
        form = await posted(request, caller)
        return see("/a", ten=form.one("ten"))

    return router


@pytest.fixture
def client() -> TestClient:
    state = State()
    state.public_key, state.site, state.running = KEY.public_key(), SITE, SimpleNamespace()
    state.jobs = None
    return TestClient(pages_app(state, [_router()]), follow_redirects=False, base_url="http://site.test")


def _sign_in(client: TestClient, caller: Caller = OFFICER, seconds: int = 600) -> None:
    client.cookies.set(TOKEN_COOKIE, issue(KEY, caller, seconds))


def test_who_is_not_signed_in_or_was_too_long_goes_to_the_portal_and_back_with_what_was_sent(
    client: TestClient,
) -> None:
    for _ in range(2):
        answer = client.post("/a?period=2023-11", data={"ten": "Mận"})
        assert answer.status_code == 307
        assert answer.headers["location"] == "/dang-nhap/tiep?ve=%2Fa%3Fperiod%3D2023-11"
        _sign_in(client, seconds=-1)


def test_a_page_has_its_layout_once_and_goes_into_no_cache(client: TestClient) -> None:
    _sign_in(client)
    answer = client.get("/a?period=2023-11")
    assert answer.status_code == 200
    assert answer.text.count("<h1>") == 1
    assert "Kỳ <b>11/2023</b>" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "style=" not in answer.text


def test_another_role_is_told_so_on_a_page(client: TestClient) -> None:
    _sign_in(client, Caller("Kho bạc", "treasury", None, csrf="mark"))
    answer = client.get("/a")
    assert (answer.status_code, "Không thuộc phần việc" in answer.text) == (403, True)


def test_a_form_is_taken_from_this_session_only(client: TestClient) -> None:
    _sign_in(client)
    own = client.post("/a", data={"ten": "Mận", "csrf": "mark"})
    assert (own.status_code, own.headers["location"]) == (303, "/a?ten=M%E1%BA%ADn")
    foreign = client.post("/a", data={"ten": "Mận", "csrf": "mark"}, headers={"origin": "http://elsewhere.test"})
    assert foreign.status_code == 403


def test_a_form_of_an_earlier_session_is_shown_again_whole_and_sent_by_one_press(client: TestClient) -> None:
    _sign_in(client)
    answer = client.post("/a", data={"ten": ["Mận", "<Nhàn>"], "csrf": "old", "key": "k1"})
    assert answer.status_code == 403
    for field in ('value="Mận"', 'value="&lt;Nhàn&gt;"', 'name="csrf" value="mark"', 'name="key" value="k1"'):
        assert field in answer.text


def test_no_such_page_is_a_page_in_the_chosen_language(client: TestClient) -> None:
    _sign_in(client)
    client.cookies.set("ansinh_ngon_ngu", "en")
    answer = client.get("/khong-co")
    assert (answer.status_code, "There is no such page" in answer.text) == (404, True)


def test_static_files_are_kept_for_good_and_only_under_the_name_of_their_content(client: TestClient) -> None:
    address = address_of("ansinh.css")
    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get("/tinh/000000000000/ansinh.css").status_code == 404
    assert client.get("/tinh/000000000000/..%2ftexts.py").status_code == 404


@pytest.mark.parametrize(
    "address", ["//elsewhere.test", "https://elsewhere.test/a", "/\\elsewhere.test", "a", "/a\nb", ""]
)
def test_nobody_is_led_to_another_site(address: str) -> None:
    assert own_path(address) == "/"


def test_each_prefix_belongs_to_one_service_and_the_rest_to_the_portal() -> None:
    assert own_path("/danh-sach?period=2023-11") == "/danh-sach?period=2023-11"
    assert [owner_of(path) for path in ("/danh-sach/khoa-so", "/chi-tra", "/", "/dang-nhap/tiep")] == [
        "registry",
        "disbursement",
        "portal",
        "portal",
    ]
    assert owner_of(f"/{OPERATIONS}") == "portal"
    assert owner_of(f"/{OPERATIONS}/reporting") == "reporting"
    assert len(PREFIXES) == 11

"""Who looks at a page: the person of the token cookie, checked offline like a bearer token."""

import hmac
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.kernel.web.auth import TOKEN_COOKIE, Caller, verify
from services.kernel.web.pages.texts import ENGLISH, VIETNAMESE
from services.kernel.web.problems import Problem

LANGUAGE_COOKIE, THEME_COOKIE, KEYS_COOKIE = "ansinh_ngon_ngu", "ansinh_giao_dien", "ansinh_phim_tat"
THEMES = ("auto", "light", "dark")
KEYS = ("on", "off")
RENEW = "/dang-nhap/tiep"


class SignInNeeded(Exception):
    """No person, or one whose ten minutes are over: the portal renews the token or asks for the password."""


def caller_of(request: Request) -> Caller:
    """The signed-in person; raises SignInNeeded."""
    token = request.cookies.get(TOKEN_COOKIE)
    if not token:
        raise SignInNeeded
    try:
        return verify(request.app.state.public_key, token)
    except Problem as why:
        raise SignInNeeded from why


def signed_in(*roles: str) -> Callable[[Request], Caller]:
    """A dependency: the person, if their role is one of these; raises SignInNeeded or Problem 403."""

    def check(request: Request) -> Caller:
        caller = caller_of(request)
        request.state.caller = caller
        if roles and caller.role not in roles:
            raise Problem(403, "not-allowed", "Trang này thuộc phần việc của vai trò khác.", "Another role's page.")
        return caller

    return check


def require_same_site(request: Request) -> None:
    """Raises Problem 403 where another site's page sent the form (the browser says so by itself)."""
    origin = request.headers.get("origin")
    foreign = origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host")
    if foreign or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "not-allowed", "Biểu mẫu không phải của trang này.", "The form is not this site's.")


def is_of_session(caller: Caller, mark: str) -> bool:
    """Whether a form bears the mark of the person's present session."""
    return bool(caller.csrf) and hmac.compare_digest(mark.encode(), caller.csrf.encode())


def own_path(address: str) -> str:
    """An address to go back to, if it is a path of this site, else the home page: no way to lead people elsewhere."""
    parts = urlsplit(address)
    own = address.startswith("/") and not parts.scheme and not parts.netloc and address[1:2] not in ("/", "\\")
    return address if own and address.isprintable() and "\\" not in address else "/"


def here(request: Request) -> str:
    """The address that is asked for, path and query."""
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


async def on_sign_in_needed(request: Request, _why: Exception) -> Response:
    """To the portal and back; 307 keeps the method and what was sent, so no half-filled form is lost."""
    address = f"{RENEW}?ve={quote(here(request), safe='')}"
    if request.method == "GET" and request.headers.get("hx-request"):
        shown = urlsplit(request.headers.get("hx-current-url", ""))
        back = shown.path + (f"?{shown.query}" if shown.query else "")
        return Response(status_code=401, headers={"HX-Redirect": f"{RENEW}?ve={quote(back, safe='')}"})
    return RedirectResponse(address, 307)


def language_of(request: Request) -> str:
    """Vietnamese, unless the person chose English."""
    return ENGLISH if request.cookies.get(LANGUAGE_COOKIE) == ENGLISH else VIETNAMESE


def theme_of(request: Request) -> str:
    """As the machine has it, unless the person chose light or dark."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


def keys_of(request: Request) -> str:
    """Whether single keys do something on pages: on, unless the person turned them off."""
    return KEYS[1] if request.cookies.get(KEYS_COOKIE) == KEYS[1] else KEYS[0]

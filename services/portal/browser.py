"""What the portal keeps in a browser: the short token that all services check, and the session's secret."""

from fastapi import Request, Response

from services.kernel.web.auth import TOKEN_COOKIE, private_key
from services.kernel.web.writes import running_of
from services.portal.sessions import LIFETIME, TOKEN_SECONDS, Session

SESSION_COOKIE = "ansinh_session"
DOOR = "/dang-nhap"
"""The only addresses to which a browser sends the session's secret."""
ADDRESS_LETTERS_MAX = 100


def secret_in(request: Request) -> str:
    """The session's secret, "" where the browser has none."""
    return request.cookies.get(SESSION_COOKIE, "")


def address_of(request: Request) -> str:
    """The network address of the browser (behind a trusted proxy, as the proxy tells it)."""
    return request.client.host[:ADDRESS_LETTERS_MAX] if request.client else ""


def keep_token(request: Request, answer: Response, session: Session) -> None:
    """A fresh token for ten minutes; none for somebody who has to change the first password."""
    if session.must_change:
        return
    token = session.token(private_key(running_of(request).settings.token_key))
    _set(request, answer, TOKEN_COOKIE, token, TOKEN_SECONDS, "/")


def keep_session(request: Request, answer: Response, secret: str) -> None:
    """The session's secret, for as long as a session may last."""
    _set(request, answer, SESSION_COOKIE, secret, int(LIFETIME.total_seconds()), DOOR)


def forget(answer: Response) -> None:
    """Takes both away."""
    answer.delete_cookie(TOKEN_COOKIE, path="/")
    answer.delete_cookie(SESSION_COOKIE, path=DOOR)


def _set(request: Request, answer: Response, name: str, value: str, seconds: int, path: str) -> None:
    is_https = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=seconds, path=path, secure=is_https, httponly=True, samesite="lax")

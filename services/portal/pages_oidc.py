"""The way to the identity provider and back."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.kernel.decider import Rejected
from services.kernel.web.auth import private_key
from services.kernel.web.pages.render import see
from services.kernel.web.pages.session import own_path
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.portal import sign_in
from services.portal.browser import DOOR, address_of, keep_session, keep_token
from services.portal.oidc import FLOW_SECONDS, Flow, Provider
from services.portal.pages_sign_in import refused, session_of
from services.portal.sign_in import Vouched

router = APIRouter(prefix=f"{DOOR}/oidc")
FLOW_COOKIE = "ansinh_oidc"


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise Problem(404, "not-found")
    return provider


def _back(request: Request) -> str:
    return f"{request.base_url}{DOOR[1:]}/oidc"


@router.get("/di")
async def depart(request: Request, ve: str = "/", lai: bool = False) -> Response:
    """On to the provider; a link leads here, since a form's answer may not lead to another site."""
    try:
        address, flow = await _provider(request).begin(_back(request), own_path(ve), again=lai)
    except Rejected as why:
        return refused(request, "sign_in.html", why, ve=own_path(ve), login="")
    answer = RedirectResponse(address, 303)
    answer.set_cookie(
        FLOW_COOKIE,
        flow.sealed(private_key(running_of(request).settings.token_key)),
        max_age=FLOW_SECONDS,
        path=DOOR,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("")
async def arrive(request: Request, code: str = "", state: str = "") -> Response:
    """Back from the provider: a new session, or a fresh proof of the one there is."""
    ve = "/"
    try:
        key = private_key(running_of(request).settings.token_key)
        flow = Flow.opened(key, request.cookies.get(FLOW_COOKIE, ""), state)
        ve = flow.ve
        person = await _provider(request).finish(_back(request), flow, code)
        answer = await (_proved(request, person, ve) if flow.again else _entered(request, person, ve))
    except Rejected as why:
        answer = refused(request, "sign_in.html", why, ve=ve, login="")
    answer.delete_cookie(FLOW_COOKIE, path=DOOR)
    return answer


async def _entered(request: Request, person: Vouched, ve: str) -> Response:
    session, secret = await sign_in.sign_in_vouched(running_of(request).pool, person, address_of(request))
    answer = see(ve)
    keep_session(request, answer, secret)
    keep_token(request, answer, session)
    return answer


async def _proved(request: Request, person: Vouched, ve: str) -> Response:
    session = await session_of(request)
    proved = await sign_in.prove_vouched(running_of(request).pool, session, person, address_of(request))
    answer = see(ve)
    keep_token(request, answer, proved)
    return answer

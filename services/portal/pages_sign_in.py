"""The pages of the door: in, on, the password, once more, out."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.kernel.decider import Rejected
from services.kernel.web.pages.forms import posted
from services.kernel.web.pages.render import see
from services.kernel.web.pages.session import own_path
from services.kernel.web.writes import running_of
from services.portal import sign_in
from services.portal.browser import DOOR, address_of, forget, keep_session, keep_token, secret_in
from services.portal.pages import PAGES
from services.portal.sessions import Session
from services.portal.sign_in import Typed

router = APIRouter(prefix=DOOR)
PASSWORD, AGAIN = f"{DOOR}/mat-khau", f"{DOOR}/lai"


def to(address: str, ve: str) -> str:
    """An address of the door that leads on to `ve`."""
    return f"{address}?ve={quote(ve, safe='')}"


async def session_of(request: Request) -> Session:
    """The browser's session, its life prolonged. Raises Rejected."""
    return await sign_in.renewed(running_of(request).pool, secret_in(request))


def refused(request: Request, template: str, why: Rejected, **context: object) -> Response:
    """The form again, with what was wrong; passwords have to be typed anew."""
    problem = request.app.state.translate(why)
    return PAGES.page(request, template, {"provider": request.app.state.provider, **context}, refusal=problem)


@router.get("")
async def door(request: Request, ve: str = "/") -> Response:
    """Where one signs in."""
    shown = {"ve": own_path(ve), "login": "", "provider": request.app.state.provider}
    return PAGES.page(request, "sign_in.html", shown)


@router.post("")
async def enter(request: Request) -> Response:
    """Signs in; a first password has to be changed before anything else."""
    form = await posted(request, None)
    ve, login = own_path(form.one("ve")), form.one("login")
    password = "".join(form.all("password")[-1:])
    if request.app.state.provider:
        return refused(request, "sign_in.html", Rejected("oidc-is-on"), ve=ve, login=login)
    try:
        session, secret = await sign_in.sign_in(running_of(request).pool, Typed(login, password, address_of(request)))
    except Rejected as why:
        return refused(request, "sign_in.html", why, ve=ve, login=login)
    answer = see(to(PASSWORD, ve) if session.must_change else ve)
    keep_session(request, answer, secret)
    keep_token(request, answer, session)
    return answer


@router.api_route("/tiep", methods=["GET", "POST"])
async def go_on(request: Request, ve: str = "/") -> Response:
    """A new token for a session that lives; 307 keeps the method and the body of a half-filled form.

    A form whose session is over is shown as it was sent: it is sent again after signing in beside it.
    """
    ve = own_path(ve)
    try:
        session = await session_of(request)
    except Rejected:
        answer: Response = see(to(DOOR, ve))
        if request.method == "POST":
            kept = {"form": await posted(request, None), "ve": ve}
            answer = PAGES.page(request, "session_over.html", kept, status=401)
        forget(answer)
        return answer
    if session.must_change:
        return see(to(PASSWORD, ve))
    answer = RedirectResponse(ve, 307)
    keep_token(request, answer, session)
    return answer


@router.get("/mat-khau")
async def password_form(request: Request, ve: str = "/") -> Response:
    """Where one sets one's own password."""
    try:
        session = await session_of(request)
    except Rejected:
        return see(to(DOOR, own_path(ve)))
    return PAGES.page(request, "password.html", _of_password(session, own_path(ve)))


@router.post("/mat-khau")
async def set_password(request: Request) -> Response:
    """Sets one's own password; other sessions of the person end."""
    form = await posted(request, None)
    ve = own_path(form.one("ve"))
    present, chosen, repeated = ("".join(form.all(name)[-1:]) for name in ("present", "new", "repeated"))
    try:
        session = await session_of(request)
    except Rejected:
        return see(to(DOOR, ve))
    try:
        free = await sign_in.change_password(
            running_of(request).pool, session, present, (chosen, repeated), address_of(request)
        )
    except Rejected as why:
        return refused(request, "password.html", why, **_of_password(session, ve))
    answer = see(ve, "password_changed")
    keep_token(request, answer, free)
    return answer


def _of_password(session: Session, ve: str) -> dict[str, object]:
    return {"ve": ve, "name": session.name, "first": session.must_change, "local": session.user_id is not None}


@router.get("/lai")
async def again_form(request: Request, ve: str = "/") -> Response:
    """Where one proves anew who one is, before money is approved."""
    try:
        session = await session_of(request)
    except Rejected:
        return see(to(DOOR, own_path(ve)))
    shown = {"ve": own_path(ve), "name": session.name, "provider": request.app.state.provider}
    return PAGES.page(request, "prove_again.html", shown)


@router.post("/lai")
async def prove_again(request: Request) -> Response:
    """Takes the password once more; the new token says when that was."""
    form = await posted(request, None)
    ve = own_path(form.one("ve"))
    try:
        session = await session_of(request)
    except Rejected:
        return see(to(DOOR, ve))
    if session.must_change:
        return see(to(PASSWORD, ve))
    try:
        password = "".join(form.all("password")[-1:])
        proved = await sign_in.prove_again(running_of(request).pool, session, password, address_of(request))
    except Rejected as why:
        return refused(request, "prove_again.html", why, ve=ve, name=session.name)
    answer = see(ve)
    keep_token(request, answer, proved)
    return answer


@router.post("/ra")
async def leave(request: Request) -> Response:
    """Ends this browser's session."""
    return await _left(request, everywhere=False)


@router.post("/ra-moi-noi")
async def leave_everywhere(request: Request) -> Response:
    """Ends all of the person's sessions; tokens die within ten minutes."""
    return await _left(request, everywhere=True)


async def _left(request: Request, *, everywhere: bool) -> Response:
    await posted(request, None)
    await sign_in.sign_out(running_of(request).pool, secret_in(request), address_of(request), everywhere=everywhere)
    answer = see(DOOR, "signed_out_everywhere" if everywhere else "signed_out")
    forget(answer)
    return answer

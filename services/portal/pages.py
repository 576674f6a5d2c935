"""The portal's pages that need no store: language and theme, the style page."""

from pathlib import Path

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from services import reference
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import posted
from services.kernel.web.pages.render import Pages
from services.kernel.web.pages.session import (
    KEYS,
    KEYS_COOKIE,
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    THEMES,
    own_path,
    signed_in,
)
from services.kernel.web.pages.texts import LANGUAGES

router = APIRouter()
PAGES = Pages(Path(__file__).parent, reference.FOLDER)
YEAR_SECONDS = 365 * 24 * 3600
ANYBODY = Depends(signed_in())


@router.get("/style")
async def style(request: Request, caller: Caller = ANYBODY) -> Response:
    """Every piece that pages are made of, in all its states, from the very macros that run."""
    return PAGES.page(request, "style.html", {}, caller=caller)


@router.post("/giao-dien")
async def appearance(request: Request) -> Response:
    """Keeps the language, theme or use of keys that a person, signed in or not, chose, and goes back."""
    form = await posted(request, None)
    answer = RedirectResponse(own_path(form.one("ve")), 303)
    for cookie, chosen, known in (
        (LANGUAGE_COOKIE, form.one("ngon_ngu"), LANGUAGES),
        (THEME_COOKIE, form.one("giao_dien"), THEMES),
        (KEYS_COOKIE, form.one("phim_tat"), KEYS),
    ):
        if chosen in known:
            answer.set_cookie(cookie, chosen, max_age=YEAR_SECONDS, httponly=True, samesite="lax")
    return answer

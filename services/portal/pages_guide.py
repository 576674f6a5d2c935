"""Hướng dẫn: what each role does, in pictures that the browser tests take."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from services import reference
from services.kernel.web.auth import Caller
from services.kernel.web.pages.render import Pages, Site
from services.kernel.web.pages.session import SignInNeeded, caller_of, language_of
from services.kernel.web.problems import Problem
from services.reference import access

router = APIRouter()
PAGES = Pages(Path(__file__).parent, reference.FOLDER)
PICTURES = Path(__file__).parent / "pictures"


def _caller(request: Request) -> Caller | None:
    try:
        return caller_of(request)
    except SignInNeeded:
        return None


@router.get("/huong-dan")
@router.get("/huong-dan/{role}")
async def guide(request: Request, role: str = "") -> Response:
    """The guide of a role, at first that of the person; whoever is not signed in reads the communes'."""
    caller = _caller(request)
    role = role or (caller.role if caller else access.COMMUNE_OFFICER)
    if role not in access.ROLES:
        raise Problem(404, "not-found")
    site: Site = request.app.state.site
    language = language_of(request)
    context = {
        "role": role,
        "role_names": {one: site.role_name(one, language) for one in access.ROLES},
        "steps": steps(role),
    }
    return PAGES.page(request, "guide.html", context, caller=caller)


def steps(role: str) -> list[tuple[int, str]]:
    """The steps of a role's guide: their number, and the file of their picture, "" where there is none."""
    numbers = range(1, 1 + sum(key.startswith(f"guide.{role}.step_") for key in PAGES.texts))
    return [(number, name if (PICTURES / (name := f"{role}-{number}.png")).is_file() else "") for number in numbers]


@router.get("/huong-dan/hinh/{name}")
async def picture(name: str) -> Response:
    """A picture of the guide."""
    known = {one.name for one in PICTURES.glob("*.png")}
    if name not in known:
        raise Problem(404, "not-found")
    headers = {"cache-control": "public, max-age=3600", "x-content-type-options": "nosniff"}
    return Response((PICTURES / name).read_bytes(), media_type="image/png", headers=headers)

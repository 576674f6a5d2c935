"""Danh mục: the figures of the catalogue in time, and the form with which the administrator enters another."""

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import Form, posted, submit
from services.kernel.web.pages.render import message_of, see
from services.kernel.web.pages.session import signed_in
from services.kernel.web.pages.typed import amount_typed, day_typed
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access, areas
from services.registry import catalogue, level_handlers, levels
from services.registry.api_levels import LevelInput, level_of
from services.registry.labels import label, labels
from services.registry.page_frame import PAGES

router = APIRouter()
READERS = Depends(signed_in(access.ADMIN, *access.SEES_ALL))
ADMIN = Depends(signed_in(access.ADMIN))


@router.get("/danh-muc")
async def shown(request: Request, caller: Caller = READERS) -> Response:
    """Levels and areas."""
    return await _page(request, caller)


async def _page(request: Request, caller: Caller, wrong: str = "", form: Form | None = None) -> Response:
    async with running_of(request).pool.acquire() as connection:
        entered = await levels.entered(connection)
    today = Period.of(clock.today())
    context = {
        "levels": catalogue.entries(entered),
        "label": label,
        "codes": [(code, f"{code}: {name}") for code, name in sorted(labels().items()) if code.startswith("NCC.")],
        "areas": [one for one in areas.all_areas() if one.level == "commune"],
        "today": today,
        "may_enter": caller.role == access.ADMIN,
        "typed": _typed(form),
        "wrong": wrong,
    }
    return PAGES.page(request, "catalogue.html", context, caller=caller, status=422 if wrong else 200)


def _typed(form: Form | None) -> Mapping[str, str]:
    return {name: form.one(name) if form else "" for name in ("what", "amount", "valid_from", "basis")}


@router.post("/danh-muc")
async def enter(request: Request, caller: Caller = ADMIN) -> Response:
    """Enters a level; one valid in the past makes the difference due to everybody concerned."""
    form = await posted(request, caller)
    try:
        asked = _asked(form)
        level = level_of(asked)
        await submit(request, caller, form, lambda work: level_handlers.enter(work, caller, level))
    except Problem as why:
        if why.status not in (409, 422):
            raise
        return await _page(request, caller, message_of(request, why), form)
    return see("/danh-muc", "level")


def _asked(form: Form) -> LevelInput:
    """The form as the call takes it; `what` is `BTXH national`, `BTXH area 01` or a code of NCC. Raises Problem 422."""
    what = form.one("what")
    programme, _, scope = what.partition(" ")
    named = {"programme": "BTXH", "scope": scope} if scope else {"programme": "NCC", "code": programme}
    told = named | {
        "amount": amount_typed(form.one("amount")),
        "valid_from": day_typed(form.one("valid_from")),
        "basis": form.one("basis"),
    }
    try:
        return LevelInput.model_validate(told)
    except ValidationError as why:
        raise Problem(
            422,
            "input-wrong",
            "Chọn mức cần ghi; số tiền từ 10.000 đến 100.000.000 đồng; ghi căn cứ (số, ngày văn bản).",
            "Choose the level; the amount lies between 10,000 and 100,000,000 đồng; state the legal act.",
        ) from why

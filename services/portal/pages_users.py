"""The administrator's pages of users."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import orjson
from fastapi import APIRouter, Depends, Request, Response

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import Form, posted
from services.kernel.web.pages.render import see
from services.kernel.web.pages.session import language_of, signed_in
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.portal import store, user_handlers
from services.portal.api_users import Done, act_once
from services.portal.pages import PAGES
from services.portal.users import User
from services.reference import access, areas

router = APIRouter(prefix="/nguoi-dung")
ADMIN = Depends(signed_in(access.ADMIN))
USERS_MAX = 1_000
NOTHING_TYPED = {"name": "", "login": "", "role": access.COMMUNE_OFFICER, "area": ""}
Act = Callable[[asyncpg.Connection], Awaitable[Done]]


@router.get("")
async def everybody(request: Request, caller: Caller = ADMIN) -> Response:
    """All users, and the form for one more."""
    return await _list(request, caller, NOTHING_TYPED)


@router.post("")
async def add(request: Request, caller: Caller = ADMIN) -> Response:
    """Adds a user and shows the first password."""
    form = await posted(request, caller)
    typed = _typed(form)

    async def act(connection: asyncpg.Connection) -> Done:
        return await user_handlers.add(
            connection, caller.name, typed["name"], typed["login"], typed["role"], typed["area"] or None
        )

    try:
        return await _with_password(request, caller, form, act)
    except Problem as why:
        return await _list(request, caller, typed, why)


@router.get("/{user_id}")
async def one(request: Request, user_id: str, caller: Caller = ADMIN) -> Response:
    """One user, and what can be done with them."""
    return await _one(request, caller, user_id)


@router.post("/{user_id}/doi")
async def change(request: Request, user_id: str, caller: Caller = ADMIN) -> Response:
    """Another login, role or area."""
    form = await posted(request, caller)
    typed = _typed(form)

    async def act(connection: asyncpg.Connection) -> Done:
        return await user_handlers.change(
            connection, caller.name, user_id, typed["login"], typed["role"], typed["area"] or None
        )

    return await _then_seen(request, caller, form, user_id, act, "user_changed", typed)


@router.post("/{user_id}/khoa")
async def lock(request: Request, user_id: str, caller: Caller = ADMIN) -> Response:
    """Shuts the user out."""
    form = await posted(request, caller)
    return await _then_seen(
        request, caller, form, user_id, lambda one: user_handlers.lock(one, caller.name, user_id), "user_locked"
    )


@router.post("/{user_id}/mo-khoa")
async def unlock(request: Request, user_id: str, caller: Caller = ADMIN) -> Response:
    """Lets the user in again."""
    form = await posted(request, caller)
    return await _then_seen(
        request, caller, form, user_id, lambda one: user_handlers.unlock(one, caller.name, user_id), "user_unlocked"
    )


@router.post("/{user_id}/cap-lai")
async def reset(request: Request, user_id: str, caller: Caller = ADMIN) -> Response:
    """Makes and shows a new first password."""
    form = await posted(request, caller)
    try:
        return await _with_password(request, caller, form, lambda one: user_handlers.reset(one, caller.name, user_id))
    except Problem as why:
        return await _one(request, caller, user_id, why)


async def _then_seen(
    request: Request,
    caller: Caller,
    form: Form,
    user_id: str,
    act: Act,
    said: str,
    typed: dict[str, str] | None = None,
) -> Response:
    try:
        await act_once(request, caller, form.key, form.identity(), act)
    except Problem as why:
        return await _one(request, caller, user_id, why, typed)
    return see(f"/nguoi-dung/{user_id}", said)


async def _with_password(request: Request, caller: Caller, form: Form, act: Act) -> Response:
    """Shown as the answer to the form itself: the password is in no address and is asked for by nobody again."""
    answer, first = await act_once(request, caller, form.key, form.identity(), act)
    shown = {"user": orjson.loads(answer.body), "password": first.password if first else ""}
    return PAGES.page(request, "first_password.html", shown, caller=caller)


async def _list(request: Request, caller: Caller, typed: dict[str, str], why: Problem | None = None) -> Response:
    async with running_of(request).pool.acquire() as connection:
        rows = (await store.users(connection, "", USERS_MAX))[:USERS_MAX]
    return _page(request, caller, "users.html", why, {"people": rows, "typed": typed})


async def _one(
    request: Request,
    caller: Caller,
    user_id: str,
    why: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    async with running_of(request).pool.acquire() as connection:
        found = await store.user(connection, user_id)
    if found is None:
        raise Problem(404, "not-found", "Không có người dùng này.", "There is no such user.")
    return _page(request, caller, "user.html", why, {"user": found, "typed": typed or _as_typed(found)})


def _page(request: Request, caller: Caller, template: str, why: Problem | None, context: dict[str, Any]) -> Response:
    spoken, site = language_of(request), request.app.state.site
    names = _area_names()
    shown = {
        "provider": request.app.state.provider,
        "roles": [(role, site.role_name(role, spoken)) for role in access.ROLES],
        "area_names": names,
        "area_options": [(code, f"{code} {name}") for code, name in sorted(names.items())],
        **context,
    }
    return PAGES.page(request, template, shown, caller=caller, refusal=why)


def _area_names() -> dict[str, str]:
    """Every code's name as it is now; of one that is gone, the last it had."""
    month = Period.of(clock.today())
    found = {one.code: areas.find(one.code, month) or one for one in areas.all_areas()}
    return {code: one.name for code, one in found.items()}


def _typed(form: Form) -> dict[str, str]:
    return {name: form.one(name) for name in NOTHING_TYPED}


def _as_typed(user: User) -> dict[str, str]:
    return {"name": user.name, "login": user.login, "role": user.role, "area": user.area or ""}

"""Users over HTTP: for the administrator; what happened at the door also for the auditor."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import asyncpg
import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.kernel.commands import Answer, Work
from services.kernel.decider import Rejected
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.paging import OLDEST_FIRST, Cursor, Limit, after, page
from services.kernel.web.writes import perform, reply, running_of
from services.portal import store, user_handlers
from services.portal.user_handlers import First
from services.portal.users import User
from services.reference import access

router = APIRouter()
Admin = Annotated[Caller, Depends(allowed(access.ADMIN))]
Overseer = Annotated[Caller, Depends(allowed(access.ADMIN, access.AUDITOR))]
Done = User | First


class What(BaseModel):
    """What a user signs in with and may do: `login`, `role`, and the code of the `area` they are bound to."""

    model_config = ConfigDict(extra="forbid")
    login: Annotated[str, Field(max_length=200)]
    role: Annotated[str, Field(max_length=50)]
    area: Annotated[str, Field(max_length=10)] | None = None


class NewUser(What):
    """The same with the `name`, by which the whole system knows the person for good."""

    name: Annotated[str, Field(max_length=200)]


@router.get("/users")
async def get_users(request: Request, _caller: Overseer, limit: Limit = 100, cursor: Cursor = None) -> dict[str, Any]:
    """Users by login."""
    async with running_of(request).pool.acquire() as connection:
        rows = await store.users(connection, after(cursor), limit)
    items, following = page(rows, limit, "login")
    return {"items": [dict(row) for row in items], "next_cursor": following}


@router.post("/users", status_code=201)
async def post_user(request: Request, caller: Admin, said: NewUser) -> Response:
    """Adds a user. `first_password` is in the first answer only, not in one to a repeated call; it is kept nowhere."""

    async def act(connection: asyncpg.Connection) -> Done:
        return await user_handlers.add(connection, caller.name, said.name, said.login, said.role, said.area)

    return await _acted(request, caller, said.model_dump_json(), act, 201)


@router.post("/users/{user_id}/change")
async def post_change(request: Request, caller: Admin, user_id: str, said: What) -> Response:
    """Another login, role or area; the name never changes. Another role or area ends the user's sessions."""

    async def act(connection: asyncpg.Connection) -> Done:
        return await user_handlers.change(connection, caller.name, user_id, said.login, said.role, said.area)

    return await _acted(request, caller, said.model_dump_json(), act)


@router.post("/users/{user_id}/lock")
async def post_lock(request: Request, caller: Admin, user_id: str) -> Response:
    """Shuts a user out: no sign-in, and what they have open ends within ten minutes."""
    return await _acted(request, caller, "", lambda connection: user_handlers.lock(connection, caller.name, user_id))


@router.post("/users/{user_id}/unlock")
async def post_unlock(request: Request, caller: Admin, user_id: str) -> Response:
    """Lets a user in again."""
    return await _acted(request, caller, "", lambda connection: user_handlers.unlock(connection, caller.name, user_id))


@router.post("/users/{user_id}/reset")
async def post_reset(request: Request, caller: Admin, user_id: str) -> Response:
    """A new `first_password`, told once; it also lifts the bar after wrong attempts."""
    return await _acted(request, caller, "", lambda connection: user_handlers.reset(connection, caller.name, user_id))


@router.get("/sign-ins")
async def get_sign_ins(
    request: Request, _caller: Overseer, limit: Limit = 100, cursor: Cursor = None
) -> dict[str, Any]:
    """What happened at the door, oldest first; `name` is null where nobody has the login that was typed."""
    async with running_of(request).pool.acquire() as connection:
        rows = await store.sign_ins(connection, OLDEST_FIRST, cursor, limit)
    items, following = page(rows, limit, "number")
    return {"items": [dict(row) for row in items], "next_cursor": following}


@router.get("/user-changes")
async def get_user_changes(
    request: Request, _caller: Overseer, limit: Limit = 100, cursor: Cursor = None
) -> dict[str, Any]:
    """What was done with users and by whom, oldest first, each with how the user was afterwards."""
    async with running_of(request).pool.acquire() as connection:
        rows = await store.user_changes(connection, OLDEST_FIRST, cursor, limit)
    items, following = page(rows, limit, "number")
    return {"items": [dict(row) for row in items], "next_cursor": following}


async def _acted(
    request: Request,
    caller: Caller,
    said: str,
    act: Callable[[asyncpg.Connection], Awaitable[Done]],
    status: int = 200,
) -> Response:
    answer, first = await act_once(
        request, caller, request.headers.get("idempotency-key", ""), (said.encode(),), act, status
    )
    if first is None:
        return reply(answer)
    body = orjson.loads(answer.body) | {"first_password": first.password}
    return reply(Answer.json(body, answer.status))


async def act_once(
    request: Request,
    caller: Caller,
    key: str,
    identity: tuple[bytes, ...],
    act: Callable[[asyncpg.Connection], Awaitable[Done]],
    status: int = 200,
) -> tuple[Answer, First | None]:
    """Does something with a user, once for each key; also the first password if this call made one.

    The answer is kept with its key, so the password stands beside it and not in it. Raises Problem.
    """
    first: list[First] = []

    async def handle(work: Work) -> Answer:
        if request.app.state.provider:
            raise Rejected("oidc-is-on")
        done = await act(work.connection)
        first[:] = [done] if isinstance(done, First) else []
        return Answer.json(_shown(done.user if isinstance(done, First) else done), status)

    answer = await perform(request, caller, key, identity, handle)
    return answer, first[0] if first else None


def _shown(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "login": user.login,
        "role": user.role,
        "area": user.area,
        "must_change": user.must_change,
        "locked": user.locked,
    }

"""The pages' application of one service, beside its API: the same running parts, other addresses, errors as pages."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import State
from starlette.exceptions import HTTPException

from services.kernel.consumer import WORLD
from services.kernel.event_store import Conflict
from services.kernel.web.pages import errors, static
from services.kernel.web.pages.forms import SessionChanged
from services.kernel.web.pages.session import SignInNeeded, on_sign_in_needed
from services.kernel.web.problems import Problem


def pages_app(state: State, routers: Sequence[APIRouter]) -> FastAPI:
    """The application; `state` is the API's own, so that both see the same running service."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state = state
    for router in (*routers, static.router):
        app.include_router(router)
    handlers: dict[type[Exception], Any] = {
        Problem: errors.on_problem,
        HTTPException: errors.on_http,
        RequestValidationError: errors.on_validation,
        SignInNeeded: on_sign_in_needed,
        SessionChanged: errors.on_session_changed,
        Exception: errors.on_fault,
    }
    handlers |= {kind: errors.on_world for kind in WORLD if kind is not Conflict}
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
    return app

"""What a page shows instead of itself: refused, not found, changed by somebody else, away."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from services.kernel import clock
from services.kernel.telemetry import logger
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import SessionChanged
from services.kernel.web.pages.render import Pages, message_of
from services.kernel.web.pages.session import SignInNeeded, caller_of, language_of
from services.kernel.web.problems import Problem

log = logger("pages")
# Statuses with words of their own; another is said as wrong input or, above, as a fault of ours.
_KNOWN = (403, 404, 409, 413, 415, 422, 503)
_FRAME = Pages()
Handle = Callable[[Request, Exception], Awaitable[Response]]


def _caller(request: Request) -> Caller | None:
    try:
        return caller_of(request)
    except SignInNeeded:
        return None


def _page(request: Request, template: str, status: int, context: Mapping[str, Any]) -> Response:
    return _FRAME.page(request, template, context, caller=_caller(request), status=status)


async def on_problem(request: Request, why: Exception) -> Response:
    """A Problem that the page itself did not answer."""
    assert isinstance(why, Problem)  # noqa: S101 - registered for this class only
    status = why.status if why.status in _KNOWN else 422 if why.status < 500 else 503
    errors = [one.get(language_of(request)) or one.get("message", "") for one in why.more.get("errors", ())]
    shown = {"status": status, "message": message_of(request, why), "errors": errors[:20], "reference": ""}
    return _page(request, "error.html", why.status, shown)


async def on_http(request: Request, why: Exception) -> Response:
    """The framework's own refusals: no such page, another method."""
    assert isinstance(why, HTTPException)  # noqa: S101 - registered for this class only
    return await on_problem(request, Problem(404 if why.status_code == 405 else why.status_code, "not-found"))


async def on_validation(request: Request, why: Exception) -> Response:
    """An address that is none of ours (a letter where a number stands)."""
    assert isinstance(why, RequestValidationError)  # noqa: S101 - registered for this class only
    return await on_problem(request, Problem(404, "not-found"))


async def on_session_changed(request: Request, why: Exception) -> Response:
    """Shows the form again, whole, with the new session's mark: one press sends what was typed before."""
    assert isinstance(why, SessionChanged)  # noqa: S101 - registered for this class only
    return _page(request, "again.html", 403, {"form": why.form, "address": request.url.path})


async def on_world(request: Request, why: Exception) -> Response:
    """A server below us is away: nothing is lost, and the operators find the reference in the log."""
    reference = clock.new_id()[:8]
    log.warning("cannot serve a page now", path=request.url.path, reason=type(why).__name__, reference=reference)
    shown = {"status": 503, "message": "", "errors": [], "reference": reference}
    answer = _page(request, "error.html", 503, shown)
    answer.headers["retry-after"] = "60"
    return answer


async def on_fault(request: Request, why: Exception) -> Response:
    """A fault of ours: the person sees a reference, the log has it beside the trace that the server writes."""
    reference = clock.new_id()[:8]
    log.error("a page failed", path=request.url.path, reason=type(why).__name__, reference=reference)
    return _page(request, "error.html", 500, {"status": 500, "message": "", "errors": [], "reference": reference})

"""The HTTP application of one service: its routes, problem documents, and what every service shows."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import MappingProxyType

import asyncpg
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from services.kernel.consumer import WORLD
from services.kernel.decider import Rejected
from services.kernel.event_store import Conflict
from services.kernel.jobs import Jobs
from services.kernel.service import Running
from services.kernel.settings import ServiceSettings
from services.kernel.telemetry import logger
from services.kernel.web.auth import private_key
from services.kernel.web.documented import DocumentedApi
from services.kernel.web.looks import looks
from services.kernel.web.measures import Measures, measured
from services.kernel.web.operations import operations
from services.kernel.web.pages.application import pages_app
from services.kernel.web.pages.job_page import job_page
from services.kernel.web.pages.long_work import Kinds, carrier
from services.kernel.web.pages.looks_page import looks_page
from services.kernel.web.pages.operations_page import operations_pages
from services.kernel.web.problems import Problem, on_http, on_problem, on_validation, respond

RETRY_SECONDS = 5
log = logger("web")
Start = Callable[[ServiceSettings], AbstractAsyncContextManager[Running]]
Words = dict[str, tuple[int, str, str]]


def service_app(
    settings: ServiceSettings,
    start: Start,
    routers: Sequence[APIRouter],
    words: Words,
    pages: Sequence[APIRouter] = (),
    kinds: Kinds = MappingProxyType({}),
) -> FastAPI:
    """The API's application; `words` says for each code of a Rejected the status and the sentence in both languages.

    Its pages are an application beside it, `app.state.pages`, which the site puts at their own addresses. `kinds`: the
    work of those pages that may take long.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with start(settings) as running:
            app.state.running = running
            app.state.jobs = Jobs(running.pool, carrier(app.state, kinds))
            await app.state.jobs.start()
            try:
                yield
            finally:
                await app.state.jobs.stop()
                app.state.running = None

    app = DocumentedApi(title=f"An Sinh {settings.name}", lifespan=lifespan, docs_url="/docs", redoc_url=None)
    app.state.running = None
    app.state.public_key = private_key(settings.token_key).public_key()
    app.state.measures = Measures(settings.name)
    app.state.translate = lambda why: _translate(words, why)
    app.state.kinds = kinds
    app.state.jobs = None
    for router in (*routers, operations(), looks()):
        app.include_router(router)
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(asyncpg.UntranslatableCharacterError, _on_unstorable)
    app.add_exception_handler(asyncpg.CharacterNotInRepertoireError, _on_unstorable)
    for kind in WORLD:
        if kind is not Conflict:
            app.add_exception_handler(kind, _on_world)
    of_all = [job_page(settings.name), looks_page(settings.name), operations_pages(settings.name)]
    app.state.pages = pages_app(app.state, [*pages, *of_all])
    for one in (app, app.state.pages):
        one.add_middleware(measured, measures=app.state.measures)
    return app


def _translate(words: Words, why: Rejected) -> Problem:
    status, vi, en = words.get(why.code, (409, why.code, why.code))
    named = {key: str(value) for key, value in why.context.items()}
    return Problem(status, why.code, vi.format_map(named), en.format_map(named))


async def _on_unstorable(request: Request, _why: Exception) -> Response:
    return respond(request, Problem(422, "input-wrong", "Có ký tự không lưu được (NUL).", "A NUL character."))


async def _on_world(request: Request, why: Exception) -> Response:
    """A database or broker that is away or full: not the caller's fault and worth saying again."""
    log.warning("cannot serve now", path=request.url.path, reason=type(why).__name__)
    answer = respond(
        request,
        Problem(
            503,
            "unavailable",
            "Máy chủ dữ liệu tạm thời không nhận (khởi động, mất kết nối, đầy đĩa): gửi lại với cùng Idempotency-Key.",
            "The data server takes no work now (starting, away, or its disk full): say it again, same Idempotency-Key.",
        ),
    )
    answer.headers["retry-after"] = str(RETRY_SECONDS)
    return answer

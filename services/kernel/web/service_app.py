"""The HTTP application of one service: its routes, problem documents, health, lag and metrics."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.exceptions import HTTPException

from services.kernel.asyncapi import document
from services.kernel.decider import Rejected
from services.kernel.service import Running
from services.kernel.settings import ServiceSettings
from services.kernel.web.auth import Caller, allowed, private_key
from services.kernel.web.problems import Problem, on_http, on_problem, on_validation, respond
from services.kernel.web.writes import running_of

Start = Callable[[ServiceSettings], AbstractAsyncContextManager[Running]]
Words = dict[str, tuple[int, str, str]]


def service_app(settings: ServiceSettings, start: Start, routers: Sequence[APIRouter], words: Words) -> FastAPI:
    """The application; `words` says for each code of a Rejected the status and the sentence in both languages."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with start(settings) as running:
            app.state.running = running
            yield
            app.state.running = None

    app = FastAPI(title=f"An Sinh {settings.name}", lifespan=lifespan, docs_url="/docs", redoc_url=None)
    app.state.running = None
    app.state.public_key = private_key(settings.token_key).public_key()
    app.state.translate = lambda why: _translate(words, why)
    for router in (*routers, operations()):
        app.include_router(router)
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(asyncpg.UntranslatableCharacterError, _on_unstorable)
    app.add_exception_handler(asyncpg.CharacterNotInRepertoireError, _on_unstorable)
    return app


def _translate(words: Words, why: Rejected) -> Problem:
    status, vi, en = words.get(why.code, (409, why.code, why.code))
    named = {key: str(value) for key, value in why.context.items()}
    return Problem(status, why.code, vi.format_map(named), en.format_map(named))


async def _on_unstorable(request: Request, _why: Exception) -> Response:
    return respond(request, Problem(422, "input-wrong", "Có ký tự không lưu được (NUL).", "A NUL character."))


def operations() -> APIRouter:
    """Health, lag and metrics: the same for every service."""
    router = APIRouter()

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/health/ready")
    async def ready(request: Request) -> dict[str, str]:
        if request.app.state.running is None:
            raise Problem(503, "not-ready", "Dịch vụ đang khởi động.", "The service is starting.")
        await running_of(request).pool.fetchval("select 1")
        return {"status": "ready"}

    @router.get("/lag")
    async def lag(request: Request, _caller: Caller = Depends(allowed())) -> dict[str, int]:  # noqa: B008
        return await running_of(request).lag()

    @router.get("/asyncapi")
    async def asyncapi(request: Request) -> dict[str, Any]:
        return document(running_of(request).settings.name, running_of(request).store.types)

    @router.get("/metrics")
    async def metrics(request: Request) -> Response:
        registry = CollectorRegistry()
        for name, value in (await running_of(request).lag()).items():
            Gauge(f"ansinh_{name}", name.replace("_", " "), ["service"], registry=registry).labels(
                running_of(request).settings.name
            ).set(value)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router

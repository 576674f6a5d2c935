"""What every service shows its operators: health, lag, metrics, and the records that were put aside."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.kernel import dead_letters
from services.kernel.asyncapi import document
from services.kernel.commands import Answer, Work
from services.kernel.dead_letters import Place, Replayed
from services.kernel.service import Running
from services.kernel.web import documented
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.body import read_body
from services.kernel.web.documented import problem
from services.kernel.web.measures import numbers_of
from services.kernel.web.paging import Cursor, Limit, number_after, page
from services.kernel.web.problems import Problem, from_validation
from services.kernel.web.writes import running_of, write

Anybody = Annotated[Caller, Depends(allowed())]
# The records' values may hold personal data and are shown to nobody; the rest is for those who run the system.
Operator = Annotated[Caller, Depends(allowed("admin", "auditor", "district-officer"))]
Admin = Annotated[Caller, Depends(allowed("admin"))]
OFFSET_MAX = 2**63 - 1


class Wanted(BaseModel):
    """Which record to apply again: one by its place on Kafka, or `all` (the oldest thousand)."""

    model_config = ConfigDict(extra="forbid", strict=True)

    topic: str = Field(default="", max_length=249)
    partition: int = Field(default=0, ge=0, lt=2**31)
    # Below nought for a record whose topic is gone (see decision 0016).
    offset: int | None = Field(default=None, ge=-OFFSET_MAX, le=OFFSET_MAX)
    all: bool = False


def operations() -> APIRouter:
    """The routes, the same for every service."""
    router = APIRouter()
    _health(router)
    _state(router)
    _dead_letters(router)
    return router


def _health(router: APIRouter) -> None:
    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/health/ready", responses={503: problem("not-ready")})
    async def ready(request: Request) -> dict[str, str]:
        if request.app.state.running is None:
            raise Problem(503, "not-ready", "Dịch vụ đang khởi động.", "The service is starting.")
        await running_of(request).pool.fetchval("select 1")
        return {"status": "ready"}


def _state(router: APIRouter) -> None:
    @router.get("/lag")
    async def lag(request: Request, _caller: Anybody) -> dict[str, int]:
        return await running_of(request).lag()

    @router.get("/asyncapi")
    async def asyncapi(request: Request) -> dict[str, Any]:
        return document(running_of(request).settings.name, running_of(request).store.types)

    @router.get("/metrics", response_class=PlainTextResponse)
    async def metrics(request: Request) -> Response:
        """For Prometheus: what waits, for how long, how much room is left, and the calls that were answered."""
        text = request.app.state.measures.text(await numbers_of(running_of(request)))
        return Response(text, media_type=CONTENT_TYPE_LATEST)


def _dead_letters(router: APIRouter) -> None:
    @router.get("/dead-letters")
    async def shown(request: Request, _caller: Operator, limit: Limit = 100, cursor: Cursor = None) -> dict[str, Any]:
        """Records that could not be applied here, oldest first: where they stand, of which type, and why."""
        async with running_of(request).pool.acquire() as connection:
            rows = await dead_letters.find(connection, number_after(cursor), limit)
        items, following = page(rows, limit, "number")
        return {"items": [_shown(row) for row in items], "next_cursor": following}

    @router.post("/dead-letters/replay", openapi_extra=documented.takes({documented.JSON: Wanted.model_json_schema()}))
    async def replay(request: Request, caller: Admin) -> Response:
        """Applies records again: `applied` leaves the list, `refused` stays with its new reason."""
        body = await read_body(request)
        try:
            wanted = Wanted.model_validate(body.json())
        except ValidationError as why:
            raise from_validation(why.errors()) from why

        async def handle(_work: Work) -> Answer:
            return Answer.json({"results": await _replayed(running_of(request), wanted, caller.name)})

        return await write(request, caller, body.identity(), handle)


async def _replayed(running: Running, wanted: Wanted, person: str) -> list[dict[str, Any]]:
    async with running.pool.acquire() as connection:
        chosen = await dead_letters.places(connection) if wanted.all else [_place(wanted)]
    found = await dead_letters.replay(running.consumer, chosen, person) if running.consumer else []
    results = [_result(one) for one in found if one]
    if not results and not wanted.all:
        raise Problem(404, "not-found", "Không có bản ghi nào như vậy đang chờ.", "There is no such dead letter.")
    return results


def _place(wanted: Wanted) -> Place:
    if not wanted.topic or wanted.offset is None:
        raise Problem(
            422,
            "input-wrong",
            "Nêu topic, partition và offset của một bản ghi, hoặc all: true.",
            "State topic, partition and offset of a record, or all: true.",
        )
    return Place(wanted.topic, wanted.partition, wanted.offset)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "topic": row["topic"],
        "partition": row["partition"],
        "offset": row["offset"],
        "type": (row["type"] or "")[: dead_letters.TYPE_LETTERS_MAX] or None,
        "reason": row["reason"],
        "at": row["created_at"].isoformat(),
    }


def _result(one: Replayed) -> dict[str, Any]:
    said = {"applied": "Đã áp dụng. / Applied.", "refused": f"Vẫn không áp dụng được. / Still refused: {one.reason}"}
    return {
        "topic": one.place.topic,
        "partition": one.place.partition,
        "offset": one.place.offset,
        "outcome": one.outcome,
        "message": said[one.outcome],
    }

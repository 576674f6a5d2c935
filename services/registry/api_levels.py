"""Registry over HTTP: the catalogue's levels."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.kernel.period import Period
from services.kernel.web.auth import Caller, allowed
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of, write
from services.reference import access
from services.reference.programmes import Programme
from services.registry import catalogue, level_handlers, levels

router = APIRouter()
ADMIN = Depends(allowed(access.ADMIN))
AMOUNT_MAX = 100_000_000


class LevelInput(BaseModel):
    """A figure: `scope` of the standard level (BTXH) or `code` (NCC); đồng a month from the first of a month on."""

    model_config = ConfigDict(extra="ignore")
    programme: Programme
    scope: Annotated[str, Field(max_length=50)] | None = None
    code: Annotated[str, Field(max_length=50)] | None = None
    amount: Annotated[int, Field(strict=True, ge=10_000, le=AMOUNT_MAX)]
    valid_from: date
    basis: Annotated[str, Field(min_length=1, max_length=500)]


@router.get("/levels")
async def shown(request: Request, _caller: Caller = Depends(allowed())) -> dict[str, Any]:  # noqa: B008
    """The standard levels and amounts of the catalogue."""
    async with running_of(request).pool.acquire() as connection:
        return {"items": catalogue.entries(await levels.entered(connection)), "next_cursor": None}


@router.post("/levels")
async def enter(request: Request, asked: LevelInput, caller: Caller = ADMIN) -> Response:
    """Enters a figure; one valid in the past makes the difference due to everyone concerned."""
    level = level_of(asked)
    return await write(
        request, caller, (asked.model_dump_json().encode(),), lambda work: level_handlers.enter(work, caller, level)
    )


def level_of(asked: LevelInput) -> catalogue.Level:
    """The figure that was asked for; raises Problem 422 for one that does not begin with a month."""
    if asked.valid_from.day != 1:
        raise Problem(
            422,
            "not-first-of-month",
            "Mức có hiệu lực từ ngày đầu tháng: ghi ngày 01.",
            "A level counts from the first of a month.",
        )
    return catalogue.Level(
        asked.programme, asked.scope, asked.code, asked.amount, Period.of(asked.valid_from), asked.basis
    )

"""Sổ ghi of one service: who looked at whom here, newest questions first; for the auditor."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from services.kernel.web.auth import Caller
from services.kernel.web.looks import find
from services.kernel.web.pages.render import Pages
from services.kernel.web.pages.session import signed_in
from services.kernel.web.pages.typed import day_typed
from services.kernel.web.paging import NEWEST_FIRST
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of

PREFIX = "so-ghi"
PAGES = Pages()
AUDITOR = Depends(signed_in("auditor"))
PAGE = 100


def looks_page(service: str) -> APIRouter:
    """The page of one service, `/so-ghi/{service}`."""
    router = APIRouter()

    @router.get(f"/{PREFIX}/{service}")
    async def shown(request: Request, caller: Caller = AUDITOR) -> Response:
        asked = {name: request.query_params.get(name, "").strip()[:200] for name in ("subject", "person", "from", "to")}
        refusal, following = None, None
        items: list[dict[str, Any]] = []
        try:
            items, following = await find(
                running_of(request).pool,
                subject=asked["subject"] or None,
                person=asked["person"] or None,
                first=_day(asked["from"]),
                last=_day(asked["to"]),
                cursor=request.query_params.get("cursor"),
                limit=PAGE,
                order=NEWEST_FIRST,
            )
        except Problem as why:
            refusal = why
        context: dict[str, Any] = {
            "service": service,
            "asked": asked,
            "items": items,
            "following": following,
        }
        template = "looks_part.html" if request.headers.get("hx-request") else "looks.html"
        return PAGES.page(request, template, context, caller=caller, refusal=refusal)

    return router


def _day(text: str) -> date | None:
    return day_typed(text) if text else None

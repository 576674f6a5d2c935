"""Sổ ghi: for the auditor, the four services' records of looks, and what happened at the door."""

from pathlib import Path

from fastapi import APIRouter, Depends, Request, Response

from services import reference
from services.kernel.web.auth import Caller
from services.kernel.web.pages.render import Pages
from services.kernel.web.pages.session import signed_in
from services.kernel.web.paging import NEWEST_FIRST, page
from services.kernel.web.writes import running_of
from services.portal import store
from services.reference import access

router = APIRouter()
PAGES = Pages(Path(__file__).parent, reference.FOLDER)
AUDITOR = Depends(signed_in(access.AUDITOR))
OVERSEERS = Depends(signed_in(access.AUDITOR, access.ADMIN))
SERVICES = ("registry", "onboarding", "disbursement", "reporting")
PAGE = 100


@router.get("/so-ghi")
async def record(request: Request, caller: Caller = AUDITOR) -> Response:
    """The records side by side; each service's own part is drawn in place, or opened by its link."""
    subject = request.query_params.get("subject", "")[:100]
    return PAGES.page(request, "record.html", {"services": SERVICES, "subject": subject}, caller=caller)


@router.get("/so-ghi/dang-nhap")
async def sign_ins(request: Request, caller: Caller = OVERSEERS) -> Response:
    """Sign-ins, failures and sign-outs, newest first."""
    async with running_of(request).pool.acquire() as connection:
        rows = await store.sign_ins(connection, NEWEST_FIRST, request.query_params.get("cursor"), PAGE)
    items, following = page(rows, PAGE, "number")
    return PAGES.page(request, "sign_ins.html", {"items": items, "following": following}, caller=caller)


@router.get("/so-ghi/nguoi-dung")
async def changes_of_users(request: Request, caller: Caller = OVERSEERS) -> Response:
    """Changes of users, newest first."""
    async with running_of(request).pool.acquire() as connection:
        rows = await store.user_changes(connection, NEWEST_FIRST, request.query_params.get("cursor"), PAGE)
    items, following = page(rows, PAGE, "number")
    return PAGES.page(request, "user_changes.html", {"items": items, "following": following}, caller=caller)

"""One person's accounts: the tab Tài khoản of their file, and the same section alone for the file's first page."""

from fastapi import APIRouter, Depends, Request, Response

from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.session import signed_in
from services.kernel.web.writes import running_of
from services.onboarding import api, page_reads
from services.onboarding.page_frame import PAGES
from services.onboarding.read_model import AccountFilter
from services.reference import access, areas

router = APIRouter()
READERS = Depends(signed_in(*api.ACCOUNTS))
PAST = ("CLOSED", "REFUSED")


@router.get("/tai-khoan/doi-tuong/{beneficiary_id}")
async def of_person(request: Request, beneficiary_id: str, caller: Caller = READERS) -> Response:
    """The accounts of a person: a page with the person's tabs, or (htmx) the section alone."""
    month = api.this_month()
    async with running_of(request).pool.acquire() as connection:
        person = await page_reads.person(connection, caller, beneficiary_id, month)
        wanted = AccountFilter(None, beneficiary_id=beneficiary_id)
        found = await page_reads.accounts(connection, caller, wanted, month)
        remarks = await page_reads.remarks(connection, found)
    await looks.record(request, caller, "person", [beneficiary_id])
    context = {
        "person": person,
        "commune": areas.name_of(person["commune"], month),
        "accounts": [one for one in found if one["status"] not in PAST],
        "past": [one for one in found if one["status"] in PAST],
        "remarks": remarks,
        "may_confirm": caller.role == access.DISTRICT_OFFICER,
        "has_file": caller.role != access.BANK,
    }
    alone = request.headers.get("hx-request") and not request.headers.get("hx-boosted")
    return PAGES.page(request, "person_section.html" if alone else "person_accounts.html", context, caller=caller)

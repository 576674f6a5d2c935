"""The files of a run for a browser: the API's own, but at an address that renews a session of ten minutes."""

from fastapi import APIRouter, Depends, Request, Response

from services.disbursement import api_papers, sight
from services.kernel.web.auth import Caller
from services.kernel.web.pages.session import signed_in

router = APIRouter()
TO_THE_BANK = Depends(signed_in(*sight.BANK_LISTS))
TO_A_COMMUNE = Depends(signed_in(*sight.CASH_LISTS))


def _saved(answer: Response, name: str) -> Response:
    """To be saved under that name, and kept by no proxy."""
    answer.headers["content-disposition"] = f'attachment; filename="{name}"'
    answer.headers["cache-control"] = "no-store"
    return answer


@router.get("/chi-tra/{run_id}/lenh-chi.xlsx")
async def orders_xlsx(request: Request, run_id: str, caller: Caller = TO_THE_BANK) -> Response:
    """The payment list for the bank, as a workbook."""
    return _saved(await api_papers.instructions_xlsx(request, run_id, caller), "lenh-chi.xlsx")


@router.get("/chi-tra/{run_id}/lenh-chi.csv")
async def orders_csv(request: Request, run_id: str, caller: Caller = TO_THE_BANK) -> Response:
    """The payment list for the bank, as CSV."""
    return _saved(await api_papers.instructions_csv(request, run_id, caller), "lenh-chi.csv")


@router.get("/chi-tra/{run_id}/lenh-chi.xml")
async def orders_xml(request: Request, run_id: str, caller: Caller = TO_THE_BANK) -> Response:
    """The payment orders for the bank, as pain.001."""
    return _saved(await api_papers.instructions_xml(request, run_id, caller), "lenh-chi.xml")


@router.get("/tien-mat/{run_id}/danh-sach.xlsx")
async def cash_list(
    request: Request, run_id: str, commune: str | None = None, caller: Caller = TO_A_COMMUNE
) -> Response:
    """A commune's cash list, as a workbook; without `commune` all that the caller sees."""
    return _saved(await api_papers.cash_list(request, run_id, caller, commune), "tien-mat.xlsx")

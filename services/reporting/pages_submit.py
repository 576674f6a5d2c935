"""Nộp biểu: the page that says what will be frozen, and the freezing."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter, Depends, Request, Response

from services import reference
from services.kernel import clock
from services.kernel.commands import Answer, Work
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import posted, submit
from services.kernel.web.pages.render import Pages, see
from services.kernel.web.pages.session import signed_in
from services.reporting import handlers, showing, viewing
from services.reporting.layout import Figures, layout
from services.reporting.reports import Asked
from services.reporting.sight import SUBMITTERS, require_persons
from services.reporting.viewing import Number, address

router = APIRouter()
PAGES = Pages(Path(__file__).parent, reference.FOLDER)
SUBMITTER = Depends(signed_in(*SUBMITTERS))
# The two figures by which a form is known at sight, as sums of cells (row, column).
TOTALS: Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]] = {
    "form-1": {"people": (("I", "4"),), "thousands": (("III.2", "4"),)},
    "form-2": {"people": (("I", "3"), ("II", "3")), "paid": (("I", "7"), ("II", "7"))},
}


def totals(form: str, figures: Figures) -> list[tuple[str, int]]:
    """What a form comes to: people, and money (thousands of đồng) or people paid, all through accounts and so far."""
    return [(name, sum(figures[row][column] for row, column in places)) for name, places in TOTALS[form].items()]


def _asked(request: Request, caller: Caller, number: Number) -> Asked:
    asked = viewing.asked_by(request, caller, number)
    require_persons(caller, asked.area, asked.period)
    return asked


@router.get("/bao-cao/bieu-{form_number}/nop")
async def confirm(request: Request, form_number: Number, caller: Caller = SUBMITTER) -> Response:
    """What is about to be frozen: area, month, both totals, and what it means."""
    asked = _asked(request, caller, form_number)
    context = {
        "asked": asked,
        "number_of": form_number,
        "totals": totals(asked.form, (await showing.figures(request, asked, None)).rows),
        "title": layout(asked.form).title,
        "before": await showing.frozen(request, asked),
        "month_runs": clock.today() <= asked.period.last_day,
        "address": address,
        "beside": viewing.beside,
    }
    return PAGES.page(request, "submit.html", context, caller=caller, period=asked.period)


@router.post("/bao-cao/bieu-{form_number}/nop")
async def freeze(request: Request, form_number: Number, caller: Caller = SUBMITTER) -> Response:
    """Freezes the form as it is known now."""
    asked = _asked(request, caller, form_number)
    form = await posted(request, caller)

    async def handle(work: Work) -> Answer:
        return await handlers.submit(work, caller.name, asked)

    await submit(request, caller, form, handle)
    return see(address(asked), said="submitted")

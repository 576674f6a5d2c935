"""What is shown of the forms: the figures of a report, what stands behind a cell, and the report as it was frozen.

The API and the pages both read here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import Request

from services.kernel import clock
from services.kernel.decider import Rejected
from services.kernel.period import Period
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reporting import submissions
from services.reporting.cells import Source, sources_of
from services.reporting.events import FormId, submission_stream
from services.reporting.forms import Form, assemble
from services.reporting.layout import Figures
from services.reporting.read_model import Behind, behind, measures, query
from services.reporting.reports import Asked, area_in, form_of
from services.reporting.same_facts import SameFacts


@dataclass(frozen=True, slots=True)
class Frozen:
    """The newest submission of a report: its figures, who froze it, on which business day and when it was known;
    `differences` are the cells that are others by now."""

    id: str
    figures: Figures
    by: str
    on: date
    at: datetime
    hash: str
    differences: Sequence[dict[str, Any]]


def asked_of(request: Request, form: FormId, period: Period, area: str) -> Asked:
    """The report asked for. Raises Problem 422 for an area that did not exist in the month."""
    try:
        return Asked(form, period, area_in(area, period))
    except Rejected as why:
        raise request.app.state.translate(why) from why


async def figures(request: Request, asked: Asked, known: datetime | None) -> Form:
    """The report's figures as known at an instant, None for now."""
    same_facts: SameFacts = request.app.state.same_facts
    async with running_of(request).pool.acquire() as connection:
        if known is None:
            return await same_facts.form(connection, asked, clock.now())
        return await form_of(connection, asked, known)


async def figure(request: Request, asked: Asked, row: str, column: str, known: datetime) -> int:
    """One figure of the report as known at an instant: only the measures that its cell has are counted."""
    rows = {source.row for source in sources_in(asked.form, row, column)}
    view = asked.view(known)
    async with running_of(request).pool.acquire() as connection:
        counted = await measures(connection, view, rows)
    return assemble(asked.form, counted, view.communes).rows[row][column]


def sources_in(form: FormId, row: str, column: str) -> tuple[Source, ...]:
    """What a cell counts. Raises Problem 422 for a cell without meaning."""
    sources = sources_of(form, row, column)
    if sources is None:
        raise Problem(
            422,
            "no-such-cell",
            "Ô này không có số liệu trong biểu, hãy chọn dòng và cột có số.",
            "The form has no figure in this cell; choose a row and column that have one.",
        )
    return sources


async def behind_all(request: Request, asked: Asked, sources: tuple[Source, ...], known: datetime) -> list[Behind]:
    """Everything behind the sources of a cell; the programmes and items of one row are asked for together."""
    together: dict[tuple[str, bool], list[tuple[str, str]]] = {}
    for one in sources:
        together.setdefault((one.row, one.in_period), []).append((one.programme, one.item))
    found: list[Behind] = []
    async with running_of(request).pool.acquire() as connection:
        for (row, in_period), parts in together.items():
            found += await behind(connection, asked.view(known), row, parts, in_period=in_period)
    return found


async def frozen(request: Request, asked: Asked) -> Frozen | None:
    """The report as it was submitted last, held against what is known now; None where it never was."""
    async with running_of(request).pool.acquire() as connection:
        row = await connection.fetchrow(query("newest"), asked.form, asked.period, asked.area.code)
        if row is None:
            return None
        (compared,) = await submissions.compared(connection, [row], clock.now())
        on = await connection.fetchval(query("submitted_on"), submission_stream(row["id"]))
    return Frozen(
        id=row["id"],
        figures=compared["rows"],
        by=row["submitted_by"],
        on=on,
        at=row["submitted_at"],
        hash=row["hash"],
        differences=compared["differences"],
    )


async def newest_of_month(request: Request, period: Period, wanted: Sequence[str]) -> list[dict[str, Any]]:
    """The newest submission of each form of these areas, with the cells that are others by now."""
    async with running_of(request).pool.acquire() as connection:
        rows = await connection.fetch(query("newest_of_month"), period, list(wanted))
        return await submissions.compared(connection, rows, clock.now())


@dataclass(frozen=True, slots=True)
class Arrived:
    """Facts of one kind that came after a report was frozen: how many, đồng in all (money only), first and last."""

    kind: str
    number: int
    amount: int
    first: datetime
    last: datetime


async def arrived_since(request: Request, asked: Asked, since: datetime) -> list[Arrived]:
    """What was recorded after that instant about the people and payments of the report's area."""
    view = asked.view(clock.now())
    codes = view.parameters()[-1]
    rows = await running_of(request).pool.fetch(query("arrived_since"), since, asked.period.last_day, codes)
    return [Arrived(**row) for row in rows]

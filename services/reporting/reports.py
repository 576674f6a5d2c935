"""A form of an area and month as known at an instant, and how it goes to print."""

from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from services.kernel.decider import Rejected
from services.kernel.period import Period
from services.reference import areas
from services.reference.areas import Area
from services.reporting.events import FormId
from services.reporting.forms import Form, assemble
from services.reporting.layout import Figures, Printed, national_heading
from services.reporting.read_model import View, measures

_KINDS = ("Thị trấn ", "Thành phố ", "Huyện ", "Xã ")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report: a form, a month and an area that existed in it."""

    form: FormId
    period: Period
    area: Area

    def view(self, as_of: datetime) -> View:
        return View(self.period, tuple(areas.communes(self.area.code, self.period)), as_of)


def area_in(code: str, period: Period) -> Area:
    """The area of that code in the month. Raises Rejected `no-such-area`: for another month it may be another one."""
    found = areas.find(code, period)
    if found is None:
        raise Rejected("no-such-area", area=code[:10], period=f"{period[5:]}/{period[:4]}")
    return found


async def form_of(connection: asyncpg.Connection, asked: Asked, as_of: datetime) -> Form:
    """The figures of the report by the facts known at `as_of`."""
    view = asked.view(as_of)
    return assemble(asked.form, await measures(connection, view), view.communes)


def printed(asked: Asked, rows: Figures, signed: date) -> Printed:
    """The report ready to print, dated the day on which it is signed."""
    return Printed(
        form_id=asked.form,
        area_code=asked.area.code,
        area_name=asked.area.name,
        level=asked.area.level,
        period=asked.period,
        place=place_of(asked.area.name),
        signed=signed,
        rows=rows,
        national=national_heading(),
    )


def place_of(name: str) -> str:
    """The name of an area without the kind of unit it is, as it stands before the date: `Kim Bài`."""
    return next((name.removeprefix(kind) for kind in _KINDS if name.startswith(kind)), name)

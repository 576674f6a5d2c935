"""How the two monthly forms look on paper: `data/forms.json` as values, and the figures that fill them.

The wording is that of the forms attached to the district's plan; the parts around the table (national heading,
issuer, place and date, signatures) follow Nghị định 30/2020/NĐ-CP, Phụ lục I.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from services.kernel import settings
from services.kernel.period import Period

# Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I, mục II, khoản 1: Quốc hiệu và Tiêu ngữ.
HEADING_SETTING = "ANSINH_NATIONAL_HEADING"
NATIONAL_HEADING = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")

Figures = dict[str, dict[str, int]]
"""Row id -> column number -> whole number as printed; a cell without meaning is absent, a heading row is `{}`."""

_UNSIGNED = {"day": "…..", "month": "…..", "year": "…….."}


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A cell of the table's head; `row` and `column` count from 0, at its upper left corner."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int


@dataclass(frozen=True, slots=True)
class FormRow:
    """A printed row. `tt` is the printed ordinal (TT, STT); a heading row has no figures."""

    id: str
    tt: str
    label: str
    unit: str
    bold: bool
    heading: bool


@dataclass(frozen=True, slots=True)
class FormLayout:
    """A form's fixed parts. `columns` are the numbers of the columns that hold figures, in printed order."""

    id: str
    title: str
    subtitles: tuple[str, ...]
    header: tuple[HeaderCell, ...]
    header_height: int
    width: int
    numbering: tuple[str, ...]
    columns: tuple[str, ...]
    has_unit: bool
    rows: tuple[FormRow, ...]
    issuer_by_level: dict[str, tuple[str, ...]]
    place_template: str
    signatures: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        """The form's short name: `Biểu 1`."""
        return "Biểu " + self.id.removeprefix("form-")

    @property
    def first_column(self) -> int:
        """Where the first column of figures stands, counted from 0."""
        return self.width - len(self.columns)

    def column_words(self, column: str) -> list[str]:
        """The words of the head over a column of figures, from the top. Raises ValueError for no such column."""
        place = self.first_column + self.columns.index(column)
        return [cell.text for cell in self.header if cell.column <= place < cell.column + cell.colspan]

    def issuer(self, level: str, area_name: str) -> list[str]:
        """The issuing unit, superior first, in capitals."""
        return [line.format(NAME=area_name.upper()) for line in self.issuer_by_level[level]]

    def subtitle(self, period: Period) -> list[str]:
        """The lines under the title, with the month of the report."""
        day = period.first_day
        return [line.format(month=_month(day), year=day.year) for line in self.subtitles]

    def place_line(self, place: str, signed: date | None) -> str:
        """Place and date of signing; dots to be filled by hand while it is unsigned."""
        parts = {"day": f"{signed.day:02d}", "month": _month(signed), "year": str(signed.year)} if signed else _UNSIGNED
        return self.place_template.format(place=place, **parts)


@dataclass(frozen=True, slots=True)
class Printed:
    """One form of one area and month, ready to print: `level` is commune, district or province.

    `signed` is None while the date is still to be written by hand. `national`: Quốc hiệu and Tiêu ngữ, where the
    office wants them on its forms. Raises ValueError if the rows or columns are not
    those of the form, for a figure left out of the print would not be missed by anyone.
    """

    form_id: str
    area_code: str
    area_name: str
    level: str
    period: Period
    place: str
    signed: date | None
    rows: Figures
    national: Sequence[str] = ()

    def __post_init__(self) -> None:
        form = layout(self.form_id)
        if self.level not in form.issuer_by_level:
            raise ValueError(f"no issuer of {form.id} at level {self.level!r}")
        if wrong := self.rows.keys() ^ {row.id for row in form.rows}:
            raise ValueError(f"rows of {form.id} missing or unknown: {sorted(wrong)}")
        for row in form.rows:
            if wrong := self.rows[row.id].keys() - (set() if row.heading else set(form.columns)):
                raise ValueError(f"row {row.id} of {form.id} has no columns {sorted(wrong)}")


def national_heading() -> Sequence[str]:
    """Quốc hiệu and Tiêu ngữ if the setting says `on`: the forms go with an official letter that bears them."""
    return NATIONAL_HEADING if settings.read(HEADING_SETTING) == "on" else ()


def number(value: int | None) -> str:
    """A whole number as Vietnamese print has it: `1.234.567`, `-1.541`, `0`; nothing where there is none."""
    return "" if value is None else f"{value:,}".replace(",", ".")


@cache
def layout(form_id: str) -> FormLayout:
    """The layout of `form-1` or `form-2`. Raises KeyError for any other form."""
    file = Path(__file__).parent / "data" / "forms.json"
    forms = {form["id"]: form for form in json.loads(file.read_text(encoding="utf-8"))["forms"]}
    return _layout(forms[form_id])


def _layout(form: dict[str, Any]) -> FormLayout:
    levels = [line for line in form["header"] if isinstance(line[0], dict)]
    numbering = [line for line in form["header"] if isinstance(line[0], str)]
    cells = tuple(_placed(levels))
    rows = tuple(
        FormRow(
            id=row["id"],
            tt=row.get("tt") or row["stt"],
            label=row["label"],
            unit=row.get("unit", ""),
            bold=row.get("bold", False),
            heading=row.get("heading", False),
        )
        for row in form["rows"]
    )
    return FormLayout(
        id=form["id"],
        title=form["title"],
        subtitles=tuple(form["subtitle"]),
        header=cells,
        header_height=len(levels),
        width=max(cell.column + cell.colspan for cell in cells),
        numbering=tuple(numbering[0]) if numbering else (),
        columns=tuple(form["columns"]),
        has_unit=any(row.unit for row in rows),
        rows=rows,
        issuer_by_level={level: tuple(lines) for level, lines in form["issuer_by_level"].items()},
        place_template=form["place_line"],
        signatures=tuple(tuple(lines) for lines in form["signatures"]),
    )


def _placed(levels: Sequence[Sequence[dict[str, Any]]]) -> Iterator[HeaderCell]:
    """The head's cells with their places: each goes to the next place that no cell from above reaches into."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(levels):
        column = 0
        for cell in line:
            while (row, column) in taken:
                column += 1
            placed = HeaderCell(cell["text"], row, column, cell.get("rowspan", 1), cell.get("colspan", 1))
            taken |= {(row + down, column + right) for down in range(placed.rowspan) for right in range(placed.colspan)}
            yield placed


def _month(day: date) -> str:
    """The month as Nghị định 30/2020 writes it: only January and February take a leading zero."""
    return f"{day.month:02d}" if day.month < 3 else str(day.month)

"""The two monthly forms from measures: pure. Rounding happens here, cell by cell, and nowhere else."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from services.reporting.cells import Source, cells
from services.reporting.layout import Figures, layout
from services.reporting.read_model import Measure


@dataclass(frozen=True, slots=True)
class Form:
    """The figures of one form: `rows` as printed, `dong` the same before rounding to 1000 đồng."""

    rows: Figures
    dong: Figures


def thousands(dong: int) -> int:
    """Whole thousands of đồng, a half away from zero: −1.540.500 is −1.541."""
    whole = (abs(dong) + 500) // 1000
    return -whole if dong < 0 else whole


def assemble(form_id: str, measures: Iterable[Measure], communes: Iterable[str]) -> Form:
    """The form of the area that these communes make up: sums before rounding, column 4 as printed."""
    wanted = frozenset(communes)
    totals: dict[Source, int] = defaultdict(int)
    for one in measures:
        if one.commune in wanted:
            totals[Source(one.row, one.programme, one.item, in_period=False)] += one.cumulative
            totals[Source(one.row, one.programme, one.item, in_period=True)] += one.in_period
    rows: Figures = {row.id: {} for row in layout(form_id).rows}
    dong: Figures = {row.id: {} for row in layout(form_id).rows}
    for cell in cells(form_id):
        if cell.adds:
            rows[cell.row][cell.column] = sum(rows[row][column] for row, column in cell.adds)
            dong[cell.row][cell.column] = sum(dong[row][column] for row, column in cell.adds)
        else:
            exact = sum(totals.get(source, 0) for source in cell.sources)
            rows[cell.row][cell.column] = thousands(exact) if cell.thousands else exact
            dong[cell.row][cell.column] = exact
    return Form(_in_print_order(form_id, rows), _in_print_order(form_id, dong))


def _in_print_order(form_id: str, figures: Figures) -> Figures:
    columns = layout(form_id).columns
    return {row: {column: of[column] for column in columns if column in of} for row, of in figures.items()}


def differences(frozen: Figures, now: Figures) -> list[dict[str, object]]:
    """The cells whose figure is another now, in the order of the form."""
    return [
        {"row": row, "column": column, "frozen": value, "now": now[row][column]}
        for row, of in frozen.items()
        for column, value in of.items()
        if now[row][column] != value
    ]

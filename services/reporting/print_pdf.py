"""The monthly forms as PDF, set by Typst from the template `form.typ`."""

import json
from pathlib import Path
from threading import Lock
from typing import Any, cast

import typst

from services.reporting.layout import FormLayout, FormRow, Printed, layout, number

_lock = Lock()  # one compiler keeps its fonts and parsed template; it takes one document at a time
_compiler = typst.Compiler(Path(__file__).parent / "form.typ")


def form_pdf(printed: Printed) -> bytes:
    """The form on A4 landscape: on one page where it is legible so, else with the table's head on every page.

    The same input gives the same bytes on machines with the same fonts. May be called from any thread.
    """
    inputs = {"form": json.dumps(template_data(printed), ensure_ascii=False)}
    with _lock:
        return cast(bytes, _compiler.compile(format="pdf", sys_inputs=inputs))


def template_data(printed: Printed) -> dict[str, Any]:
    """What the template prints, word for word, numbers already set as text."""
    form = layout(printed.form_id)
    return {
        "national": printed.national,
        "issuer": form.issuer(printed.level, printed.area_name),
        "title": form.title,
        "subtitle": form.subtitle(printed.period),
        "header": [
            {
                "text": cell.text,
                "row": cell.row,
                "column": cell.column,
                "rowspan": cell.rowspan,
                "colspan": cell.colspan,
            }
            for cell in form.header
        ],
        "numbering": form.numbering,
        "has_unit": form.has_unit,
        "rows": [_row(form, row, printed.rows[row.id]) for row in form.rows],
        "place": form.place_line(printed.place, printed.signed),
        "signatures": form.signatures,
    }


def _row(form: FormLayout, row: FormRow, figures: dict[str, int]) -> dict[str, Any]:
    return {
        "tt": row.tt,
        "label": row.label,
        "unit": row.unit,
        "bold": row.bold,
        "figures": [number(figures.get(column)) for column in form.columns],
    }

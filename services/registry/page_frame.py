"""What the registry's pages share: their words, the names of communes, what the form of new rows needs."""

from pathlib import Path
from typing import Any

from services import reference
from services.kernel.web.pages.forms import Form
from services.kernel.web.pages.render import Pages
from services.reference import areas
from services.registry.labels import labels
from services.registry.row_form import CHOICES, FIELDS, typed

PAGES = Pages(Path(__file__).parent, reference.FOLDER)
ROWS_A_PAGE = 100


def in_sentence(name: str) -> str:
    """`Xã Đỗ Động` as it stands inside a sentence: `xã Đỗ Động`."""
    return name[:1].lower() + name[1:]


def benefit_name(code: object) -> str:
    """What a code of a list is called, "" for one that the catalogue has not."""
    return labels().get(str(code).strip().upper(), "")


SHARED: dict[str, Any] = {"commune_name": areas.name_of, "in_sentence": in_sentence, "benefit_name": benefit_name}
"""Functions that the templates of lists use."""


def new_rows(list_id: str, action: str, form: Form | None) -> dict[str, Any]:
    """What `row_new.html` needs to know of the form that goes to `action`: empty, or as it was sent.

    `list_id`: the list that gets the rows, "" where they begin one.
    """
    return {
        "list_id": list_id,
        "action": action,
        "fields": FIELDS,
        "choices": CHOICES,
        "typed": typed(form.fields) if form else {},
        "pasted": form.one("rows") if form else "",
    }

"""What onboarding's pages share: their words, and the pages of a list that is whole in memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query

from services import reference
from services.kernel.web.pages.render import Pages

PAGES = Pages(Path(__file__).parent, reference.FOLDER)
ROWS = 100
First = Annotated[int, Query(alias="cursor", ge=0, lt=10**9)]
"""How many rows the pages before showed."""


def part(rows: Sequence[Any], first: int) -> tuple[Sequence[Any], int]:
    """The rows of a page, and how many were shown when the next one begins, 0 where there is none."""
    shown = rows[first : first + ROWS]
    return shown, first + ROWS if len(rows) > first + ROWS else 0

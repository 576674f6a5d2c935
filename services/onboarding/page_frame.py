"""What onboarding's pages share: their words, and how long a page of a list is."""

from pathlib import Path
from typing import Annotated

from fastapi import Query

from services import reference
from services.kernel.web.pages.render import Pages

PAGES = Pages(Path(__file__).parent, reference.FOLDER)
ROWS = 100
First = Annotated[int, Query(alias="cursor", ge=0, lt=10**9)]
"""How many rows the pages before showed."""

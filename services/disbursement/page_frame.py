"""What disbursement's pages share: their words, the names of communes, who is signed in, how fresh a password is."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
from fastapi import Request

from services import reference
from services.disbursement.words import WORDS
from services.kernel import clock
from services.kernel.web.auth import Caller
from services.kernel.web.pages.render import Pages
from services.kernel.web.pages.session import here
from services.kernel.web.paging import part
from services.kernel.web.problems import Problem
from services.reference import access

PAGES = Pages(Path(__file__).parent, reference.FOLDER)
FRESH = timedelta(minutes=5)
"""How long ago the password may have been typed by whoever approves or sends money."""
SEES_NAMES = (*access.SEES_ALL, access.COMMUNE_OFFICER)
"""Who reads the beneficiary's own name: the bank reads whose account it is, finance nobody's."""
LIMIT = 100


def is_fresh(caller: Caller) -> bool:
    """Whether the person typed the password (or was asked by the identity provider) just now."""
    return clock.now().timestamp() - caller.auth_at <= FRESH.total_seconds()


def again_address(request: Request) -> str:
    """Where the password is asked for, on the way back to this page."""
    return f"/dang-nhap/lai?ve={quote(here(request), safe='')}"


async def ordinal(connection: asyncpg.Connection, run: asyncpg.Record) -> int:
    """Which run of its month this is: dropped ones do not count."""
    number: int = await connection.fetchval(
        "select count(*) from runs where period = $1 and (number = $2 or number < $2 and status <> all($3::text[]))",
        run["period"],
        run["number"],
        ["REFUSED", "CANCELLED"],
    )
    return number


def place(text: str | None) -> int:
    """How many rows the pages before showed (`tt` of the address)."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def rows_of_page(rows: Sequence[Any], cursor: str | None, limit: int = LIMIT) -> tuple[Sequence[Any], str]:
    """Of a list that is whole in memory the rows after `cursor` (how many were shown), and the next cursor or ""."""
    shown, following = part(rows, place(cursor), limit)
    return shown, str(following or "")


def require(holds: object, code: str) -> None:
    """Raises the Problem of that code (see `words.WORDS`) where what a page needs does not hold."""
    if not holds:
        status, vi, en = WORDS[code]
        raise Problem(status, code, vi, en)

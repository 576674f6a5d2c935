"""Lists in pages: `{items, next_cursor}` in a stable order, a hundred by default, a thousand at most."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query

from services.kernel.web.problems import Problem

# What a bigint of the database holds in any case.
NUMBER_DIGITS_MAX = 18
Limit = Annotated[int, Query(ge=1, le=1000)]
Cursor = Annotated[str | None, Query(max_length=500)]


def after(cursor: str | None) -> str:
    """The sort key after which the page begins, "" for the first; raises Problem 422."""
    if not cursor:
        return ""
    try:
        return base64.urlsafe_b64decode(cursor.encode()).decode()
    except (binascii.Error, ValueError) as why:
        raise Problem(422, "input-wrong", "Con trỏ trang không đúng.", "The cursor is not one of ours.") from why


def number_of(text: str) -> int:
    """The row number that a page's sort key is, 0 for the first page; raises Problem 422 for what is none of ours."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MAX):
        raise Problem(422, "input-wrong", "Con trỏ trang không đúng.", "The cursor is not one of ours.")
    return int(text)


def number_after(cursor: str | None) -> int:
    """The row number after which the page begins; raises Problem 422."""
    return number_of(after(cursor))


@dataclass(frozen=True, slots=True)
class Order:
    """Which way rows are paged that have a growing number: `where number {beyond} $1 order by number {sort}`."""

    beyond: Literal[">", "<"]
    sort: Literal["asc", "desc"]
    first: int

    def start(self, cursor: str | None) -> int:
        """The row number beyond which the page begins; raises Problem 422."""
        return number_after(cursor) or self.first


OLDEST_FIRST = Order(">", "asc", 0)
NEWEST_FIRST = Order("<", "desc", 10**NUMBER_DIGITS_MAX)


def page(rows: Sequence[Any], limit: int, key: str) -> tuple[Sequence[Any], str | None]:
    """Of limit + 1 rows asked for: the page, and the cursor to the next one if there is more."""
    shown = rows[:limit]
    if len(rows) <= limit or not shown:
        return shown, None
    return shown, base64.urlsafe_b64encode(str(shown[-1][key]).encode()).decode()


def part(rows: Sequence[Any], first: int, limit: int) -> tuple[Sequence[Any], int]:
    """Of a list that is whole in memory the rows after the `first` ones, and how many were shown when the next page
    begins, 0 where there is none."""
    following = first + limit
    return rows[first:following], following if len(rows) > following else 0

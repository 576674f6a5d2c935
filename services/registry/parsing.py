"""Change lists read in the worker process, and the rows of lists under way kept read."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.tables.table import Json
from services.kernel.web.uploads import read_upload
from services.registry.spreadsheet import ParsedList, check_rows, read_list

NOTHING = ParsedList((), (), (), ())
LISTS_KEPT = 64
# A list entered, submitted and approved is read once: by digest and period, the day it was checked and what it gave.
_kept: OrderedDict[tuple[str, str], tuple[date, ParsedList]] = OrderedDict()


async def read(content: bytes, period: Period) -> ParsedList:
    """A file as rows; raises Problem 413 or 422 that says what is wrong and what to do."""
    return await read_upload(read_list, content, period, clock.today())


async def check(rows: Sequence[tuple[int, dict[str, Json]]], period: Period) -> ParsedList:
    """Rows mended on the screen; whoever mends them has seen them all, so none counts as hidden any more."""
    return await asyncio.to_thread(check_rows, rows, period, clock.today())


def remember(digest: str, parsed: ParsedList, period: Period) -> None:
    """Keeps a list's rows as read, by the SHA-256 of what was entered."""
    _kept[digest, period] = clock.today(), parsed
    if len(_kept) > LISTS_KEPT:
        _kept.popitem(last=False)


async def again(
    digest: str, rows: Sequence[tuple[int, dict[str, Json]]], hidden: Sequence[int], period: Period
) -> ParsedList:
    """Rows as entered, checked on this day: from memory if they were, else anew."""
    if not rows:
        return NOTHING
    day, kept = _kept.get((digest, period), (date.max, NOTHING))
    # A day makes nothing wrong that was right before: all that it decides is what still lies in the future.
    if day == clock.today() or (day < clock.today() and not kept.errors):
        return kept
    parsed = await asyncio.to_thread(check_rows, rows, period, clock.today(), frozenset(hidden))
    remember(digest, parsed, period)
    return parsed

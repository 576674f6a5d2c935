"""A month (kỳ) as `YYYY-MM`: text that sorts by time, with the arithmetic of months."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

_SHAPE = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$", re.ASCII)


class Period(str):
    """A month, e.g. `Period("2023-11")`. Compares and sorts as text does."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if not _SHAPE.fullmatch(text):
            raise ValueError(f"not a month YYYY-MM: {text[:20]!r}")
        return super().__new__(cls, text)

    @classmethod
    def of(cls, day: date) -> "Period":
        """The month in which a day lies."""
        return cls(f"{day.year:04d}-{day.month:02d}")

    @property
    def first_day(self) -> date:
        return date(int(self[:4]), int(self[5:]), 1)

    @property
    def last_day(self) -> date:
        return self.plus(1).first_day - timedelta(days=1)

    def plus(self, months: int) -> "Period":
        """The month so many months later (earlier if negative)."""
        count = int(self[:4]) * 12 + int(self[5:]) - 1 + months
        return Period(f"{count // 12:04d}-{count % 12 + 1:02d}")

    def months_since(self, earlier: str) -> int:
        """How many months this one is after `earlier` (negative if before)."""
        return (int(self[:4]) - int(earlier[:4])) * 12 + int(self[5:]) - int(earlier[5:7])

    def through(self, last: str) -> "Iterator[Period]":
        """The months from this one to `last`, both included."""
        month = self
        while month <= last:
            yield month
            month = month.plus(1)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(_known, core_schema.str_schema(strict=True))

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": _SHAPE.pattern}


@lru_cache(4096)
def _known(text: str) -> Period:
    # Events name the same few months a hundred thousand times: each is checked once.
    return Period(text)

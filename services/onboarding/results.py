"""An account result as the bank writes it, one row of JSON or of a table, read strictly. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, cast, get_args

from services.kernel import ids
from services.kernel.clock import ZONE
from services.kernel.decider import Rejected
from services.kernel.tables.table import NO_STORED_VALUE, CellError, from_json
from services.kernel.text import clean, is_blank
from services.onboarding.events import Holder

Result = Literal["OPENED", "REFUSED", "CLOSED"]
FIELDS = (
    "beneficiary_id", "citizen_id", "holder", "holder_citizen_id", "holder_name", "bank_code", "account_number",
    "account_name", "result", "opened_on", "closed_on", "reason",
)  # fmt: skip
"""The reason stands last: whatever it holds, the answer counts."""
NEEDED: dict[Result, tuple[str, ...]] = {
    "OPENED": ("bank_code", "account_number", "account_name", "opened_on"),
    "REFUSED": (),
    "CLOSED": ("account_number", "closed_on"),
}
TEXT_LETTERS_MAX = 500
REASON_LETTERS_MAX = 500

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ACCOUNT_NUMBER = re.compile(r"[0-9A-Za-z]{1,34}", re.ASCII)
_DOT = re.compile(r"(?<=[0-9])\.(?=[0-9])", re.ASCII)
_EXPONENT = re.compile(r"[0-9][0-9.,]*[eE]\+[0-9]+", re.ASCII)
_ISO_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
_VIETNAMESE_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccountResult:
    """What the bank says of one beneficiary's account; which fields are there, `NEEDED` says."""

    beneficiary_id: str | None
    citizen_id: str | None
    holder: Holder
    holder_citizen_id: str | None
    holder_name: str | None
    bank_code: str | None
    account_number: str | None
    account_name: str | None
    result: Result
    opened_on: date | None
    closed_on: date | None
    reason: str | None


def read_result(row: object, today: date) -> AccountResult:
    """The row as a result.

    Raises Rejected with the column where it can't be read: `row-not-object`, `field-missing`, `field-not-text`,
    `field-too-long`, `cell-error`, `word-unknown`, `number-unreadable`, `day-unreadable`, `day-in-future`.
    """
    if not isinstance(row, Mapping):
        raise Rejected("row-not-object")
    _refuse_errors(row)
    result = cast(Result, _word(row, "result", get_args(Result)))
    read = AccountResult(
        beneficiary_id=_text(row, "beneficiary_id"),
        citizen_id=_citizen_id(row, "citizen_id"),
        holder=cast(Holder, _word(row, "holder", get_args(Holder))),
        holder_citizen_id=_citizen_id(row, "holder_citizen_id"),
        holder_name=_text(row, "holder_name"),
        bank_code=_text(row, "bank_code"),
        account_number=_account_number(row),
        account_name=_text(row, "account_name"),
        result=result,
        opened_on=_day(row, "opened_on", today),
        closed_on=_day(row, "closed_on", today),
        reason=_reason(row),
    )
    if read.beneficiary_id is None and read.citizen_id is None:
        raise Rejected("field-missing", column="beneficiary_id")
    for column in NEEDED[result]:
        if getattr(read, column) is None:
            raise Rejected("field-missing", column=column)
    if result == "OPENED" and read.holder != "OWN" and not (read.holder_citizen_id or read.holder_name):
        raise Rejected("field-missing", column="holder_citizen_id")
    return read


def _refuse_errors(row: Mapping[object, object]) -> None:
    """An error value, or a formula without stored value, is never an empty cell; in CSV it is its word."""
    for column in FIELDS[:-1]:
        value = row.get(column)
        cell = from_json(value) if isinstance(value, str) and value.startswith("#") else value
        if isinstance(cell, CellError):
            word = "" if cell.word == NO_STORED_VALUE else cell.word
            raise Rejected("cell-error", column=column, word=word)


def _clean(text: str) -> str:
    """Control characters become a space: the answer counts."""
    return clean(text if text.isprintable() else _CONTROL.sub(" ", text))


def _text(row: Mapping[object, object], column: str) -> str | None:
    value = row.get(column)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Rejected("field-not-text", column=column)
    text = _clean(value)
    if len(text) > TEXT_LETTERS_MAX:
        raise Rejected("field-too-long", column=column)
    return text or None


def _reason(row: Mapping[object, object]) -> str | None:
    """Cut, never a ground to refuse the row: the answer counts."""
    value = row.get("reason")
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return _clean(value)[:REASON_LETTERS_MAX] or None if isinstance(value, str) else None


def _word(row: Mapping[object, object], column: str, known: tuple[str, ...]) -> str:
    text = _text(row, column)
    if text is None:
        raise Rejected("field-missing", column=column)
    if text not in known:
        raise Rejected("word-unknown", column=column, known=", ".join(known))
    return text


def _citizen_id(row: Mapping[object, object], column: str) -> str | None:
    value = row.get(column)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or (isinstance(value, str) and is_blank(value)):
        return None
    digits = ids.read_citizen_id(value).digits if isinstance(value, str) else None
    if digits is None:
        raise Rejected("number-unreadable", column=column)
    return digits


def _account_number(row: Mapping[object, object]) -> str | None:
    """Text only: a number has lost its leading zeros, and no length says how many; so has text that ends in `.0`."""
    text = _text(row, "account_number")
    bare = (text or "").replace(" ", "").removeprefix("'")
    if not bare:
        return None
    if bare.endswith(".0"):
        raise Rejected("field-not-text", column="account_number")
    number = _DOT.sub("", bare)
    if _EXPONENT.fullmatch(bare) or not _ACCOUNT_NUMBER.fullmatch(number):
        raise Rejected("number-unreadable", column="account_number")
    return number


def _day(row: Mapping[object, object], column: str, today: date) -> date | None:
    value = row.get(column)
    if value is None or (isinstance(value, str) and is_blank(value)):
        return None
    day = value if isinstance(value, date) else _day_of(value)
    if day is None:
        raise Rejected("day-unreadable", column=column)
    if day > today:
        raise Rejected("day-in-future", column=column)
    return day


def _day_of(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    text = clean(value)
    try:
        if iso := _ISO_DAY.fullmatch(text):
            return date.fromisoformat(iso[1])
        if parts := _VIETNAMESE_DAY.fullmatch(text):
            return date(int(parts[3]), int(parts[2]), int(parts[1]))
        if "T" in text:
            instant = datetime.fromisoformat(text)
            return (instant.astimezone(ZONE) if instant.tzinfo else instant).date()
    except (ValueError, OverflowError):
        return None
    return None

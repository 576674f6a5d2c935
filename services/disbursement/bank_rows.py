"""A row of the bank's payment results, of JSON or of a table, read strictly. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from services.disbursement.answering import Answer, Note
from services.disbursement.events import Result
from services.kernel import clock
from services.kernel.text import clean

RESULTS = ("SETTLED", "REJECTED", "RETURNED")
REQUIRED = ("end_to_end_id", "result")
OPTIONAL = ("amount", "value_date", "bank_reference", "reason")
TEXT_MAX = 500
REFERENCE_MAX = 100
AMOUNT_MAX = 10**15
# ISO 20022's word where the instructing party gave no reference.
NO_REFERENCE = "NOTPROVIDED"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([+-]\d{2}:\d{2}|Z)?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T", re.ASCII)
_VIETNAMESE_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_PLAIN_AMOUNT = re.compile(r"-?\d{1,18}([.,]0{1,2})?", re.ASCII)
_GROUPED_AMOUNT = re.compile(r"-?\d{1,3}(?:(?P<sep>[., ])\d{3})(?:(?P=sep)\d{3}){0,5}", re.ASCII)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row can't be read, as a code with its context; `result` as far as it was understood.

    `unmatched` is what is kept instead if the row names no payment of ours, where that goes before all else (XML).
    """

    code: str
    context: Mapping[str, str] = field(default_factory=dict)
    result: Result | None = None
    unmatched: Answer | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the bank said; `named` is our reference as the bank wrote it."""

    named: str | None
    said: Answer | Note | Refusal


@dataclass(frozen=True, slots=True)
class WholeMessage:
    """The bank rejected everything that a message of ours instructed."""

    message_id: str
    reason: str | None


Row = Said | WholeMessage


class Unreadable(ValueError):
    """A row that can't be read: a code of `words.OF_ROWS` with its context."""

    def __init__(self, code: str, **context: str) -> None:
        super().__init__(code)
        self.code = code
        self.context = context


def read_json_row(row: Any) -> Said:
    """A row of JSON: amounts are numbers, days and instants are ISO 8601."""
    return _read(row, in_table=False)


def read_table_row(row: Mapping[str, Any] | None) -> Said:
    """A row of a table, None if nobody can tell whose its cells are: amounts also `2.055.000`, days also dd/mm/yyyy."""
    return _read(row, in_table=True)


def _read(row: Any, in_table: bool) -> Said:
    named = key_said(row, "end_to_end_id")
    try:
        return Said(named, _answer(row, in_table))
    except Unreadable as why:
        return Said(named, Refusal(why.code, why.context))


def _answer(row: Any, in_table: bool) -> Answer:
    if not isinstance(row, Mapping):
        raise Unreadable("row-not-object")
    result = _result(row.get("result"), in_table)
    needed = result != "REJECTED"
    return Answer(
        end_to_end_id=reference(_text(row, "end_to_end_id", in_table)),
        result=result,
        amount=_amount(row.get("amount"), needed, in_table),
        value_date=_day(row.get("value_date"), needed, in_table),
        bank_reference=_text(row, "bank_reference", in_table)[:REFERENCE_MAX] or None,
        reason=_reason(row),
    )


def key_said(row: Any, column: str) -> str | None:
    """The key of a row as its answer repeats it: whatever was said, it can be written as JSON."""
    value = row.get(column) if isinstance(row, Mapping) else None
    return value[:REFERENCE_MAX].encode(errors="replace").decode() if isinstance(value, str) else None


def reference(text: str) -> str | None:
    """Our reference, whole; None where the bank gave none."""
    return text[:REFERENCE_MAX] if text and text != NO_REFERENCE else None


def printable(text: str) -> str:
    """Trimmed; control characters become a space."""
    return _UNPRINTABLE.sub(" ", text).strip()


def _result(value: Any, in_table: bool) -> Result:
    word = printable(value) if in_table and isinstance(value, str) else value
    if word not in RESULTS:
        raise Unreadable("result-unknown")
    return cast(Result, word)


def _text(row: Mapping[str, Any], column: str, in_table: bool) -> str:
    value = row.get(column)
    if value is None:
        return ""
    if in_table and isinstance(value, int | Decimal):
        return str(value)
    if not isinstance(value, str):
        raise Unreadable("field-not-text", column=column)
    return printable(value)


def _reason(row: Mapping[str, Any]) -> str | None:
    """Cut; whatever it holds, the answer counts."""
    value = row.get("reason")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        value = str(value)
    return printable(value)[:TEXT_MAX] or None if isinstance(value, str) else None


def _amount(value: Any, needed: bool, in_table: bool) -> int | None:
    if value is None:
        if needed:
            raise Unreadable("amount-missing")
        return None
    if in_table and isinstance(value, str):
        value = _written(clean(value))
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or value != value // 1:
        raise Unreadable("amount-unreadable")
    return in_measure(int(value))


def _written(text: str) -> int:
    """Digits, or groups of three with one kind of separator; `,00` and `.00` change nothing."""
    if _PLAIN_AMOUNT.fullmatch(text):
        return int(re.split("[.,]", text)[0])
    whole = re.sub("[.,]00?$", "", text)
    grouped = _GROUPED_AMOUNT.fullmatch(whole)
    if grouped is None or (whole != text and text[len(whole)] == grouped["sep"]):
        raise Unreadable("amount-unreadable")
    return int(re.sub("[., ]", "", whole))


def in_measure(amount: int) -> int:
    """The amount, if it can be one at all. Raises Unreadable."""
    if abs(amount) >= AMOUNT_MAX:
        raise Unreadable("amount-too-large")
    return amount


def _day(value: Any, needed: bool, in_table: bool) -> date | None:
    if value is None:
        if needed:
            raise Unreadable("value-date-missing")
        return None
    if in_table and isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise Unreadable("value-date-unreadable")
    parts = _VIETNAMESE_DAY.fullmatch(clean(value)) if in_table else None
    try:
        return date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else day_of(value.strip())
    except (ValueError, OverflowError) as why:
        raise Unreadable("value-date-unreadable") from why


def day_of(text: str) -> date:
    """A day; of an instant, its day in Việt Nam (without zone it is local). Raises ValueError or OverflowError."""
    if _DAY.fullmatch(text):
        return date.fromisoformat(text[:10])
    if not _INSTANT.match(text):
        raise ValueError("no day and no instant")
    instant = datetime.fromisoformat(text)
    return (instant.astimezone(clock.ZONE) if instant.tzinfo else instant).date()

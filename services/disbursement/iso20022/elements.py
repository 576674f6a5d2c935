"""What statements and status reports have in common: texts, days, money, reasons of an element."""

import re
from dataclasses import dataclass
from datetime import date

from lxml import etree

from services.disbursement.bank_rows import TEXT_MAX, Unreadable, day_of, in_measure, printable
from services.disbursement.events import Fault

CURRENCY = "VND"
_DECIMAL = re.compile(r"[+-]?\d{1,18}(\.(?P<fraction>\d*))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as written, with its currency."""

    text: str
    currency: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Finds children of one namespace by their path, e.g. `Refs/EndToEndId`."""

    namespace: str

    def find(self, element: etree._Element, path: str) -> etree._Element | None:
        """The first element at the path."""
        return element.find("/".join(self.namespace + name for name in path.split("/")))

    def all(self, element: etree._Element, path: str) -> list[etree._Element]:
        """All elements at the path, in their order."""
        return element.findall("/".join(self.namespace + name for name in path.split("/")))

    def text(self, element: etree._Element, path: str) -> str:
        """The text at the path, trimmed; empty if there is none."""
        found = self.find(element, path)
        return printable(found.text or "") if found is not None else ""

    def money(self, element: etree._Element, *paths: str) -> Money | None:
        """The amount at the first of these paths that is there."""
        for path in paths:
            found = self.find(element, path)
            if found is not None:
                return Money(printable(found.text or ""), found.get("Ccy"))
        return None

    def day(self, element: etree._Element, *paths: str) -> str:
        """What stands at the first of these paths as a day or an instant; empty if there is none."""
        for path in paths:
            found = self.find(element, path)
            if found is not None:
                return printable("".join(str(text) for text in found.itertext()))
        return ""

    def reasons(self, element: etree._Element, *paths: str) -> str | None:
        """All reasons at these paths, codes and words, in their order; cut at 500 letters."""
        parts = []
        for path in paths:
            for info in self.all(element, path):
                words = [self.text(info, "Rsn/Cd") or self.text(info, "Rsn/Prtry")]
                words += [printable(one.text or "") for one in self.all(info, "AddtlInf")]
                words += [printable(one.text or "") for one in self.all(info, "AddtlStsRsnInf")]
                parts.append(" ".join(filter(None, words)))
        return "; ".join(filter(None, parts))[:TEXT_MAX] or None


def dong(money: Money | None) -> tuple[int | None, Fault | None]:
    """Whole đồng, or what is wrong with the amount in itself. Raises Unreadable for a fraction or no number."""
    if money is None:
        return None, "amount-missing"
    if money.currency != CURRENCY:
        return None, "currency"
    number = _DECIMAL.fullmatch(money.text)
    if number is None or (number["fraction"] or "").strip("0"):
        raise Unreadable("amount-unreadable")
    return in_measure(int(money.text.partition(".")[0])), None


def value_day(text: str) -> date | None:
    """The day that a text names, None if it is empty. Raises Unreadable."""
    if not text:
        return None
    try:
        return day_of(text)
    except (ValueError, OverflowError) as why:
        raise Unreadable("value-date-unreadable") from why


def needed_day(text: str) -> date:
    """The day that a text names. Raises Unreadable, also if it is empty."""
    day = value_day(text)
    if day is None:
        raise Unreadable("value-date-missing")
    return day


def flaw_of(why: Unreadable) -> Fault:
    """What an answer lacks that is kept without what could not be read."""
    return "value-date-missing" if why.code.startswith("value-date") else "amount-missing"

"""Statements and notifications of the office's account (camt.053, camt.054): one thing said for each transaction.

ISO 20022, messages BankToCustomerStatement and BankToCustomerDebitCreditNotification, any version: `Ntry` with its
`NtryDtls/TxDtls`. Booked debits are settlements, credits that reverse or return are returns.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from services.disbursement.answering import Answer, Note
from services.disbursement.bank_rows import REFERENCE_MAX, Refusal, Said, Unreadable, reference
from services.disbursement.events import Fault, Result
from services.disbursement.iso20022.elements import Money, Reader, dong, flaw_of, needed_day, value_day
from services.disbursement.iso20022.message import Message, release

BOOKED = "BOOK"


@dataclass(frozen=True, slots=True)
class _Transaction:
    """What `TxDtls` says for itself; its entry says the rest."""

    named: str
    direction: str
    returned: bool
    money: Money | None
    bank_reference: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """What `Ntry` says for all of its transactions."""

    status: str
    direction: str
    reversed: bool
    money: Money | None
    day: str
    bank_reference: str


def read(message: Message) -> Iterator[Said]:
    """What the message says, in its order. Raises UnreadableTable if it is not well-formed to its end."""
    reader = Reader(message.namespace)
    transactions: list[_Transaction] = []
    for element in message.each("Ntry", "TxDtls"):
        if element.tag == f"{message.namespace}TxDtls":
            transactions.append(_transaction(reader, element))
            element.clear()
        else:
            yield from _said(_entry(reader, element), transactions)
            transactions = []
            release(element)


def _transaction(reader: Reader, element: etree._Element) -> _Transaction:
    return _Transaction(
        named=reader.text(element, "Refs/EndToEndId"),
        direction=reader.text(element, "CdtDbtInd"),
        returned=reader.find(element, "RtrInf") is not None,
        money=reader.money(element, "Amt", "AmtDtls/TxAmt/Amt"),
        bank_reference=reader.text(element, "Refs/AcctSvcrRef"),
        reason=reader.reasons(element, "RtrInf"),
    )


def _entry(reader: Reader, element: etree._Element) -> _Entry:
    return _Entry(
        status=reader.text(element, "Sts/Cd") or reader.text(element, "Sts/Prtry") or reader.text(element, "Sts"),
        direction=reader.text(element, "CdtDbtInd"),
        reversed=reader.text(element, "RvslInd") in ("true", "1"),
        money=reader.money(element, "Amt"),
        day=reader.day(element, "ValDt", "BookgDt"),
        bank_reference=reader.text(element, "AcctSvcrRef"),
    )


def _said(entry: _Entry, transactions: list[_Transaction]) -> Iterator[Said]:
    if not transactions:
        whole = _Transaction("", "", False, entry.money, entry.bank_reference, None)
        yield Said(None, _meant(entry, whole, entry.money, entry.bank_reference))
    for one in transactions:
        alone = len(transactions) == 1
        money = one.money or (entry.money if alone else None)
        bank_reference = one.bank_reference or (entry.bank_reference if alone else "")
        yield Said(one.named[:REFERENCE_MAX] or None, _meant(entry, one, money, bank_reference))


def _meant(entry: _Entry, one: _Transaction, money: Money | None, bank_reference: str) -> Answer | Note | Refusal:
    ours, theirs = reference(one.named), bank_reference[:REFERENCE_MAX] or None
    if entry.status != BOOKED:
        return Note(ours, entry.status[:REFERENCE_MAX], theirs, one.reason)
    result, fault = _result(one.direction or entry.direction, entry.reversed or one.returned)
    try:
        amount, lacking = dong(money)
        flaw = fault or lacking
        day = value_day(entry.day) if flaw else needed_day(entry.day)
    except Unreadable as why:
        kept = Answer(ours, result, None, None, theirs, one.reason, fault or flaw_of(why))
        return kept if fault else Refusal(why.code, why.context, result, kept)
    return Answer(ours, result, amount, day, theirs, one.reason, flaw)


def _result(direction: str, goes_back: bool) -> tuple[Result, Fault | None]:
    match direction, goes_back:
        case "DBIT", False:
            return "SETTLED", None
        case "CRDT", True:
            return "RETURNED", None
        case _:
            # A bare credit, or a reversal that takes money away: nobody can tell what was meant.
            return "RETURNED", "direction"

"""Status reports on our payment orders (pain.002): one thing said for each transaction, or for a whole message.

ISO 20022, message CustomerPaymentStatusReport, any version: `TxInfAndSts` under `OrgnlPmtInfAndSts`, and the status of
the group or batch where it stands for all of its transactions.
"""

from collections.abc import Iterator

from lxml import etree

from services.disbursement.answering import Answer, Note
from services.disbursement.bank_rows import REFERENCE_MAX, Refusal, Row, Said, Unreadable, WholeMessage, reference
from services.disbursement.events import Result
from services.disbursement.iso20022.elements import Reader, dong, flaw_of, value_day
from services.disbursement.iso20022.message import Message, release

REJECTED = "RJCT"
SETTLED = ("ACSC", "ACCC")


def read(message: Message) -> Iterator[Row]:
    """What the message says, in its order. Raises UnreadableTable if it is not well-formed to its end."""
    reader = Reader(message.namespace)
    listed = False
    original, rejected = "", False
    reasons: list[str] = []
    for element in message.each("OrgnlGrpInfAndSts", "TxInfAndSts", "OrgnlPmtInfAndSts"):
        name = etree.QName(element).localname
        if name == "TxInfAndSts":
            listed = True
            yield _transaction(reader, element)
            release(element)
            continue
        if name == "OrgnlGrpInfAndSts":
            original = reader.text(element, "OrgnlMsgId")
        if REJECTED in (reader.text(element, "GrpSts"), reader.text(element, "PmtInfSts")):
            rejected = True
            reasons += filter(None, [reader.reasons(element, "StsRsnInf")])
    if rejected and not listed:
        yield WholeMessage(original, "; ".join(reasons) or None)


def _transaction(reader: Reader, element: etree._Element) -> Said:
    named = reader.text(element, "OrgnlEndToEndId")
    return Said(named[:REFERENCE_MAX] or None, _meant(reader, element, reference(named)))


def _meant(reader: Reader, element: etree._Element, ours: str | None) -> Answer | Note | Refusal:
    status = reader.text(element, "TxSts")
    theirs = reader.text(element, "AcctSvcrRef")[:REFERENCE_MAX] or None
    reason = reader.reasons(element, "StsRsnInf")
    day = reader.day(element, "OrgnlTxRef/IntrBkSttlmDt", "FctvIntrBkSttlmDt")
    settled = status in SETTLED and day and theirs
    if status != REJECTED and not settled:
        return Note(ours, status[:REFERENCE_MAX], theirs, reason)
    result: Result = "SETTLED" if settled else "REJECTED"
    money = reader.money(element, "OrgnlTxRef/IntrBkSttlmAmt", "OrgnlTxRef/Amt/InstdAmt")
    try:
        amount, fault = dong(money) if money else (None, None)
        return Answer(ours, result, amount, value_day(day) if settled else None, theirs, reason, fault)
    except Unreadable as why:
        return Refusal(why.code, why.context, result, Answer(ours, result, None, None, theirs, reason, flaw_of(why)))

"""The payment orders of a run as pain.001.001.09 (ISO 20022, CustomerCreditTransferInitiation), element by element.

One message a run and one batch in it, so that a bank's status on the message or on the batch is of the whole run.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from lxml import etree

from services.disbursement.bank_rows import NO_REFERENCE
from services.disbursement.iso20022.elements import CURRENCY
from services.kernel.clock import ZONE
from services.kernel.names import plain

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
# ISO 20022 external code: social security benefit.
CATEGORY = "SSBE"
NAME_MAX = 140
# What every bank's system takes (SWIFT's character set x).
_OTHER = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")


@dataclass(frozen=True, slots=True)
class Payer:
    """The office whose money it is; the bank knows account and bank by its contract where they are not stated."""

    name: str = "PHONG LAO DONG - THUONG BINH VA XA HOI"
    account: str = NO_REFERENCE
    bank: str = NO_REFERENCE


@dataclass(frozen=True, slots=True)
class Order:
    """What the message says of the run: when it was frozen, on which day the bank is to pay, and whose money it is."""

    run_id: str
    period: str
    frozen_at: datetime
    execute_on: date
    payer: Payer = Payer()


def write(order: Order, payments: Sequence[Mapping[str, Any]]) -> bytes:
    """The message; `payments` are rows with end_to_end_id, amount, payee_name, account_number, bank_code."""
    target = BytesIO()
    sums = {"NbOfTxs": str(len(payments)), "CtrlSum": str(sum(one["amount"] for one in payments))}
    with etree.xmlfile(target, encoding="UTF-8") as file:
        file.write_declaration()
        with file.element("Document", {"xmlns": NAMESPACE}), file.element("CstmrCdtTrfInitn"):
            file.write(_header(order, sums))
            with file.element("PmtInf"):
                for element in _batch(order, sums):
                    file.write(element)
                for one in payments:
                    file.write(_transfer(order, one))
    return target.getvalue()


def letters(text: str, longest: int) -> str:
    """Text in the letters that banks take: no diacritics, and a space for what is none of them."""
    bare = " ".join(_OTHER.sub(" ", plain(text)).split())
    return bare[:longest].strip() or NO_REFERENCE


def _header(order: Order, sums: Mapping[str, str]) -> etree._Element:
    created = order.frozen_at.astimezone(ZONE).isoformat(timespec="seconds")
    return _element(
        "GrpHdr", MsgId=order.run_id, CreDtTm=created, **sums, InitgPty={"Nm": letters(order.payer.name, NAME_MAX)}
    )


def _batch(order: Order, sums: Mapping[str, str]) -> list[etree._Element]:
    batch = _element(
        "PmtInf",
        PmtInfId=order.run_id,
        PmtMtd="TRF",
        **sums,
        PmtTpInf={"CtgyPurp": {"Cd": CATEGORY}},
        ReqdExctnDt={"Dt": order.execute_on.isoformat()},
        Dbtr={"Nm": letters(order.payer.name, NAME_MAX)},
        DbtrAcct={"Id": {"Othr": {"Id": order.payer.account}}},
        DbtrAgt={"FinInstnId": {"Othr": {"Id": order.payer.bank}}},
    )
    return list(batch)


def _transfer(order: Order, one: Mapping[str, Any]) -> etree._Element:
    transfer = _element(
        "CdtTrfTxInf",
        PmtId={"EndToEndId": one["end_to_end_id"]},
        Amt={"InstdAmt": str(one["amount"])},
        CdtrAgt={"FinInstnId": {"ClrSysMmbId": {"MmbId": letters(one["bank_code"] or "", 35)}}},
        Cdtr={"Nm": letters(one["payee_name"], NAME_MAX)},
        CdtrAcct={"Id": {"Othr": {"Id": one["account_number"]}}},
        RmtInf={"Ustrd": f"CHI TRO CAP KY {order.period[5:]}/{order.period[:4]}"},
    )
    amount = transfer.find("Amt/InstdAmt")
    assert amount is not None  # noqa: S101 - made above
    amount.set("Ccy", CURRENCY)
    return transfer


def _element(name: str, **children: Any) -> etree._Element:
    """An element with its children in their order: text, or a mapping of children again.

    Without namespace: written into the document it stands in the document's, and is not declared anew each time.
    """
    element = etree.Element(name)
    for child, value in children.items():
        if isinstance(value, str):
            etree.SubElement(element, child).text = value
        else:
            element.append(_element(child, **value))
    return element

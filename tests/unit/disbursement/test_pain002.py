"""Status reports: what each transaction, group and batch says, with every sentence of the rules for them."""

from datetime import date

import pytest

from services.disbursement.answering import Answer, Note
from services.disbursement.bank_files import read_file
from services.disbursement.bank_rows import Refusal, Said, WholeMessage
from tests.unit.disbursement.messages import OURS, pain_002, reason, status_of

DAY = "<IntrBkSttlmDt>2023-11-10</IntrBkSttlmDt>"
REFERENCE = "<AcctSvcrRef>FTB1</AcctSvcrRef>"
WHOLE = f"{REFERENCE}<OrgnlTxRef>{DAY}</OrgnlTxRef>"


def one(block: str) -> Answer | Note | Refusal:
    (row,) = read_file(pain_002("<GrpSts>PART</GrpSts>", block))
    assert isinstance(row, Said)
    return row.said


def test_rejected_with_all_reasons() -> None:
    reasons = reason("AC04", "Tài khoản đã đóng") + reason("", "Liên hệ chi nhánh") + reason("AG01")
    said = one(status_of(OURS, "RJCT", reasons=reasons))
    assert said == Answer(OURS, "REJECTED", None, None, None, "AC04 Tài khoản đã đóng; Liên hệ chi nhánh; AG01")


@pytest.mark.parametrize("status", ["ACSC", "ACCC"])
def test_settled_only_with_settlement_date_and_bank_reference(status: str) -> None:
    settled = Answer(OURS, "SETTLED", None, date(2023, 11, 10), "FTB1")
    assert one(status_of(OURS, status, WHOLE)) == settled
    assert one(status_of(OURS, status, REFERENCE)) == Note(OURS, status, "FTB1")
    assert one(status_of(OURS, status, f"<OrgnlTxRef>{DAY}</OrgnlTxRef>")) == Note(OURS, status)


def test_a_newer_settlement_date_is_read() -> None:
    more = f"<FctvIntrBkSttlmDt><DtTm>2023-11-09T17:30:00Z</DtTm></FctvIntrBkSttlmDt>{REFERENCE}"
    said = one(status_of(OURS, "ACSC", more))
    assert isinstance(said, Answer)
    assert said.value_date == date(2023, 11, 10)


@pytest.mark.parametrize("status", ["ACSP", "ACTC", "PDNG", "ACWP", "ACWC", "CANC"])
def test_every_other_status_is_noted(status: str) -> None:
    assert one(status_of(OURS, status, WHOLE)) == Note(OURS, status, "FTB1")


@pytest.mark.parametrize(
    ("amount", "found", "fault"),
    [
        ('<Amt><InstdAmt Ccy="VND">440000</InstdAmt></Amt>', 440_000, None),
        ('<IntrBkSttlmAmt Ccy="VND">440000</IntrBkSttlmAmt>', 440_000, None),
        ('<Amt><InstdAmt Ccy="USD">20</InstdAmt></Amt>', None, "currency"),
        ("", None, None),
    ],
)
def test_an_amount_that_is_there_is_read_and_a_missing_one_is_the_payments(
    amount: str, found: int | None, fault: str | None
) -> None:
    said = one(status_of(OURS, "RJCT", f"<OrgnlTxRef>{amount}</OrgnlTxRef>"))
    assert isinstance(said, Answer)
    assert (said.amount, said.fault) == (found, fault)


def test_a_day_that_does_not_exist_is_refused() -> None:
    said = one(
        status_of(OURS, "ACSC", f"{REFERENCE}<OrgnlTxRef><IntrBkSttlmDt>2023-11-31</IntrBkSttlmDt></OrgnlTxRef>")
    )
    assert isinstance(said, Refusal)
    assert said.code == "value-date-unreadable"
    assert said.unmatched == Answer(OURS, "SETTLED", None, None, "FTB1", None, "value-date-missing")


def test_a_rejected_group_without_any_transaction_listed_is_the_whole_message() -> None:
    group = "<GrpSts>RJCT</GrpSts>" + reason("FF01", "Sai định dạng")
    assert read_file(pain_002(group)) == [WholeMessage("RUN1", "FF01 Sai định dạng")]


def test_a_rejected_batch_without_any_transaction_listed_is_the_whole_message() -> None:
    batch = "<PmtInfSts>RJCT</PmtInfSts>" + reason("DU01")
    assert read_file(pain_002("", batch)) == [WholeMessage("RUN1", "DU01")]


def test_a_group_status_does_not_count_where_transactions_are_listed() -> None:
    rows = read_file(pain_002("<GrpSts>RJCT</GrpSts>", "<PmtInfSts>RJCT</PmtInfSts>" + status_of(OURS, "RJCT")))
    assert [type(row) for row in rows] == [Said]


@pytest.mark.parametrize("status", ["ACCP", "ACSC", "PART", "PDNG"])
def test_a_group_that_is_not_rejected_says_nothing(status: str) -> None:
    assert read_file(pain_002(f"<GrpSts>{status}</GrpSts>", f"<PmtInfSts>{status}</PmtInfSts>")) == []


@pytest.mark.parametrize("version", ["pain.002.001.02", "pain.002.001.03", "pain.002.001.12", "pain.002.001.15"])
def test_any_version_is_read(version: str) -> None:
    content = pain_002("", status_of(OURS, "RJCT"), namespace=f"urn:iso:std:iso:20022:tech:xsd:{version}")
    assert len(read_file(content)) == 1

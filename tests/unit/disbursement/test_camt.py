"""Statements and notifications: what each transaction says, with every sentence of the rules for them."""

from datetime import date

import pytest

from services.disbursement.answering import Answer, Note
from services.disbursement.bank_files import read_file
from services.disbursement.bank_rows import Refusal, Row, Said
from tests.unit.disbursement.messages import CAMT_053_NEW, OURS, camt, entry, transaction

TX_AMOUNT = '<TxAmt><Amt Ccy="VND">440000</Amt></TxAmt>'
DAY = date(2023, 11, 10)
SETTLED = Answer(OURS, "SETTLED", 440_000, DAY, "FTB1")
RETURN_INFO = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Tài khoản</AddtlInf><AddtlInf>đã đóng</AddtlInf></RtrInf>"


def said(*entries: str, namespace: str = "") -> list[Answer | Note | Refusal]:
    rows: list[Row] = read_file(camt(*entries, namespace=namespace) if namespace else camt(*entries))
    assert all(isinstance(row, Said) for row in rows)
    return [row.said for row in rows if isinstance(row, Said)]


def one(*entries: str) -> Answer | Note | Refusal:
    (found,) = said(*entries)
    return found


def test_a_booked_debit_is_a_settlement() -> None:
    assert one(entry(transaction())) == SETTLED


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08",
        "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02",
        "urn:iso:std:iso:20022:tech:xsd:camt.053.001.14",
    ],
)
def test_any_version_of_camt_053_and_054_is_read(namespace: str) -> None:
    assert said(entry(transaction()), namespace=namespace) == [SETTLED]


def test_any_prefix_is_read() -> None:
    plain = camt(entry(transaction())).decode()
    prefixed = plain.replace("<", "<b:").replace("<b:/", "</b:").replace("<b:?", "<?").replace("xmlns=", "xmlns:b=")
    assert [row.said for row in read_file(prefixed.encode()) if isinstance(row, Said)] == [SETTLED]


def test_a_newer_status_stands_a_level_deeper() -> None:
    assert said(entry(transaction(), status="<Sts><Cd>BOOK</Cd></Sts>"), namespace=CAMT_053_NEW) == [SETTLED]


def test_one_result_for_each_transaction_in_order() -> None:
    found = said(
        entry(transaction("A1", '<Amt Ccy="VND">1</Amt>'), transaction("A2", '<Amt Ccy="VND">2</Amt>')),
        entry(transaction("A3")),
    )
    assert [(answer.end_to_end_id, answer.amount) for answer in found if isinstance(answer, Answer)] == [
        ("A1", 1),
        ("A2", 2),
        ("A3", 440_000),
    ]


def test_an_entry_without_transactions_names_nobody() -> None:
    assert one(entry()) == Answer(None, "SETTLED", 440_000, DAY, "ENTRY1")


def test_no_entries_are_no_results() -> None:
    assert said() == []


@pytest.mark.parametrize("named", [None, "", "NOTPROVIDED", "  NOTPROVIDED \n"])
def test_a_transaction_without_our_reference_is_known_by_the_banks_own(named: str | None) -> None:
    answer = one(entry(transaction(named)))
    assert isinstance(answer, Answer)
    assert (answer.end_to_end_id, answer.bank_reference) == (None, "FTB1")


def test_the_reference_of_an_entry_is_not_that_of_one_of_several_transactions() -> None:
    several = said(entry(transaction("NOTPROVIDED", own_reference=""), transaction("NOTPROVIDED", own_reference="")))
    assert [found.bank_reference for found in several if isinstance(found, Answer)] == [None, None]
    alone = one(entry(transaction("NOTPROVIDED", own_reference="")))
    assert isinstance(alone, Answer)
    assert alone.bank_reference == "ENTRY1"


def test_a_reference_is_taken_whole_and_trimmed() -> None:
    answer = one(entry(transaction(f"\n  {OURS}\t")))
    assert answer == SETTLED


@pytest.mark.parametrize(
    ("amounts", "amount"),
    [
        ('<Amt Ccy="VND">440000</Amt><AmtDtls><TxAmt><Amt Ccy="VND">5</Amt></TxAmt></AmtDtls>', 440_000),
        (
            '<AmtDtls><InstdAmt><Amt Ccy="VND">7</Amt></InstdAmt><TxAmt><Amt Ccy="VND">440000</Amt></TxAmt></AmtDtls>',
            440_000,
        ),
        ('<Chrgs><Rcrd><Amt Ccy="VND">1100</Amt></Rcrd></Chrgs>', 999_000),
        ('<Amt Ccy="VND">440000.00</Amt>', 440_000),
        ('<Amt Ccy="VND">0</Amt>', 0),
        ('<Amt Ccy="VND">-5</Amt>', -5),
    ],
)
def test_the_amount_is_the_transactions_own_else_the_entrys_if_alone_charges_aside(amounts: str, amount: int) -> None:
    answer = one(entry(transaction(amount=amounts), amount='<Amt Ccy="VND">999000</Amt>'))
    assert isinstance(answer, Answer)
    assert (answer.amount, answer.fault) == (amount, None)


def test_without_an_amount_of_its_own_one_of_several_transactions_is_a_conflict() -> None:
    found = said(entry(transaction("A1"), transaction("A2")))
    assert [(one.amount, one.fault) for one in found if isinstance(one, Answer)] == [(None, "amount-missing")] * 2


@pytest.mark.parametrize("amount", ['<Amt Ccy="USD">84.50</Amt>', "<Amt>440000</Amt>"])
def test_another_currency_is_a_conflict(amount: str) -> None:
    answer = one(entry(transaction(amount=amount)))
    assert isinstance(answer, Answer)
    assert (answer.amount, answer.fault) == (None, "currency")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("440000.50", "amount-unreadable"),
        ("4.4E5", "amount-unreadable"),
        ("", "amount-unreadable"),
        ("9" * 17, "amount-too-large"),
    ],
)
def test_a_fraction_or_no_number_is_refused_unless_the_payment_is_not_ours(text: str, code: str) -> None:
    refusal = one(entry(transaction(amount=f'<Amt Ccy="VND">{text}</Amt>')))
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert refusal.unmatched == Answer(OURS, "SETTLED", None, None, "FTB1", None, "amount-missing")


@pytest.mark.parametrize(
    ("days", "day"),
    [
        ("<BookgDt><Dt>2023-11-11</Dt></BookgDt>", date(2023, 11, 11)),
        ("<ValDt><DtTm>2023-11-30T17:30:00Z</DtTm></ValDt>", date(2023, 12, 1)),
        ("<ValDt><DtTm>2023-11-30T17:30:00</DtTm></ValDt>", date(2023, 11, 30)),
        ("<ValDt><Dt>2023-11-30+07:00</Dt></ValDt>", date(2023, 11, 30)),
        ("<ValDt>\n <Dt>2023-11-30</Dt>\n</ValDt>", date(2023, 11, 30)),
    ],
)
def test_the_value_date_is_val_dt_else_bookg_dt_as_a_day_in_viet_nam(days: str, day: date) -> None:
    answer = one(entry(transaction(), days=days))
    assert isinstance(answer, Answer)
    assert answer.value_date == day


@pytest.mark.parametrize(
    ("days", "code"), [("", "value-date-missing"), ("<ValDt><Dt>2023-11-31</Dt></ValDt>", "value-date-unreadable")]
)
def test_without_a_day_that_exists_it_is_refused(days: str, code: str) -> None:
    refusal = one(entry(transaction(), days=days))
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


@pytest.mark.parametrize(("reversal", "more"), [("true", ""), ("1", ""), ("", RETURN_INFO), ("false", RETURN_INFO)])
def test_a_credit_that_reverses_or_returns_is_a_return(reversal: str, more: str) -> None:
    answer = one(entry(transaction(more=more), direction="CRDT", reversal=reversal))
    why = "AC04 Tài khoản đã đóng" if more else None
    assert answer == Answer(OURS, "RETURNED", 440_000, DAY, "FTB1", why)


@pytest.mark.parametrize(
    ("direction", "reversal", "more"),
    [("CRDT", "", ""), ("CRDT", "false", ""), ("DBIT", "true", ""), ("DBIT", "", RETURN_INFO)],
)
def test_a_bare_credit_or_a_reversal_marked_debit_is_a_conflict(direction: str, reversal: str, more: str) -> None:
    answer = one(entry(transaction(more=more), direction=direction, reversal=reversal))
    assert isinstance(answer, Answer)
    assert (answer.result, answer.fault) == ("RETURNED", "direction")


def test_a_transactions_own_direction_goes_before_its_entrys() -> None:
    answer = one(entry(transaction(direction="DBIT"), direction="CRDT"))
    assert answer == SETTLED


@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
def test_what_is_not_booked_is_noted(status: str) -> None:
    assert one(entry(transaction(), status=f"<Sts>{status}</Sts>")) == Note(OURS, status, "FTB1")


def test_a_reason_is_cut_at_500_and_freed_of_line_breaks() -> None:
    info = f"<RtrInf><AddtlInf>a\nb{'c' * 600}</AddtlInf></RtrInf>"
    answer = one(entry(transaction(more=info), direction="CRDT"))
    assert isinstance(answer, Answer)
    assert answer.reason == "a b" + "c" * 497

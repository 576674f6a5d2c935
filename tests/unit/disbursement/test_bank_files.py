"""What banks hand in as a whole: known by content, read to its end, or refused with what it is and what to do."""

import io
from datetime import date

import pytest
import xlsxwriter

from services.disbursement.answering import Answer
from services.disbursement.bank_files import is_json, read_file, rows_in
from services.disbursement.bank_rows import Refusal, Said
from services.kernel.tables.table import UnreadableTable
from services.kernel.web.body import Body
from services.kernel.web.problems import Problem
from tests.unit.disbursement.messages import CAMT_054, OURS, camt, entry, transaction

HEADINGS = "end_to_end_id,result,amount,value_date,bank_reference,reason"
SETTLED = Answer(OURS, "SETTLED", 440_000, date(2023, 11, 10), "FTB1")
WHOLE = camt(entry(transaction()))


def said(content: bytes) -> list[object]:
    return [row.said for row in read_file(content) if isinstance(row, Said)]


def refused(content: bytes) -> str:
    with pytest.raises(UnreadableTable) as refusal:
        read_file(content)
    assert refusal.value.message_vi
    assert refusal.value.message_en
    return refusal.value.code


def test_a_csv_is_read_by_the_json_names_with_vietnamese_amounts_and_days() -> None:
    content = f"{HEADINGS}\n{OURS},SETTLED,440.000,10/11/2023,FTB1,\n".encode()
    assert said(content) == [SETTLED]
    assert said(f"result;end_to_end_id\nREJECTED;{OURS}\n".encode()) == [Answer(OURS, "REJECTED", None, None)]


def test_a_total_row_is_refused_and_the_rest_counts() -> None:
    content = f"{HEADINGS}\n{OURS},SETTLED,440000,2023-11-10,FTB1,\nTổng,,440000,,,\n".encode()
    found = said(content)
    assert found[0] == SETTLED
    assert isinstance(found[1], Refusal)


def test_a_record_with_more_cells_than_headings_is_refused_and_the_rest_counts() -> None:
    content = f"{HEADINGS}\n{OURS},SETTLED,440,000,2023-11-10,FTB1,\n{OURS},SETTLED,440000,2023-11-10,FTB1,\n".encode()
    found = said(content)
    assert isinstance(found[0], Refusal)
    assert found[1] == SETTLED


def test_a_record_with_fewer_cells_than_headings_means_cut_off() -> None:
    assert refused(f"{HEADINGS}\n{OURS},SETTLED,440000\n".encode()) == "file-cut-off"


def test_an_xlsx_with_number_and_date_cells_is_read() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEADINGS.split(","))
        sheet.write_row(1, 0, [OURS, "SETTLED", 440_000])
        sheet.write_datetime(1, 3, date(2023, 11, 10), day)
        sheet.write_row(1, 4, ["FTB1"])
    assert said(target.getvalue()) == [SETTLED]


def test_headings_that_are_missing_are_named() -> None:
    with pytest.raises(UnreadableTable, match="result"):
        read_file(b"end_to_end_id,ket qua\nA,B\n")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (WHOLE[:-20], "xml-broken"),
        (WHOLE + b"<more/>", "xml-broken"),
        (b"<Document xmlns='x'", "xml-broken"),
        (b"<html><body>Het phien</body></html>", "xml-other-message"),
        (WHOLE.replace(CAMT_054.encode(), b"urn:iso:std:iso:20022:tech:xsd:camt.052.001.02"), "xml-other-message"),
        (WHOLE.replace(CAMT_054.encode(), b"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"), "xml-other-message"),
        (WHOLE.replace(CAMT_054.encode(), CAMT_054.encode() + b"x"), "xml-other-message"),
        (WHOLE.replace(f' xmlns="{CAMT_054}"'.encode(), b""), "xml-other-message"),
        (WHOLE.replace(b"Document", b"Envelope"), "xml-other-message"),
        (WHOLE.replace(b"<Document", b"<!DOCTYPE Document [<!ENTITY a 'b'>]><Document"), "xml-doctype"),
        (WHOLE.replace(b"<Document", b"<!-- a --><?b c?>\n<!DOCTYPE html><Document"), "xml-doctype"),
        (b"<!DOCTYPE html><html></html>", "xml-doctype"),
        (WHOLE.replace(b"UTF-8", b"UTF-16"), "encoding"),
        (WHOLE.replace(b"UTF-8", b"x-unknown"), "encoding"),
        (WHOLE.replace(b"UTF-8", b"unicode_escape"), "encoding"),
        (WHOLE.replace(b"FTB1", b"FTB\xff"), "encoding"),
        (b"\xef\xbb\xbf" + WHOLE.replace(b"UTF-8", b"windows-1258"), "encoding"),
        (b"", "file-empty"),
        (b"%PDF-1.7", "not-a-workbook"),
    ],
)
def test_what_cannot_be_read_as_a_whole_is_refused_and_nothing_of_it_counts(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_a_doctype_far_behind_comments_is_found_at_once_and_a_mention_in_a_comment_is_none() -> None:
    many = b"<!-- --> " * 20_000
    assert refused(WHOLE.replace(b"<Document", many + b"<!DOCTYPE x><Document")) == "xml-doctype"
    assert said(WHOLE.replace(b"<Document", many + b"<!-- <!DOCTYPE x> --><Document")) == [SETTLED]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "windows-1252", "iso-8859-1", "utf-8-sig"])
def test_any_encoding_that_is_declared_and_borne_out_is_read(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())
    text = WHOLE.decode().replace("UTF-8", declared).replace("FTB1", "FTBé")
    (answer,) = said(text.encode(encoding))
    assert isinstance(answer, Answer)
    assert answer.bank_reference == "FTBé"


@pytest.mark.parametrize(
    ("content", "media_type", "named", "json"),
    [
        (b"[]", "text/csv", "x.csv", True),
        (b"\xef\xbb\xbf [1]", "application/octet-stream", "", True),
        (b"{}", "application/xml", "", True),
        (b"oops", "application/json", "", True),
        (b"", "", "", True),
        (b"a,b", "text/csv", "", False),
        (b"a,b", "", "x.json", False),
        (b"<a/>", "application/json", "", False),
        (b"PK\x03\x04", "application/json", "", False),
    ],
)
def test_the_format_is_known_by_content(content: bytes, media_type: str, named: str, json: bool) -> None:
    assert is_json(Body(content, media_type, file_name=named)) == json


async def test_a_json_with_a_bom_is_read_and_each_row_is_on_its_own() -> None:
    rows = await rows_in(Body(b'\xef\xbb\xbf[{"end_to_end_id":"A","result":"REJECTED"},5]', "application/json"))
    assert [type(row.said) for row in rows if isinstance(row, Said)] == [Answer, Refusal]


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"[]", "image/png", 415),
        (b'{"a":1}', "application/json", 422),
        (b'[{"a":1,"a":2}]', "application/json", 422),
        (b'[{"amount":NaN}]', "application/json", 422),
        (b"[1", "application/json", 422),
        (b"", "application/json", 422),
        (b"[" + b"1," * 100_000 + b"1]", "application/json", 413),
    ],
)
async def test_a_body_that_cannot_be_read_as_a_whole_is_a_problem(content: bytes, media_type: str, status: int) -> None:
    with pytest.raises(Problem) as refusal:
        await rows_in(Body(content, media_type))
    assert refusal.value.status == status


def test_no_entity_is_expanded_whatever_the_prolog_hides() -> None:
    bomb = b'<?xml version="1.0"?><Document xmlns="' + CAMT_054.encode() + b'">&a;</Document>'
    assert refused(bomb) == "xml-broken"

"""The bank's account results as JSON, XLSX and CSV: each row on its own, a broken file not at all."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from services.kernel.text import clean
from tests.files.office import Office
from tests.files.workbooks import Sheet, Value, Xml, book, error, formula, number, row

RESULTS = "/onboarding/account-results"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIELDS = ("citizen_id", "holder", "bank_code", "account_number", "account_name", "result", "opened_on", "reason")
OPENED: Mapping[str, Value] = {
    "citizen_id": "001040999999", "holder": "OWN", "bank_code": "VBA", "account_number": "0220020500013",
    "account_name": "PHAN VAN SINH", "result": "OPENED", "opened_on": "2023-11-01",
}  # fmt: skip
UNKNOWN, REFUSED = "unknown-person", "refused"


def sheet(*rows: Mapping[str, Value], headings: Sequence[str] = FIELDS, first: int = 1) -> bytes:
    lines = [row(at, [one.get(name) for name in FIELDS]) for at, one in enumerate(rows, first + 1)]
    return book(Sheet(row(first, headings) + "".join(lines)))


def lines(*rows: Mapping[str, Any], separator: str = ",") -> str:
    table = [FIELDS, *([str(one.get(name) or "") for name in FIELDS] for one in rows)]
    return "\n".join(separator.join(cells) for cells in table) + "\n"


async def send(office: Office, content: bytes, media_type: str) -> Any:
    return await office.ask("POST", RESULTS, "", "bank", content=content, headers={"Content-Type": media_type})


def outcomes(response: Any) -> list[str]:
    assert response.status_code == 200, response.text
    results = response.json()["results"]
    assert all(one["message"] for one in results)
    return [one["outcome"] for one in results]


# The person is nobody's, so that a row that can be read is told from one that can't: unknown-person, refused.
@pytest.mark.parametrize(
    ("cell", "outcome", "words"),
    [
        ({}, UNKNOWN, ""),
        ({"citizen_id": 1040999999}, UNKNOWN, ""),
        ({"citizen_id": "'001.040.999\xa0999"}, UNKNOWN, ""),
        ({"citizen_id": "1.05E+09"}, REFUSED, "citizen_id"),
        ({"citizen_id": "001040"}, REFUSED, "citizen_id"),
        ({"citizen_id": None}, REFUSED, "beneficiary_id"),
        ({"citizen_id": error("#N/A")}, REFUSED, "citizen_id là ô lỗi"),
        ({"account_number": 220020500013}, REFUSED, "account_number phải là chữ"),
        ({"account_number": "2.2E+12"}, REFUSED, "account_number"),
        ({"account_number": "220020500013.0"}, REFUSED, "account_number"),
        ({"account_number": " 0220.0205 00013\u200b"}, UNKNOWN, ""),
        ({"account_number": "022-002"}, REFUSED, "account_number"),
        ({"account_number": formula(None)}, REFUSED, "công thức chưa có giá trị"),
        ({"account_number": formula("0220020500013", "str")}, UNKNOWN, ""),
        ({"account_name": "PHAN\x7fVAN SINH"}, UNKNOWN, ""),
        ({"account_name": "P" * 501}, REFUSED, "account_name dài quá 500"),
        ({"account_name": error("#REF!")}, REFUSED, "#REF!"),
        ({"opened_on": "01/11/2023"}, UNKNOWN, ""),
        ({"opened_on": date(2023, 11, 1)}, UNKNOWN, ""),
        ({"opened_on": number("45231.99", 1)}, UNKNOWN, ""),
        ({"opened_on": "2023-11-01T23:30:00Z"}, UNKNOWN, ""),
        ({"opened_on": "2023-11-02T17:30:00Z"}, REFUSED, "chưa đến"),
        ({"opened_on": "31/11/2023"}, REFUSED, "opened_on"),
        ({"opened_on": 45231}, REFUSED, "opened_on"),
        ({"opened_on": "03/11/2023"}, REFUSED, "chưa đến"),
        ({"result": "opened"}, REFUSED, "OPENED"),
        ({"holder": "CHÍNH CHỦ"}, REFUSED, "OWN"),
        ({"result": "REFUSED", "reason": "x" * 2_000}, UNKNOWN, ""),
        ({"result": "REFUSED", "reason": error("#N/A")}, UNKNOWN, ""),
        ({"result": None}, REFUSED, "result"),
    ],
)
async def test_a_row_of_a_workbook(office: Office, cell: Mapping[str, Value], outcome: str, words: str) -> None:
    response = await send(office, sheet({**OPENED, **cell}, OPENED), XLSX)
    assert outcomes(response) == [outcome, UNKNOWN]
    assert words in clean(response.json()["results"][0]["message"])


@pytest.mark.parametrize(
    "content",
    [
        lines(OPENED, OPENED).encode(),
        lines(OPENED, OPENED, separator=";").encode("utf-8-sig"),
        lines(OPENED, OPENED, separator="\t").encode("utf-16"),
        f"sep=;\n{lines(OPENED, OPENED, separator=';')}".encode(),
        lines(OPENED, OPENED).replace("SINH", "\x01SINH").encode(),
    ],
)
async def test_csv(office: Office, content: bytes) -> None:
    assert outcomes(await send(office, content, "text/csv")) == [UNKNOWN, UNKNOWN]


async def test_a_total_row_is_refused_and_the_rest_counts(office: Office) -> None:
    total = {"citizen_id": "Tổng cộng: 2"}
    assert outcomes(await send(office, sheet(OPENED, total, OPENED), XLSX)) == [UNKNOWN, REFUSED, UNKNOWN]


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, UNKNOWN),
        ({"citizen_id": 1040999999}, UNKNOWN),
        ({"citizen_id": 1040999999.5}, REFUSED),
        ({"citizen_id": True}, REFUSED),
        ({"account_number": 220}, REFUSED),
        ({"account_name": "PHAN\u0000VAN\nSINH"}, UNKNOWN),
        ({"reason": ["x"]}, UNKNOWN),
        ({"opened_on": 20231101}, REFUSED),
        ({"opened_on": "9999-99-99"}, REFUSED),
        ({"holder": {"a": 1}}, REFUSED),
        ({"unknown": "x"}, UNKNOWN),
    ],
)
async def test_a_row_of_json(office: Office, change: Mapping[str, Any], outcome: str) -> None:
    body = json.dumps([dict(OPENED) | dict(change), OPENED]).encode()
    for content in (body, b"\xef\xbb\xbf" + body):
        assert outcomes(await send(office, content, "application/json")) == [outcome, UNKNOWN]


@pytest.mark.parametrize("one", ["x", None, 5, [], True])
async def test_what_is_no_row_is_refused_alone(office: Office, one: Any) -> None:
    response = await send(office, json.dumps([one, OPENED]).encode(), "application/json")
    assert outcomes(response) == [REFUSED, UNKNOWN]


async def test_half_a_character_is_no_500(office: Office) -> None:
    body = json.dumps([OPENED]).replace("VBA", "\\ud83d").encode()
    assert outcomes(await send(office, body, "application/json")) == [UNKNOWN]


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{}", "application/json", 422),
        (b"[{}", "application/json", 422),
        (b'[{"result": "OPENED", "result": "CLOSED"}]', "application/json", 422),
        (b'[{"result": NaN}]', "application/json", 422),
        (b'[{"result": Infinity}]', "application/json", 422),
        (b"", "application/json", 422),
        (b"[" + b" " * 21 * 1024 * 1024 + b"]", "application/json", 413),
        (b"[]", "text/plain", 415),
        (b"<a/>", "application/xml", 415),
        (lines(OPENED).encode()[:-15], "text/csv", 422),
        (lines(OPENED).encode() + b"001040999999,OWN\n" + lines(OPENED).encode(), "text/csv", 422),
        (lines(OPENED).replace("account_number", "number").encode(), "text/csv", 422),
        (b"\xff\xfea", "text/csv", 422),
        (sheet(OPENED)[:-20], XLSX, 422),
        (sheet(OPENED, headings=[*FIELDS[:-1], "holder"]), XLSX, 422),
        (book(Sheet(row(1, ["Kết quả"]) + row(2, FIELDS))), XLSX, 422),
        (book(Sheet(row(1, FIELDS) + row(1_048_576, [Xml("", "<v>1</v>")]))), XLSX, 413),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-excel", 422),
    ],
)
async def test_refused_whole(office: Office, content: bytes, media_type: str, status: int) -> None:
    response = await send(office, content, media_type)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]


@pytest.mark.parametrize("content", [b"[]", sheet(), lines().encode()])
async def test_no_rows_are_no_results(office: Office, content: bytes) -> None:
    files = {"file": ("results", content)}
    assert outcomes(await office.ask("POST", RESULTS, "", "bank", files=files)) == []

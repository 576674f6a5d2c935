"""Calls as programs really send them: forms, names of files, JSON, media types, sizes."""

from typing import Any

import httpx
import pytest

from tests.files.lists import COMMUNE, PERIOD, SINH, workbook
from tests.files.office import Office

LISTS = "/registry/change-lists"
GOOD = workbook(SINH)
FORM = {"commune": COMMUNE, "period": PERIOD}
NO_CHANGE = b'{"commune": "10114", "period": "2023-11", "no_change": true}'


def form(disposition: bytes, content: bytes = GOOD, end: bytes = b"\r\n--X--\r\n") -> dict[str, Any]:
    """A form written by hand, with this heading of its file."""
    fields = b"".join(
        f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in FORM.items()
    )
    body = fields + b"--X\r\nContent-Disposition: form-data; " + disposition + b"\r\n\r\n" + content + end
    return {"content": body, "headers": {"Content-Type": "multipart/form-data; boundary=X"}}


def raw(content: bytes, media_type: str | None = "application/json") -> dict[str, Any]:
    return {"content": content, "headers": {} if media_type is None else {"Content-Type": media_type}}


def slug(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["title"]
    assert problem["status"] == response.status_code
    return str(problem["type"].removeprefix("/problems/"))


@pytest.mark.parametrize(
    "disposition",
    [
        b'name="file"; filename="list.xlsx"',
        b'name="file"; filename=""',
        b'name="file"',
        b"name=\"file\"; filename*=UTF-8''danh%20s%C3%A1ch.xlsx",
        b'name="file"; filename="a.xlsx"; filename*=UTF-8\'\'b.xlsx',
        'name="file"; filename="danh sách “tháng 11”.xlsx"'.encode(),
        b'name="file"; filename="a\\"b;c.xlsx"',
        b'name="file"; filename="../../etc/passwd"',
        b'name="file"; filename="C:\\\\Users\\\\a.xlsx"',
        b'name="file"; filename="\xff\xfe\x00.xlsx"',
        b'name="file"; filename="' + b"a" * 2_000 + b'.xlsx"',
        b'name="file"; filename="a.xlsx"\r\nContent-Type: application/json',
        b'name="file"; filename="a.xlsx"\r\nContent-Type: \xff/\xff; charset=\xff',
    ],
)
async def test_a_file_is_taken_however_it_is_named(office: Office, disposition: bytes) -> None:
    response = await office.ask("POST", LISTS, **form(disposition))
    assert response.status_code == 201, response.text
    assert response.json()["errors"] == []


@pytest.mark.parametrize(
    ("more", "status", "expected"),
    [
        ({"data": FORM, "files": {"other": ("a", GOOD)}}, 422, "input-wrong"),
        ({"data": FORM, "files": [("file", ("a", GOOD)), ("file", ("b", GOOD))]}, 422, "input-wrong"),
        ({"files": {"file": ("a", GOOD)}}, 422, "input-wrong"),
        ({"data": {"commune": COMMUNE}, "files": {"file": ("a", GOOD)}}, 422, "input-wrong"),
        ({"data": {"period": PERIOD}, "files": {"file": ("a", GOOD)}}, 422, "no-such-commune"),
        *[
            ({"data": FORM | {"period": period}, "files": {"file": ("a", GOOD)}}, 422, "input-wrong")
            for period in ("2023-13", "11/2023", "2023-1", "2023-11-01", "2023-11\n", "２０２３-11", "x" * 10_000)
        ],
        *[
            ({"data": FORM | {"commune": commune}, "files": {"file": ("a", GOOD)}}, 422, "no-such-commune")
            for commune in ("278", "01", "Kim Bài", "10114 ", "\x00", "0" * 10_000)
        ],
        ({"data": FORM | {"commune": "10126"}, "files": {"file": ("a", GOOD)}}, 403, "not-allowed"),
        *[
            ({"data": FORM | {"period": period}, "files": {"file": ("a", GOOD)}}, 422, "period-out-of-reach")
            for period in ("2026-01", "0001-01", "9999-12")
        ],
        (form(b'filename="a.xlsx"'), 422, "input-wrong"),
        (form(b'name="file"; filename="a.xlsx"', end=b""), 422, "input-wrong"),
        (form(b'name="file"; filename="a.xlsx"', b"", b""), 422, "input-wrong"),
        (raw(b"--X\r\n\r\n", "multipart/form-data"), 422, "input-wrong"),
        (raw(b"", "multipart/form-data; boundary=X"), 422, "input-wrong"),
        ({"data": FORM}, 415, "media-type"),
        (raw(GOOD, "application/octet-stream"), 415, "media-type"),
        (raw(b"<a/>", "application/xml"), 415, "media-type"),
        (raw(NO_CHANGE, "text/plain"), 415, "media-type"),
        (raw(NO_CHANGE.replace(b"true", b'"true"')), 422, "input-wrong"),
        (raw(NO_CHANGE.replace(b"true", b"1")), 422, "input-wrong"),
        (raw(NO_CHANGE.replace(b'"no_change": true', b'"no_change": true, "period": "2023-12"')), 422, "input-wrong"),
        (raw(NO_CHANGE.replace(b"true", b"NaN")), 422, "input-wrong"),
        (raw(NO_CHANGE.replace(b"true", b"1e999")), 422, "input-wrong"),
        (raw(NO_CHANGE.replace(b"true", b"9" * 5_000)), 422, "input-wrong"),
        (raw(NO_CHANGE.replace(b'"10114"', b'["10114"]')), 422, "no-such-commune"),
        (raw(NO_CHANGE.replace(b'"10114"', b'"\\ud800"')), 422, "no-such-commune"),
        (raw(NO_CHANGE[:-1]), 422, "input-wrong"),
        (raw(b"[" + NO_CHANGE + b"]"), 422, "input-wrong"),
        (raw(b"[" * 100_000), 422, "input-wrong"),
        (raw(b"null"), 422, "input-wrong"),
        (raw(b""), 422, "input-wrong"),
        (raw(NO_CHANGE.decode().encode("utf-16")), 422, "input-wrong"),
        (raw(NO_CHANGE.replace(b"10114", b"\xff")), 422, "input-wrong"),
        (raw(NO_CHANGE + b" " * 21 * 1024 * 1024), 413, "too-large"),
        (raw(NO_CHANGE + b" " * 41 * 1024 * 1024), 413, "too-large"),
        ({"data": FORM, "files": {"file": ("a", b"x" * 21 * 1024 * 1024)}}, 413, "too-large"),
        ({"data": FORM, "files": {"file": ("a", b"x" * 41 * 1024 * 1024)}}, 413, "too-large"),
    ],
)
async def test_a_call_that_says_it_wrongly(office: Office, more: dict[str, Any], status: int, expected: str) -> None:
    response = await office.ask("POST", LISTS, **more)
    assert (response.status_code, slug(response)) == (status, expected), response.text


@pytest.mark.parametrize("body", [NO_CHANGE, b"\xef\xbb\xbf" + NO_CHANGE])
async def test_no_change_is_a_list_without_rows(office: Office, body: bytes) -> None:
    response = await office.ask("POST", LISTS, **raw(body, "application/json; charset=utf-8"))
    assert response.status_code == 201
    assert response.json()["rows"] == []


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"files": {"file": ("a.xlsx", GOOD)}}, 200),
        (raw(GOOD, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), 200),
        (raw(GOOD, "text/csv"), 200),
        (raw(GOOD), 415),
        (raw(b"PK", "text/csv"), 422),
        (raw(b"", "text/csv"), 422),
        ({}, 415),
    ],
)
async def test_another_file_in_the_place_of_a_list(office: Office, more: dict[str, Any], status: int) -> None:
    taken = await office.take(workbook({**SINH, "Giới tính": "x"}))
    response = await office.ask("PUT", f"{LISTS}/{taken.list_id}/file", **more)
    assert response.status_code == status, response.text
    now = await office.look_at(taken.list_id)
    assert now.errors == ([] if status == 200 else taken.errors)


@pytest.mark.parametrize(
    ("number", "body", "status", "errors"),
    [
        ("2", '{"Giới tính": "Nam"}', 200, []),
        ("2", '{"Giới tính": "NAM\u200b ", "Mức hưởng": 440000.0, "Số định danh": 1040146715}', 200, []),
        ("2", '{"Giới tính": null}', 200, [(2, "Giới tính", "cell-missing")]),
        ("2", '{"Giới tính": "Nam", "Họ và tên": "\\ud800"}', 200, [(2, "Họ và tên", "name-characters")]),
        ("2", '{"Giới tính": "Nam", "Địa chỉ": "a\\u0000b"}', 200, [(2, "Địa chỉ", "control-character")]),
        ("2", '{"Giới tính": "#N/A"}', 200, [(2, "Giới tính", "cell-error")]),
        ("2", '{"Giới tính": "Nam", "Giới tính": "Nữ"}', 422, None),
        ("2", '{"Mức hưởng": 1e999}', 422, None),
        ("2", '{"Mức hưởng": 99999999999999999999}', 422, None),
        ("2", '{"Mức hưởng": true}', 422, None),
        ("2", '{"Mức hưởng": [440000]}', 422, None),
        ("2", '{"Cột lạ": "x"}', 422, None),
        ("2", "[]", 422, None),
        ("3", '{"Giới tính": "Nam"}', 404, None),
        ("99999999999999999999", '{"Giới tính": "Nam"}', 404, None),
        ("hai", '{"Giới tính": "Nam"}', 422, None),
    ],
)
async def test_mending_a_row(office: Office, number: str, body: str, status: int, errors: list[Any] | None) -> None:
    taken = await office.take(workbook({**SINH, "Giới tính": "x"}))
    response = await office.ask("PATCH", f"{LISTS}/{taken.list_id}/rows/{number}", **raw(body.encode()))
    assert response.status_code == status, response.text
    now = await office.look_at(taken.list_id)
    assert now.errors == (taken.errors if errors is None else errors)


@pytest.mark.parametrize("reason", [b'"\\u0000"', b'"\\ud800"', b"5", b'""', b'"' + b"a" * 100_000 + b'"', b"null"])
async def test_a_strange_reason_is_taken_or_refused(office: Office, reason: bytes) -> None:
    taken = await office.take(GOOD)
    await office.ask("POST", f"{LISTS}/{taken.list_id}/submit")
    response = await office.ask(
        "POST",
        f"{LISTS}/{taken.list_id}/return",
        "",
        "district-officer",
        **raw(b'{"reason": ' + reason + b"}"),
    )
    assert response.status_code in (200, 422), response.text


@pytest.mark.parametrize("list_id", ["x", "%00", "%FF", "a" * 5_000, "..%2f..", "'; drop table change_lists; --"])
async def test_an_id_of_no_list(office: Office, list_id: str) -> None:
    response = await office.ask("GET", f"{LISTS}/{list_id}")
    assert response.status_code in (404, 422)

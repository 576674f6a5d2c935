"""Accounts as pages: dossiers by commune, the bank's results, the share, a person's tab; against the API."""

import re
from collections import Counter
from html import unescape
from typing import Any

import httpx
import pytest

from services.kernel.names import sort_key
from services.kernel.tables.read import read_table
from services.kernel.web.pages.session import LANGUAGE_COOKIE
from tests.pages.conftest import MARK, Office, press, text_of

HOME, OTHER = "10114", "10132"
PERSON = r'href="/tai-khoan/doi-tuong/([0-9a-f]{32})\?'
HEADINGS = "beneficiary_id,citizen_id,holder,bank_code,account_number,account_name,result,opened_on,reason"
ROLES = {
    "/tai-khoan": {"district-officer", "commune-officer", "bank", "auditor"},
    "/tai-khoan/ho-so.xlsx": {"district-officer", "commune-officer", "bank", "auditor"},
    "/tai-khoan/ket-qua": {"district-officer", "district-approver", "bank", "auditor"},
    "/tai-khoan/ty-le": {"district-officer", "district-approver", "outreach", "auditor"},
}
PAST = ("CLOSED", "REFUSED")
EVERY = (
    *("district-officer", "district-approver", "commune-officer", "police", "finance"),
    *("treasury", "outreach", "bank", "auditor", "admin"),
)


def _browser(office: Office, role: str) -> httpx.AsyncClient:
    return office.browser(role, HOME if role == "commune-officer" else None)


async def _all(office: Office, what: str, **query: str) -> list[dict[str, Any]]:
    role = "auditor" if what == "accounts" else "district-officer"
    return [one async for one in office.client.items(f"/onboarding/{what}", role, **query)]


async def _looks(office: Office) -> list[dict[str, Any]]:
    return [one async for one in office.client.items("/onboarding/looks", "auditor")]


def _cells(page: httpx.Response, name: str) -> list[str]:
    """The figures of the table's row of that name."""
    row = next(row for row in re.findall(r"(?s)<tr>.*?</tr>", page.text) if f">{name}<" in row)
    return re.findall(r'<td class="num"[^>]*>([^<]*)</td>', row)


@pytest.mark.parametrize("address", ROLES)
async def test_a_page_is_for_whom_the_call_is_for(office: Office, address: str) -> None:
    answers = {role: (await _browser(office, role).get(address)).status_code for role in EVERY}
    assert answers == {role: 200 if role in ROLES[address] else 403 for role in EVERY}


async def test_the_office_sees_how_far_each_commune_is_and_that_it_adds_up(office: Office) -> None:
    page = await office.browser("district-officer").get("/tai-khoan")
    waiting = await _all(office, "applications")
    by_commune = Counter(one["commune"] for one in waiting)
    assert len(re.findall(r'href="/tai-khoan\?commune=', page.text)) == 21
    assert not re.search(PERSON, page.text)
    code = by_commune.most_common(1)[0][0]
    address, name = re.findall(rf'href="(/tai-khoan\?commune={code}[^"]*)">([^<]+)<', page.text)[0]
    row = _cells(page, name)
    lacking = [one for one in waiting if one["commune"] == code]
    whole = sum(not one["lacks"] for one in lacking)
    assert row[3:6] == [str(len(lacking)), str(whole), str(len(lacking) - whole)]
    assert row[6] == str(sum("citizen-id" in one["lacks"] for one in lacking))
    assert _cells(page, "Cộng")[3] == str(len(waiting))
    assert (await office.browser("district-officer").get(unescape(address))).status_code == 200


async def test_a_commune_lists_whose_account_is_to_be_opened_in_the_order_of_names(office: Office) -> None:
    waiting = await _all(office, "applications")
    code = Counter(one["commune"] for one in waiting).most_common(1)[0][0]
    expected = sorted((one for one in waiting if one["commune"] == code), key=lambda one: sort_key(one["name"]))
    before = len(await _looks(office))
    page = await office.browser("commune-officer", code).get("/tai-khoan")
    assert re.findall(PERSON, page.text) == [one["beneficiary_id"] for one in expected]
    assert f"Chờ mở {len(expected)}" in text_of(page)
    (look,) = (await _looks(office))[before:]
    assert (look["what"], look["route"], look["area"], look["count"]) == ("list", "/tai-khoan", code, len(expected))


async def test_accounts_by_status_are_those_of_the_call_with_numbers_only_for_those_who_pay(office: Office) -> None:
    expected = await _all(office, "accounts", commune=HOME, status="OPEN")
    query = {"commune": HOME, "status": "OPEN"}
    seen = await office.browser("district-officer").get("/tai-khoan", params=query)
    own = await office.browser("commune-officer", HOME).get("/tai-khoan", params=query)
    for page in (seen, own):
        assert sorted(re.findall(PERSON, page.text)) == sorted(one["beneficiary_id"] for one in expected)
        assert f"Đang dùng {len(expected)}" in text_of(page)
    number = expected[0]["account_number"]
    assert number in seen.text
    assert number not in own.text
    assert "không thuộc phần việc" in text_of(own)


async def test_a_foreign_commune_is_refused_and_one_that_never_was_is_said_so(office: Office) -> None:
    browser = office.browser("commune-officer", HOME)
    foreign = (await _all(office, "accounts", commune=OTHER))[0]
    for query in ({"commune": OTHER}, {"commune": OTHER, "status": "OPEN"}):
        answer = await browser.get("/tai-khoan", params=query)
        assert answer.status_code == 403
        assert foreign["name"] not in answer.text
    assert (await browser.get("/tai-khoan/ho-so.xlsx", params={"commune": OTHER})).status_code == 403
    assert (await browser.get(f"/tai-khoan/doi-tuong/{foreign['beneficiary_id']}")).status_code == 404
    office_page = await office.browser("district-officer").get("/tai-khoan", params={"commune": "99999"})
    assert office_page.status_code == 422
    assert "Không có xã, thị trấn mã 99999" in text_of(office_page)
    assert (await browser.get("/tai-khoan", params={"status": "ANY"})).status_code == 404


async def test_the_workbook_has_the_dossiers_and_is_on_record(office: Office) -> None:
    before = len(await _looks(office))
    answer = await office.browser("bank").get("/tai-khoan/ho-so.xlsx")
    rows = read_table(answer.content, ["Mã đối tượng", "Hồ sơ còn thiếu"]).rows
    waiting = await _all(office, "applications")
    assert {row.cells["Mã đối tượng"] for row in rows} == {one["beneficiary_id"] for one in waiting}
    assert answer.headers["cache-control"] == "no-store"
    assert (await _looks(office))[before]["what"] == "export"


async def test_a_person_has_a_tab_and_the_same_section_alone_for_htmx(office: Office) -> None:
    one = (await _all(office, "accounts", status="OPEN", commune=HOME))[0]
    address = f"/tai-khoan/doi-tuong/{one['beneficiary_id']}"
    browser = office.browser("district-officer")
    before = len(await _looks(office))
    page, alone = await browser.get(address), await browser.get(address, headers={"HX-Request": "true"})
    assert f"<title>{one['name']} – An Sinh</title>" in page.text
    assert 'aria-current="page">Tài khoản' in page.text
    assert "<html" not in alone.text
    assert "HX-Request" in alone.headers["vary"]
    for answer in (page, alone):
        assert one["account_number"] in answer.text
        assert "Đang dùng" in text_of(answer)
    looked = (await _looks(office))[before:]
    assert [(look["what"], look["subjects"]) for look in looked] == [("person", [one["beneficiary_id"]])] * 2
    commune = await office.browser("commune-officer", HOME).get(address)
    assert one["account_number"] not in commune.text
    assert "Hồ sơ" not in text_of(await office.browser("bank").get(address)).split("Nguyện vọng")[0]
    assert (await browser.get("/tai-khoan/doi-tuong/nobody")).status_code == 404
    assert (await office.browser("finance").get(address)).status_code == 403


async def test_who_wants_an_account_and_has_none_is_told_what_lacks(office: Office) -> None:
    one = next(one for one in await _all(office, "applications") if "phone" in one["lacks"])
    words = text_of(await office.browser("district-officer").get(f"/tai-khoan/doi-tuong/{one['beneficiary_id']}"))
    assert "Chờ mở Thiếu: " in words
    assert "điện thoại" in words


async def _hand_in(office: Office, content: bytes, key: str, name: str = "ket-qua.csv") -> httpx.Response:
    fields = {"csrf": MARK, "key": key}
    return await office.browser("bank").post("/tai-khoan/ket-qua", data=fields, files={"file": (name, content)})


async def test_the_bank_sees_what_became_of_each_row_and_a_second_press_changes_nothing(office: Office) -> None:
    old = next(one for one in await _all(office, "accounts", status="OPEN") if one["holder"] == "OWN")
    wants = next(one for one in await _all(office, "applications") if not one["payee_name"])
    rows = [
        HEADINGS,
        f"{old['beneficiary_id']},,OWN,{old['bank_code']},{old['account_number']},{old['account_name']},OPENED,"
        f"{old['opened_on']},",
        ",001040999999,OWN,VBA,0220020500013,AI DO,OPENED,2023-11-01,",
        f"{wants['beneficiary_id']},,OWN,,,,REFUSED,,Chua du giay to",
        f"{wants['beneficiary_id']},,OWN,VBA,1,AI DO,opened,2023-11-01,",
        ",001040999998,OWN,VBA,0220020500014,AI DO,OPENED,2023-11-01,",
    ]
    content = "\n".join(rows).encode()
    first, second = await _hand_in(office, content, "results-1"), await _hand_in(office, content, "results-1")
    assert (first.status_code, first.headers["location"]) == (303, "/tai-khoan/ket-qua/results-1")
    assert second.headers["location"] == first.headers["location"]
    bank = office.browser("bank")
    page = await bank.get(first.headers["location"])
    words = text_of(page)
    assert "Đã đọc 5 dòng" in words
    assert "3 dòng chưa nhận, 2 dòng đã nhận" in words
    assert "Tất cả 5 Đã nhận 1 Đã nhận trước đó 1 Không có đối tượng này 2 Không đọc được 1" in words
    assert "result phải là một trong: OPENED, REFUSED, CLOSED." in words
    only = await bank.get(first.headers["location"], params={"outcome": "refused"})
    assert "001040999999" not in only.text
    refused = await _all(office, "accounts", status="REFUSED", commune=wants["commune"])
    assert "Chua du giay to" in [one["reason"] for one in refused if one["beneficiary_id"] == wants["beneficiary_id"]]
    other = await _hand_in(office, content + b"\n", "results-1")
    assert other.status_code == 422
    another = office.browser("bank", name="another clerk")
    assert (await another.get(first.headers["location"])).status_code == 404
    assert (await office.browser("district-officer").get(first.headers["location"])).status_code == 403


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "Chưa chọn tệp"), (b"name\nsomebody\n", "account_number"), (b'{"a": 1}', "một mảng JSON")],
)
async def test_a_file_that_cannot_be_read_is_named_and_nothing_is_kept(
    office: Office, content: bytes, words: str
) -> None:
    page = await _hand_in(office, content, "", "sai.csv")
    assert page.status_code == 422
    assert words in text_of(page)
    assert "Chưa dòng nào được ghi." in text_of(page)
    assert 'role="alert"' in page.text


async def test_the_office_confirms_an_account_with_a_reason_once(office: Office) -> None:
    officer = office.browser("district-officer")
    held = [one for status in ("NAME_DIFFERS", "BLOCKED") for one in await _all(office, "accounts", status=status)]
    page = await officer.get("/tai-khoan/ket-qua")
    assert sorted(re.findall(PERSON, page.text)) == sorted(one["beneficiary_id"] for one in held)
    one = held[0]
    address = f"/tai-khoan/xac-nhan/{one['account_id']}"
    assert f'action="{address}"' in page.text
    assert "/tai-khoan/xac-nhan/" not in (await office.browser("auditor").get("/tai-khoan/ket-qua")).text
    assert (await press(office.browser("district-approver"), address, {"reason": "x"})).status_code == 403
    empty = await press(officer, address, {"reason": " "})
    assert empty.status_code == 422
    assert "Ghi lý do" in text_of(empty)
    too_long = await press(officer, address, {"reason": "Xã xác nhận. " * 50})
    assert too_long.status_code == 422
    assert ("Xã xác nhận. " * 50).strip() in too_long.text
    fields = {"reason": "Đã xem thẻ căn cước", "key": "confirm-1"}
    for _ in range(2):
        done = await press(officer, address, fields)
        assert (done.status_code, done.headers["location"]) == (303, "/tai-khoan/ket-qua?da=confirmed")
    after = await officer.get(done.headers["location"])
    assert "Đã xác nhận." in text_of(after)
    assert one["account_id"] not in after.text
    assert one["account_id"] in {each["account_id"] for each in await _all(office, "accounts", status="OPEN")}
    again = await press(officer, address, {"reason": "Lần nữa"})
    assert again.status_code == 409
    assert "không có gì cần xác nhận" in text_of(again)
    assert (await press(officer, "/tai-khoan/xac-nhan/none", {"reason": "x"})).status_code == 404


async def test_an_account_that_serves_five_people_is_pointed_out_and_one_for_four_is_not(office: Office) -> None:
    people = sorted({one["beneficiary_id"] for one in await _all(office, "accounts", status="OPEN")})[:5]
    rows = [HEADINGS, *(f"{one},,OWN,VBA,9900000000001,NGUOI KHAC,OPENED,2024-01-02," for one in people)]
    officer = office.browser("district-officer")
    for number, mark in ((4, False), (5, True)):
        assert (await _hand_in(office, "\n".join(rows[: number + 1]).encode(), "")).status_code == 303
        for page in ("/tai-khoan/ket-qua", f"/tai-khoan/doi-tuong/{people[0]}"):
            words = text_of(await officer.get(page))
            assert "9900000000001" in words
            assert ("Dùng chung cho 5 người" in words) is mark
    first = (await _hand_in(office, rows[0].encode(), "nobody")).headers["location"]
    assert "không có dòng nào" in text_of(await office.browser("bank").get(first))


async def test_outreach_sees_shares_and_nobody_by_name(office: Office) -> None:
    browser = office.browser("outreach")
    page = await browser.get("/tai-khoan/ty-le")
    open_now = {one["beneficiary_id"] for one in await _all(office, "accounts") if one["status"] not in PAST}
    people, _, opened = (int(figure) for figure in _cells(page, "Cộng")[:3])
    assert opened <= len(open_now)
    assert f"{opened} trên {people} người trong sổ có tài khoản, {opened * 100 // people} %" in text_of(page)
    assert page.text.count('<td class="plot"><svg') == 22
    assert "doi-tuong" not in page.text
    lowest = await browser.get("/tai-khoan/ty-le", params={"sort": "share"})
    shares = [int(one) for one in re.findall(r">(\d+) %</td>", lowest.text)][:-1]
    assert shares == sorted(shares)
    assert len(shares) == 21


async def test_every_page_speaks_english(office: Office) -> None:
    browser = office.browser("bank", name="an English clerk")
    browser.cookies.set(LANGUAGE_COOKIE, "en")
    assert "wait for an account" in text_of(await browser.get("/tai-khoan"))
    assert "Upload and take in" in text_of(await browser.get("/tai-khoan/ket-qua"))
    assert "To be opened" in text_of(await browser.get("/tai-khoan", params={"commune": HOME}))

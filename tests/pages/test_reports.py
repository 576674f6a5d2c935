"""The forms as pages: figures as the API has them, cells opened, submitting once, differences, and who sees what."""

import re
from typing import Any

import pytest

from services.kernel.web.pages.session import TOKEN_COOKIE
from services.kernel.web.pages.shown import number
from tests.pages.conftest import Office, press, text_of

HOME, OTHER, DISTRICT = "10114", "10132", "278"
BANK = "bank"


def _cells(page: str) -> list[str]:
    """The figures of the sheet, row by row, without the letters of differences."""
    sheet = re.search(r'(?s)<table class="form.*?</table>', page)[0]
    found = re.findall(r'(?s)<td class="num[^"]*">(.*?)</td>', sheet)
    return [re.sub(r"<sup>.*?</sup>|<[^>]+>", "", one) for one in found]


def _printed(rows: dict[str, dict[str, int]], columns: list[str]) -> list[str]:
    return [f"{of[column]:,}".replace(",", ".") if column in of else "" for of in rows.values() for column in columns]


@pytest.mark.parametrize(
    ("number", "columns"), [("1", ["4", "5", "6", "7", "8", "9", "10"]), ("2", ["3", "4", "5", "6", "7", "8"])]
)
@pytest.mark.parametrize("area", [HOME, DISTRICT])
async def test_a_form_shows_every_figure_as_printed(office: Office, number: str, columns: list[str], area: str) -> None:
    asked = {"period": "2023-11", "area": area}
    page = await office.browser("district-officer").get(f"/bao-cao/bieu-{number}", params=asked)
    told = await office.client.get(f"/reporting/forms/form-{number}", "auditor", **asked)
    assert _cells(page.text) == _printed(told["rows"], columns)
    assert "Tạm tính, số liệu đến" in text_of(page)
    sheet = re.search(r'(?s)<article class="paper".*?</article>', page.text)[0]
    assert "Tạm tính" not in sheet
    assert "Kỳ báo cáo: Tháng 11 năm 2023" in sheet


@pytest.mark.parametrize(("row", "column", "money"), [("I", "5", False), ("III.2", "4", True)])
async def test_a_cell_opens_into_what_the_api_explains(office: Office, row: str, column: str, money: bool) -> None:
    asked = {"row": row, "column": column, "period": "2023-12", "area": DISTRICT}
    told = await office.client.get("/reporting/forms/form-1/explain", "auditor", **asked, limit=1000)
    browser = office.browser("auditor")
    page = await browser.get("/bao-cao/bieu-1/o", params=asked)
    seen = []
    while True:
        seen += re.findall(r'href="/doi-tuong/([0-9a-f]{32})\?', page.text)
        following = re.search(r'href="(/bao-cao/bieu-1/o\?[^"]*cursor=[^"]*)"', page.text)
        if not following:
            break
        page = await browser.get(following[1].replace("&amp;", "&"))
    assert seen == [one["beneficiary_id"] for one in told["items"]]
    if money:
        assert f"cộng {number(told['dong'])} đồng" in text_of(page)
    looks = await office.client.get("/reporting/looks", "auditor", subject=seen[0], person="auditor")
    assert "/bao-cao/bieu-{form_number}/o" in {one["route"] for one in looks["items"]}


async def test_a_cell_without_meaning_or_a_wrong_day_says_so(office: Office) -> None:
    browser = office.browser("district-officer")
    none = await browser.get("/bao-cao/bieu-1/o", params={"row": "I.1", "column": "7", "period": "2023-12"})
    assert (none.status_code, "Ô này không có số liệu" in none.text) == (422, True)
    wrong = await browser.get("/bao-cao/bieu-1", params={"period": "2023-12", "as_of": "hôm qua"})
    assert (wrong.status_code, "Ngày phải ghi dạng" in wrong.text, 'value="hôm qua"' in wrong.text) == (422, True, True)
    early = await browser.get("/bao-cao/bieu-1", params={"period": "2023-12", "as_of": "4/12/2020"})
    assert set(_cells(early.text)) == {"0", ""}
    assert (await browser.get("/bao-cao/bieu-3")).status_code == 404
    assert (await browser.get("/bao-cao/bieu-1", params={"area": "99999"})).status_code == 422


@pytest.mark.parametrize("suffix", ["xlsx", "pdf"])
async def test_the_form_to_sign_is_a_file_for_those_who_see_the_form(office: Office, suffix: str) -> None:
    asked = {"period": "2023-11", "area": HOME}
    answer = await office.browser("commune-officer", HOME).get(f"/bao-cao/bieu-1.{suffix}", params=asked)
    assert answer.status_code == 200
    assert answer.content[:4] in (b"PK\x03\x04", b"%PDF")
    assert f"form-1-{HOME}-2023-11.{suffix}" in answer.headers["content-disposition"]
    foreign = await office.browser("commune-officer", OTHER).get(f"/bao-cao/bieu-1.{suffix}", params=asked)
    assert foreign.status_code == 403


async def test_a_commune_has_its_own_form_and_the_districts_as_printed_only(office: Office) -> None:
    browser = office.browser("commune-officer", HOME)
    own = await browser.get("/bao-cao/bieu-1", params={"period": "2023-11"})
    assert "UBND THỊ TRẤN KIM BÀI" in own.text
    assert "/bao-cao/bieu-1/o?" in own.text
    assert "Nộp biểu 1…" in text_of(own)
    district = await browser.get("/bao-cao/bieu-1", params={"period": "2023-11", "area": DISTRICT})
    assert district.status_code == 200
    assert "/bao-cao/bieu-1/o?" not in district.text
    assert "Nộp biểu 1…" not in text_of(district)
    cell = {"row": "I", "column": "5", "period": "2023-11", "area": DISTRICT}
    for address, asked in (
        ("/bao-cao/bieu-1", {"period": "2023-11", "area": OTHER}),
        ("/bao-cao/bieu-1/o", cell),
        ("/bao-cao/bieu-1/nop", {"period": "2023-11", "area": DISTRICT}),
    ):
        assert (await browser.get(address, params=asked)).status_code == 403
    listed = text_of(await browser.get("/bao-cao", params={"period": "2023-11"}))
    assert "Thị trấn Kim Bài" in listed
    assert "Xã Tam Hưng" not in listed


@pytest.mark.parametrize(
    ("role", "form", "cell", "submit", "frozen"),
    [
        ("district-officer", 200, 200, 200, 200),
        ("district-approver", 200, 200, 403, 403),
        ("auditor", 200, 200, 403, 200),
        ("finance", 200, 200, 403, 403),
        ("police", 200, 200, 403, 403),
        ("treasury", 200, 403, 403, 403),
        ("outreach", 200, 403, 403, 403),
        ("bank", 403, 403, 403, 403),
        ("admin", 403, 403, 403, 403),
    ],
)
async def test_each_role_sees_what_the_api_shows_it(
    office: Office, role: str, form: int, cell: int, submit: int, frozen: int
) -> None:
    browser = office.browser(role)
    opened = {"row": "I", "column": "5"}
    found = [
        (await browser.get(address, params={"period": "2023-11"} | more)).status_code
        for address, more in (
            ("/bao-cao", {}),
            ("/bao-cao/bieu-2", {}),
            ("/bao-cao/bieu-1/o", opened),
            ("/bao-cao/bieu-1/nop", {}),
            ("/bao-cao/da-chot", {}),
        )
    ]
    assert found == [form, form, cell, submit, frozen]
    if cell == 403 and form == 200:
        page = await browser.get("/bao-cao/bieu-1", params={"period": "2023-11"})
        assert "/bao-cao/bieu-1/o?" not in page.text


@pytest.fixture(scope="module")
async def handed_in(office: Office) -> dict[str, Any]:
    """The commune's form of December, frozen by a page pressed twice; then the bank gives a payment of it back."""
    browser = office.browser("commune-officer", HOME)
    asked = "period=2023-12&area=" + HOME
    confirm = await browser.get(f"/bao-cao/bieu-1/nop?{asked}")
    before = await office.client.get("/reporting/forms/form-1", "auditor", period="2023-12", area=HOME)
    pressed = [await press(browser, f"/bao-cao/bieu-1/nop?{asked}", {"key": "submit-1"}) for _ in range(2)]
    paid = await office.client.get("/disbursement/payments", "auditor", period="2023-12", status="SETTLED", limit=1000)
    one = next(one for one in paid["items"] if one["commune"] == HOME)
    return {"confirm": confirm, "before": before, "pressed": pressed, "payment": one}


async def test_submitting_names_both_totals_and_freezes_once(office: Office, handed_in: dict[str, Any]) -> None:
    words, rows = text_of(handed_in["confirm"]), handed_in["before"]["rows"]
    assert "Nộp biểu 1, Thị trấn Kim Bài, kỳ 12/2023" in words
    assert f"{rows['I']['4']} người hưởng" in words
    assert f"{number(rows['III.2']['4'])} nghìn đồng" in words
    first, again = handed_in["pressed"]
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    shown = await office.browser("commune-officer", HOME).get(first.headers["location"])
    assert "Đã nộp và chốt biểu" in text_of(shown)
    submitted = await office.client.get("/reporting/submissions", "auditor", period="2023-12", area=HOME)
    assert [(one["form"], one["rows"]) for one in submitted["items"]] == [("form-1", rows)]
    foreign = await press(office.browser("commune-officer", OTHER), f"/bao-cao/bieu-1/nop?period=2023-12&area={HOME}")
    assert foreign.status_code == 403


async def test_what_arrives_later_leaves_the_frozen_form_and_is_said_beside_it(
    office: Office, handed_in: dict[str, Any]
) -> None:
    payment = handed_in["payment"]
    answer = {
        "end_to_end_id": payment["end_to_end_id"],
        "result": "RETURNED",
        "amount": payment["amount"],
        "value_date": "2023-12-31",
        "bank_reference": "back-1",
        "reason": "closed",
    }
    told = await office.client.post("/disbursement/bank-results", BANK, body=[answer])
    assert told["results"][0]["outcome"] == "applied"
    await office.client.quiet()
    asked = {"period": "2023-12", "area": HOME}
    browser = office.browser("commune-officer", HOME)
    page = await browser.get("/bao-cao/bieu-1", params=asked)
    columns = ["4", "5", "6", "7", "8", "9", "10"]
    assert _cells(page.text) == _printed(handed_in["before"]["rows"], columns)
    submitted = await office.client.get("/reporting/submissions", "auditor", **asked)
    differing = submitted["items"][0]["differences"]
    assert differing
    words = text_of(page)
    assert f"{len(differing)} ô khác số liệu hiện nay" in words
    assert page.text.count('class="num diff"') == len(differing)
    assert f"1 khoản bị hoàn trả, −{number(payment['amount'])} đồng" in words
    assert "chênh lệch vào lũy kế kỳ 01/2024" in words
    now = await browser.get("/bao-cao/bieu-1", params=asked | {"xem": "nay"})
    told = await office.client.get("/reporting/forms/form-1", "auditor", **asked)
    assert _cells(now.text) == _printed(told["rows"], columns)
    overview = text_of(
        await office.browser("district-officer").get("/bao-cao", params={"period": "2023-12", "loc": "khac"})
    )
    assert "Thị trấn Kim Bài" in overview
    assert "Xã Tam Hưng" not in overview
    assert f"{len(differing)} ô" in text_of(await browser.get("/bao-cao/da-chot", params={"period": "2023-12"}))


async def test_the_reports_speak_english_by_choice_but_the_form_stays_as_printed(office: Office) -> None:
    browser = office.browser("auditor")
    cookie = {"cookie": f"ansinh_ngon_ngu=en; {TOKEN_COOKIE}={browser.cookies[TOKEN_COOKIE]}"}
    words = text_of(await browser.get("/bao-cao?period=2023-11", headers=cookie))
    assert "Reports of 11/2023" in words
    assert "Tạm tính" not in words
    form = text_of(await browser.get("/bao-cao/bieu-1?period=2023-11", headers=cookie))
    assert "Provisional, figures as of" in form
    assert "TỔNG HỢP BÁO CÁO CHI TRẢ KHÔNG DÙNG TIỀN MẶT" in form

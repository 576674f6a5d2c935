"""Chi trả: runs, payments and sums as each role sees them, held against the API's JSON."""

import re
from typing import Any

import pytest

from services.kernel.web.pages.shown import number
from tests.pages.conftest import FIRST, SECOND, Office, link, press, text_of

COMMUNE, OTHER = "10114", "10120"
OFFICER, APPROVER = "district-officer", "district-approver"
READS_RUNS = (OFFICER, APPROVER, "auditor", "finance", "treasury", "bank", "commune-officer")
READS_PAYMENTS = (OFFICER, APPROVER, "auditor", "finance", "bank", "commune-officer")
OFFICE = (OFFICER, APPROVER, "auditor")
NOT_FOR = {
    "/chi-tra": READS_RUNS,
    "/chi-tra/{run}": READS_RUNS,
    "/chi-tra/{run}/khoan": READS_PAYMENTS,
    "/chi-tra/{run}/khac-ky-truoc?group=joined": OFFICE,
    "/chi-tra/{run}/khong-chi": OFFICE,
    "/chi-tra/{run}/chua-chi-lai": OFFICE,
    "/chi-tra/{run}/duyet": (APPROVER,),
    "/chi-tra/{run}/chuyen-lenh": (APPROVER,),
    "/chi-tra/{run}/tra-lai": (APPROVER,),
    "/chi-tra/{run}/huy": (OFFICER, APPROVER),
    "/chi-tra/{run}/lenh-chi.csv": (OFFICER, APPROVER, "auditor", "bank"),
    "/chi-tra/truy-thu": (OFFICER, "finance", "auditor"),
    "/chi-tra/chua-khop": OFFICE,
    "/chi-tra/ket-qua": (OFFICER, "bank"),
    "/tien-mat": (*OFFICE, "commune-officer"),
    "/tien-mat/{run}": (*OFFICE, "commune-officer"),
    "/tien-mat/{run}/khong-den": ("commune-officer",),
    "/lenh-chi": ("treasury", "auditor"),
    "/du-toan": ("finance", "auditor"),
}
ROLES = (*READS_RUNS, "police", "outreach", "admin")


def area_of(role: str) -> str | None:
    return COMMUNE if role in ("commune-officer", "police") else None


@pytest.mark.parametrize("role", ROLES)
async def test_each_page_is_there_for_whom_the_api_answers_and_refused_to_others(office: Office, role: str) -> None:
    browser = office.browser(role, area_of(role))
    for address, roles in NOT_FOR.items():
        page = await browser.get(address.format(run=office.runs[1]))
        assert page.status_code == (200 if role in roles else 403), (role, address)


async def test_nobody_sees_a_run_that_is_none(office: Office) -> None:
    page = await office.browser(OFFICER).get("/chi-tra/0123456789abcdef")
    assert page.status_code == 404
    assert "Không có đợt chi trả này" in text_of(page)


async def _run(office: Office, place: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = await office.client.get(f"/disbursement/runs/{office.runs[place]}", OFFICER)
    return found


async def test_the_account_of_a_run_leads_from_last_month_to_its_total(office: Office) -> None:
    first, run = await _run(office, 0), await _run(office)
    page = await office.browser(OFFICER).get(f"/chi-tra/{run['id']}")
    rows = dict(re.findall(r'<th scope="row">(.*?)</th>.*?<td class="num">([+−\d.]+)</td></tr>', page.text))
    figures = {name: int(text.replace(".", "").replace("−", "-")) for name, text in rows.items()}
    regular = figures["Mức thường xuyên kỳ 11/2023"]
    assert regular == first["totals"]["by_purpose"]["REGULAR"]["amount"]
    steps = ("Tăng", "Giảm", "Điều chỉnh", "Tạm dừng, tiếp tục")
    assert regular + sum(figures[name] for name in steps) == figures["Mức thường xuyên kỳ 12/2023"]
    assert figures["Giảm"] < 0 < figures["Tăng"]
    others = ("Truy lĩnh", "Chi lại", "Truy thu", "Mai táng phí")
    whole = figures["Mức thường xuyên kỳ 12/2023"] + sum(figures[name] for name in others)
    assert whole == figures["Tổng chi của đợt, kỳ 12/2023"] == run["totals"]["amount"]


async def test_the_people_behind_a_line_of_the_account_add_up_to_it(office: Office) -> None:
    browser, run_id = office.browser(OFFICER), office.runs[1]
    page = await browser.get(f"/chi-tra/{run_id}")
    for group in ("joined", "left", "changed", "suspended"):
        line = re.search(rf'group={group}">([\d.]+)</a></td><td class="num">([^<]+)<', page.text)
        behind = text_of(await browser.get(f"/chi-tra/{run_id}/khac-ky-truoc?group={group}"))
        if line:
            assert f"{line[1]} khoản" in behind
            assert f" {line[2]}" in behind
        else:
            assert "Không có ai" in behind
    assert (await browser.get(f"/chi-tra/{run_id}/khac-ky-truoc?group=none")).status_code == 404


async def test_the_money_of_a_sent_run_closes_with_the_api(office: Office) -> None:
    run = await _run(office)
    words = text_of(await office.browser("finance").get(f"/chi-tra/{run['id']}"))
    sums: dict[str, list[int]] = {}
    async for one in office.client.items("/disbursement/payments", OFFICER, run=run["id"]):
        entry = sums.setdefault(one["status"], [0, 0])
        entry[0] += 1
        entry[1] += one["amount"]
    for status, word in (("SETTLED", "Đã chi trả"), ("REJECTED", "Bị từ chối"), ("CASH_PAID", "Đã nhận tiền mặt")):
        assert f"{word} {number(sums.get(status, [0])[0])} {number(sums.get(status, [0])[-1])}" in words
    assert words.count("Chênh lệch 0 0") == 2
    assert f"Cộng {number(run['totals']['count'])}" in words


async def test_payments_are_filtered_and_counted_as_the_api_has_them(office: Office) -> None:
    browser, run_id = office.browser("auditor"), office.runs[0]
    expected = [one async for one in office.client.items("/disbursement/payments", OFFICER, run=run_id)]
    page = await browser.get(f"/chi-tra/{run_id}/khoan")
    assert f"{number(len(expected))} khoản, {number(sum(one['amount'] for one in expected))} đồng" in text_of(page)
    following = await browser.get(link(page, r"[^\"]*cursor=[^\"]*"))
    assert text_of(following).count("Nhận bằng") == 1
    assert f'<td class="tt">{len(expected)}</td>' in following.text
    arrears = [one for one in expected if any(line["purpose"] == "ARREARS" for line in one["lines"])]
    of_commune = [one for one in expected if one["commune"] == COMMUNE and one["method"] == "CASH"]
    for query, some in ((f"commune={COMMUNE}&method=CASH", of_commune), ("purpose=ARREARS", arrears)):
        words = text_of(await browser.get(f"/chi-tra/{run_id}/khoan?{query}"))
        assert f"{number(len(some))} khoản, {number(sum(one['amount'] for one in some))} đồng" in words


async def test_a_commune_sees_its_own_payments_and_no_others(office: Office) -> None:
    browser, run_id = office.browser("commune-officer", COMMUNE), office.runs[1]
    own = [one async for one in office.client.items("/disbursement/payments", OFFICER, run=run_id)]
    mine = [one for one in own if one["commune"] == COMMUNE]
    foreign = next(one for one in own if one["commune"] == OTHER)
    page = await browser.get(f"/chi-tra/{run_id}/khoan")
    assert f"{len(mine)} khoản" in text_of(page)
    assert foreign["end_to_end_id"] not in page.text
    assert (await browser.get(f"/chi-tra/{run_id}/khoan?commune={OTHER}")).status_code == 403
    assert (await browser.get(f"/chi-tra/doi-tuong/{foreign['beneficiary_id']}")).status_code == 404
    assert (await browser.get(f"/tien-mat/{run_id}?commune={OTHER}")).status_code == 403


async def test_finance_and_bank_see_what_their_work_needs(office: Office) -> None:
    run_id = office.runs[1]
    one = next(
        one
        for one in (await office.client.get("/disbursement/payments", OFFICER, run=run_id, limit=1000))["items"]
        if one["account_number"] and one["status"] == "SETTLED"
    )
    finance = await office.browser("finance").get(f"/chi-tra/{run_id}/khoan?commune={one['commune']}")
    assert one["end_to_end_id"] in finance.text
    assert one["account_number"] not in finance.text
    assert one["payee_name"] not in finance.text
    bank = await office.browser("bank").get(f"/chi-tra/{run_id}/khoan")
    assert one["account_number"] in bank.text
    assert "Bảo trợ xã hội" not in bank.text


async def test_a_person_has_all_payments_newest_first_alone_or_in_another_page(office: Office) -> None:
    browser = office.browser(OFFICER)
    of_month = [one async for one in office.client.items("/disbursement/payments", OFFICER, period=str(SECOND))]
    repeated = next(one for one in of_month if one["replaces"])
    address = f"/chi-tra/doi-tuong/{repeated['beneficiary_id']}"
    words = text_of(await browser.get(address))
    assert words.index("12/2023 ") < words.index("Chi lại cho khoản kỳ 11/2023")
    alone = await browser.get(address, headers={"hx-request": "true"})
    assert "<html" not in alone.text
    assert alone.text.lstrip().startswith("<section")
    looks = await office.client.get("/disbursement/looks", "auditor", subject=repeated["beneficiary_id"], limit=1000)
    assert any(look["what"] == "person" and look["person"] == OFFICER for look in looks["items"])


async def test_the_treasury_sees_totals_of_sent_runs_only_and_finance_the_year(office: Office) -> None:
    run = await _run(office)
    orders = text_of(await office.browser("treasury").get(f"/lenh-chi?period={SECOND}"))
    assert f"{number(run['totals']['amount'])} đồng" in orders
    assert "Chưa có lệnh chi kỳ 02/2024" in text_of(await office.browser("treasury").get("/lenh-chi?period=2024-02"))
    runs = [one async for one in office.client.items("/disbursement/runs", OFFICER)]
    sent = sum(one["totals"]["amount"] for one in runs if one["status"] == "SENT" and one["period"] < "2024")
    year = text_of(await office.browser("finance").get(f"/du-toan?period={SECOND}"))
    assert number(sent) in year
    assert "Chưa nhập dự toán năm" in year


async def test_recoveries_are_those_of_the_api(office: Office) -> None:
    claims = (await office.client.get("/disbursement/claims", OFFICER, limit=1000))["items"]
    words = text_of(await office.browser("finance").get("/chi-tra/truy-thu"))
    if claims:
        assert f"{len(claims)} tháng, {number(sum(one['amount'] for one in claims))} đồng" in words
    else:
        assert "Không còn khoản nào phải thu lại" in words


async def test_english_and_downloads(office: Office) -> None:
    browser, run_id = office.browser(OFFICER), office.runs[1]
    page = await browser.get(f"/chi-tra/{run_id}", headers={"cookie": f"ansinh_ngon_ngu=en; {_cookies(browser)}"})
    assert "Why it differs from 11/2023" in text_of(page)
    for name, begins in (
        ("lenh-chi.xlsx", b"PK"),
        ("lenh-chi.csv", b"\xef\xbb\xbfend_to_end_id"),
        ("lenh-chi.xml", b"<?xml"),
    ):
        file = await browser.get(f"/chi-tra/{run_id}/{name}")
        assert file.content.startswith(begins)
        assert name in file.headers["content-disposition"]
    assert (await browser.get(f"/tien-mat/{run_id}/danh-sach.xlsx")).content.startswith(b"PK")


def _cookies(browser: Any) -> str:
    return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


async def test_a_month_without_closed_roll_says_what_to_do_first(office: Office) -> None:
    browser = office.browser(OFFICER)
    assert "Sổ đối tượng kỳ 02/2024 chưa khóa" in text_of(await browser.get("/chi-tra?period=2024-02"))
    answer = await press(browser, "/chi-tra/lap", {"period": "2024-02", "programmes": ["BTXH"]})
    assert answer.status_code == 409
    assert "chưa khóa" in text_of(answer)
    passed = text_of(await browser.get(f"/chi-tra?period={FIRST}"))
    assert "đã chuyển lệnh kỳ 12/2023" in passed
    nothing = await press(browser, "/chi-tra/lap", {"period": str(SECOND)})
    assert nothing.status_code == 422
    assert "Đánh dấu ít nhất một" in text_of(nothing)

"""The roll, the search, one person, reviews and the catalogue as pages: to each role its own, against the API."""

import re

import pytest

from services.kernel.web.auth import TOKEN_COOKIE
from tests.pages.conftest import Office, press, text_of

HOME, OTHER = "10114", "10132"


async def _people(office: Office, **query: str) -> list[dict]:
    found = office.client.items("/registry/beneficiaries", "auditor", period="2024-01", **query)
    return [one async for one in found]


async def test_the_roll_lists_whom_the_api_lists_with_what_each_is_worth(office: Office) -> None:
    page = await office.browser("district-officer").get("/doi-tuong", params={"commune": OTHER})
    expected = await _people(office, commune=OTHER, status="ACTIVE")
    assert re.findall(r'href="/doi-tuong/([0-9a-f]{32})\?', page.text) == [one["beneficiary_id"] for one in expected]
    first = expected[0]
    amount = sum(right["amount"] for right in first["entitlements"] if right["status"] == "ACTIVE")
    assert f"{amount:,}".replace(",", ".") in text_of(page)


@pytest.mark.parametrize("status", ["ACTIVE", "SUSPENDED", "PENDING", "ENDED", "NONE_OF_OURS"])
async def test_a_status_leaves_those_whom_the_api_shows_with_it(office: Office, status: str) -> None:
    everybody = await _people(office)
    assert await _people(office, status=status) == [one for one in everybody if one["status"] == status]


async def test_a_commune_sees_its_own_people_and_is_told_nothing_of_others(office: Office) -> None:
    browser = office.browser("commune-officer", HOME)
    page = await browser.get("/doi-tuong", params={"status": ""})
    own = {one["beneficiary_id"] for one in await _people(office, commune=HOME)}
    assert set(re.findall(r'href="/doi-tuong/([0-9a-f]{32})\?', page.text)) == own
    foreign = (await _people(office, commune=OTHER))[0]
    for address in (f"/doi-tuong/{foreign['beneficiary_id']}", f"/doi-tuong/{foreign['beneficiary_id']}/lich-su"):
        answer = await browser.get(address)
        assert answer.status_code == 404
        assert foreign["name"] not in answer.text
    other = await browser.get("/doi-tuong", params={"commune": OTHER})
    assert foreign["name"] not in other.text


@pytest.mark.parametrize("role", ["treasury", "outreach", "bank", "admin"])
async def test_who_works_with_no_persons_sees_none(office: Office, role: str) -> None:
    for address in ("/doi-tuong", "/ra-soat"):
        assert (await office.browser(role).get(address)).status_code == 403


async def test_a_search_puts_no_personal_word_into_an_address_and_says_why_somebody_fits(office: Office) -> None:
    browser = office.browser("district-officer")
    wanted = next(one for one in await _people(office) if one["citizen_id"])
    by_id = await press(browser, "/doi-tuong/tim?period=2024-01", {"q": wanted["citizen_id"]})
    assert by_id.status_code == 303
    assert wanted["citizen_id"] not in by_id.headers["location"]
    found = await browser.get(by_id.headers["location"])
    assert "khớp số định danh" in text_of(found)
    assert wanted["beneficiary_id"] in found.text
    another = office.browser("district-approver")
    assert wanted["citizen_id"] not in text_of(await another.get(by_id.headers["location"]))[:400]
    nobody = await press(browser, "/doi-tuong/tim", {"q": "khong co ai ten nay"})
    assert "Không tìm thấy “khong co ai ten nay”" in text_of(await browser.get(nobody.headers["location"]))


async def test_a_person_has_rights_with_their_sum_and_a_history_in_words(office: Office) -> None:
    browser = office.browser("district-officer")
    someone = (await _people(office, status="ACTIVE"))[0]
    page = await browser.get(f"/doi-tuong/{someone['beneficiary_id']}", params={"period": "2024-01"})
    total = sum(right["amount"] for right in someone["entitlements"] if right["status"] == "ACTIVE")
    words = text_of(page)
    assert f"Cộng một tháng, phần đang hưởng {total:,}".replace(",", ".").replace("tháng.", "tháng,") in words
    assert 'hx-get="/chi-tra/doi-tuong/' in page.text
    told = text_of(await browser.get(f"/doi-tuong/{someone['beneficiary_id']}/lich-su"))
    assert "Thêm vào sổ đối tượng từ 11/2023" in told
    looks = await office.client.get("/registry/looks", "auditor", subject=someone["beneficiary_id"])
    assert {"/doi-tuong/{beneficiary_id}", "/doi-tuong/{beneficiary_id}/lich-su"} <= {
        one["route"] for one in looks["items"]
    }


async def test_finance_sees_money_and_a_word_in_place_of_what_is_not_its_part(office: Office) -> None:
    someone = (await _people(office, status="ACTIVE"))[0]
    browser = office.browser("finance")
    page = await browser.get(f"/doi-tuong/{someone['beneficiary_id']}")
    assert "không thuộc phần việc" in text_of(page)
    assert someone["citizen_id"] not in page.text
    assert (await browser.get(f"/doi-tuong/{someone['beneficiary_id']}/lich-su")).status_code == 403


async def test_every_person_has_a_history_that_can_be_told(office: Office) -> None:
    """Two months hold every kind of event; a kind without words would fail the page."""
    browser = office.browser("auditor")
    for someone in await _people(office):
        assert (await browser.get(f"/doi-tuong/{someone['beneficiary_id']}/lich-su")).status_code == 200


async def test_reviews_are_recorded_for_those_ticked_once(office: Office) -> None:
    browser = office.browser("commune-officer", HOME)
    before = text_of(await browser.get("/ra-soat"))
    people = await _people(office, commune=HOME, status="ACTIVE")
    whom = [one["beneficiary_id"] for one in people[:2]]
    form = {"commune": HOME, "reviewed_on": "2/1/2024", "beneficiary_id": whom, "key": "review-1"}
    first = await press(browser, "/ra-soat?period=2024-01", form)
    assert (first.status_code, "so=2" in first.headers["location"]) == (303, True)
    again = await press(browser, "/ra-soat?period=2024-01", form)
    assert again.headers["location"] == first.headers["location"]
    after = await browser.get(first.headers["location"])
    assert "Đã ghi rà soát 2 người" in text_of(after)
    waiting = re.compile(r"(\d+) người chưa rà soát năm 2024")
    assert int(waiting.search(before)[1]) - int(waiting.search(text_of(after))[1]) == 2


async def test_a_day_to_come_or_nobody_ticked_says_so_and_keeps_the_ticks(office: Office) -> None:
    browser = office.browser("commune-officer", HOME)
    one = (await _people(office, commune=HOME, status="ACTIVE"))[3]["beneficiary_id"]
    later = await press(browser, "/ra-soat", {"commune": HOME, "reviewed_on": "05/02/2024", "beneficiary_id": [one]})
    assert (later.status_code, "Ngày rà soát ở tương lai" in later.text) == (422, True)
    assert re.search(rf'value="{one}"[^>]* checked', later.text)
    assert "05/02/2024" in later.text
    nobody = await press(browser, "/ra-soat", {"commune": HOME, "reviewed_on": "02/01/2024"})
    assert "Chưa tích ai" in nobody.text
    foreign = await press(browser, "/ra-soat", {"commune": OTHER, "reviewed_on": "02/01/2024", "all": "1"})
    assert foreign.status_code == 403


async def test_the_administrator_enters_a_level_with_its_basis(office: Office) -> None:
    browser = office.browser("admin")
    form = {"what": "BTXH national", "amount": "510.000", "valid_from": "01/07/2030", "basis": "NĐ thử/2030"}
    wrong = await press(browser, "/danh-muc", form | {"valid_from": "02/07/2030"})
    assert (wrong.status_code, "ghi ngày 01" in wrong.text, "NĐ thử/2030" in wrong.text) == (422, True, True)
    done = await press(browser, "/danh-muc", form)
    assert done.status_code == 303
    assert "510.000" in text_of(await browser.get("/danh-muc"))
    assert (await press(office.browser("district-officer"), "/danh-muc", form)).status_code == 403


async def test_the_pages_speak_english_by_choice(office: Office) -> None:
    browser = office.browser("auditor")
    cookies = {"ansinh_ngon_ngu": "en", TOKEN_COOKIE: browser.cookies[TOKEN_COOKIE]}
    for address in ("/doi-tuong", "/danh-muc"):
        words = text_of(
            await browser.get(address, headers={"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())})
        )
        assert "Đối tượng" not in words

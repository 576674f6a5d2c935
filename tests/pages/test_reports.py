"""The forms on screen: figure by figure as the API has them, what is behind each, and handing in."""

import re

import pytest

from tests.pages.conftest import Office, press, text_of

HOME, OTHER = "10114", "10132"
PERIOD = "2023-12"


def _figures(page_text: str) -> dict[tuple[str, str], str]:
    found = re.findall(r"/o\?row=([^&]+)&amp;column=(\d+)[^>]*>([^<]*)</a>", page_text)
    return {(row, column): value for row, column, value in found}


@pytest.mark.parametrize("number", ["1", "2"])
async def test_every_figure_on_screen_is_that_of_the_api(office: Office, number: str) -> None:
    form = await office.client.get(f"/reporting/forms/form-{number}", "auditor", period=PERIOD, area="278")
    page = await office.browser("auditor").get(f"/bao-cao/bieu-{number}", params={"period": PERIOD, "area": "278"})
    expected = {
        (row, column): f"{value:,}".replace(",", ".").replace("-", "\u2212")
        for row, of in form["rows"].items()
        for column, value in of.items()
    }
    assert _figures(page.text) == expected
    assert "TỔNG HỢP" in text_of(page)


async def test_a_figure_opens_into_what_makes_it(office: Office) -> None:
    form = await office.client.get("/reporting/forms/form-1", "auditor", period=PERIOD, area="278")
    page = await office.browser("auditor").get(
        "/bao-cao/bieu-1/o", params={"row": "III.2", "column": "4", "period": PERIOD, "area": "278"}
    )
    assert f"{form['dong']['III.2']['4']:,}".replace(",", ".") in text_of(page)
    assert "/doi-tuong/" in page.text
    nowhere = await office.browser("auditor").get("/bao-cao/bieu-1/o", params={"row": "II", "column": "4"})
    assert nowhere.status_code == 404


async def test_a_commune_sees_its_own_form_and_the_districts_but_what_is_behind_only_its_own(office: Office) -> None:
    browser = office.browser("commune-officer", HOME)
    own = await browser.get("/bao-cao/bieu-1", params={"period": PERIOD})
    assert "Thị trấn Kim Bài" in text_of(own)
    assert _figures(own.text)
    whole = await browser.get("/bao-cao/bieu-1", params={"period": PERIOD, "area": "278"})
    assert (whole.status_code, _figures(whole.text)) == (200, {})
    foreign = {"period": PERIOD, "area": OTHER}
    assert (await browser.get("/bao-cao/bieu-1", params=foreign)).status_code == 403
    for ending in ("/o?row=I&column=4&", "/nop?", ".pdf?", ".xlsx?"):
        address = f"/bao-cao/bieu-1{ending}period={PERIOD}&area={OTHER}"
        assert (await browser.get(address)).status_code == 403, address
    assert (await browser.get(f"/bao-cao/bieu-1/o?row=I&column=4&period={PERIOD}&area=278")).status_code == 403


@pytest.mark.parametrize("role", ["bank", "admin"])
async def test_the_bank_and_the_administrator_see_no_forms(office: Office, role: str) -> None:
    for address in ("/bao-cao", "/bao-cao/bieu-1", "/bao-cao/bieu-2.pdf"):
        assert (await office.browser(role).get(address)).status_code == 403


async def test_outreach_sees_figures_and_nobody_behind_them(office: Office) -> None:
    page = await office.browser("outreach").get("/bao-cao/bieu-1", params={"period": PERIOD})
    assert (page.status_code, _figures(page.text)) == (200, {})
    assert (await office.browser("outreach").get("/bao-cao/bieu-1/o?row=I&column=4")).status_code == 403


async def test_a_form_is_handed_in_once_and_keeps_its_figures_when_others_come(office: Office) -> None:
    browser = office.browser("commune-officer", HOME)
    confirm = await browser.get("/bao-cao/bieu-1/nop", params={"period": PERIOD})
    assert "Nộp Biểu 1?" in text_of(confirm)
    form = {"area": HOME, "key": "hand-in-1"}
    first = await press(browser, f"/bao-cao/bieu-1/nop?period={PERIOD}", form)
    again = await press(browser, f"/bao-cao/bieu-1/nop?period={PERIOD}", form)
    assert first.headers["location"] == again.headers["location"]
    kept = await office.client.get("/reporting/submissions", "auditor", period=PERIOD, area=HOME, form="form-1")
    assert len(kept["items"]) == 1
    done = await browser.get(first.headers["location"])
    assert "Đã nộp và chốt biểu" in text_of(done)
    assert f"Mã chốt {kept['items'][0]['hash'][:16]}" in text_of(done)
    query = {"commune": HOME, "period": "2024-01", "status": "ACTIVE"}
    people = [one async for one in office.client.items("/registry/beneficiaries", "auditor", **query)]
    review = {"commune": HOME, "reviewed_on": "31/12/2023", "beneficiary_id": people[-1]["beneficiary_id"]}
    assert (await press(browser, "/ra-soat?period=2023-12", review)).status_code == 303
    await office.client.quiet()
    after = await browser.get("/bao-cao/bieu-1", params={"period": PERIOD})
    assert _figures(after.text) == _figures(done.text)
    overview = text_of(await browser.get("/bao-cao", params={"period": PERIOD}))
    assert "Đã chốt" in overview
    frozen = text_of(await office.browser("auditor").get("/bao-cao/da-chot", params={"period": PERIOD}))
    if "khác số liệu" in text_of(after):
        assert "dòng II.1" in frozen


async def test_a_form_of_a_day_on_which_nothing_was_known_is_empty(office: Office) -> None:
    page = await office.browser("auditor").get("/bao-cao/bieu-1", params={"period": PERIOD, "as_of": "2023-01-01"})
    assert set(_figures(page.text).values()) == {"0"}


async def test_the_printed_form_comes_by_the_session_too(office: Office) -> None:
    browser = office.browser("commune-officer", HOME)
    for suffix, begins in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        page = await browser.get(f"/bao-cao/bieu-2.{suffix}", params={"period": PERIOD})
        assert page.content.startswith(begins)
    api = await browser.get("/reporting/forms/form-1", params={"period": PERIOD, "area": HOME})
    assert api.status_code == 200
    submission = {"form": "form-2", "period": PERIOD, "area": HOME}
    assert (await browser.post("/reporting/submissions", json=submission)).status_code == 403
    marked = await browser.post(
        "/reporting/submissions", json=submission, headers={"x-csrf-token": "mark-of-the-session"}
    )
    assert marked.status_code == 201

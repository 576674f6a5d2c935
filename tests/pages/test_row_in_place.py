"""A wrong row opened in its list: its wrong fields only, and the way on to the next wrong row."""

import re

from tests.pages.conftest import Office, press, text_of
from tests.pages.test_lists import MY_HUNG, NEW, WRONG, enter, mark_of

ASKED_BY_THE_PAGE = {"hx-request": "true"}
OTHER = WRONG | {"Họ và tên": "Lê Văn Đỗ", "Số định danh": "001143009106"}
RIGHT = {"citizen_id": "001043009105"}


async def test_a_row_opened_in_its_list_has_its_wrong_fields_only(office: Office) -> None:
    browser = office.browser("commune-officer", MY_HUNG)
    address = await enter(browser, MY_HUNG, NEW, WRONG)
    row = await browser.get(f"{address}/dong/3?loc=sai", headers=ASKED_BY_THE_PAGE)
    assert row.text.strip().startswith('<tr id="d3" class="bad open">')
    assert re.findall(r' id="f-(\w+)"', row.text) == ["citizen_id"]
    assert 'value="001143009105"' in row.text
    assert 'aria-invalid="true" aria-describedby="e-citizen_id"' in row.text
    assert 'name="loc" value="sai"' in row.text
    assert "Sửa dòng 3: Phùng Văn Đạo" in text_of(row)
    assert "Số định danh 001143009105 là của Nữ" in text_of(row)
    whole = await browser.get(f"{address}/dong/3")
    assert ' id="f-address"' in whole.text


async def test_only_who_may_mend_a_row_is_offered_to_open_it(office: Office) -> None:
    browser, auditor = office.browser("commune-officer", MY_HUNG), office.browser("auditor")
    address = await enter(browser, MY_HUNG, NEW, WRONG)
    opened = f'hx-get="{address}/dong/3?loc="'
    assert (await browser.get(address)).text.count(opened) == 3
    read = (await auditor.get(address)).text
    assert opened not in read
    assert f'href="{address}/dong/' not in read
    assert f'href="{address}?tu=3#d3"' in read


async def test_a_row_saved_in_its_list_leads_to_the_next_wrong_row_there(office: Office) -> None:
    browser = office.browser("commune-officer", MY_HUNG)
    address = await enter(browser, MY_HUNG, NEW, WRONG, OTHER)
    mark = await mark_of(browser, f"{address}/dong/3")
    wrong = await press(browser, f"{address}/dong/3", {"mark": mark, "loc": "", "citizen_id": "001143009107"})
    assert wrong.headers["location"] == f"{address}?da=row_still_wrong&so=3#d3"
    lost = await press(browser, f"{address}/dong/3", {"mark": mark, "loc": ""} | RIGHT)
    assert lost.status_code == 409
    assert 'value="001043009105"' in lost.text
    mark = await mark_of(browser, f"{address}/dong/3")
    mended = await press(browser, f"{address}/dong/3", {"mark": mark, "loc": "sai"} | RIGHT)
    assert mended.headers["location"] == f"{address}?loc=sai&da=row_saved&so=3#d4"
    dropped = await press(browser, f"{address}/dong/4/bo", {"loc": "sai"})
    assert dropped.headers["location"] == f"{address}?da=row_dropped&so=4"


async def test_a_row_opened_in_its_list_offers_those_whom_it_may_mean(office: Office) -> None:
    browser, officer = office.browser("commune-officer", MY_HUNG), office.browser("district-officer")
    named = NEW | {"Họ và tên": "Trùng Văn Tên"}
    two = [named | {"Số định danh": number} for number in ("001043006283", "001043006291")]
    address = await enter(browser, MY_HUNG, *two)
    await press(browser, f"{address}/nop")
    page = await officer.get(f"{address}/duyet")
    ticks = re.findall(r'name="accept" value="([^"]+)"', page.text)
    said = {"mark": await mark_of(officer, f"{address}/duyet"), "reason": "Hai người khác nhau", "accept": ticks}
    assert "list_approved" in (await press(officer, f"{address}/duyet", said)).headers["location"]

    ended = {"Loại": "GIẢM", "Số định danh": "", "Lý do": "Thoát nghèo", "Từ tháng": "03/2024"}
    address = await enter(browser, MY_HUNG, named | ended)
    row = await browser.get(f"{address}/dong/2?loc=sai", headers=ASKED_BY_THE_PAGE)
    assert "Chọn người có số 001043006283" in text_of(row)
    assert row.text.count('name="loc" value="sai"') == 4


async def test_the_next_wrong_row_of_a_long_list_stands_on_the_page_that_comes(office: Office) -> None:
    browser = office.browser("commune-officer", MY_HUNG)
    right = [NEW | {"Số định danh": f"001043{number:06}"} for number in range(100_000, 100_110)]
    address = await enter(browser, MY_HUNG, WRONG, *right, OTHER)
    mark = await mark_of(browser, f"{address}/dong/2")
    saved = await press(browser, f"{address}/dong/2", {"mark": mark, "loc": ""} | RIGHT)
    assert saved.headers["location"].endswith("#d113")
    assert '<tr id="d113" class="bad">' in (await browser.get(saved.headers["location"])).text


async def test_a_row_of_a_list_that_was_handed_in_meanwhile_brings_the_list_as_it_is(office: Office) -> None:
    browser = office.browser("commune-officer", MY_HUNG)
    address = await enter(browser, MY_HUNG, NEW | {"Số định danh": "001043006267"})
    await press(browser, f"{address}/nop")
    late = await browser.get(f"{address}/dong/2", headers=ASKED_BY_THE_PAGE)
    assert late.headers["hx-redirect"] == f"{address}?tu=2"

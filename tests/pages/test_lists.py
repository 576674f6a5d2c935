"""Danh sách: lists entered, mended, handed in, approved and given back through the pages, by those who may."""

from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from services.kernel import clock
from services.kernel.web.pages.session import LANGUAGE_COOKIE
from services.navigation import ENTRIES
from services.registry.headings import HEADINGS
from tests.pages.conftest import Office, link, press, text_of

CU_KHE, BICH_HOA, MY_HUNG, CAO_VIEN, BINH_MINH = "10120", "10126", "10129", "10132", "10135"
AREA = {"commune-officer": CU_KHE, "police": CU_KHE}
PERIOD = "2024-02"
READERS = {"commune-officer", "district-officer", "district-approver", "auditor"}
NEW: dict[str, Any] = {
    "Loại": "TĂNG",
    "Họ và tên": "Nguyễn Văn Thạc",
    "Ngày sinh": "12/03/1943",
    "Giới tính": "Nam",
    "Số định danh": "001043006218",
    "Chương trình": "BTXH",
    "Mã chế độ": "BTXH.05C",
    "Mức hưởng": "440.000",
    "Từ tháng": "02/2024",
    "Hình thức": "TIỀN MẶT",
}
# The fourth digit says a woman born in the 1900s.
WRONG = NEW | {"Họ và tên": "Phùng Văn Đạo", "Số định danh": "001143009105"}
DIFFERS = NEW | {"Họ và tên": "Vũ Văn Khuyên", "Số định danh": "001043004471", "Mức hưởng": "500.000"}


def table(rows: Iterable[dict[str, Any]], headed: bool = True, separator: str = "\t") -> str:
    lines = [separator.join(str(row.get(heading, "")) for heading in HEADINGS) for row in rows]
    return "\n".join([separator.join(HEADINGS), *lines] if headed else lines) + "\n"


async def enter(browser: httpx.AsyncClient, commune: str, *rows: dict[str, Any]) -> str:
    """The address of a draft with these rows, uploaded as a file."""
    answer = await press(
        browser,
        "/danh-sach/moi",
        {"commune": commune, "period": PERIOD},
        files={"file": ("a.csv", table(rows, separator=",").encode())},
    )
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"].partition("?")[0]


async def mark_of(browser: httpx.AsyncClient, address: str) -> str:
    page = await browser.get(address)
    return page.text.partition('name="mark" value="')[2].partition('"')[0]


@pytest.mark.parametrize("role", ENTRIES)
async def test_each_page_is_for_those_who_may_read_or_enter_lists_or_close_the_roll(office: Office, role: str) -> None:
    browser = office.browser(role, AREA.get(role))
    may = {
        "/danh-sach": READERS,
        f"/danh-sach/mau.xlsx?commune={CU_KHE}": READERS,
        "/danh-sach/moi": {"commune-officer", "district-officer"},
        f"/danh-sach/khong-bien-dong?commune={CU_KHE}": {"commune-officer", "district-officer"},
        f"/danh-sach/nhap?commune={CU_KHE}": {"commune-officer", "district-officer"},
        "/danh-sach/khoa-so": READERS - {"commune-officer"} | {"finance"},
        "/danh-sach/khoa-so/xac-nhan": {"district-officer"},
    }
    for address, roles in may.items():
        assert (await browser.get(address)).status_code == (200 if role in roles else 403), address


async def test_a_commune_without_a_list_has_three_ways_to_begin_one(office: Office) -> None:
    page = await office.browser("commune-officer", BINH_MINH).get("/danh-sach", params={"period": PERIOD})
    words = text_of(page)
    for way in ("Chưa có danh sách kỳ 02/2024", "Tải tệp Excel lên", "Nhập từng dòng", "Nộp “không có biến động”…"):
        assert way in words
    book = await office.browser("commune-officer", BINH_MINH).get(link(page, r"/danh-sach/mau\.xlsx[^\"]*"))
    assert book.content.startswith(b"PK")
    assert f"mau-danh-sach-{BINH_MINH}.xlsx" in book.headers["content-disposition"]


async def test_the_office_sees_every_commune_and_the_lists_of_the_api(office: Office) -> None:
    words = text_of(await office.browser("district-officer").get("/danh-sach", params={"period": "2023-12"}))
    lists = (await office.client.get("/registry/change-lists", "auditor", period="2023-12"))["items"]
    assert f"Tất cả {len(lists)}" in words
    assert f"Đã duyệt {len(lists)}" in words
    assert "21 trên 21 xã, thị trấn đã có danh sách" in words
    own = text_of(await office.browser("commune-officer", CU_KHE).get("/danh-sach", params={"period": "2023-12"}))
    assert "Xã Cự Khê" in own
    assert "Xã Bích Hòa" not in own


async def test_a_wrong_row_is_shown_mended_and_then_the_list_can_be_handed_in(office: Office) -> None:
    browser = office.browser("commune-officer", CU_KHE)
    address = await enter(browser, CU_KHE, NEW, WRONG)
    page = await browser.get(address)
    words = text_of(page)
    assert "Còn 1 dòng phải sửa trước khi nộp" in words
    assert "Dòng 3, Phùng Văn Đạo" in words
    assert '<tr id="d3" class="bad">' in page.text
    assert "<mark>001143009105</mark>" in page.text
    assert 'aria-disabled="true"' in page.text
    refused = await press(browser, f"{address}/nop")
    assert refused.status_code == 409
    assert "Danh sách còn 1 lỗi" in text_of(refused)

    row = await browser.get(f"{address}/dong/3")
    assert 'aria-invalid="true"' in row.text
    mark = await mark_of(browser, f"{address}/dong/3")
    saved = await press(browser, f"{address}/dong/3", {"mark": mark, "citizen_id": "001043009105"})
    assert saved.headers["location"] == f"{address}?da=row_saved&so=3"
    shown = await office.client.get(address.replace("/danh-sach/", "/registry/change-lists/"), "auditor")
    assert shown["errors"] == []
    assert shown["rows"][1]["Số định danh"] == "001043009105"

    handed = await press(browser, f"{address}/nop")
    assert handed.headers["location"] == f"{address}?da=list_submitted&so=2"
    assert "Đã nộp danh sách, 2 dòng" in text_of(await browser.get(handed.headers["location"]))
    foreign = office.browser("commune-officer", BICH_HOA)
    assert (await foreign.get(address)).status_code == 403
    assert (await press(foreign, f"{address}/rut", {"mark": "x"})).status_code == 403


async def test_two_who_mend_one_row_at_once_see_both_versions_and_lose_nothing(office: Office) -> None:
    browser = office.browser("commune-officer", BICH_HOA)
    address = await enter(browser, BICH_HOA, NEW)
    mark = await mark_of(browser, f"{address}/dong/2")
    first = await press(browser, f"{address}/dong/2", {"mark": mark, "phone": "0912345678"})
    assert first.status_code == 303
    second = await press(browser, f"{address}/dong/2", {"mark": mark, "phone": "0987654321"})
    assert second.status_code == 409
    assert "Hiện nay: 0912345678" in text_of(second)
    assert 'value="0987654321"' in second.text
    again = await mark_of(browser, f"{address}/dong/2")
    assert (await press(browser, f"{address}/dong/2", {"mark": again, "phone": "0987654321"})).status_code == 303
    gone = await press(browser, f"{address}/dong/2/bo")
    assert gone.status_code == 303
    lost = await press(browser, f"{address}/dong/2", {"mark": again, "phone": "0912345678"})
    assert lost.status_code == 404
    assert "không còn dòng 2" in text_of(lost)
    assert "Danh sách không còn dòng nào" in text_of(await browser.get(address))


async def test_rows_are_typed_or_pasted_and_read_as_a_file_is(office: Office) -> None:
    browser = office.browser("commune-officer", MY_HUNG)
    place = {"commune": MY_HUNG, "period": PERIOD}
    empty = await press(browser, "/danh-sach/nhap", place)
    assert empty.status_code == 422
    assert "Chưa nhập ô nào" in text_of(empty)
    key = {"key": clock.new_id()}
    begun = await press(browser, "/danh-sach/nhap", place | key | {"rows": table([NEW, WRONG], headed=False)})
    twice = await press(browser, "/danh-sach/nhap", place | key | {"rows": table([NEW, WRONG], headed=False)})
    assert begun.headers["location"] == twice.headers["location"]
    address = begun.headers["location"].partition("?")[0]
    typed = {"kind": "GIẢM", "name": "Không Ai Biết", "birth": "1950", "from": "02/2024", "reason": "Thoát nghèo"}
    added = await press(browser, f"{address}/them", typed)
    assert added.headers["location"] == f"{address}/dong/4?da=row_still_wrong&so=4"
    pasted = await press(browser, f"{address}/them", {"rows": table([DIFFERS])})
    assert pasted.headers["location"] == f"{address}?da=rows_added&so=1"
    unread = await press(browser, f"{address}/them", {"rows": "Loại\tHọ và tên\nTĂNG\tLê Văn An\n"})
    assert unread.status_code == 422
    assert "thiếu tiêu đề cột" in text_of(unread)
    assert "Lê Văn An" in unread.text
    words = text_of(await browser.get(f"{address}?loc=sai"))
    assert "Tất cả 4 Phải sửa 2 Cần lý do 1 Tăng 3 Giảm 1" in words
    assert "Vũ Văn Khuyên" not in words

    figure = await browser.get(f"{address}/dong/5")
    assert "Lấy 440.000 theo danh mục" in text_of(figure)
    mark = await mark_of(browser, f"{address}/dong/5")
    await press(browser, f"{address}/dong/5", {"mark": mark, "amount": "440000"})
    mark = await mark_of(browser, f"{address}/bo-dong-sai")
    dropped = await press(browser, f"{address}/bo-dong-sai", {"mark": mark, "row": ["3", "4"]})
    assert dropped.headers["location"] == f"{address}?da=list_rows_dropped&so=2"
    shown = await office.client.get(address.replace("/danh-sach/", "/registry/change-lists/"), "auditor")
    assert [(row["row"], row["Mức hưởng"]) for row in shown["rows"]] == [(2, "440.000"), (5, "440000")]
    assert shown["warnings"] == []


async def test_a_file_that_is_no_list_is_refused_and_one_that_replaces_says_what_is_lost(office: Office) -> None:
    browser = office.browser("commune-officer", CAO_VIEN)
    place = {"commune": CAO_VIEN, "period": PERIOD}
    for file, said in ((b"%PDF-1.7", "PDF"), (b"", "Chưa chọn tệp")):
        refused = await press(browser, "/danh-sach/moi", place, files={"file": ("a.xlsx", file)})
        assert refused.status_code == 422
        assert said in text_of(refused)
    address = await enter(browser, CAO_VIEN, NEW, WRONG)
    page = text_of(await browser.get(f"{address}/tep"))
    assert "Tệp mới thay toàn bộ 2 dòng đang có." in page
    mark = await mark_of(browser, f"{address}/tep")
    same = {"file": ("a.csv", table([NEW, WRONG], separator=",").encode())}
    nothing = await press(browser, f"{address}/tep", {"mark": mark}, files=same)
    assert nothing.headers["location"] == f"{address}?da=list_same_file"
    other = {"file": ("a.csv", table([NEW], separator=",").encode())}
    stale = await press(browser, f"{address}/tep", {"mark": "of-an-older-page"}, files=other)
    assert stale.status_code == 409
    done = await press(browser, f"{address}/tep", {"mark": mark}, files=other)
    assert done.headers["location"] == f"{address}?da=list_uploaded&so=1"
    mark = await mark_of(browser, f"{address}/rut")
    assert (await press(browser, f"{address}/rut", {"mark": mark})).headers["location"].endswith("list_withdrawn")
    assert "Đã rút" in text_of(await browser.get(address))


async def test_approval_shows_the_account_and_wants_every_warning_ticked_by_another_person(office: Office) -> None:
    commune, officer = office.browser("commune-officer", BINH_MINH), office.browser("district-officer")
    address = await enter(commune, BINH_MINH, NEW | {"Số định danh": "001043006226"}, DIFFERS)
    await press(commune, f"{address}/nop")
    assert (await commune.get(f"{address}/duyet")).status_code == 403
    page = await officer.get(f"{address}/duyet")
    words = text_of(page)
    before = (await office.client.get("/registry/rolls/2024-02", "auditor"))["now"][BINH_MINH].values()
    people, amount = sum(one["people"] for one in before), sum(one["amount"] for one in before)
    assert "Tăng, 2 dòng +2 +940.000" in words
    assert f"Được hưởng kỳ 02/2024 {people + 2} {amount + 940_000:,}".replace(",", ".") in words
    assert "Nguyễn Văn Thạc 001043006226 · 12/03/1943 Người từ đủ 80 tuổi không có lương hưu, trợ cấp BHXH" in words
    assert "Dòng 3, Vũ Văn Khuyên: Mức hưởng khác danh mục (440.000 đồng)" in words

    fields = {"mark": await mark_of(officer, f"{address}/duyet"), "reason": "Theo quyết định của huyện"}
    unticked = await press(officer, f"{address}/duyet", fields)
    assert unticked.status_code == 409
    other = await press(officer, f"{address}/duyet", fields | {"accept": "2|amount-differs|Mức hưởng"})
    assert other.status_code == 409
    assert "Chưa đánh dấu chấp nhận lưu ý của dòng 3" in text_of(other)
    assert 'value="Theo quyết định của huyện"' in other.text
    ticked = fields | {"accept": "3|amount-differs|Mức hưởng"}
    stale = await press(officer, f"{address}/duyet", ticked | {"mark": "of-an-older-page"})
    assert stale.status_code == 409
    done = await press(officer, f"{address}/duyet", ticked)
    assert done.headers["location"] == f"{address}?da=list_approved&so=2"
    after = (await office.client.get("/registry/rolls/2024-02", "auditor"))["now"][BINH_MINH].values()
    assert sum(one["amount"] for one in after) == amount + 940_000


async def test_whoever_entered_a_list_does_not_approve_it_and_the_approver_may_give_it_back(office: Office) -> None:
    officer, approver = office.browser("district-officer"), office.browser("district-approver")
    handed = await press(officer, "/danh-sach/khong-bien-dong", {"commune": CAO_VIEN, "period": PERIOD})
    address = handed.headers["location"].partition("?")[0]
    own = await officer.get(f"{address}/duyet")
    assert "Người nhập không được duyệt. Chờ người khác." in text_of(own)
    assert f'action="{address}/duyet"' not in own.text
    mark = await mark_of(approver, f"{address}/duyet")
    assert mark
    assert (await press(officer, f"{address}/duyet", {"mark": mark})).status_code == 403
    silent = await press(approver, f"{address}/tra-lai", {"mark": mark})
    assert silent.status_code == 422
    assert "Chưa ghi lý do trả lại" in text_of(silent)
    back = await press(approver, f"{address}/tra-lai", {"mark": mark, "return_reason": "Còn 3 người chưa ghi"})
    assert back.headers["location"] == f"{address}?da=list_returned"
    seen = text_of(await office.browser("commune-officer", CAO_VIEN).get(address))
    assert "Phòng trả lại danh sách này Còn 3 người chưa ghi" in seen


async def test_the_roll_is_closed_with_the_sums_that_were_seen(office: Office) -> None:
    officer = office.browser("district-officer")
    now = (await office.client.get("/registry/rolls/2023-12", "auditor"))["now"]
    sums = [one for by_programme in now.values() for one in by_programme.values()]
    people, amount = sum(one["people"] for one in sums), sum(one["amount"] for one in sums)
    words = text_of(await officer.get("/danh-sach/khoa-so", params={"period": "2023-12"}))
    assert f"Tổng cộng {people} {amount:,} 0".replace(",", ".") in words
    assert "Đã khóa sổ, lần 1" in words
    fields = {"period": "2023-12", "people": people, "amount": amount}
    stale = await press(officer, "/danh-sach/khoa-so/xac-nhan", fields | {"amount": amount - 1})
    assert stale.status_code == 409
    assert "vừa thay đổi" in text_of(stale)
    key = {"key": clock.new_id()}
    for _ in range(2):
        done = await press(officer, "/danh-sach/khoa-so/xac-nhan", fields | key)
        assert done.headers["location"] == "/danh-sach/khoa-so?period=2023-12&da=roll_closed"
    assert (await office.client.get("/registry/rolls/2023-12", "auditor"))["sequence"] == 2
    after = await officer.get("/danh-sach/khoa-so", params={"period": "2023-12"})
    assert "Lập đợt chi trả kỳ 12/2023" in text_of(after)


async def test_every_page_speaks_english_to_who_chose_it(office: Office) -> None:
    commune = office.browser("commune-officer", BICH_HOA)
    address = await enter(commune, BICH_HOA, WRONG, NEW | {"Số định danh": "001043006242"})
    english = "; ".join(f"{name}={value}" for name, value in {**commune.cookies, LANGUAGE_COOKIE: "en"}.items())
    said = {
        address: "rows must be mended",
        f"{address}/dong/2": "Mend row 2",
        f"{address}/them": "Paste rows from Excel",
        f"{address}/tep": "The new file replaces all 2 rows.",
        f"{address}/rut": "cannot be handed in again",
        f"{address}/bo-dong-sai": "Drop 1 wrong rows",
        "/danh-sach/moi": "Upload an Excel file",
        f"/danh-sach/khong-bien-dong?commune={BICH_HOA}": "has no increase, decrease or adjustment",
    }
    for page, words in said.items():
        answer = await commune.get(page, headers={"cookie": english})
        assert words in text_of(answer), page


async def test_every_look_at_a_list_is_on_record(office: Office) -> None:
    commune = office.browser("commune-officer", CU_KHE)
    address = await enter(commune, CU_KHE, NEW | {"Số định danh": "001043006234"})
    list_id = address.rpartition("/")[2]
    await commune.get(address)
    looks = (await office.client.get("/registry/looks", "auditor", subject=list_id))["items"]
    assert [(one["what"], one["route"]) for one in looks] == [("list", "/danh-sach/{list_id}")]

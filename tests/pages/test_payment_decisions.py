"""Chi trả, the writes: a run prepared, given back, approved, sent; answers taken in and decided; cash signed for."""

from typing import Any

import httpx
import pytest

from services.kernel import clock
from services.kernel.web.auth import Caller, issue, private_key
from services.kernel.web.pages.session import TOKEN_COOKIE
from services.kernel.web.pages.shown import number
from tests.pages.conftest import MARK, SECOND, Office, link, press, text_of

OFFICER, APPROVER = "district-officer", "district-approver"


async def _prepared(office: Office, programme: str = "KHAC", name: str | None = None) -> str:
    """A further run of the second month, made by a form; its address."""
    browser = office.browser(OFFICER, name=name)
    answer = await press(browser, "/chi-tra/lap", {"period": str(SECOND), "programmes": [programme]})
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"].partition("?")[0]


async def test_a_run_is_prepared_once_given_back_and_prepared_anew(office: Office) -> None:
    officer, approver = office.browser(OFFICER), office.browser(APPROVER)
    key = clock.new_id()
    asked = {"period": str(SECOND), "programmes": ["KHAC"], "key": key}
    first = await press(officer, "/chi-tra/lap", asked)
    again = await press(officer, "/chi-tra/lap", asked)
    assert first.headers["location"] == again.headers["location"]
    run = first.headers["location"].partition("?")[0]
    assert "Đã lập đợt" in text_of(await officer.get(first.headers["location"]))
    assert "Chờ lãnh đạo duyệt" in text_of(await officer.get(run))
    held = await press(officer, "/chi-tra/lap", {"period": str(SECOND), "programmes": ["KHAC"]})
    assert held.status_code == 409
    assert "Còn một đợt chi trả chưa gửi" in text_of(held)

    page = await approver.get(run)
    assert "Kiểm tra trước khi duyệt" in text_of(page)
    assert "Đã chi ở đợt trước của kỳ" in text_of(page)
    assert link(page, f"{run}/duyet")
    without = await press(approver, f"{run}/tra-lai", {"reason": " "})
    assert without.status_code == 422
    assert "Chưa ghi lý do" in text_of(without)
    done = await press(approver, f"{run}/tra-lai", {"reason": "thiếu một xã"})
    assert (done.status_code, done.headers["location"]) == (303, f"{run}?da=tra_lai")
    assert "Lý do: thiếu một xã" in text_of(await officer.get(run))
    late = await press(approver, f"{run}/duyet")
    assert late.status_code == 409
    assert "Đợt đang ở trạng thái khác" in text_of(late)


async def test_who_prepared_a_run_neither_approves_nor_sends_it(office: Office) -> None:
    run = await _prepared(office, name="Lê Thu Hằng")
    same = office.browser(APPROVER, name="Lê Thu Hằng")
    page = await same.get(f"{run}/duyet")
    assert "Chờ người khác" in text_of(page)
    assert '<button class="btn go"' not in page.text
    assert (await press(same, f"{run}/duyet")).status_code == 403
    answer = await press(office.browser(OFFICER), f"{run}/huy", {"reason": "lập thử"})
    assert answer.status_code == 303


@pytest.fixture(scope="module")
async def further(office: Office) -> str:
    """A second run of the second month, of what came back, approved and sent by its pages; its id."""
    run = await _prepared(office, "BTXH", name="Lê Thu Hằng")
    async with _browser_of(office, int(clock.now().timestamp())) as fresh:
        assert (await press(fresh, f"{run}/duyet")).headers["location"] == f"{run}?da=duyet"
        page = text_of(await fresh.get(f"{run}/chuyen-lenh"))
        assert "Từ bước này tiền đi" in page
        assert "Người duyệt Phạm Quốc Việt" in page
        key = {"key": clock.new_id()}
        sent = [await press(fresh, f"{run}/chuyen-lenh", key) for _ in range(2)]
        assert [one.headers["location"] for one in sent] == [f"{run}?da=chuyen_lenh"] * 2
    return run.rpartition("/")[2]


async def test_a_run_is_approved_and_sent_and_pays_again_what_came_back(office: Office, further: str) -> None:
    told = await office.client.get(f"/disbursement/runs/{further}", OFFICER)
    assert (told["status"], told["approved_by"]) == ("SENT", "Phạm Quốc Việt")
    again = told["totals"]["by_purpose"]["REPEAT"]
    words = text_of(await office.browser(OFFICER).get(f"/chi-tra/{further}"))
    assert "Đợt chi trả 2, kỳ 12/2023" in words
    assert f"Chi lại {again['count']} +{number(again['amount'])}" in words


async def test_money_moves_with_a_fresh_password_only(office: Office) -> None:
    run = await _prepared(office)
    async with _browser_of(office, int(clock.now().timestamp()) - 301) as stale:
        for deed in ("duyet", "chuyen-lenh"):
            assert (await press(stale, f"{run}/{deed}")).status_code == 403
        page = await stale.get(f"{run}/duyet")
        assert link(page, '/dang-nhap/lai[^"]*').startswith("/dang-nhap/lai?ve=%2Fchi-tra%2F")
        assert "Cần nhập lại mật khẩu" in text_of(page)
        assert (await press(stale, f"{run}/huy", {"reason": "lập thử"})).status_code == 303


def _browser_of(office: Office, auth_at: int) -> httpx.AsyncClient:
    caller = Caller("Phạm Quốc Việt", APPROVER, None, MARK, auth_at)
    token = issue(private_key(office.key), caller, 3_600)
    return httpx.AsyncClient(base_url=office.base, cookies={TOKEN_COOKIE: token}, timeout=60)


async def test_a_file_of_answers_is_taken_in_row_by_row_and_shown_again(office: Office) -> None:
    bank = office.browser("bank")
    settled = (
        await office.client.get("/disbursement/payments", OFFICER, run=office.runs[1], status="SETTLED", limit=1)
    )["items"][0]
    rows = [
        "end_to_end_id,result,amount,value_date,bank_reference,reason",
        f"{settled['end_to_end_id']},SETTLED,{settled['amount'] + 1000},2023-12-20,SN1,",
        f"{settled['end_to_end_id'][:12]},RETURNED,{settled['amount']},2023-12-21,SN2,account closed",
        "X,SETTLED,abc,2023-12-20,SN3,",
    ]
    file = {"file": ("ket-qua.csv", "\n".join(rows).encode(), "text/csv")}
    answer = await press(bank, "/chi-tra/ket-qua", files=file)
    assert answer.status_code == 303
    page = text_of(await bank.get(answer.headers["location"]))
    for words in (
        "Đã đọc 3 dòng",
        "1 dòng không đọc được",
        "2 dòng chờ người xử lý",
        "Lệch 1",
        "Chưa khớp 1",
        "Không đọc được 1",
    ):
        assert words in page
    foreign = await office.browser(OFFICER).get(answer.headers["location"])
    assert foreign.status_code == 404

    nothing = await press(bank, "/chi-tra/ket-qua", files={"file": ("a.xlsx", b"<html>", "text/html")})
    assert nothing.status_code == 422
    assert "Không đọc được tệp a.xlsx" in text_of(nothing)
    assert (await press(bank, "/chi-tra/ket-qua")).status_code == 422


async def test_answers_that_fit_nothing_are_compared_matched_put_aside_and_booked(office: Office) -> None:
    officer, approver = office.browser(OFFICER), office.browser(APPROVER)
    settled = (
        await office.client.get("/disbursement/payments", OFFICER, run=office.runs[1], status="SETTLED", limit=3)
    )["items"][2]
    cut = settled["end_to_end_id"][:10]
    await _say(office, cut, "RETURNED", settled["amount"], "2023-12-29", "SN-A")
    await _say(office, "AAAAAAAAAAAAAAA2", "SETTLED", 123_000, "2023-12-29", "SN-B")
    found = {
        one["end_to_end_id"]: one for one in (await office.client.get("/disbursement/open-answers", OFFICER))["items"]
    }
    page = await officer.get("/chi-tra/chua-khop")
    assert cut in text_of(page)

    address = f"/chi-tra/chua-khop/{found[cut]['id']}"
    beside = await officer.get(address)
    assert settled["end_to_end_id"] in beside.text
    assert "đầu mã khoản, số tiền" in text_of(beside)
    assert (await press(officer, address, {"what": "match"})).status_code == 422
    wrong = await press(officer, address, {"what": "match", "reference": "NOSUCH"})
    assert wrong.status_code == 422
    assert 'value="NOSUCH"' in wrong.text
    done = await press(officer, address, {"what": "match", "payment": settled["payment_id"]})
    assert done.headers["location"] == "/chi-tra/chua-khop?da=matched_applied"
    again = await press(officer, address, {"what": "dismiss", "reason": "x"})
    assert again.status_code == 409
    assert "đã được xử lý" in text_of(again)

    unknown = f"/chi-tra/chua-khop/{found['AAAAAAAAAAAAAAA2']['id']}"
    assert (await press(officer, unknown, {"what": "dismiss", "reason": ""})).status_code == 422
    assert (await press(officer, unknown, {"what": "book", "reason": "đã hỏi"})).status_code == 403
    aside = await press(officer, unknown, {"what": "dismiss", "reason": "của huyện khác"})
    assert aside.headers["location"] == "/chi-tra/chua-khop?da=dismissed"
    assert (await officer.get("/chi-tra/chua-khop/none")).status_code == 404

    rejected = (
        await office.client.get("/disbursement/payments", OFFICER, run=office.runs[1], status="REJECTED", limit=1)
    )["items"][0]
    await _say(office, rejected["end_to_end_id"], "SETTLED", rejected["amount"], "2023-12-29", "SN-C")
    open_now = (await office.client.get("/disbursement/open-answers", OFFICER, limit=1000))["items"]
    conflict = next(one for one in open_now if one["end_to_end_id"] == rejected["end_to_end_id"])
    address = f"/chi-tra/chua-khop/{conflict['id']}"
    assert "Ghi nhận theo ngân hàng là việc của lãnh đạo phòng" in text_of(await officer.get(address))
    booked = await press(approver, address, {"what": "book", "reason": "ngân hàng xác nhận đã chuyển"})
    assert booked.headers["location"] == "/chi-tra/chua-khop?da=booked"


async def _say(office: Office, reference: str, result: str, amount: int, day: str, bank_reference: str) -> None:
    row = {"end_to_end_id": reference, "result": result, "amount": amount, "value_date": day}
    await office.client.post("/disbursement/bank-results", "bank", body=[row | {"bank_reference": bank_reference}])


async def _payments(office: Office, run_id: str, status: str) -> list[dict[str, Any]]:
    return [one async for one in office.client.items("/disbursement/payments", OFFICER, run=run_id, status=status)]


async def _commune_with_cash(office: Office, run_id: str) -> tuple[str, list[dict[str, Any]]]:
    """The commune in which most people have not signed for their cash of a run, and their payments."""
    waiting: dict[str, list[dict[str, Any]]] = {}
    for one in await _payments(office, run_id, "CASH_LISTED"):
        waiting.setdefault(one["commune"], []).append(one)
    return max(waiting.items(), key=lambda pair: len(pair[1]))


async def test_cash_is_signed_for_on_a_day_and_the_rest_did_not_come(office: Office, further: str) -> None:
    commune, waiting = await _commune_with_cash(office, further)
    browser, address = office.browser("commune-officer", commune), f"/tien-mat/{further}"
    page = await browser.get(address)
    assert f"{len(waiting)} người chờ ký nhận" in text_of(page)
    assert page.text.count('type="checkbox"') == len(waiting)
    first = waiting[0]["payment_id"]
    for day, words in (("32/1/2024", "Ngày phải ghi dạng ngày/tháng/năm"), ("5/1/2024", "Ngày nhận ở tương lai")):
        wrong = await press(browser, address, {"payment": [first], "day": day})
        assert wrong.status_code == 422
        assert words in text_of(wrong)
        assert f'value="{day}"' in wrong.text
        assert f'value="{first}" aria-label' in wrong.text
        assert wrong.text.count("checked") == 1
    assert (await press(browser, address, {"day": "2/1/2024"})).status_code == 422

    key = {"key": clock.new_id(), "payment": [first], "day": "212024"}
    done = await press(browser, address, key | {"day": "2-1-2024"})
    assert done.headers["location"] == f"{address}?da=collected&so=1"
    assert (await press(browser, address, key | {"day": "2-1-2024"})).headers["location"] == done.headers["location"]
    words = text_of(await browser.get(done.headers["location"]))
    assert "Đã ghi 1 người đã nhận tiền mặt" in words
    assert "02/01/2024" in words

    asked = await browser.get(f"{address}/khong-den")
    rest = [one["payment_id"] for one in waiting[1:]]
    assert all(f'value="{one}"' in asked.text for one in rest)
    # Who is paid in cash here follows from made-up answers of the bank: it may be one person alone.
    if rest:
        left = await press(browser, f"{address}/khong-den", {"payment": rest})
        assert left.headers["location"] == f"{address}?da=uncollected&so={len(rest)}"
    told = (
        await office.client.get("/disbursement/payments", OFFICER, run=office.runs[1], status="CASH_LISTED", limit=1000)
    )["items"]
    assert commune not in {one["commune"] for one in told}
    # What contradicts the word before is not recorded: came after not having come, or the other way round.
    late = await (
        press(browser, address, {"payment": [rest[0]], "day": "1/1/2024"})
        if rest
        else press(browser, f"{address}/khong-den", {"payment": [first]})
    )
    assert late.headers["location"] == f"{address}?da=some_not_recorded&so=1"
    assert number(1) in text_of(await browser.get(late.headers["location"]))


async def test_an_officer_of_another_commune_records_nothing(office: Office) -> None:
    one = (await office.client.get("/disbursement/payments", OFFICER, run=office.runs[1], status="CASH_PAID", limit=1))[
        "items"
    ][0]
    other = office.browser("commune-officer", "10114" if one["commune"] != "10114" else "10120")
    answer = await press(other, f"/tien-mat/{office.runs[1]}", {"payment": [one["payment_id"]], "day": "2/1/2024"})
    assert "some_not_recorded" in answer.headers["location"]

"""A press whose work takes long: the page of the work, for its person alone, on to the result or why there is none."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from services.disbursement import bank_files
from services.kernel import jobs
from services.kernel.web.pages import long_work
from services.kernel.web.problems import Problem
from tests.pages.conftest import Office, press, text_of

ROWS = "end_to_end_id,result,amount,value_date,bank_reference,reason\nX,SETTLED,1000,2023-12-20,SN3,\n"
PAGE = re.compile("/dang-chay/disbursement/[0-9a-f]+")


class Held:
    """The reading of files, held up until it may go on or is to be refused."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.refusal: Problem | None = None
        self._read = bank_files.rows_in

    async def rows_in(self, *args: Any) -> Any:
        await self.go_on.wait()
        if self.refusal:
            raise self.refusal
        return await self._read(*args)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    found = Held()
    monkeypatch.setattr(bank_files, "rows_in", found.rows_in)
    monkeypatch.setattr(long_work, "PATIENCE_SECONDS", 0.1)
    return found


async def _handed_in(browser: httpx.AsyncClient, key: str) -> str:
    file = {"file": ("ket-qua.csv", ROWS.encode(), "text/csv")}
    answer = await press(browser, "/chi-tra/ket-qua", {"key": key}, files=file)
    assert answer.status_code == 303
    return answer.headers["location"]


async def _left(browser: httpx.AsyncClient, page: str, **headers: str) -> httpx.Response:
    """What the page answers once the work is over."""
    for _ in range(100):
        answer = await browser.get(page, headers=headers)
        if "Đang chạy" not in answer.text:
            return answer
        await asyncio.sleep(0.1)
    raise AssertionError("the work does not end")


async def test_work_that_takes_long_has_a_page_of_its_own_and_leads_to_its_result(office: Office, held: Held) -> None:
    bank = office.browser("bank")
    page = await _handed_in(bank, "long-1")
    assert PAGE.fullmatch(page)
    assert await _handed_in(bank, "long-1") == page, "a second press is the same work"
    shown = await bank.get(page)
    assert "Nhận tệp kết quả của ngân hàng" in text_of(shown)
    assert "ket-qua.csv" in text_of(shown)
    assert 'http-equiv="refresh"' in shown.text
    assert f'hx-get="{page}"' in shown.text
    assert (await office.browser("district-officer").get(page)).status_code == 404
    # The line about it comes within a sweep of the jobs, on this service's pages and by itself for the home page.
    await asyncio.sleep(2 * jobs.SWEEP_SECONDS)
    assert f'href="{page}"' in (await bank.get("/chi-tra")).text
    line = await bank.get("/dang-chay/disbursement", headers={"hx-request": "true"})
    assert f'href="{page}"' in line.text
    assert "<html" not in line.text
    assert 'hx-get="/dang-chay/disbursement"' in (await bank.get("/")).text
    held.go_on.set()
    done = await _left(bank, page)
    assert (done.status_code, done.headers["location"]) == (303, "/chi-tra/ket-qua/long-1")
    assert "Xong" in text_of(await bank.get("/dang-chay/disbursement"))
    assert page not in (await bank.get("/chi-tra")).text
    assert "Đã đọc 1 dòng" in text_of(await bank.get(done.headers["location"]))
    assert await _handed_in(bank, "long-1") == "/chi-tra/ket-qua/long-1", "pressed again afterwards: the result"


async def test_work_that_is_refused_later_says_why_and_leads_back(office: Office, held: Held) -> None:
    bank = office.browser("bank", name="Ngân hàng Hai")
    page = await _handed_in(bank, "long-2")
    held.refusal = Problem(422, "file-broken", "Không đọc được tệp, lưu lại.", "The file cannot be read.")
    held.go_on.set()
    part = await _left(bank, page, **{"hx-request": "true"})
    assert "Không đọc được tệp, lưu lại." in text_of(part)
    assert "<html" not in part.text
    assert "hx-get" not in part.text, "it asks no more"
    assert 'href="/chi-tra/ket-qua"' in part.text
    held.refusal = None
    assert await _handed_in(bank, "long-2") == "/chi-tra/ket-qua/long-2", "the same key may try again"


async def test_in_place_the_end_of_the_work_moves_the_whole_page(office: Office, held: Held) -> None:
    bank = office.browser("bank", name="Ngân hàng Ba")
    page = await _handed_in(bank, "long-3")
    held.go_on.set()
    done = await _left(bank, page, **{"hx-request": "true"})
    assert done.headers["hx-redirect"] == "/chi-tra/ket-qua/long-3"

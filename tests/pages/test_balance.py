"""Cân đối tiền: the sent runs' orders against where their money is, recounted from the payments that the API shows."""

from collections import defaultdict

import asyncpg

from infra.stack import Connections
from services.kernel.web.pages.shown import number
from tests.pages.conftest import Office, text_of

WHERE = {
    **dict.fromkeys(("SETTLED", "CASH_PAID"), "arrived"),
    **dict.fromkeys(("REJECTED", "RETURNED", "CASH_UNCOLLECTED"), "back"),
    **dict.fromkeys(("INSTRUCTED", "CASH_LISTED", "NETTED"), "open"),
}


async def test_the_sums_are_those_of_the_payments_and_nothing_is_missing(office: Office) -> None:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for run in office.runs:
        async for one in office.client.items("/disbursement/payments", "auditor", run=run):
            sums[one["method"], WHERE[one["status"]]] += one["amount"]
    page = text_of(await office.browser("auditor").get("/chi-tra/can-doi"))
    assert "2 đợt đã chuyển lệnh, chênh lệch 0 đồng" in page
    for method, begins in (("ACCOUNT", "Qua tài khoản"), ("CASH", "Tiền mặt")):
        parts = [sums[method, where] for where in ("arrived", "back", "open")]
        assert parts[0] > 0 < parts[1]
        figures = [number(one) for one in (sum(parts), *parts)]
        sentence = page[page.index(f"{begins}: ") :].partition(" Chênh lệch ")
        assert [word for word in sentence[0].split() if word[0].isdigit()] == figures
        assert sentence[2].startswith("0.")


async def test_who_runs_the_system_is_told_without_amounts_and_others_not_at_all(office: Office) -> None:
    page = await office.browser("admin").get("/van-hanh")
    assert 'hx-get="/chi-tra/can-doi"' in page.text
    part = await office.browser("admin").get("/chi-tra/can-doi", headers={"hx-request": "true"})
    assert "chênh lệch 0 đồng" in text_of(part)
    assert "Qua tài khoản" not in text_of(part)
    assert "<html" not in part.text
    assert (await office.browser("bank").get("/chi-tra/can-doi")).status_code == 403


async def test_a_payment_that_lost_money_is_seen_at_its_run(office: Office, stack: Connections) -> None:
    """As if somebody had changed a row by hand."""
    connection = await asyncpg.connect(stack.owner_dsn["disbursement"])
    change = "update disbursement.payments set amount = amount + $2 where payment_id = $1"
    try:
        payment = await connection.fetchval(
            "select payment_id from disbursement.payments where run_id = $1 and status = 'SETTLED' limit 1",
            office.runs[0],
        )
        await connection.execute(change, payment, -1)
        try:
            page = await office.browser("finance").get("/chi-tra/can-doi")
        finally:
            await connection.execute(change, payment, 1)
    finally:
        await connection.close()
    assert "Chênh lệch 1 đồng ở 1 đợt" in text_of(page)
    assert page.text.count('<tr class="bad">') == 1

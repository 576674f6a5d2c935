"""Two officers approve at once lists that speak of the same people: both take effect, whoever is faster."""

import asyncio
from collections.abc import Iterable
from datetime import date

from infra.sandbox.client import Client
from infra.stack import Connections
from services.kernel import clock
from services.registry.headings import REQUIRED
from tests.examples.fresh import systems, table

KIM_BAI, BICH_HOA = "10114", "10126"
LETTERS = "BCDGHKLMNPQRSTVXYEIU"
LISTS = "/registry/change-lists"
# So many that both approvals are under way for a while.
PEOPLE = 400


def _row(number: int, **cells: str) -> dict[str, str]:
    return {
        "Họ và tên": f"Nguyễn Văn {LETTERS[number % 20]}a {LETTERS[number // 20]}o",
        "Ngày sinh": "1941",
        "Giới tính": "Nam",
        "Số định danh": f"00104152{number:04d}",
        "Chương trình": "BTXH",
        "Mã chế độ": "BTXH.05C",
        **cells,
    }


async def _submitted(client: Client, commune: str, period: str, rows: Iterable[dict[str, str]]) -> str:
    sent = ("danh-sach.csv", table(REQUIRED, rows))
    draft = await client.upload(LISTS, "commune-officer", commune, sent, {"commune": commune, "period": period})
    assert draft["errors"] == []
    await client.post(f"{LISTS}/{draft['id']}/submit", "commune-officer", commune)
    return str(draft["id"])


async def _approve(client: Client, list_id: str) -> None:
    body = {"accept_warnings": True, "reason": "Đã đối chiếu"}
    await client.post(f"{LISTS}/{list_id}/approve", "district-officer", body=body)


async def test_both_halves_of_many_moves_approved_at_once_move_everybody(stack: Connections) -> None:
    async with systems(stack) as shared:
        client = await shared.fresh()
        clock.set_today(date(2023, 11, 2))
        rows = [_row(number, **{"Loại": "TĂNG", "Từ tháng": "11/2023"}) for number in range(PEOPLE)]
        await _approve(client, await _submitted(client, KIM_BAI, "2023-11", rows))
        clock.set_today(date(2023, 12, 2))
        leave = {"Loại": "GIẢM", "Từ tháng": "12/2023", "Lý do": "Chuyển đi xã Bích Hòa"}
        arrive = {"Loại": "TĂNG", "Từ tháng": "12/2023", "Lý do": "Chuyển đến từ thị trấn Kim Bài"}
        halves = [
            await _submitted(client, KIM_BAI, "2023-12", [_row(number, **leave) for number in range(PEOPLE)]),
            await _submitted(client, BICH_HOA, "2023-12", [_row(number, **arrive) for number in range(PEOPLE)]),
        ]
        await asyncio.gather(*(_approve(client, list_id) for list_id in halves))
        query = {"period": "2023-12", "commune": BICH_HOA, "status": "ACTIVE"}
        moved = [one async for one in client.items("/registry/beneficiaries", "auditor", **query)]
        assert len(moved) == PEOPLE

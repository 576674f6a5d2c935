"""What stands in the register after a list full of odd but readable cells was approved."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.files.lists import SINH, workbook
from tests.files.office import Office
from tests.files.workbooks import Value, formula, number

HERE = "10132"
ODD: tuple[tuple[Mapping[str, Value], Mapping[str, Any]], ...] = (
    ({"Số định danh": 1040000001}, {"citizen_id": "001040000001"}),
    ({"Số định danh": "'001.040.000\xa0002"}, {"citizen_id": "001040000002"}),
    ({"Số định danh": number("1.040000003E9")}, {"citizen_id": "001040000003"}),
    ({"Số định danh": "001040000004.0"}, {"citizen_id": "001040000004"}),
    ({"Họ và tên": " Phan\tVa\u0306n\n Sinh_x000D_"}, {"name": "Phan Văn Sinh"}),
    ({"Họ và tên": "\u200eH’Bơi\xa0Phan\ufeff"}, {"name": "H'Bơi Phan"}),
    ({"Ngày sinh": date(1940, 3, 1)}, {"birth": "1940-03-01"}),
    ({"Ngày sinh": "1/3/1940"}, {"birth": "1940-03-01"}),
    ({"Ngày sinh": "1940-03-01"}, {"birth": "1940-03-01"}),
    ({"Ngày sinh": 1940}, {"birth": "1940"}),
    ({"Ngày sinh": "00/00/1940"}, {"birth": "1940"}),
    ({"Ngày sinh": number("14671.75", 1)}, {"birth": "1940-03-01"}),
    ({"Số CMND": 11020459}, {"old_id": "011020459"}),
    ({"Điện thoại": 912345678}, {"phone": "0912345678"}),
    ({"Điện thoại": "+84 912.345.679"}, {"phone": "0912345679"}),
    ({"Điện thoại": "không có"}, {"phone": None}),
    ({"Điện thoại": "-"}, {"phone": None}),
    ({"Địa chỉ": "=1+1"}, {"address": "=1+1"}),
    ({"Địa chỉ": "Thôn\u200b 1 /\r\nđội 2"}, {"address": "Thôn 1/đội 2"}),
    ({"Mức hưởng": "440.000,00 VNĐ"}, {"amount": 440_000}),
    ({"Mức hưởng": formula("4.4E5")}, {"amount": 440_000}),
    ({"Mức hưởng": None}, {"amount": 440_000}),
    ({"Từ tháng": date(2023, 10, 1)}, {"from": "2023-10"}),
    ({"Từ tháng": "2023-12"}, {"from": "2023-12"}),
    ({"Hình thức": "tai khoan"}, {"wish": "ACCOUNT"}),
    ({"Giới tính": " NAM"}, {"sex": "M"}),
)


def _row(at: int, odd: Mapping[str, Value]) -> Mapping[str, Value]:
    return {**SINH, "Số định danh": f"0010401{at:05d}", "Mục": "  ", **odd}


@pytest.fixture(scope="module")
async def registered(office: Office) -> dict[int, dict[str, Any]]:
    """The people of one list by their place in ODD; approved once for all tests here."""
    content = workbook(*(_row(at, odd) for at, (odd, _) in enumerate(ODD)))
    response = await office.hand_in(content, home=HERE)
    assert response.status_code == 201, response.text
    assert response.json()["errors"] == []
    path = f"/registry/change-lists/{response.json()['id']}"
    assert (await office.ask("POST", f"{path}/submit", HERE)).status_code == 200
    approval = {"accept_warnings": True, "reason": "thử", "allow_late": True}
    response = await office.ask("POST", f"{path}/approve", "", "district-approver", json=approval)
    assert response.status_code == 200, response.text
    shown = await office.ask(
        "GET", "/registry/beneficiaries", HERE, params={"commune": HERE, "limit": 1000, "period": "2023-12"}
    )
    people = {one["citizen_id"]: one for one in shown.json()["items"]}
    wanted = [expected.get("citizen_id", f"0010401{at:05d}") for at, (_, expected) in enumerate(ODD)]
    return {at: people[citizen_id] for at, citizen_id in enumerate(wanted)}


@pytest.mark.parametrize("at", range(len(ODD)))
async def test_a_readable_cell_is_registered_as_what_it_means(registered: dict[int, dict[str, Any]], at: int) -> None:
    person = registered[at]
    (right,) = person["entitlements"]
    expected = {"name": "Phan Văn Sinh", "birth": "1940", "sex": "M", "amount": 440_000, "from": "2023-11"}
    for field, value in (expected | dict(ODD[at][1])).items():
        found = right[field] if field in ("amount", "from") else person[field]
        assert found == value, field

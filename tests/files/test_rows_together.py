"""Rows of one list held against each other."""

from collections.abc import Mapping, Sequence

import pytest

from tests.files.lists import SINH, workbook
from tests.files.office import Finding, Office
from tests.files.workbooks import Value

Row = Mapping[str, Value]
NO_ID: Row = {**SINH, "Số định danh": None}
NCC: Row = {**SINH, "Chương trình": "NCC", "Mã chế độ": "NCC.01", "Mức hưởng": None}
ID, NAME = "Số định danh", "Họ và tên"
DOUBLED, TWO_NAMES = "row-doubled", "citizen-id-two-names"


@pytest.mark.parametrize(
    ("rows", "errors", "earlier"),
    [
        ([SINH, SINH], [(3, ID, DOUBLED)], 2),
        ([SINH, {**SINH, ID: 1040146715}], [(3, ID, DOUBLED)], 2),
        ([SINH, {**SINH, ID: "001.040.146.715", "Mã chế độ": " btxh.05c"}], [(3, ID, DOUBLED)], 2),
        ([SINH, SINH, SINH], [(3, ID, DOUBLED), (4, ID, DOUBLED)], 2),
        ([SINH, {**SINH, "Mã chế độ": "BTXH.05B", "Mức hưởng": None}], [], 0),
        ([SINH, {**SINH, NAME: "PHAN  VĂN  SINH"}], [(3, ID, DOUBLED)], 2),
        ([SINH, {**SINH, NAME: "Phan Văn Sính"}], [(3, ID, TWO_NAMES)], 2),
        ([SINH, {**SINH, NAME: "Lê Văn Hai", "Mã chế độ": "BTXH.05B", "Mức hưởng": None}], [(3, ID, TWO_NAMES)], 2),
        ([{**SINH, NAME: "Vũ Thị Hoà"}, {**SINH, NAME: "Vũ Thị Hòa"}], [(3, ID, DOUBLED)], 2),
        ([{**SINH, "Giới tính": "x"}, SINH], [(2, "Giới tính", "word-unknown"), (3, ID, DOUBLED)], 2),
        ([SINH, {**SINH, ID: "12345"}], [(3, ID, "citizen-id-length")], 0),
    ],
)
async def test_the_same_person_twice(office: Office, rows: Sequence[Row], errors: list[Finding], earlier: int) -> None:
    taken = await office.take(workbook(*rows))
    assert taken.errors == errors
    for error in errors:
        if error[2] in (DOUBLED, TWO_NAMES):
            assert f"dòng {earlier}" in taken.messages[error]


@pytest.mark.parametrize(
    ("rows", "doubtful"),
    [
        ([NO_ID, NO_ID], [3]),
        ([SINH, NO_ID], [3]),
        ([NO_ID, SINH], [3]),
        ([NO_ID, {**NO_ID, NAME: "PHAN VĂN SINH"}], [3]),
        ([NO_ID, {**NO_ID, "Ngày sinh": "1941"}], []),
        ([NO_ID, {**NO_ID, "Mã chế độ": "BTXH.05B", "Mức hưởng": None}], []),
    ],
)
async def test_possibly_the_same_person_twice(office: Office, rows: Sequence[Row], doubtful: list[int]) -> None:
    taken = await office.take(workbook(*rows))
    assert taken.errors == []
    assert [
        row for row, column, code in taken.warnings if code == "row-possibly-doubled" and column == NAME
    ] == doubtful


async def test_a_row_mended_frees_the_later_one(office: Office) -> None:
    taken = await office.take(workbook(SINH, SINH))
    path = f"/registry/change-lists/{taken.list_id}/rows/3"
    assert (await office.ask("DELETE", path)).status_code == 200
    now = await office.look_at(taken.list_id)
    assert (list(now.rows), now.errors) == ([2], [])


async def test_every_wrong_cell_of_a_row_is_named_at_once(office: Office) -> None:
    row = {**SINH, NAME: "Phan Sinh 1", "Ngày sinh": "41", "Giới tính": "x", ID: "1", "Mức hưởng": "440", "Từ tháng": 1}
    taken = await office.take(workbook(row))
    assert [column for _, column, _ in taken.errors] == [NAME, "Ngày sinh", "Giới tính", ID, "Mức hưởng", "Từ tháng"]


async def test_a_list_with_errors_is_not_submitted(office: Office) -> None:
    taken = await office.take(workbook(SINH, {**SINH, ID: "1"}))
    response = await office.ask("POST", f"/registry/change-lists/{taken.list_id}/submit")
    assert response.status_code == 409
    assert response.json()["type"] == "/problems/list-has-errors"

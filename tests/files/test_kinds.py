"""What GIẢM and ĐIỀU CHỈNH need in their cells, and what a dash means there."""

from collections.abc import Mapping

import pytest

from services.kernel.period import Period
from services.registry.spreadsheet import ParsedList, read_list
from tests.files.lists import PERIOD, TODAY, workbook
from tests.files.workbooks import Value, error

ID, BIRTH, NAME, REASON, FROM = "Số định danh", "Ngày sinh", "Họ và tên", "Lý do", "Từ tháng"
GIAM: Mapping[str, Value] = {
    "Loại": "GIẢM", NAME: "Phan Văn Sinh", ID: "001040146715", FROM: "12/2023", REASON: "Hết điều kiện hưởng",
}  # fmt: skip
ADJUST: Mapping[str, Value] = {"Loại": "Điều chỉnh", NAME: "Phan Văn Sinh", ID: "001040146715", FROM: "11/2023"}
DEATH = {**GIAM, REASON: "Chết ngày 05/11/2023"}
PAYEE = {"Người nhận thay": "Lê Thị Hai", "Quan hệ": "ỦY QUYỀN"}


def read(row: Mapping[str, Value]) -> ParsedList:
    return read_list(workbook(row), Period(PERIOD), TODAY)


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        (GIAM, []),
        ({**GIAM, ID: None, BIRTH: "1940"}, []),
        ({**GIAM, ID: None}, [(ID, "cell-missing")]),
        ({**GIAM, ID: "-"}, [(ID, "cell-missing")]),
        ({**GIAM, NAME: None}, [(NAME, "cell-missing")]),
        ({**GIAM, FROM: None}, [(FROM, "cell-missing")]),
        ({**GIAM, REASON: "\xa0"}, [(REASON, "cell-missing")]),
        ({**GIAM, REASON: error("#N/A")}, [(REASON, "cell-error")]),
        ({**GIAM, ID: "12345"}, [(ID, "citizen-id-length")]),
        ({**GIAM, BIRTH: "1941"}, [(ID, "citizen-id-year")]),
        ({**GIAM, "Mục": "13"}, [("Mục", "item-not-of-programme")]),
        (ADJUST, []),
        ({**ADJUST, ID: None, BIRTH: "01/03/1940"}, []),
        ({**ADJUST, ID: None}, [(ID, "cell-missing")]),
        ({**ADJUST, "Giới tính": "Nữ"}, [(ID, "citizen-id-sex")]),
        ({**ADJUST, "Người nhận thay": "Lê Thị Hai"}, [("Quan hệ", "cell-missing")]),
        ({**ADJUST, "Quan hệ": "GIÁM HỘ"}, [("Người nhận thay", "cell-missing")]),
        ({**ADJUST, "Người nhận thay": "-", "Quan hệ": "GIÁM HỘ"}, [("Người nhận thay", "cell-missing")]),
        ({**ADJUST, **PAYEE}, []),
        ({**GIAM, **PAYEE, "Quan hệ": None}, [("Quan hệ", "cell-missing")]),
        ({**DEATH, "Người nhận thay": "Lê Thị Hai"}, []),
        ({**DEATH, **PAYEE}, []),
        ({"Loại": "TĂNG", NAME: "Phan Văn Sinh", BIRTH: "1940", "Giới tính": "Nam", FROM: "11/2023", REASON: "x"},
         [("Chương trình", "cell-missing")]),
        ({"Loại": "TĂNG", NAME: "Phan Văn Sinh", BIRTH: "1940", "Giới tính": "Nam", FROM: "11/2023",
          REASON: "Chuyển đến từ xã Cự Khê"}, []),
        ({"Loại": "TĂNG", NAME: "Phan Văn Sinh", BIRTH: "1940", "Giới tính": "Nam", FROM: "11/2023",
          REASON: "Đã tiếp tục hưởng"}, []),
    ],
)  # fmt: skip
def test_what_the_kinds_need(row: Mapping[str, Value], errors: list[tuple[str, str]]) -> None:
    assert [(found.column, found.code) for found in read(row).errors] == errors


def test_a_dash_clears_in_an_adjustment_what_can_be_cleared() -> None:
    parsed = read({**ADJUST, "Điện thoại": "-", "Địa chỉ": " – ", "Hình thức": "-", "Mã chế độ": "-"})
    assert parsed.errors == ()
    assert parsed.rows[0].cleared == {"Điện thoại", "Địa chỉ", "Hình thức"}
    assert [(found.column, found.code) for found in parsed.warnings] == [("Mã chế độ", "dash-is-empty")]


@pytest.mark.parametrize(
    "reason", ["chết", "CHẾT ngày 5/11", "Đã chết", "đã từ  trần", "Tử vong do bệnh", "Qua đời", "Mất ngày 5", "Mat"]
)
def test_a_death_is_known_by_the_beginning_of_its_reason(reason: str) -> None:
    assert read({**GIAM, REASON: reason}).rows[0].reason_kind == "DEATH"


@pytest.mark.parametrize("reason", ["Bố chết, không còn khó khăn", "Hưởng tiền mặt", "Đã báo là đã chết"])
def test_a_word_of_death_elsewhere_is_no_death(reason: str) -> None:
    parsed = read({**GIAM, REASON: reason})
    assert parsed.rows[0].reason_kind == "ORDINARY"
    doubtful = [found.column for found in parsed.warnings if found.needs_acceptance]
    assert doubtful == ([] if "tiền mặt" in reason else [REASON])

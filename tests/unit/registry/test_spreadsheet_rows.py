"""One row of a change list: what each kind needs, where an error stands, what contradicts."""

from collections.abc import Mapping
from datetime import date

import pytest

from services.kernel.period import Period
from services.kernel.tables.table import Json
from services.registry.row import ReasonKind, Row
from services.registry.row_check import CheckedRow, check_row, right_missing

NOVEMBER = Period("2023-11")
INCREASE: dict[str, Json] = {
    "Loại": "TĂNG",
    "Họ và tên": "Phan Văn Sinh",
    "Ngày sinh": "1940",
    "Giới tính": "Nam",
    "Số định danh": "001040146715",
    "Chương trình": "BTXH",
    "Mã chế độ": "BTXH.05C",
    "Mức hưởng": 440000,
    "Từ tháng": "11/2023",
    "Lý do": "Hưởng mới",
    "Hình thức": "TIỀN MẶT",
}
DECREASE: dict[str, Json] = {
    "Loại": "GIẢM",
    "Họ và tên": "Phan Văn Sinh",
    "Số định danh": "001040146715",
    "Từ tháng": "11/2023",
    "Lý do": "Hết điều kiện",
}
ADJUST: dict[str, Json] = {
    "Loại": "ĐIỀU CHỈNH",
    "Họ và tên": "Phan Văn Sinh",
    "Số định danh": "001040146715",
    "Từ tháng": "11/2023",
}


def check(base: Mapping[str, Json], changes: Mapping[str, Json] | None = None) -> CheckedRow:
    return check_row(7, dict(base) | dict(changes or {}), NOVEMBER, date(2023, 11, 2))


def errors(base: Mapping[str, Json], changes: Mapping[str, Json] | None = None) -> list[tuple[str, str]]:
    return [(error.column, error.code) for error in check(base, changes).errors]


def warnings(base: Mapping[str, Json], changes: Mapping[str, Json] | None = None) -> list[tuple[str, str]]:
    return [(warning.column, warning.code) for warning in check(base, changes).warnings]


def row(base: Mapping[str, Json], changes: Mapping[str, Json] | None = None) -> Row:
    checked = check(base, changes)
    assert checked.errors == ()
    assert checked.row is not None
    return checked.row


def test_a_full_increase_is_read_into_typed_values() -> None:
    more: dict[str, Json] = {
        "Số CMND": 110204511,
        "Điện thoại": "0912 345 678",
        "Địa chỉ": " Thôn 3 ",
        "Người nhận thay": "Phan Văn Con",
        "Số định danh người nhận thay": "001070146715",
        "Quan hệ": "uỷ quyền",
        "Số quyết định": "12/QĐ-UBND",
        "Ngày quyết định": "01/11/2023",
        "Ghi chú": "không đọc",
    }
    assert row(INCREASE, more) == Row(
        number=7,
        kind="INCREASE",
        name="Phan Văn Sinh",
        birth="1940",
        sex="M",
        citizen_id="001040146715",
        old_id="110204511",
        phone="0912345678",
        address="Thôn 3",
        programme="BTXH",
        item=None,
        code="BTXH.05C",
        amount=440000,
        from_period=NOVEMBER,
        reason="Hưởng mới",
        reason_kind=ReasonKind.ORDINARY,
        reason_commune=None,
        payee_name="Phan Văn Con",
        payee_id="001070146715",
        relation="AUTHORISED",
        wish="CASH",
        decision_number="12/QĐ-UBND",
        decision_date=date(2023, 11, 1),
        cleared=frozenset(),
    )


@pytest.mark.parametrize("column", ["Họ và tên", "Ngày sinh", "Giới tính", "Chương trình", "Từ tháng", "Mã chế độ"])
def test_an_increase_needs_person_right_and_month(column: str) -> None:
    assert errors(INCREASE, {column: ""}) == [(column, "cell-missing")]


def test_an_increase_of_ncc_needs_a_code_and_no_item() -> None:
    assert errors(INCREASE, {"Chương trình": "NCC", "Mã chế độ": "NCC.01.ESCAPED"}) == []
    assert errors(INCREASE, {"Chương trình": "NCC", "Mã chế độ": None}) == [("Mã chế độ", "cell-missing")]


def test_an_increase_of_khac_needs_item_and_amount_and_no_code() -> None:
    other: dict[str, Json] = {"Chương trình": "KHAC", "Mã chế độ": None}
    assert errors(INCREASE, other | {"Mục": "16"}) == []
    assert errors(INCREASE, other | {"Mức hưởng": None}) == [("Mục", "cell-missing"), ("Mức hưởng", "cell-missing")]


@pytest.mark.parametrize("reason", ["Chuyển đến từ xã Bích Hòa", "Tiếp tục hưởng"])
def test_a_move_or_resumption_needs_no_right(reason: str) -> None:
    empty: dict[str, Json] = {"Chương trình": None, "Mã chế độ": None, "Mức hưởng": None, "Lý do": reason}
    assert errors(INCREASE, empty) == []
    assert errors(INCREASE, empty | {"Ngày sinh": None}) == [("Ngày sinh", "cell-missing")]


def test_what_a_move_lacks_of_a_right_can_be_asked_for() -> None:
    moved = row(INCREASE, {"Chương trình": None, "Mã chế độ": None, "Lý do": "Chuyển đến"})
    assert [finding.column for finding in right_missing(moved)] == ["Chương trình"]
    assert right_missing(row(INCREASE)) == ()


@pytest.mark.parametrize("column", ["Họ và tên", "Từ tháng", "Lý do"])
def test_a_decrease_needs_person_month_and_reason(column: str) -> None:
    assert errors(DECREASE, {column: None}) == [(column, "cell-missing")]


@pytest.mark.parametrize("base", [DECREASE, ADJUST])
def test_a_decrease_or_adjustment_needs_an_id_or_a_birth(base: dict[str, Json]) -> None:
    assert errors(base, {"Số định danh": None, "Ngày sinh": "1940"}) == []
    assert errors(base, {"Số định danh": None}) == [("Số định danh", "cell-missing")]


def test_an_adjustment_needs_no_reason() -> None:
    assert errors(ADJUST) == []
    assert errors(ADJUST, {"Từ tháng": None}) == [("Từ tháng", "cell-missing")]


def test_payee_and_relation_go_together_and_the_empty_one_is_the_error() -> None:
    assert errors(INCREASE, {"Người nhận thay": "Phan Văn Con"}) == [("Quan hệ", "cell-missing")]
    assert errors(INCREASE, {"Quan hệ": "GIÁM HỘ"}) == [("Người nhận thay", "cell-missing")]
    assert errors(INCREASE, {"Số định danh người nhận thay": "001070146715"}) == [("Người nhận thay", "cell-missing")]


def test_after_a_death_a_payee_needs_no_relation() -> None:
    died = row(DECREASE, {"Lý do": "Chết ngày 15/10/2023", "Người nhận thay": "Phan Văn Con"})
    assert (died.reason_kind, died.payee_name, died.relation) == (ReasonKind.DEATH, "Phan Văn Con", None)


def test_a_row_with_anything_but_no_kind_has_that_one_error() -> None:
    assert errors({"Họ và tên": "TỔNG CỘNG (12 người)", "Mức hưởng": 5_280}) == [("Loại", "cell-missing")]
    assert errors({}) == [("Loại", "cell-missing")]


def test_an_unknown_kind_is_an_error_beside_those_of_other_cells() -> None:
    assert errors(INCREASE, {"Loại": "THÊM", "Mức hưởng": 440}) == [
        ("Loại", "word-unknown"),
        ("Mức hưởng", "amount-too-small"),
    ]
    assert check(INCREASE, {"Loại": "THÊM"}).row is None


@pytest.mark.parametrize("word", ["tăng", "TANG", " T ăng", "Tăng"])
def test_kinds_are_compared_without_case_tones_and_spaces(word: str) -> None:
    assert row(INCREASE, {"Loại": word}).kind == "INCREASE"


def test_digits_that_contradict_sex_or_year_are_an_error_of_the_id() -> None:
    assert errors(INCREASE, {"Giới tính": "Nữ"}) == [("Số định danh", "citizen-id-sex")]
    assert errors(INCREASE, {"Ngày sinh": "12/03/1941"}) == [("Số định danh", "citizen-id-year")]
    assert errors(DECREASE, {"Ngày sinh": "1941"}) == [("Số định danh", "citizen-id-year")]


def test_a_wrong_birth_is_not_held_against_the_id_too() -> None:
    assert errors(INCREASE, {"Ngày sinh": "31/02/1940"}) == [("Ngày sinh", "day-does-not-exist")]


def test_nine_digits_are_an_error_and_never_a_person_without_id() -> None:
    checked = check(INCREASE, {"Số định danh": "110204599"})
    assert [(error.row, error.column, error.code) for error in checked.errors] == [
        (7, "Số định danh", "citizen-id-length")
    ]
    assert checked.warnings == ()


def test_a_person_without_id_is_registered_with_a_plain_warning() -> None:
    checked = check(INCREASE, {"Số định danh": None})
    assert checked.errors == ()
    assert [(warning.column, warning.needs_acceptance) for warning in checked.warnings] == [("Số định danh", False)]


def test_an_item_must_be_one_of_the_programme() -> None:
    assert errors(INCREASE, {"Mục": "5"}) == [("Mục", "item-not-of-programme")]
    merit: dict[str, Json] = {"Chương trình": "NCC", "Mã chế độ": "NCC.01.ESCAPED"}
    assert row(INCREASE, merit | {"Mục": 1}).item == "1"
    assert errors(INCREASE, merit | {"Mục": "13"}) == [("Mục", "item-not-of-programme")]
    assert errors(INCREASE, merit | {"Mục": "16"}) == [("Mục", "item-not-of-programme")]
    assert row(DECREASE, {"Mục": "17"}).item == "17"
    assert errors(DECREASE, {"Mục": "14"}) == [("Mục", "item-not-of-programme")]


def test_an_increase_more_than_12_months_back_wants_acceptance() -> None:
    assert warnings(INCREASE, {"Từ tháng": "11/2022"}) == []
    (warning,) = check(INCREASE, {"Từ tháng": "10/2022"}).warnings
    assert (warning.column, warning.code, warning.needs_acceptance) == ("Từ tháng", "month-long-ago", True)
    assert warnings(DECREASE, {"Từ tháng": "10/2022"}) == []


def test_a_doubtful_reason_is_a_warning_of_its_cell() -> None:
    assert warnings(DECREASE, {"Lý do": "Do cụ đã chết"}) == [("Lý do", "reason-doubtful")]


def test_a_lone_dash_is_empty_with_a_warning() -> None:
    assert warnings(INCREASE, {"Điện thoại": "-", "Mục": "–"}) == [
        ("Điện thoại", "dash-is-empty"),
        ("Mục", "dash-is-empty"),
    ]
    assert warnings(INCREASE, {"Số định danh": "-"}) == [
        ("Số định danh", "dash-is-empty"),
        ("Số định danh", "citizen-id-none"),
    ]
    assert errors(INCREASE, {"Ngày sinh": "-"}) == [("Ngày sinh", "cell-missing")]


def test_a_lone_dash_clears_in_an_adjustment() -> None:
    dashes: dict[str, Json] = {
        "Điện thoại": "-",
        "Địa chỉ": "-",
        "Số CMND": "-",
        "Người nhận thay": "-",
        "Hình thức": "-",
    }
    cleared = row(ADJUST, dashes)
    assert cleared.cleared == {"Điện thoại", "Địa chỉ", "Số CMND", "Người nhận thay", "Hình thức"}
    assert cleared.phone is None
    assert warnings(ADJUST, dashes) == []


def test_a_dash_clears_no_name_id_or_right() -> None:
    assert row(ADJUST, {"Số định danh": "-", "Ngày sinh": "1940"}).cleared == frozenset()
    assert warnings(ADJUST, {"Mức hưởng": "-"}) == [("Mức hưởng", "dash-is-empty")]


def test_error_values_are_errors_of_their_cell_in_any_column() -> None:
    assert errors(INCREASE, {"Địa chỉ": "#N/A", "Số định danh": "#FORMULA!"}) == [
        ("Số định danh", "formula-without-value"),
        ("Địa chỉ", "cell-error"),
    ]


def test_all_wrong_cells_are_told_at_once_in_the_order_of_the_headings() -> None:
    wrong: dict[str, Json] = {"Họ và tên": "An 2", "Ngày sinh": "12/03/41", "Từ tháng": "12/23", "Hình thức": "thẻ"}
    assert [column for column, _ in errors(INCREASE, wrong)] == ["Họ và tên", "Ngày sinh", "Từ tháng", "Hình thức"]


def test_every_finding_says_in_both_languages_what_to_do() -> None:
    (error,) = check(INCREASE, {"Mức hưởng": 440}).errors
    assert error.message("vi") == (
        "Mức hưởng “440” nhỏ hơn 10.000 đồng; có thể đang ghi theo nghìn đồng. Ghi đủ số đồng, ví dụ 440000."
    )
    assert error.message("en").endswith("Write it in đồng, such as 440000.")


@pytest.mark.parametrize("value", [True, 1.5, -1, "x" * 100_000, "\ud83d", "\x00", "\u202e"])
def test_no_value_that_a_caller_sends_breaks_the_check(value: Json) -> None:
    for column in INCREASE:
        check(INCREASE, {column: value})

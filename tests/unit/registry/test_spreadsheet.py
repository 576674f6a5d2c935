"""A whole change list from its bytes: rows, findings, values as read, and rows held against each other."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

import openpyxl
import pytest

from services.kernel.period import Period
from services.kernel.tables.table import Json, UnreadableTable
from services.registry.headings import HEADINGS, REQUIRED
from services.registry.spreadsheet import ParsedList, check_rows, read_list

NOVEMBER = Period("2023-11")
TODAY = date(2023, 11, 2)
SINH: dict[str, Json] = {
    "Loại": "TĂNG",
    "Họ và tên": "Phan Văn Sinh",
    "Ngày sinh": "1940",
    "Giới tính": "Nam",
    "Số định danh": "001040146715",
    "Chương trình": "BTXH",
    "Mã chế độ": "BTXH.05C",
    "Mức hưởng": 440000,
    "Từ tháng": "11/2023",
}


def as_csv(rows: Sequence[Mapping[str, Json]], headings: Sequence[str] = REQUIRED) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, headings)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Mapping[str, Json | date]], hidden: int | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    for row in rows:
        book.active.append([row.get(heading) for heading in HEADINGS])
    if hidden is not None:
        book.active.row_dimensions[hidden].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parse(content: bytes) -> ParsedList:
    return read_list(content, NOVEMBER, TODAY)


def check(*rows: Mapping[str, Json]) -> ParsedList:
    return check_rows(list(enumerate(rows, 2)), NOVEMBER, TODAY)


def errors(parsed: ParsedList) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in parsed.errors]


def warnings(parsed: ParsedList) -> list[tuple[int, str, str]]:
    return [(warning.row, warning.column, warning.code) for warning in parsed.warnings]


def test_a_csv_and_a_workbook_give_the_same_rows() -> None:
    from_csv, from_xlsx = parse(as_csv([SINH])), parse(as_xlsx([SINH]))
    assert from_csv.rows == from_xlsx.rows
    assert from_csv.rows[0].amount == 440000
    assert from_csv.rows[0].number == 2
    assert from_csv.errors == from_csv.warnings == ()


def test_values_are_kept_as_read_under_their_headings() -> None:
    parsed = parse(as_xlsx([SINH | {"Họ và tên": " Phan  Văn Sinh", "Ngày sinh": date(1940, 3, 1)}]))
    ((number, cells),) = parsed.raw
    assert number == 2
    assert cells["Họ và tên"] == "Phan Văn Sinh"
    assert cells["Ngày sinh"] == "1940-03-01T00:00:00"
    assert cells["Mức hưởng"] == 440000
    assert "Địa chỉ" not in cells
    assert parsed.rows[0].name == "Phan Văn Sinh"
    assert parsed.rows[0].birth == "1940-03-01"


def test_a_name_of_lost_letters_is_kept_as_it_came() -> None:
    # "Hà" read in the wrong encoding ends in a no-break space, which is half of its letter.
    parsed = parse(as_xlsx([SINH | {"Họ và tên": "Phan HÃ\xa0", "Địa chỉ": "Thôn\xa0 1"}]))
    ((_, cells),) = parsed.raw
    assert cells["Họ và tên"] == "Phan HÃ\xa0"
    assert cells["Địa chỉ"] == "Thôn 1"
    (error,) = parsed.errors
    assert (error.column, error.code) == ("Họ và tên", "name-garbled")
    assert "“Phan Hà”" in error.vi


def test_checking_the_kept_values_again_gives_the_same_list() -> None:
    content = as_xlsx(
        [
            SINH | {"Số định danh": 1040146715, "Ngày sinh": date(1940, 3, 1)},
            SINH | {"Ngày sinh": date(1905, 5, 1), "Địa chỉ": "=A1", "Mức hưởng": 440.5},
            {"Họ và tên": "Tổng cộng"},
        ],
        hidden=3,
    )
    parsed = parse(content)
    assert check_rows(parsed.raw, NOVEMBER, TODAY, parsed.hidden) == parsed
    assert errors(parsed) == [
        (3, "Ngày sinh", "year-in-date-cell"),
        (3, "Địa chỉ", "formula-without-value"),
        (3, "Mức hưởng", "amount-unreadable"),
        (3, "Số định danh", "row-doubled"),
        (4, "Loại", "cell-missing"),
    ]


def test_only_rows_without_errors_are_rows() -> None:
    parsed = check(SINH, SINH | {"Số định danh": "110204599"}, {"Họ và tên": "Người lập biểu"})
    assert [row.number for row in parsed.rows] == [2]
    assert errors(parsed) == [(3, "Số định danh", "citizen-id-length"), (4, "Loại", "cell-missing")]


def test_a_mended_cell_takes_its_error_away() -> None:
    parsed = check(SINH | {"Mức hưởng": "440"})
    assert errors(parsed) == [(2, "Mức hưởng", "amount-too-small")]
    ((number, cells),) = parsed.raw
    mended = check_rows([(number, cells | {"Mức hưởng": "440.000"})], NOVEMBER, TODAY)
    assert mended.errors == ()
    assert mended.rows[0].amount == 440000


def test_hidden_rows_are_read_with_a_warning() -> None:
    parsed = parse(as_xlsx([SINH], hidden=2))
    assert len(parsed.rows) == 1
    assert warnings(parsed) == [(2, "Loại", "row-hidden")]


def test_headings_and_no_row_point_to_no_change() -> None:
    for content in (as_csv([]), as_xlsx([]), as_csv([{"Họ và tên": "  "}])):
        with pytest.raises(UnreadableTable) as refused:
            parse(content)
        assert refused.value.code == "no-rows"
        assert "no_change" in refused.value.message_vi


def test_a_missing_heading_refuses_the_file_and_an_optional_one_does_not() -> None:
    with pytest.raises(UnreadableTable) as refused:
        parse(as_csv([], REQUIRED[:-1]))
    assert "“Hình thức”" in refused.value.message_vi
    assert len(parse(as_csv([SINH], REQUIRED)).rows) == 1
    assert parse(as_csv([SINH | {"Số quyết định": "5"}], HEADINGS)).rows[0].decision_number == "5"


def test_a_separator_inside_a_field_refuses_the_file() -> None:
    broken = as_csv([SINH | {"Hình thức": "TIỀN MẶT"}]).decode("utf-8-sig").replace("TIỀN MẶT", "TIỀN MẶT,x")
    with pytest.raises(UnreadableTable) as refused:
        parse(broken.encode())
    assert refused.value.code == "record-too-long"


def test_the_same_right_of_one_id_twice_is_an_error_of_the_later_row_naming_the_earlier() -> None:
    parsed = check(SINH, SINH | {"Mã chế độ": "BTXH.06.HEAVY"}, SINH)
    assert errors(parsed) == [(4, "Số định danh", "row-doubled")]
    assert "dòng 2" in parsed.errors[0].vi
    assert [row.number for row in parsed.rows] == [2, 3]


def test_an_item_that_follows_from_the_code_does_not_hide_a_doubled_row() -> None:
    merit = SINH | {"Chương trình": "NCC", "Mã chế độ": "NCC.01.ESCAPED"}
    assert errors(check(merit, merit | {"Mục": "1"})) == [(3, "Số định danh", "row-doubled")]


def test_another_item_or_programme_is_another_right() -> None:
    other = SINH | {"Chương trình": "KHAC", "Mã chế độ": None}
    assert errors(check(SINH, other | {"Mục": "16"}, other | {"Mục": "17"})) == []


def test_one_id_under_two_names_is_an_error_of_the_later_row() -> None:
    parsed = check(SINH, SINH | {"Họ và tên": "Phan Văn Sáng"})
    assert errors(parsed) == [(3, "Số định danh", "citizen-id-two-names")]
    assert "dòng 2" in parsed.errors[0].vi


def test_writing_a_name_otherwise_is_no_second_name() -> None:
    other = SINH | {"Họ và tên": "PHAN  VĂN SINH", "Mã chế độ": "BTXH.04"}
    assert errors(check(SINH, other)) == []


def test_a_correction_may_bring_another_name() -> None:
    correction = {
        "Loại": "ĐIỀU CHỈNH",
        "Họ và tên": "Phan Văn Sình",
        "Số định danh": "001040146715",
        "Từ tháng": "11/2023",
        "Lý do": "Đính chính họ tên",
    }
    assert errors(check(SINH, correction)) == []


def test_the_same_right_without_id_is_a_possible_duplicate_to_accept() -> None:
    nameless = {**SINH, "Số định danh": None}
    parsed = check(nameless, nameless | {"Họ và tên": "phan văn sinh"})
    assert parsed.errors == ()
    doubles = [warning for warning in parsed.warnings if warning.code == "row-possibly-doubled"]
    assert [(double.row, double.column, double.needs_acceptance) for double in doubles] == [(3, "Họ và tên", True)]
    assert "dòng 2" in doubles[0].vi


def test_one_of_two_alike_without_id_is_a_possible_duplicate_too() -> None:
    nameless = {**SINH, "Số định danh": None}
    assert (3, "Họ và tên", "row-possibly-doubled") in warnings(check(SINH, nameless))
    assert (3, "Họ và tên", "row-possibly-doubled") in warnings(check(nameless, SINH))


def test_two_people_with_ids_of_their_own_are_not_doubled() -> None:
    assert check(SINH, SINH | {"Số định danh": "001040154634"}).warnings == ()


def test_other_births_are_other_people() -> None:
    nameless = {**SINH, "Số định danh": None}
    assert all(
        code != "row-possibly-doubled" for *_, code in warnings(check(nameless, nameless | {"Ngày sinh": "1941"}))
    )

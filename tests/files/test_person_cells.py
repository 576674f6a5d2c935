"""Numbers that name people, names and births: what is wrong with a cell, in that cell."""

from datetime import date

import pytest

from tests.files.lists import SINH, with_cell, workbook
from tests.files.office import Office
from tests.files.workbooks import Value, error, formula, number

ID, OLD, PHONE, BIRTH, NAME = "Số định danh", "Số CMND", "Điện thoại", "Ngày sinh", "Họ và tên"
EXPONENT, CHARACTERS, LENGTH = "citizen-id-exponent", "citizen-id-characters", "citizen-id-length"


@pytest.mark.parametrize(
    ("heading", "value", "code", "words"),
    [
        (ID, "1.05E+09", EXPONENT, ["1.05E+09", "Văn bản"]),
        (ID, "1,04014E+11", EXPONENT, ["E+"]),
        (ID, "00104014671O", CHARACTERS, ["00104014671O"]),
        (ID, "001040146715/TL", CHARACTERS, ["chữ số"]),
        (ID, "không có", CHARACTERS, ["không có"]),
        (ID, '="001040146715"', CHARACTERS, ["chữ số"]),
        (ID, "001-040-146-715", CHARACTERS, ["chữ số"]),
        (ID, "٠٠١٠٤٠١٤٦٧١٥", CHARACTERS, ["chữ số"]),
        (ID, number("1040146715.5"), CHARACTERS, ["chữ số"]),
        (ID, number("-1040146715"), CHARACTERS, ["chữ số"]),
        (ID, date(1940, 3, 1), CHARACTERS, ["01/03/1940"]),
        (ID, "110204599", LENGTH, ["9 chữ số", "Số CMND"]),
        (ID, "0010401467156", LENGTH, ["13 chữ số"]),
        (ID, 0, LENGTH, ["1 chữ số"]),
        (ID, "001140146715", "citizen-id-sex", ["Nữ", "Giới tính"]),
        (ID, "001041146715", "citizen-id-year", ["1941", "Ngày sinh"]),
        (ID, "001240146715", "citizen-id-year", ["2040"]),
        (ID, 1140146715, "citizen-id-sex", ["001140146715"]),
        (ID, formula(None), "formula-without-value", ["công thức", "lưu lại"]),
        (ID, formula(""), "formula-without-value", ["công thức"]),
        (ID, error("#N/A"), "cell-error", ["#N/A"]),
        (ID, formula("#REF!", "e"), "cell-error", ["#REF!"]),
        (OLD, "11020459", None, []),
        (OLD, "1102045", "old-id-length", ["7 chữ số"]),
        (OLD, "001040146715", "old-id-length", ["12 chữ số", "Số định danh"]),
        (OLD, "11O204599", "old-id-characters", ["chữ số"]),
        (PHONE, error("#N/A"), "cell-error", ["#N/A"]),
        (BIRTH, "12/03/41", "birth-short-year", ["bốn chữ số"]),
        (BIRTH, "41", "birth-short-year", ["bốn chữ số"]),
        (BIRTH, 40, "birth-short-year", ["bốn chữ số"]),
        (BIRTH, "31/02/1940", "day-does-not-exist", ["31/02/1940"]),
        (BIRTH, "29/02/1941", "day-does-not-exist", ["29/02/1941"]),
        (BIRTH, "03/25/1940", "day-does-not-exist", ["03/25/1940"]),
        (BIRTH, "00/03/1940", "day-does-not-exist", ["00/03/1940"]),
        (BIRTH, "03/11/2023", "birth-in-future", ["03/11/2023"]),
        (BIRTH, date(2024, 1, 1), "birth-in-future", ["tương lai"]),
        (BIRTH, 2024, "birth-in-future", ["2024"]),
        (BIRTH, "1899", "birth-too-early", ["1900"]),
        (BIRTH, "03/1940", "birth-month-only", ["tháng và năm"]),
        (BIRTH, "1940-03", "birth-month-only", ["tháng và năm"]),
        (BIRTH, 14671, "birth-serial", ["14671"]),
        (BIRTH, number("14671.5"), "birth-serial", ["số thứ tự"]),
        (BIRTH, date(1905, 3, 14), "year-in-date-cell", ["1900", "14/03/1905"]),
        (BIRTH, number("1940", 1), "year-in-date-cell", ["1940", "23/04/1905"]),
        (BIRTH, date(1905, 10, 1), "year-in-date-cell", ["2101"]),
        (BIRTH, "khoảng 1940", "birth-unreadable", ["khoảng 1940"]),
        (BIRTH, "1 tháng 3 năm 1940", "birth-unreadable", ["12/03/1941"]),
        (BIRTH, error("#VALUE!"), "cell-error", ["#VALUE!"]),
        (NAME, "Phan Văn Sinh 2", "name-characters", ["“Phan Văn Sinh”"]),
        (NAME, "Phan Văn Sinh (chết)", "name-characters", ["“Phan Văn Sinh”", "("]),
        (NAME, "Phan V?n Sinh", "name-characters", ["?"]),
        (NAME, "Phan V\ufffdn Sinh", "name-characters", ["\ufffd"]),
        (NAME, "Phan_Văn_Sinh", "name-characters", ["_"]),
        (NAME, "Phan Văn Sinh/Lê Hai", "name-characters", ["/"]),
        (NAME, "Phan Văn\x7f Sinh", "name-characters", ["ký tự hỏng"]),
        (NAME, "Phan Văn Sıṅh", "name-characters", ["ı"]),
        (NAME, 12345, "name-characters", ["1"]),
        (NAME, ".", "name-characters", ["Họ tên"]),
        (NAME, "NguyÔn V¨n An", "name-garbled", ["“Nguyễn Văn An”"]),
        (NAME, "TrÇn ThÞ Ph\u00ad¬ng", "name-garbled", ["“Trần Thị Phương”"]),
        (NAME, "Nguyeãn Vaên Ñöùc", "name-garbled", ["“Nguyễn Văn Đức”"]),
        (NAME, "NGUYEÃN THÒ HOÀ", "name-garbled", ["“NGUYỄN THỊ HỒ”"]),
        (NAME, "Nguyá»…n VÄƒn An", "name-garbled", ["“Nguyễn Văn An”"]),
        (NAME, "LÃª Thu HÃ\xa0", "name-garbled", ["“Lê Thu Hà”"]),
        (NAME, "Phan HÃ\xa0", "name-garbled", ["“Phan Hà”"]),
        (NAME, "Ðinh Văn Sinh", "name-garbled", ["“Đinh Văn Sinh”"]),
        (NAME, "An " * 51, "name-too-long", ["152", "150"]),
        (NAME, "A" * 40_000, "name-too-long", ["150"]),
        (NAME, error("#N/A"), "cell-error", ["#N/A"]),
        ("Người nhận thay", "Lê Thị Hai (con)", "name-characters", ["“Lê Thị Hai”"]),
        ("Số định danh người nhận thay", "12345", LENGTH, ["5 chữ số"]),
    ],
)
async def test_a_wrong_cell(office: Office, heading: str, value: Value, code: str | None, words: list[str]) -> None:
    row = {**SINH, heading: value}
    if heading.endswith("người nhận thay"):
        row["Người nhận thay"] = "Lê Thị Hai"
    if heading.lower().endswith("người nhận thay"):
        row["Quan hệ"] = "GIÁM HỘ"
    taken = await office.take(workbook(row))
    found = [error for error in taken.errors if error[1] == heading]
    assert found == ([] if code is None else [(2, heading, code)])
    assert taken.errors == found
    for word in words:
        assert word in taken.messages[2, heading, str(code)]


@pytest.mark.parametrize(
    ("heading", "value", "code", "shown"),
    [
        (ID, 1040146715, "citizen-id-mended", "001040146715"),
        (ID, "01040146715", "citizen-id-mended", "001040146715"),
        (ID, "'1.040.146.715", "citizen-id-mended", "001040146715"),
        (ID, None, "citizen-id-none", "Công an"),
        (ID, "\u200b\xa0", "citizen-id-none", "Công an"),
        (ID, "-", "dash-is-empty", "gạch ngang"),
        (OLD, 11020459, "old-id-mended", "011020459"),
        (OLD, "–", "dash-is-empty", "gạch ngang"),
        (PHONE, 912345678, "phone-mended", "0912345678"),
        (PHONE, "+84 912.345.678", "phone-mended", "0912345678"),
        (PHONE, "84912345678", "phone-mended", "0912345678"),
        (PHONE, "0912 345", "phone-length", "0912 345"),
        (PHONE, "con trai: 0912345678", "phone-characters", "con trai"),
        (PHONE, "9.12E+08", "phone-exponent", "E+"),
        (BIRTH, "00/00/1940", "birth-year-only", "1940"),
        (BIRTH, "0/0/1940", "birth-year-only", "1940"),
    ],
)
async def test_a_cell_read_with_a_warning(office: Office, heading: str, value: Value, code: str, shown: str) -> None:
    taken = await office.take(with_cell(heading, value))
    assert taken.errors == []
    assert (2, heading, code) in taken.warnings
    assert {row[1] for row in taken.warnings} == {heading}
    assert shown in taken.messages[2, heading, code]


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        (ID, "001 040\xa0146\u2009715\u200b"),
        (ID, "\u202a'001.040.146.715\u202c"),
        (ID, "’001040146715"),
        (ID, "001040146715.0"),
        (OLD, "110.204.599"),
        (PHONE, "0912.345.678"),
        (BIRTH, 1940),
        (BIRTH, "1/3/1940"),
        (BIRTH, "01 / 03 / 1940"),
        (BIRTH, "1940-03-01"),
        (BIRTH, date(1940, 3, 1)),
        (BIRTH, number("14671.75", 1)),
        (BIRTH, formula("1940")),
        (BIRTH, formula("01/03/1940", "str")),
        (NAME, "Phan  Văn\nSinh_x000D_"),
        (NAME, "\u200ePhan Va\u0306n Sinh\ufeff"),
        (NAME, "H’Bơi Phan-Văn Jr."),
        (NAME, "PHAN VĂN SINH"),
        (NAME, "K'Brôi Êban"),
        (NAME, "Nguyễn Thị Thuý Hoà Khuyên Quý"),
    ],
)
async def test_a_cell_read_without_a_word(office: Office, heading: str, value: Value) -> None:
    taken = await office.take(with_cell(heading, value))
    assert taken.errors == taken.warnings == []

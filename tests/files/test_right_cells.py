"""Words, months, amounts and codes: what is wrong with a cell, and what a kind of row needs."""

from collections.abc import Mapping
from datetime import date

import pytest

from tests.files.lists import SINH, with_cell, workbook
from tests.files.office import Office
from tests.files.workbooks import Value, Xml, error, formula, number

AMOUNT, FROM, ITEM, CODE = "Mức hưởng", "Từ tháng", "Mục", "Mã chế độ"
UNREADABLE, SMALL, LARGE = "amount-unreadable", "amount-too-small", "amount-too-large"


@pytest.mark.parametrize(
    ("heading", "value", "code", "words"),
    [
        (AMOUNT, number("440000.5"), UNREADABLE, ["số đồng nguyên"]),
        (AMOUNT, "440.000,50", UNREADABLE, ["440.000,50"]),
        (AMOUNT, "-440000", UNREADABLE, ["dấu"]),
        (AMOUNT, "+440000", UNREADABLE, ["dấu"]),
        (AMOUNT, "4.40.000", UNREADABLE, ["4.40.000"]),
        (AMOUNT, "440.0", UNREADABLE, []),
        (AMOUNT, "440.00", SMALL, ["440.00"]),
        (AMOUNT, "1.440,000", UNREADABLE, []),
        (AMOUNT, "440.000.00", UNREADABLE, []),
        (AMOUNT, "0.440.000", UNREADABLE, []),
        (AMOUNT, "4.4E+05", UNREADABLE, []),
        (AMOUNT, "bốn trăm bốn mươi nghìn", UNREADABLE, ["chữ"]),
        (AMOUNT, "440 nghìn", UNREADABLE, []),
        (AMOUNT, "440000 đ/tháng", UNREADABLE, []),
        (AMOUNT, date(2023, 11, 1), UNREADABLE, ["01/11/2023"]),
        (AMOUNT, Xml("t='b'", "<v>1</v>"), UNREADABLE, ["TRUE"]),
        (AMOUNT, 440, SMALL, ["nghìn đồng"]),
        (AMOUNT, "440,00", SMALL, ["440,00"]),
        (AMOUNT, 9_999, SMALL, []),
        (AMOUNT, number("-440000"), SMALL, []),
        (AMOUNT, 0, SMALL, []),
        (AMOUNT, 100_000_001, LARGE, ["100.000.000"]),
        (AMOUNT, "9" * 60, LARGE, []),
        (AMOUNT, number("4.4E+20"), LARGE, []),
        (AMOUNT, formula(None), "formula-without-value", []),
        (AMOUNT, error("#REF!"), "cell-error", ["#REF!"]),
        (FROM, "12/23", "month-unreadable", ["bốn chữ số"]),
        (FROM, "13/2023", "month-unreadable", []),
        (FROM, "0/2023", "month-unreadable", []),
        (FROM, 122023, "month-unreadable", ["122023"]),
        (FROM, 45261, "month-unreadable", []),
        (FROM, "tháng 11", "month-unreadable", []),
        (FROM, "Nov-23", "month-unreadable", []),
        (FROM, "15/11/2023", "month-other-day", ["tháng/năm"]),
        (FROM, date(2023, 11, 15), "month-other-day", ["15/11/2023"]),
        (FROM, "31/11/2023", "day-does-not-exist", []),
        (FROM, "12/2024", "month-too-late", ["12/2024"]),
        (FROM, date(2024, 12, 1), "month-too-late", []),
        (FROM, number("1918", 1), "year-in-date-cell", ["1918"]),
        (FROM, error("#N/A"), "cell-error", []),
        ("Loại", "THÊM", "word-unknown", ["TĂNG, GIẢM, ĐIỀU CHỈNH"]),
        ("Loại", 1, "word-unknown", []),
        ("Giới tính", "M", "word-unknown", ["Nam, Nữ"]),
        ("Chương trình", "BHXH", "word-unknown", ["BTXH, NCC, KHAC"]),
        ("Hình thức", "ATM", "word-unknown", ["TÀI KHOẢN, TIỀN MẶT"]),
        (ITEM, "5", "item-not-of-programme", ["Để trống"]),
        (ITEM, "năm", "item-unreadable", ["ví dụ 5"]),
        (ITEM, number("5.5"), "item-unreadable", []),
        ("Địa chỉ", "x" * 501, "text-too-long", ["501", "500"]),
        ("Địa chỉ", "Thôn\x7f 1", "control-character", ["gõ lại"]),
        ("Địa chỉ", "Thôn_x0007_ 1", "control-character", ["gõ lại"]),
        ("Địa chỉ", formula(None, "str"), "formula-without-value", []),
        ("Ngày quyết định", "2023", "day-unreadable", []),
    ],
)
async def test_a_wrong_cell(office: Office, heading: str, value: Value, code: str, words: list[str]) -> None:
    taken = await office.take(with_cell(heading, value))
    assert taken.errors == [(2, heading, code)]
    for word in words:
        assert word in taken.messages[2, heading, code]


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        *[(AMOUNT, text) for text in ("440.000", "440,000", "440 000", "440\xa0000", "440000,00", "440.000,00")],
        *[
            (AMOUNT, text)
            for text in ("440,000.00", "440.000 đ", "440.000đ", "440000 đồng", "440.000 VNĐ", "440000vnđ")
        ],
        *[(AMOUNT, value) for value in (None, number("440000.0"), number("4.4E5"), formula("440000"), "440000")],
        *[(FROM, value) for value in ("11/2023", "2023-11", "11 / 2023", date(2023, 11, 1), "01/11/2023", "1/11/2023")],
        *[(FROM, value) for value in ("11/2022", "06/2024", formula("11/2023", "str"), number("45231", 3))],
        *[("Loại", text) for text in ("tăng", "TANG", " Tăng\n", "T Ă N G", "TA\u0306NG", "tẳng")],
        *[("Giới tính", text) for text in ("NAM", "nam ", "n a m")],
        *[("Chương trình", text) for text in ("btxh", "B T X H", "BTXH\u200b")],
        *[("Hình thức", text) for text in ("tài khoản", "TAI KHOAN", "Tiền  mặt", "tienmat", "TIÊ\u0300N MẶT", None)],
        *[(CODE, text) for text in ("btxh.05c", " BTXH.05C ", "BTXH. 05C")],
        ("Địa chỉ", "=1+1"),
        ("Địa chỉ", "@SUM(A1)"),
        ("Địa chỉ", "Thôn\u200b 1 /\tđội 2"),
        ("Địa chỉ", "x" * 500),
        (ITEM, formula("", "str")),
        ("Số quyết định", "12/QĐ-UBND"),
        ("Ngày quyết định", date(2023, 10, 30)),
    ],
)
async def test_a_cell_read_without_a_word(office: Office, heading: str, value: Value) -> None:
    taken = await office.take(with_cell(heading, value))
    assert taken.errors == taken.warnings == []


async def test_text_is_shown_as_it_was_read(office: Office) -> None:
    taken = await office.take(
        workbook({**SINH, "Địa chỉ": " Thôn\xa01 / đội\u200b 2_x000D_\n", "Họ và tên": "Phan\tVăn  Sinh"})
    )
    assert taken.rows[2]["Địa chỉ"] == "Thôn 1/đội 2"
    assert taken.rows[2]["Họ và tên"] == "Phan Văn Sinh"


async def test_a_month_long_ago_is_a_warning_to_accept(office: Office) -> None:
    taken = await office.take(with_cell(FROM, "10/2022"))
    assert taken.errors == []
    assert (2, FROM, "month-long-ago") in taken.warnings


KHAC: Mapping[str, Value] = {**SINH, "Chương trình": "KHAC", CODE: None, ITEM: "16", AMOUNT: 2_055_000}
PAYEE: Mapping[str, Value] = {**SINH, "Người nhận thay": "Lê Thị Hai", "Quan hệ": "GIÁM HỘ"}


@pytest.mark.parametrize(
    ("row", "lacking"),
    [
        *[({**SINH, heading: None}, [heading]) for heading in ("Họ và tên", "Ngày sinh", "Giới tính", FROM)],
        *[({**SINH, heading: None}, [heading]) for heading in ("Chương trình", CODE)],
        ({**SINH, "Họ và tên": "\xa0", FROM: "\u200b"}, ["Họ và tên", FROM]),
        (KHAC, []),
        ({**KHAC, ITEM: None}, [ITEM]),
        ({**KHAC, AMOUNT: None}, [AMOUNT]),
        ({**PAYEE, "Quan hệ": None}, ["Quan hệ"]),
        ({**PAYEE, "Người nhận thay": None}, ["Người nhận thay"]),
        (PAYEE, []),
    ],
)
async def test_what_an_increase_needs(office: Office, row: Mapping[str, Value], lacking: list[str]) -> None:
    taken = await office.take(workbook(row))
    assert taken.errors == [(2, heading, "cell-missing") for heading in lacking]

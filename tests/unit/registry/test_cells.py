"""Single cells of a change list: names, numbers of people, amounts, words, texts."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from services.kernel.tables.table import NO_STORED_VALUE, Cell, CellError
from services.registry import cells
from services.registry.cells import BadCell
from services.registry.row import Problem


def problem(reader: Callable[[Cell], object], cell: Cell) -> Problem:
    with pytest.raises(BadCell) as bad:
        reader(cell)
    return bad.value.problem


@pytest.mark.parametrize("cell", ["001040146715", "'001040146715", "001.040.146.715", " 001040 146715\u200b"])
def test_a_citizen_id_of_12_digits_is_taken_without_a_word(cell: Cell) -> None:
    assert cells.read_citizen_id(cell) == ("001040146715", None)


@pytest.mark.parametrize("cell", [1040146715, "1040146715", "1040146715.0"])
def test_zeros_given_back_to_a_citizen_id_are_shown(cell: Cell) -> None:
    digits, warning = cells.read_citizen_id(cell)
    assert digits == "001040146715"
    assert warning is not None
    assert warning.code == "citizen-id-mended"
    assert "001040146715" in warning.vi


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("110204599", "citizen-id-length"),
        (110204599, "citizen-id-length"),
        ("1.05E+09", "citizen-id-exponent"),
        ("00104014671X", "citizen-id-characters"),
        (Decimal("1040146715.5"), "citizen-id-characters"),
        (-1040146715, "citizen-id-characters"),
        (date(2023, 11, 1), "citizen-id-characters"),
    ],
)
def test_anything_else_is_an_error_and_never_a_person_without_id(cell: Cell, code: str) -> None:
    assert problem(cells.read_citizen_id, cell).code == code


def test_an_old_id_in_the_place_of_a_citizen_id_is_pointed_to_its_column() -> None:
    assert "cột Số CMND" in problem(cells.read_citizen_id, "110204599").vi
    assert "cột Số định danh" in problem(cells.read_old_id, "001040146715").vi


def test_an_old_id_gets_one_lost_zero_back() -> None:
    digits, warning = cells.read_old_id(12045110)
    assert digits == "012045110"
    assert warning is not None
    assert "012045110" in warning.vi
    assert cells.read_old_id("110204511") == ("110204511", None)


def test_an_unreadable_phone_is_only_a_warning() -> None:
    digits, warning = cells.read_phone("không có")
    assert digits is None
    assert warning is not None
    assert warning.code == "phone-characters"
    assert cells.read_phone("0912.345.678") == ("0912345678", None)


def test_a_phone_of_a_number_cell_or_with_country_code_is_shown() -> None:
    for cell in (912345678, "+84 912 345 678"):
        digits, warning = cells.read_phone(cell)
        assert digits == "0912345678"
        assert warning is not None
        assert "0912345678" in warning.vi


@pytest.mark.parametrize(
    "cell",
    [
        2055000,
        "2055000",
        "2.055.000",
        "2,055,000",
        "2 055 000",
        "2\xa0055\xa0000",
        "2.055.000,00",
        "2,055,000.00",
        "2055000,00",
        "2.055.000 đ",
        "2.055.000đ",
        "2.055.000 đồng",
        "2,055,000 VNĐ",
        " 2055000 vnd ",
    ],
)
def test_amounts_are_read_in_every_usual_writing(cell: Cell) -> None:
    assert cells.read_amount(cell) == 2_055_000


@pytest.mark.parametrize(
    "cell",
    [
        "2.055,000",
        "2.0550.000",
        "20.55.000",
        "2.055.00",
        "2.055.000.00",
        "2055000,5",
        "-440000",
        "+440000",
        "4.4E+05",
        "bốn trăm nghìn",
        "440 nghìn",
        "440000 đ/tháng",
        "đ",
        Decimal("440000.5"),
        date(2023, 11, 1),
        "４４００００",
    ],
)
def test_anything_else_is_no_amount(cell: Cell) -> None:
    assert problem(cells.read_amount, cell).code == "amount-unreadable"


@pytest.mark.parametrize("cell", [440, "440", "440.00", 9_999, 0, -440_000])
def test_amounts_in_thousands_or_below_are_refused(cell: Cell) -> None:
    assert problem(cells.read_amount, cell).code == "amount-too-small"


def test_amounts_have_a_ceiling() -> None:
    assert cells.read_amount(10_000) == 10_000
    assert cells.read_amount(100_000_000) == 100_000_000
    assert problem(cells.read_amount, 100_000_001).code == "amount-too-large"
    assert problem(cells.read_amount, "9" * 400).code == "amount-too-large"


def test_a_name_is_cleaned_and_keeps_its_case() -> None:
    assert cells.read_name(" Nguyê\u0303n\xa0 Văn  An ") == "Nguyễn Văn An"
    assert cells.read_name("H’Wer Niê-Kdăm A.") == "H'Wer Niê-Kdăm A."


@pytest.mark.parametrize("cell", ["NguyÔn V¨n An", "Nguyeãn Vaên An", "Nguyá»…n VÄƒn An"])
def test_a_garbled_name_is_an_error_that_shows_the_likely_name(cell: Cell) -> None:
    found = problem(cells.read_name, cell)
    assert found.code == "name-garbled"
    assert "“Nguyễn Văn An”" in found.vi


@pytest.mark.parametrize("cell", ["Nguyễn Văn An (con)", "Nguyễn Văn An 2", "Nguyễn Văn An [con]"])
def test_digits_and_brackets_in_a_name_are_errors_that_show_the_likely_name(cell: Cell) -> None:
    found = problem(cells.read_name, cell)
    assert found.code == "name-characters"
    assert "“Nguyễn Văn An”" in found.vi


@pytest.mark.parametrize(
    "cell", ["Nguy?n V?n An", "Nguy\ufffdn An", "An\x07", "An, Bình", "Иван", 12345, "-.", "An 🙂"]
)
def test_other_characters_in_a_name_are_errors(cell: Cell) -> None:
    assert problem(cells.read_name, cell).code == "name-characters"


def test_a_name_has_at_most_150_letters() -> None:
    assert cells.read_name("An " * 49 + "Ann") == "An " * 49 + "Ann"
    assert problem(cells.read_name, "An " * 49 + "Annn").code == "name-too-long"
    assert problem(cells.read_name, "An " * 5000).code == "name-too-long"


def test_texts_are_cleaned_and_have_at_most_500_letters() -> None:
    assert cells.read_text(" Thôn 3 ,_x000D_\n xã / huyện\u200b ") == "Thôn 3 , xã/huyện"
    assert cells.read_text("x" * 500) == "x" * 500
    assert problem(cells.read_text, "x" * 501).code == "text-too-long"


@pytest.mark.parametrize("cell", ["a\x00b", "a\x1bb", "a\x85\x9d", "a\ufffd"])
def test_other_control_characters_in_a_text_are_errors(cell: Cell) -> None:
    assert problem(cells.read_text, cell).code == "control-character"


def test_numbers_and_days_in_text_cells_are_texts() -> None:
    assert cells.read_text(12) == "12"
    assert cells.read_text(Decimal("1.50")) == "1.50"
    assert cells.read_text(date(2023, 11, 1)) == "01/11/2023"


@pytest.mark.parametrize("cell", ["ỦY QUYỀN", "uỷ quyền", "Uy quyen", " ủyquyền "])
def test_closed_words_are_compared_without_case_tones_and_spaces(cell: Cell) -> None:
    assert cells.read_word(cell, {"uyquyen": 1}, "ỦY QUYỀN") == 1


@pytest.mark.parametrize("cell", ["Con", "ỦY QUYỀN.", 1])
def test_other_words_are_errors_that_show_the_right_ones(cell: Cell) -> None:
    found = problem(lambda cell: cells.read_word(cell, {"uyquyen": 1}, "GIÁM HỘ, ỦY QUYỀN"), cell)
    assert found.code == "word-unknown"
    assert "GIÁM HỘ, ỦY QUYỀN" in found.vi


@pytest.mark.parametrize("cell", ["5", 5, "05", "5.0", " 5 "])
def test_an_item_is_a_number_however_it_is_written(cell: Cell) -> None:
    assert cells.read_item(cell) == "5"


@pytest.mark.parametrize("cell", ["năm", "0", "5,6", Decimal("5.5"), "I.5"])
def test_anything_else_is_no_item(cell: Cell) -> None:
    assert problem(cells.read_item, cell).code == "item-unreadable"


def test_a_code_is_upper_case_without_spaces() -> None:
    assert cells.read_code(" btxh.05c ") == "BTXH.05C"
    assert cells.read_code("BTXH. 01.4+") == "BTXH.01.4+"


@pytest.mark.parametrize("cell", ["-", "–", " — ", "\u2212"])
def test_a_lone_dash_of_any_length_is_a_dash(cell: Cell) -> None:
    assert cells.is_dash(cell)


def test_more_than_a_dash_is_none() -> None:
    assert not cells.is_dash("--")
    assert not cells.is_dash("-1")
    assert not cells.is_dash(0)


def test_error_values_and_formulas_without_value_are_told_apart() -> None:
    assert problem(cells.refuse_error, CellError("#N/A")).code == "cell-error"
    assert "#N/A" in problem(cells.refuse_error, CellError("#N/A")).vi
    assert problem(cells.refuse_error, CellError(NO_STORED_VALUE)).code == "formula-without-value"
    cells.refuse_error("An")

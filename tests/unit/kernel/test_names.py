"""Vietnamese names compared, searched, sorted, and as banks write them."""

import unicodedata

import pytest

from services.kernel.names import account_name_matches, fold, plain, search_key, sort_key, word_key


def test_banks_carry_names_in_upper_case_without_diacritics() -> None:
    assert plain("Nguyễn  Văn Ẩn") == "NGUYEN VAN AN"
    assert plain("đặng thị đào") == "DANG THI DAO"
    assert plain("Ưng Thị Ổn") == "UNG THI ON"


def test_the_place_of_the_tone_mark_does_not_tell_names_apart() -> None:
    assert fold("Hoàng Hoà") == fold("Hoàng Hòa")
    assert fold("Thuỷ") == fold("Thủy")


@pytest.mark.parametrize("other", ["NGUYỄN VĂN AN", " Nguyễn Văn  An", "NguyễnVăn An", "nguyễn văn an"])
def test_case_and_spaces_do_not_tell_names_apart(other: str) -> None:
    assert fold(other) == fold("Nguyễn Văn An")


def test_a_missing_space_between_vowels_does_not_tell_names_apart() -> None:
    assert fold("Hoà An") == fold("HòaAn")


def test_letters_in_pieces_do_not_tell_names_apart() -> None:
    assert fold(unicodedata.normalize("NFD", "Đỗ Thị Hường")) == fold("Đỗ Thị Hường")


@pytest.mark.parametrize(("one", "other"), [("An", "Ân"), ("Hùng", "Hưng"), ("Sinh", "Sình"), ("Thu Ý", "Thú Y")])
def test_letters_and_tones_tell_names_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_search_finds_without_a_vietnamese_keyboard() -> None:
    assert search_key(" Đỗ  Thị Hường") == "do thi huong"


@pytest.mark.parametrize("word", ["ỦY QUYỀN", "uỷ quyền", "Uy Quyen", "UỶQUYỀN"])
def test_closed_words_are_compared_without_case_tones_and_spaces(word: str) -> None:
    assert word_key(word) == "uyquyen"


def test_names_sort_as_in_a_vietnamese_dictionary() -> None:
    in_order = [
        "An",
        "Anh",
        "Ân",
        "Dung",
        "Đào",
        "Lê An",
        "Lê Ân",
        "Le",
        "Lê",
        "Ma",
        "Mà",
        "Mả",
        "Mã",
        "Má",
        "Mạ",
        "Ung",
    ]
    expected = [
        "An",
        "Anh",
        "Ân",
        "Dung",
        "Đào",
        "Le",
        "Lê",
        "Lê An",
        "Lê Ân",
        "Ma",
        "Mà",
        "Mả",
        "Mã",
        "Má",
        "Mạ",
        "Ung",
    ]
    assert sorted(in_order, key=sort_key) == expected


def test_sort_keys_hold_in_a_store_that_compares_bytes() -> None:
    assert sort_key("Đỗ Thị Ơn").isascii()


def test_an_account_name_is_the_plain_form() -> None:
    assert account_name_matches("NGUYEN VAN AN", "Nguyễn Văn An")
    assert account_name_matches(" nguyen  van an ", "Nguyễn Văn An")
    assert not account_name_matches("NGUYEN VAN ANH", "Nguyễn Văn An")
    assert not account_name_matches("NGUYEN VAN", "Nguyễn Văn An")
    assert not account_name_matches("", "Nguyễn Văn An")


def test_an_account_name_may_be_cut_at_35_or_70_letters_only() -> None:
    name = "Công Tằng Tôn Nữ Thị Hoàng Nguyên Trinh Bảo Ngọc"
    cut = "CONG TANG TON NU THI HOANG NGUYEN TRINH BAO NGOC"
    assert account_name_matches(cut[:35], name)
    assert not account_name_matches(cut[:34], name)
    assert not account_name_matches(cut[:40], name)


def test_a_space_at_the_cut_is_dropped() -> None:
    name = "Aaaaaaaaa Bbbbbbbbb Ccccccccc Dddd Eee"  # the 35th letter is a space
    assert account_name_matches("AAAAAAAAA BBBBBBBBB CCCCCCCCC DDDD", name)


def test_a_bank_that_writes_diacritics_must_have_the_right_ones() -> None:
    assert account_name_matches("NGUYỄN VĂN HOÀ", "Nguyễn Văn Hòa")
    assert not account_name_matches("NGUYỄN VĂN HOA", "Nguyễn Văn Hòa")

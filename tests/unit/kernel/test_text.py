"""White space, invisible characters and Unicode form of texts that people type."""

import unicodedata

import pytest

from services.kernel.text import clean, is_blank, storable, unreadable


@pytest.mark.parametrize("space", ["  ", "\t", "\r\n", "\xa0", "\u3000", "_x000D_\n", "\u2028"])
def test_white_space_of_any_kind_is_one_space(space: str) -> None:
    assert clean(f"Thôn{space}Đông") == "Thôn Đông"


def test_no_space_stays_at_the_ends_or_beside_a_slash() -> None:
    assert clean("\xa0 12 / 03 /1941 ") == "12/03/1941"


def test_invisible_characters_and_direction_marks_vanish() -> None:
    assert clean("\ufeffNguyễn\u200b Văn\u200e \u202aAn\u202c") == "Nguyễn Văn An"


def test_typographic_apostrophes_count_as_plain_ones() -> None:
    assert clean("H’Wer") == "H'Wer"


def test_letters_typed_in_pieces_become_whole_ones() -> None:
    assert clean(unicodedata.normalize("NFD", "Nguyễn Thị Hường")) == "Nguyễn Thị Hường"
    assert clean("ê\u0303") == "ễ"


def test_cleaning_twice_changes_nothing_more() -> None:
    once = clean(" a \u200b  b _x000D_ / c\x07")
    assert once == "a b/c\x07"
    assert clean(once) == once


@pytest.mark.parametrize("text", ["", " ", "\xa0\n", "\u200b", "_x000D_", " _x000D_\t"])
def test_what_nobody_can_see_is_blank(text: str) -> None:
    assert is_blank(text)


def test_a_visible_sign_is_not_blank() -> None:
    assert not is_blank("\xa0-")
    assert not is_blank("_x")


@pytest.mark.parametrize("text", ["a\x00b", "a\x07", "\x1c", "\ufffd"])
def test_control_and_broken_characters_are_unreadable(text: str) -> None:
    assert unreadable(clean(text))


def test_half_of_a_pair_is_unreadable() -> None:
    assert unreadable(clean(chr(0xD800)))


def test_ordinary_text_is_readable() -> None:
    assert not unreadable(clean("Số 5/QĐ-UBND,\r\nthôn 3"))


def test_what_a_json_store_refuses_is_replaced() -> None:
    assert storable("a\x00b\ud83dc") == "a\ufffdb\ufffdc"

"""Names whose letters were lost on the way: the likely name is found, good names are left alone."""

import pytest

from services.kernel.misread import likely_name, without_additions


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("NguyÔn V¨n", "Nguyễn Văn"),
        ("TrÇn ThÞ H\xad¬ng", "Trần Thị Hương"),
        ("§ç V¨n Tó", "Đỗ Văn Tú"),
        ("Vò ThÞ §µo", "Vũ Thị Đào"),
    ],
)
def test_tcvn3_is_known_and_read(text: str, name: str) -> None:
    assert likely_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyeãn Vaên", "Nguyễn Văn"),
        ("Traàn Thò Höông", "Trần Thị Hương"),
        ("LEÂ VAÊN ÑAØO", "LÊ VĂN ĐÀO"),
        ("Hoaøng Thò Loäc", "Hoàng Thị Lộc"),
    ],
)
def test_vni_is_known_and_read(text: str, name: str) -> None:
    assert likely_name(text) == name


@pytest.mark.parametrize("garbled", ["Nguyá»…n VÄƒn HoÃ\xa0ng", "Nguyá»\x85n VÄ\x83n HoÃ\xa0ng"])
def test_utf8_decoded_as_latin_is_known_and_read(garbled: str) -> None:
    assert likely_name(garbled) == "Nguyễn Văn Hoàng"


def test_utf8_decoded_twice_as_latin_is_known_and_read() -> None:
    once = "Nguyễn Văn".encode().decode("latin-1")
    assert likely_name(once.encode().decode("latin-1")) == "Nguyễn Văn"


def test_eth_in_the_place_of_the_vietnamese_letter_is_known() -> None:
    assert likely_name("Ðặng Văn Bình") == "Đặng Văn Bình"


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Văn An",
        "NGUYỄN THỊ QUYÊN",
        "Hoàng Thị Thuỷ",
        "Quách Gia Khuyến",
        "Y Bhăm Niê Kdăm",
        "H'Wer Niê",
        "Đỗ Thị Oanh",
        "Giàng A Phừ",
        "Nguyen Van An",
        "Trương Huỳnh Quý",
        "Thò",
    ],
)
def test_names_that_can_be_said_in_vietnamese_are_left_alone(name: str) -> None:
    assert likely_name(name) is None


def test_what_nobody_can_guess_gets_no_name() -> None:
    assert likely_name("Nguy?n V?n An") is None
    assert likely_name("12345") is None


def test_additions_to_a_name_are_found() -> None:
    assert without_additions("Nguyễn Văn An (con)") == "Nguyễn Văn An"
    assert without_additions("Nguyễn Văn An 2") == "Nguyễn Văn An"
    assert without_additions("Nguy?n") is None
    assert without_additions("123") is None

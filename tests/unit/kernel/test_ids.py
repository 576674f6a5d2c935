"""Citizen ids, old ids and phones as they come out of files."""

import pytest

from services.kernel.ids import Number, check_citizen_id, read_citizen_id, read_old_id, read_phone


@pytest.mark.parametrize(
    "text",
    [
        "001040146715",
        " 001 040 146 715 ",
        "001\xa0040146715",
        "\u200b001040146715",
        "'001040146715",
        "’001040146715",
        "001.040.146.715",
        "001040146715.0",
    ],
)
def test_a_dressed_citizen_id_is_undressed(text: str) -> None:
    assert read_citizen_id(text) == Number("001040146715")


def test_lost_zeros_of_a_citizen_id_are_given_back() -> None:
    assert read_citizen_id("1040146715") == Number("001040146715", mended=True)
    assert read_citizen_id("38040146715") == Number("038040146715", mended=True)
    assert read_citizen_id("1040146715.0") == Number("001040146715", mended=True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("110204599", "length"),
        ("0010401467150", "length"),
        ("00104014671A", "characters"),
        ("001-040-146715", "characters"),
        ("００1040146715", "characters"),
        ("1.05E+09", "exponent"),
        ("1,05E+09", "exponent"),
        ("1.04014672E10", "exponent"),
    ],
)
def test_anything_else_is_no_citizen_id(text: str, problem: str) -> None:
    assert read_citizen_id(text) == Number(None, problem)  # type: ignore[arg-type]


def test_an_old_id_has_9_digits_or_lost_one_zero() -> None:
    assert read_old_id("110204511") == Number("110204511")
    assert read_old_id("12045110") == Number("012045110", mended=True)
    assert read_old_id("1204511") == Number(None, "length")
    assert read_old_id("001040146715") == Number(None, "length")


@pytest.mark.parametrize(
    ("text", "digits", "mended"),
    [
        ("0912345678", "0912345678", False),
        ("0912.345.678", "0912345678", False),
        ("912345678", "0912345678", True),
        ("+84912345678", "0912345678", True),
        ("84 912 345 678", "0912345678", True),
        ("841234567", "0841234567", True),
        ("02433873033", "02433873033", False),
        ("2433873033", "02433873033", True),
        ("+842433873033", "02433873033", True),
    ],
)
def test_phones_are_brought_to_ten_digits(text: str, digits: str, mended: bool) -> None:
    assert read_phone(text) == Number(digits, mended=mended)


@pytest.mark.parametrize(
    "text", ["12345", "0012345678", "không có", "0912345678, 0987654321", "9.12E+08", "09123456789"]
)
def test_anything_else_is_no_phone(text: str) -> None:
    assert read_phone(text).digits is None


def test_digits_that_agree_are_right() -> None:
    assert check_citizen_id("001040146715", "M", "1940") is None
    assert check_citizen_id("001138162553", "F", "1938-05-02") is None
    assert check_citizen_id("001215000001", "M", "2015-01-31") is None
    assert check_citizen_id("001315000001", "F", "2015") is None


def test_digits_of_another_sex_or_year_contradict() -> None:
    assert check_citizen_id("001038555123", "F", "1938") == "citizen-id-sex"
    assert check_citizen_id("001040146715", "M", "1941") == "citizen-id-year"
    assert check_citizen_id("001040146715", "M", "2040") == "citizen-id-year"


def test_what_is_not_stated_is_not_contradicted() -> None:
    assert check_citizen_id("001040146715", None, None) is None
    assert check_citizen_id("001040146715", None, "1939") == "citizen-id-year"
    assert check_citizen_id("001040146715", "F", None) == "citizen-id-sex"

"""Passwords: which are good enough, and that what is kept fits only the one that was chosen."""

import re
import unicodedata

import pytest

from services.kernel.decider import Rejected
from services.portal import passwords


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("muoi mot ky", "password-short"),  # eleven characters
        ("x" * 201, "password-long"),
        ("toi-la-Xa.KimBai-do", "password-has-login"),
        ("nguyenvanlam99", "password-has-login"),
        ("MatKhau-12345", "password-common"),
        ("1234 5678 9012", "password-common"),
        ("aaaabbbbccccdddd", "password-common"),
    ],
)
def test_a_poor_password_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(Rejected) as refused:
        passwords.require_good(password, "xa.kimbai", "Nguyen Van Lam")
    assert refused.value.code == why


@pytest.mark.parametrize("password", ["muoi hai ky!", "trâu vàng ăn rạ", "x" * 150 + "yzabc def"])
def test_a_long_password_of_any_letters_is_taken(password: str) -> None:
    passwords.require_good(password, "xa.kimbai", "Nguyễn Văn Lâm")


async def test_only_the_chosen_password_fits_what_is_kept() -> None:
    kept = await passwords.hashed("trâu vàng ăn rạ")
    assert kept.startswith("$argon2id$")
    assert await passwords.fits(kept, "trâu vàng ăn rạ")
    assert not await passwords.fits(kept, "trâu vàng ăn ra")


async def test_a_keyboard_that_writes_marks_apart_types_the_same_password() -> None:
    kept = await passwords.hashed(unicodedata.normalize("NFC", "trâu vàng ăn rạ"))
    assert await passwords.fits(kept, unicodedata.normalize("NFD", "trâu vàng ăn rạ"))


async def test_nobody_has_a_password() -> None:
    assert not await passwords.fits(None, "")
    assert not await passwords.fits("not a hash", "not a hash")


def test_first_passwords_are_readable_differ_and_are_good() -> None:
    made = {passwords.first_password() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        assert re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", one)

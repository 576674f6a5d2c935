"""Numbers that name people: citizen ids, old ids, phones, as they come out of files.

Citizen id (số định danh cá nhân, NĐ 137/2015/NĐ-CP Đ13): 12 digits = 3 of the province where the birth was registered,
1 for century and sex (0/1 = 1900s male/female, 2/3 = 2000s, …), 2 of the year of birth, 6 random.
"""

import re
from dataclasses import dataclass
from typing import Literal

from services.kernel.text import clean

Sex = Literal["M", "F"]
Problem = Literal["exponent", "characters", "length"]
Contradiction = Literal["citizen-id-sex", "citizen-id-year"]

_EXPONENT = re.compile(r"[0-9][0-9.,]*[eE]\+?[0-9]+")
_DIGITS = re.compile(r"[0-9]+")
_DOT = re.compile(r"(?<=[0-9])\.(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Number:
    """What was read from a cell: the digits, or why there are none; `mended` if zeros or a country code changed."""

    digits: str | None
    problem: Problem | None = None
    mended: bool = False


def undress(text: str) -> str:
    """Without white space, invisible characters, a leading apostrophe, dots between digits, a trailing `.0`."""
    bare = clean(text).replace(" ", "").removeprefix("'")
    if _EXPONENT.fullmatch(bare):
        return bare
    return _DOT.sub("", bare.removesuffix(".0"))


def _read(text: str, length: int, shortest: int) -> Number:
    bare = undress(text)
    if _EXPONENT.fullmatch(bare):
        return Number(None, "exponent")
    if not _DIGITS.fullmatch(bare):
        return Number(None, "characters")
    if not shortest <= len(bare) <= length:
        return Number(None, "length")
    return Number(bare.zfill(length), mended=len(bare) < length)


def read_citizen_id(text: str) -> Number:
    """12 digits; 10 or 11 lost their leading zeros in a number cell and get them back."""
    return _read(text, 12, 10)


def read_old_id(text: str) -> Number:
    """9 digits (CMND); 8 get their leading zero back."""
    return _read(text, 9, 8)


def read_phone(text: str) -> Number:
    """10 digits from 0, or 11 of a landline (02…); `+84` or `84` is 0, a leading zero lost is given back."""
    bare = undress(text)
    if not _DIGITS.fullmatch(bare.removeprefix("+")):
        return Number(None, "exponent" if _EXPONENT.fullmatch(bare) else "characters")
    digits = bare.removeprefix("+")
    if digits.startswith("84") and (len(digits) > 10 or bare.startswith("+")):
        digits = "0" + digits[2:].removeprefix("0")
    elif len(digits) == 9 or (len(digits) == 10 and digits.startswith("2")):
        digits = "0" + digits
    if not re.fullmatch(r"0[1-9][0-9]{8}|02[0-9]{9}", digits):
        return Number(None, "length")
    return Number(digits, mended=digits != bare)


def check_citizen_id(citizen_id: str, sex: Sex | None, birth: str | None) -> Contradiction | None:
    """Whether the digits disagree with the stated sex or year of birth (`"1938"` or an ISO day); None if they agree
    or nothing is stated.
    """
    mark = int(citizen_id[3])
    if sex is not None and (mark % 2 == 0) != (sex == "M"):
        return "citizen-id-sex"
    if birth is not None and 1900 + 100 * (mark // 2) + int(citizen_id[4:6]) != int(birth[:4]):
        return "citizen-id-year"
    return None

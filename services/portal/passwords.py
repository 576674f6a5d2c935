"""Passwords: which are good enough, how they are kept (Argon2id, RFC 9106), and the first one of a user."""

import asyncio
import base64
import hashlib
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.kernel import clock
from services.kernel.decider import Rejected

LETTERS_MIN = 12
LETTERS_MAX = 200
DIFFERENT_MIN = 5
HASHES_AT_ONCE = 2  # 64 MB of memory each
# Those of the usual lists that are long enough to pass, and what offices here take; compared without separators.
COMMON = frozenset(
    {
        "password1234",
        "passwordpassword",
        "123456789012",
        "1234567890123",
        "0123456789abc",
        "qwertyuiopasdf",
        "qwerty123456",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "qazwsxedcrfv",
        "abcdefghijkl",
        "abcd12345678",
        "admin1234567",
        "administrator",
        "iloveyou1234",
        "letmein12345",
        "welcome12345",
        "changeme1234",
        "matkhau12345",
        "matkhau123456",
        "matkhaumoi123",
        "anhyeuem1234",
        "anhyeuem12345",
        "vietnam12345",
        "vietnam123456",
        "vietnamvodich",
        "hanoivietnam",
        "thanhoai1234",
        "thanhoai2023",
        "ansinhxahoi1",
        "ansinhxahoi123",
        "ubndxa123456",
        "conganxa1234",
    }
)
_hasher = PasswordHasher()
_gate = asyncio.Semaphore(HASHES_AT_ONCE)


def require_good(password: str, *own: str) -> None:
    """Raises Rejected for a password that is short, guessable, or holds one of the person's `own` words."""
    plain = _folded(password)
    if len(_typed(password)) < LETTERS_MIN:
        raise Rejected("password-short", least=LETTERS_MIN)
    if len(password) > LETTERS_MAX:
        raise Rejected("password-long", most=LETTERS_MAX)
    if any(word and _folded(word) in plain for word in own):
        raise Rejected("password-has-login")
    if plain in COMMON or len(set(plain)) < DIFFERENT_MIN:
        raise Rejected("password-common")


def first_password() -> str:
    """A random password of 80 bits, in groups that can be read out on the telephone."""
    digest = hashlib.sha256(clock.new_secret().encode()).digest()
    letters = base64.b32encode(digest).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


async def hashed(password: str) -> str:
    """What is kept of the password."""
    async with _gate:
        return await asyncio.to_thread(_hasher.hash, _typed(password))


async def fits(kept: str | None, password: str) -> bool:
    """Whether the password is the kept one's. Where there is none (None) the answer takes as long, and is no."""
    async with _gate:
        return await asyncio.to_thread(_fits, kept or _nobodys(), password) and kept is not None


def outdated(kept: str) -> bool:
    """Whether the kept form was made with other costs than today's and should be made anew."""
    return _hasher.check_needs_rehash(kept)


def _fits(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, _typed(password[: LETTERS_MAX + 1]))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash(clock.new_secret())


def _typed(password: str) -> str:
    """One Unicode form: keyboards for Vietnamese write the same letter in several (RFC 8265)."""
    return unicodedata.normalize("NFC", password)


def _folded(text: str) -> str:
    return "".join(letter for letter in _typed(text).casefold() if letter.isalnum())

"""Vietnamese names: compared, searched, sorted, and as banks write them."""

import re
import unicodedata
from functools import lru_cache

from services.kernel.text import clean

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries
_ANY_TONE = re.compile(f"[{_TONES}]")
_VOWELS = "aeiouy"
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(ord("0") + rank) for rank, letter in enumerate(_ALPHABET)}
BANK_CUTS = (35, 70)
"""Lengths at which bank systems cut names."""
# A district's names are made of few words: each is worked out once.
_WORDS_KEPT = 20_000


@lru_cache(_WORDS_KEPT)
def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.replace("đ", "d").replace("Đ", "D")


def plain(name: str) -> str:
    """As banks carry it: upper case without diacritics (`NGUYEN VAN AN`, Đ as D), single spaces."""
    return _without_marks(clean(name)).upper()


def search_key(name: str) -> str:
    """Lower case without diacritics, single spaces: what a search without Vietnamese keyboard finds."""
    return _without_marks(clean(name).casefold())


def word_key(word: str) -> str:
    """For closed words: `search_key` without spaces."""
    return search_key(word).replace(" ", "")


def split_tone(word: str) -> tuple[str, str]:
    """A word without its tone (qualities like ă, ê, ơ stay, NFC) and the tone marks it had."""
    decomposed = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", _ANY_TONE.sub("", decomposed)), "".join(_ANY_TONE.findall(decomposed))


def fold(name: str) -> str:
    """For comparing names: without regard to case, place of the tone mark (hoà = hòa) or spaces.

    The tone is put on the first vowel of its word, so that a missing space changes nothing.
    """
    return "".join(_fold_word(word) for word in clean(name).casefold().split(" "))


@lru_cache(_WORDS_KEPT)
def _fold_word(word: str) -> str:
    if word.isascii():
        return word
    bare, tones = split_tone(word)
    place = next((at for at, letter in enumerate(bare) if _without_marks(letter) in _VOWELS), -1)
    return unicodedata.normalize("NFC", bare[: place + 1] + tones + bare[place + 1 :])


def sort_key(name: str) -> str:
    """A key whose byte order is the Vietnamese order of whole names, word by word: letters first, then the tone."""
    return " ".join(_sort_word(word) for word in clean(name).casefold().split(" "))


@lru_cache(_WORDS_KEPT)
def _sort_word(word: str) -> str:
    bare, tones = split_tone(word)
    letters = "".join(_RANK.get(letter) or _RANK.get(_without_marks(letter), "~") for letter in bare)
    return letters + "!" + "".join(str(_TONES.index(tone) + 1) for tone in tones)


def account_name_matches(account_name: str, holder_name: str) -> bool:
    """Whether a bank's account name is the holder's: its plain form, or the first 35 or 70 characters of that.

    Spaces count; one at the cut is dropped. A bank that writes diacritics must have the holder's.
    """
    given = clean(account_name)
    if given.isascii():
        return _whole_or_cut(given.upper(), plain(holder_name))
    return _whole_or_cut(fold_keeping_spaces(given), fold_keeping_spaces(holder_name))


def fold_keeping_spaces(name: str) -> str:
    """`fold` with the single spaces between words kept."""
    return " ".join(_fold_word(word) for word in clean(name).casefold().split(" "))


def _whole_or_cut(given: str, name: str) -> bool:
    return bool(given) and (given == name or any(given == name[:cut].rstrip(" ") for cut in BANK_CUTS))

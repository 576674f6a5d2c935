"""Text as people and programs really type it, made comparable: white space, invisible characters, Unicode form."""

import re
import unicodedata
from functools import lru_cache

_SPACES = "\t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
_SPACES += "\u205f\u3000"
_INVISIBLE = "\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063"
_INVISIBLE += "\u2064\u2066\u2067\u2068\u2069\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07\ufe08\ufe09\ufe0a\ufe0b"
_INVISIBLE += "\ufe0c\ufe0d\ufe0e\ufe0f\ufeff"
_APOSTROPHES = "\u2018\u2019\u02bc"
_TABLE = str.maketrans(
    dict.fromkeys(_SPACES, " ") | dict.fromkeys(_INVISIBLE, None) | dict.fromkeys(_APOSTROPHES, "'"),
)
_RETURN = re.compile("_x000d_", re.IGNORECASE)
_RUN = re.compile(" */ *| {2,}")
_INK = re.compile(f"[^ {_SPACES}{_INVISIBLE}]")
# What is longer is no text of a list; kept, a few such cells would fill the memory for good.
_KEPT_LETTERS = 500
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


def clean(text: str) -> str:
    """NFC; white space of any kind as one space, none at the ends or beside `/`; no zero-width characters or
    direction marks; ’ as '. Idempotent. Other control characters stay: see `unreadable`.
    """
    return _cleaned(text) if len(text) <= _KEPT_LETTERS else _cleaned.__wrapped__(text)


@lru_cache(20_000)
def _cleaned(text: str) -> str:
    if "_x" in text:
        text = _RETURN.sub(" ", text)
    text = unicodedata.normalize("NFC", text.translate(_TABLE))
    if "  " in text or "/" in text:
        text = _RUN.sub(_one, text)
    return text.strip(" ")


def _one(run: re.Match[str]) -> str:
    return "/" if "/" in run[0] else " "


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen: empty, white space or invisible characters only."""
    return _INK.search(text) is None or (text.lstrip()[:2] == "_x" and not clean(text))


def unreadable(text: str) -> bool:
    """Whether a cleaned text holds what is no character for people: control characters, half of a pair, U+FFFD."""
    return _UNREADABLE.search(text) is not None


def storable(text: str) -> str:
    """The text without what no JSON store keeps: NUL and halves of pairs become U+FFFD."""
    return re.sub("[\x00\ud800-\udfff]", "\ufffd", text)

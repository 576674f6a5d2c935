"""Vietnamese names whose letters were lost: text in the old fonts TCVN3 (ABC) and VNI, and UTF-8 read as Latin.

Nobody is renamed by this: it finds what the name most likely was, to be shown beside the error.
"""

import re

from services.kernel.names import split_tone
from services.kernel.text import clean

_MARKED = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_LETTERS = "abcdefghijklmnopqrstuvwxyzđăâêôơư" + _MARKED
NAME = re.compile(f"[{_LETTERS}{_LETTERS.upper()} '.-]*")
"""What a name may be made of: Vietnamese letters, spaces, - ' ."""

_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvxfjwz])?"
    "(?:uyê|uya|uyu|iêu|yêu|oai|oay|oao|oeo|uây|uôi|ươi|ươu|iê|yê|ia|iu|oa|oă|oe|oi|oo|ua|uâ|uê|ue|ui|uô|uơ|uy|ưa|ưi|ươ|ưu"
    "|ai|ao|au|ay|âu|ây|eo|êu|ôi|ơi|[aăâeêioôơuưy])"
    "(?:ch|nh|ng|[cmnpt])?"
)

_TCVN3_LOWER = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_TCVN3 = _TCVN3_LOWER | dict(zip("¡¢§£¤¥¦", "ĂÂĐÊÔƠƯ", strict=True))

_VNI_MARKS = {
    "a": ("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ"),
    "e": ("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
    "o": ("ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
    "u": ("ùøûõï", "úùủũụ"),
    "y": ("ùøûõ", "ýỳỷỹ"),
    "ô": ("ùøûõï", "ớờởỡợ"),
    "ö": ("ùøûõï", "ứừửữự"),
}
_VNI_SINGLE = dict(zip("æóòôöñî", "ỉĩịơưđỵ", strict=True))


def _vni_table() -> dict[str, str]:
    lower = {base + mark: letter for base, pair in _VNI_MARKS.items() for mark, letter in zip(*pair, strict=True)}
    lower |= _VNI_SINGLE
    upper = {code.upper(): letter.upper() for code, letter in lower.items()}
    capital = {code[0].upper() + code[1:]: letter.upper() for code, letter in lower.items() if len(code) == 2}
    return lower | capital | upper


_VNI = _vni_table()
_VNI_CODE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


# "à" decoded twice: the only letter of which nothing strange remains once the no-break space is gone ("Hà" → "HÃ ").
_TWICE_DECODED_A = "Ã\xa0"


def _from_tcvn3(text: str) -> str | None:
    return "".join(_TCVN3.get(letter, letter) for letter in text) if _is_latin(text) else None


def _from_vni(text: str) -> str | None:
    return _VNI_CODE.sub(lambda code: _VNI[code[0]], text) if _is_latin(text) else None


def _from_latin(text: str) -> str | None:
    """UTF-8 that was read as Windows-1252, byte by byte, once or twice."""
    for _ in range(2):
        try:
            text = b"".join(_byte(letter) for letter in text).decode("utf-8")
        except UnicodeError:
            return None
        if _is_name(text):
            break
    return text


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeError:
        return letter.encode("latin-1")


def _from_eth(text: str) -> str:
    """Đ typed as its double, the Icelandic eth."""
    return text.replace("Ð", "Đ").replace("ð", "đ").replace("Ɖ", "Đ")


def _is_latin(text: str) -> bool:
    return all(letter < "\u0100" for letter in text)


def _is_name(text: str) -> bool:
    return NAME.fullmatch(text) is not None and all(map(_can_be_a_word, re.split("[ '.-]", text.lower())))


def _can_be_a_word(word: str) -> bool:
    """Whether a word with Vietnamese letters could be said in Vietnamese; plain letters are left alone."""
    if word.isascii():
        return True
    bare, tones = split_tone(word)
    return len(tones) <= 1 and _SYLLABLE.fullmatch(bare) is not None


def likely_name(text: str) -> str | None:
    """The name that text of a wrong font or encoding most likely was; None if the text is a name as it stands, or if
    nothing better is known. Wants the text before cleaning, which would lose bytes of letters.
    """
    if _is_name(clean(text)) and _TWICE_DECODED_A not in text:
        return None
    for convert in (_from_eth, _from_latin, _from_tcvn3, _from_vni):
        for source in (text, clean(text)):
            converted = convert(source)
            if converted is not None:
                name = clean(converted)
                if name != clean(text) and _is_name(name):
                    return name
    return None


def without_additions(text: str) -> str | None:
    """The name without brackets, what stands in them, and digits; None if that leaves no name."""
    name = clean(re.sub(r"\([^)]*\)?|\[[^\]]*\]?|\{[^}]*\}?|[0-9]+|[(){}\[\]]", " ", text))
    return name if name and _is_name(name) and any(map(str.isalpha, name)) else None

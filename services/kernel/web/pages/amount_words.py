"""An amount in Vietnamese words, as papers that move money have it: `Mười hai tỷ, tám trăm linh hai triệu … đồng.`"""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# Groups of three digits from the right; the names begin again after a billion (nghìn tỷ, triệu tỷ).
_GROUPS = ("", "nghìn", "triệu")


def in_words(amount: int) -> str:
    """The amount, whole đồng, as a sentence."""
    words = _number(abs(amount))
    if amount < 0:
        words = f"âm {words}"
    return f"{words[0].upper()}{words[1:]} đồng."


def _number(value: int) -> str:
    if value == 0:
        return _DIGITS[0]
    billions, rest = divmod(value, 1_000_000_000)
    parts = [f"{_number(billions)} tỷ"] if billions else []
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            name = f" {_GROUPS[power]}" if power else ""
            parts.append(_three(group, bool(parts)) + name)
    return ", ".join(parts)


def _three(group: int, follows: bool) -> str:
    """Three digits; where something stands before them, their zeros are spoken too."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    parts = []
    if hundreds or follows:
        parts.append(f"{_DIGITS[hundreds]} trăm")
    if tens == 0:
        if ones and parts:
            parts.append("linh")
    else:
        parts.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
    if ones:
        parts.append(_one(ones, tens))
    return " ".join(parts)


def _one(ones: int, tens: int) -> str:
    if ones == 1 and tens > 1:
        return "mốt"
    if ones == 5 and tens >= 1:
        return "lăm"
    return _DIGITS[ones]

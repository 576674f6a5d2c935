"""`Lý do` read at its beginning, without case and tones, after an optional "Đã": the words that change a row."""

import re
from dataclasses import dataclass
from functools import cache

from services.kernel.names import fold, search_key
from services.kernel.period import Period
from services.kernel.text import clean
from services.reference.areas import all_areas
from services.registry.row import Kind, Problem, ReasonKind

_BEGINNINGS: dict[Kind, tuple[tuple[ReasonKind, str], ...]] = {
    "INCREASE": ((ReasonKind.RESUME, "tiep tuc"), (ReasonKind.MOVE_IN, "chuyen den")),
    "DECREASE": (
        (ReasonKind.DEATH, "chet|tu tran|tu vong|qua doi|mat"),
        (ReasonKind.SUSPEND, "tam dung"),
        (ReasonKind.MOVE_OUT, "chuyen di"),
        (ReasonKind.LEAVE_DISTRICT, "chuyen khoi huyen"),
    ),
    "ADJUST": ((ReasonKind.CORRECTION, "dinh chinh"),),
}
_MOVES = frozenset({ReasonKind.MOVE_IN, ReasonKind.MOVE_OUT, ReasonKind.LEAVE_DISTRICT})
_DEATH_WORDS = re.compile(r"\b(?:chet|tu tran|tu vong|qua doi)\b")
_LOST_TONED = re.compile(r"\bmất\b")
_LOST_PLAIN = re.compile(r"(?<!tien )\bmat\b")
_MOVE_WORDS = re.compile(
    r"\bchuyen (?:di|den|khoi|noi o|noi cu tru|ho khau|cu tru|(?:ve|sang|qua) (?:xa|thi tran|tt|huyen|tinh|que))\b"
)
_PREFIX = re.compile("^(?:Xã|Thị trấn|Phường) ")


@dataclass(frozen=True, slots=True)
class Reason:
    """The typed kind; the code of the commune named by a move; a doubt that a human must accept."""

    kind: ReasonKind
    commune: str | None = None
    doubt: Problem | None = None


def read_reason(kind: Kind, text: str, period: Period) -> Reason:
    """What `Lý do` means in a row of that kind; communes are those that exist in `period`."""
    key = search_key(text)
    beginning = key.removeprefix("da ")
    found = next((name for name, words in _BEGINNINGS[kind] if re.match(rf"(?:{words})\b", beginning)), None)
    reason_kind = found or ReasonKind.ORDINARY
    if reason_kind is ReasonKind.DEATH:
        return Reason(reason_kind)
    commune = _commune_named(text, period) if reason_kind in {ReasonKind.MOVE_IN, ReasonKind.MOVE_OUT} else None
    if reason_kind is ReasonKind.MOVE_OUT and commune is None:
        return Reason(reason_kind, None, _NO_COMMUNE)
    if _speaks_of_death(clean(text).lower(), key) or (reason_kind not in _MOVES and _MOVE_WORDS.search(key)):
        return Reason(reason_kind, commune, _HIDDEN_WORDS)
    return Reason(reason_kind, commune)


def _speaks_of_death(lower: str, key: str) -> bool:
    """`mất` counts with its tone, or in a text typed without any: "tiền mặt" is no death."""
    return bool(
        _DEATH_WORDS.search(key) or _LOST_TONED.search(lower) or (lower.isascii() and _LOST_PLAIN.search(lower))
    )


def _commune_named(text: str, period: Period) -> str | None:
    """The commune named last, without tones or with the right ones: Thanh Vân is not Thanh Văn."""
    words = [word for word in re.split(r"[\s,;:.()/-]+", clean(text)) if word]
    forms = [{fold(word), word.lower()} if word.isascii() else {fold(word)} for word in words]
    named = [
        (at, len(name), code)
        for code, name in _communes(period)
        for at in range(len(words) - len(name) + 1)
        if all(map(_shares, forms[at : at + len(name)], name))
    ]
    return max(named)[2] if named else None


@cache
def _communes(period: Period) -> tuple[tuple[str, tuple[frozenset[str], ...]], ...]:
    """The communes of a month: code, and each word of the name as it may be typed."""
    return tuple(
        (area.code, tuple(frozenset({fold(word), search_key(word)}) for word in _PREFIX.sub("", area.name).split(" ")))
        for area in all_areas()
        if area.level == "commune" and area.existed_in(period)
    )


def _shares(typed: set[str], word: frozenset[str]) -> bool:
    return not typed.isdisjoint(word)


_NO_COMMUNE = Problem(
    "reason-no-commune",
    "“Chuyển đi” không nêu xã, thị trấn nào của huyện. Ghi “Chuyển đi xã …”; nếu đi nơi khác, ghi “Chuyển khỏi huyện”; "
    "hoặc xác nhận khi duyệt.",
    "“Chuyển đi” names no commune of the district. Write “Chuyển đi xã …”, or “Chuyển khỏi huyện” for elsewhere; or "
    "accept it on approval.",
    needs_acceptance=True,
)
_HIDDEN_WORDS = Problem(
    "reason-doubtful",
    "Lý do có nhắc đến việc chết hoặc chuyển nơi ở nhưng không bắt đầu bằng từ đó, nên không được hiểu là như vậy. Nếu "
    "đúng là chết hoặc chuyển, viết “Chết …”, “Chuyển đi …”, “Chuyển đến …” ở đầu; nếu không, xác nhận khi duyệt.",
    "The reason speaks of a death or a move but does not begin with it, so it is not read as one. If it is one, begin "
    "with “Chết”, “Chuyển đi”, “Chuyển đến”; otherwise accept it on approval.",
    needs_acceptance=True,
)

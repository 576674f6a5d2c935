"""Which cell styles show a number as a date (ECMA-376 part 1, 18.8.30)."""

import re
from typing import IO

from services.kernel.tables.xml_events import each_element

_BUILT_IN = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', re.DOTALL)
_SECONDS = re.compile(r"s[.,]0+", re.IGNORECASE)
_DATE_PART = re.compile("[dmyhs]", re.IGNORECASE)


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date or a time."""
    bare = _SECONDS.sub("s", _NOT_CODE.sub("", code))
    return _DATE_PART.search(bare) is not None and not re.search("[0#?]", bare)


def read_date_styles(part: IO[bytes]) -> frozenset[int]:
    """The indexes of cell styles (`c/@s`) whose number format is one of dates."""
    own_formats: dict[str, bool] = {}
    used: list[str] = []
    in_cell_styles = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal in_cell_styles
        if element == "numFmt":
            own_formats[attributes.get("numFmtId", "")] = is_date_format(attributes.get("formatCode", ""))
        elif element == "cellXfs":
            in_cell_styles = True
        elif element == "xf" and in_cell_styles:
            used.append(attributes.get("numFmtId", "0"))

    def end(element: str) -> None:
        nonlocal in_cell_styles
        if element == "cellXfs":
            in_cell_styles = False

    each_element(part, start, end)
    return frozenset(at for at, code in enumerate(used) if _is_date(code, own_formats))


def _is_date(number_format: str, own_formats: dict[str, bool]) -> bool:
    if number_format in own_formats:
        return own_formats[number_format]
    return number_format.isascii() and number_format.isdigit() and int(number_format[:6]) in _BUILT_IN

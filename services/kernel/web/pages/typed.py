"""What people type into fields of a page: days and amounts in any of their ways, or a Problem that names the remedy."""

import re
from datetime import date

from services.kernel.web.problems import Problem

_DAY = re.compile(r"(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})")
_RUN = re.compile(r"(\d{1,2})(\d{2})(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def day_typed(text: str) -> date:
    """`5/11/2023`, `05-11-2023`, `5112023` or `2023-11-05`; raises Problem 422."""
    text = text.strip()
    try:
        if iso := _ISO.fullmatch(text):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if found := _DAY.fullmatch(text) or _RUN.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise Problem(
        422,
        "no-day",
        "Ngày phải ghi dạng ngày/tháng/năm, ví dụ 05/11/2023.",
        "A day is written day/month/year, for instance 05/11/2023.",
    )


def amount_typed(text: str) -> int:
    """Whole đồng, with or without dots and spaces; raises Problem 422."""
    digits = re.sub(r"[.,\s\u00a0]", "", text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise Problem(
            422, "no-amount", "Số tiền phải là số đồng nguyên, ví dụ 500.000.", "An amount is whole đồng, e.g. 500.000."
        )
    return int(digits)

"""How figures, days and instants are written on a page: `1.234.567`, `05/11/2023`, `14/11/2023 09:42`, `11/2023`."""

from datetime import date, datetime
from typing import Any

from services.kernel import clock

MINUS = "\u2212"


def number(value: int | None) -> str:
    """Digits in groups of three; nothing where there is no meaning, `0` for zero."""
    if value is None:
        return ""
    digits = f"{abs(value):,}".replace(",", ".")
    return f"{MINUS}{digits}" if value < 0 else digits


def signed(value: int | None) -> str:
    """The same with a plus before what is more; `0` alone."""
    return f"+{number(value)}" if value and value > 0 else number(value)


def day(value: date | str | None) -> str:
    """`05/11/2023`; of a birth that is only a year, the year."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        if len(value) == 4:
            return value
        value = date.fromisoformat(value[:10])
    return value.strftime("%d/%m/%Y")


def instant(value: datetime | str | None) -> str:
    """`14/11/2023 09:42`, in Việt Nam."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(clock.ZONE).strftime("%d/%m/%Y %H:%M")


def period(value: str | None) -> str:
    """`11/2023`."""
    return f"{value[5:7]}/{value[:4]}" if value else ""


def share(part: int, whole: int) -> str:
    """`78 %`, `–` of nothing."""
    return f"{part * 100 // whole} %" if whole else "–"


FILTERS: dict[str, Any] = {
    "number": number,
    "signed": signed,
    "day": day,
    "instant": instant,
    "period": period,
}

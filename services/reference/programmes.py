"""The three programmes of the forms and the items of Form 2 (the plan's annex; numbers 13–15 are not used)."""

from typing import Literal

Programme = Literal["BTXH", "NCC", "KHAC"]
PROGRAMMES: tuple[Programme, ...] = ("BTXH", "NCC", "KHAC")
ITEMS: dict[Programme, tuple[str, ...]] = {
    "BTXH": (),
    "NCC": tuple(str(number) for number in range(1, 13)),
    "KHAC": ("16", "17", "18"),
}

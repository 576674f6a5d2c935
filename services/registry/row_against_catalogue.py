"""Rows of a list held against the catalogue: codes, items, amounts. Pure."""

from collections.abc import Iterable

from services.kernel.period import Period
from services.registry import findings
from services.registry.catalogue import Catalogue, unit_of
from services.registry.findings import Judged, error
from services.registry.headings import AMOUNT, CODE, ITEM
from services.registry.row import ReasonKind, Row

NEEDS_NO_RIGHT = frozenset({ReasonKind.MOVE_IN, ReasonKind.RESUME})


def check(row: Row, catalogue: Catalogue, period: Period) -> Iterable[Judged]:
    """What is wrong or doubtful about a right code; `period` is the L that the list would take effect in."""
    if row.code is None:
        return
    if not catalogue.knows(row.code):
        yield error(
            row,
            CODE,
            "code-unknown",
            f"Không có mã chế độ {row.code} trong danh mục. Chọn mã trong tệp mẫu.",
            f"The catalogue has no code {row.code}. Choose one from the template.",
        )
        return
    if row.programme is not None and catalogue.programme_of(row.code) != row.programme:
        yield error(
            row,
            CODE,
            "code-of-other-programme",
            f"Mã {row.code} không thuộc chương trình {row.programme}. Sửa mã hoặc chương trình.",
            f"Code {row.code} is not of programme {row.programme}.",
        )
        return
    item = catalogue.item_of(row.code)
    if row.item is not None and row.item != item:
        yield error(
            row,
            ITEM,
            "item-contradicts-code",
            f"Mục {row.item} không khớp mã {row.code} (mục {item}). Để trống hoặc sửa mục.",
            f"Item {row.item} is not that of code {row.code} ({item}).",
        )
    if row.kind == "INCREASE" and row.reason_kind not in NEEDS_NO_RIGHT:
        yield from _amount(row, catalogue, period)


def _amount(row: Row, catalogue: Catalogue, period: Period) -> Iterable[Judged]:
    month = max(row.from_period or period, period)
    figure = catalogue.amount(row.code or "", month)
    if row.amount is None:
        if figure is None:
            yield error(
                row,
                AMOUNT,
                "amount-needed",
                f"Danh mục không có mức của mã {row.code} cho tháng {month}. Ghi mức hưởng.",
                f"The catalogue has no amount of {row.code} for {month}. Write the amount.",
            )
        return
    if figure is not None and unit_of(row.code, row.amount, figure) is None:
        yield findings.amount_differs(row, figure)

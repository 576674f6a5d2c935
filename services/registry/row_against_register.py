"""Rows of a list held against the registry and the catalogue: what is wrong or doubtful beyond the row itself. Pure."""

from collections.abc import Iterable, Sequence

from services.kernel.names import fold
from services.kernel.period import Period
from services.registry.catalogue import Catalogue, unit_of
from services.registry.headings import AMOUNT, CITIZEN_ID, CODE, ITEM, KIND, NAME
from services.registry.register import Known, Register, name_key
from services.registry.row import Finding, Row


def check(
    rows: Sequence[Row], register: Register, catalogue: Catalogue, commune: str, period: Period
) -> tuple[list[Finding], list[Finding]]:
    """Errors and warnings of rows that are right in themselves; `period` is the L they would take effect in."""
    errors: list[Finding] = []
    warnings: list[Finding] = []
    for row in rows:
        found = list(_against_catalogue(row, catalogue, period))
        found += _against_people(row, register, catalogue, commune)
        errors += [one for severe, one in found if severe]
        warnings += [one for severe, one in found if not severe]
    return errors, warnings


Judged = tuple[bool, Finding]


def _error(row: Row, column: str, code: str, vi: str, en: str) -> Judged:
    return True, Finding(row.number, column, code, vi, en)


def _doubt(row: Row, column: str, code: str, vi: str, en: str) -> Judged:
    return False, Finding(row.number, column, code, vi, en, needs_acceptance=True)


def _against_catalogue(row: Row, catalogue: Catalogue, period: Period) -> Iterable[Judged]:
    if row.kind != "INCREASE":
        yield _error(
            row,
            KIND,
            "kind-not-yet",
            "Bản này mới nhận dòng TĂNG. Bỏ dòng này khỏi danh sách, gửi lại khi có bản sau.",
            "This version takes INCREASE rows only. Take the row out and send it again later.",
        )
        return
    if row.code is None:
        return
    if not catalogue.knows(row.code):
        yield _error(
            row,
            CODE,
            "code-unknown",
            f"Không có mã chế độ {row.code} trong danh mục. Chọn mã trong tệp mẫu.",
            f"The catalogue has no code {row.code}. Choose one from the template.",
        )
        return
    if catalogue.programme_of(row.code) != row.programme:
        yield _error(
            row,
            CODE,
            "code-of-other-programme",
            f"Mã {row.code} không thuộc chương trình {row.programme}. Sửa mã hoặc chương trình.",
            f"Code {row.code} is not of programme {row.programme}.",
        )
        return
    item = catalogue.item_of(row.code)
    if row.item is not None and row.item != item:
        yield _error(
            row,
            ITEM,
            "item-contradicts-code",
            f"Mục {row.item} không khớp mã {row.code} (mục {item}). Để trống hoặc sửa mục.",
            f"Item {row.item} is not that of code {row.code} ({item}).",
        )
    yield from _amount(row, catalogue, period)


def _amount(row: Row, catalogue: Catalogue, period: Period) -> Iterable[Judged]:
    month = max(row.from_period or period, period)
    figure = catalogue.amount(row.code or "", month)
    if row.amount is None:
        if figure is None:
            yield _error(
                row,
                AMOUNT,
                "amount-needed",
                f"Danh mục không có mức của mã {row.code} cho tháng {month}. Ghi mức hưởng.",
                f"The catalogue has no amount of {row.code} for {month}. Write the amount.",
            )
        return
    if figure is not None and unit_of(row.code, row.amount, figure) is None:
        yield _doubt(
            row,
            AMOUNT,
            "amount-differs",
            f"Mức hưởng khác danh mục ({dong(figure)} đồng). Sửa lại, hoặc nêu lý do khi duyệt.",
            f"The amount is not the catalogue's ({figure} đồng). Mend it, or give a reason on approval.",
        )


def dong(amount: int) -> str:
    """An amount as people write it: `1.234.567`."""
    return f"{amount:,}".replace(",", ".")


def _against_people(row: Row, register: Register, catalogue: Catalogue, commune: str) -> Iterable[Judged]:
    if row.kind != "INCREASE":
        return
    if row.citizen_id:
        known = register.by_citizen_id.get(row.citizen_id)
        if known:
            yield from _known_by_id(row, known, catalogue, commune)
        elif register.without_id(row):
            yield _possible_double(row, NAME)
        return
    if register.by_name.get(name_key(row)):
        yield _possible_double(row, NAME)


def _known_by_id(row: Row, known: Known, catalogue: Catalogue, commune: str) -> Iterable[Judged]:
    if fold(known.name) != fold(row.name or ""):
        yield _error(
            row,
            CITIZEN_ID,
            "citizen-id-of-another",
            "Số định danh này đã đăng ký ở nơi khác với họ tên khác. Đối chiếu CCCD và sửa số hoặc họ tên.",
            "This citizen id is registered elsewhere under another name. Compare the card and mend it.",
        )
    elif known.commune != commune and known.rights:
        yield _error(
            row,
            CITIZEN_ID,
            "registered-elsewhere",
            "Số định danh này đã đăng ký ở nơi khác. Nếu người này chuyển đến, ghi lý do “Chuyển đến”.",
            "This citizen id is registered elsewhere. If the person moved here, give the reason “Chuyển đến”.",
        )
    elif right_of(row, catalogue) in known.rights:
        yield _error(
            row,
            CITIZEN_ID,
            "right-runs-already",
            "Người này đang hưởng chế độ này. Bỏ dòng, hoặc dùng ĐIỀU CHỈNH nếu muốn sửa.",
            "The person has this right already. Take the row out, or use ĐIỀU CHỈNH to change it.",
        )


def _possible_double(row: Row, column: str) -> Judged:
    return _doubt(
        row,
        column,
        "possible-double",
        "Trong xã đã có người cùng họ tên và ngày sinh. Kiểm tra có trùng người không; nếu không, xác nhận khi duyệt.",
        "The commune has a person of this name and birth. If it is another one, accept it on approval.",
    )


def right_of(row: Row, catalogue: Catalogue) -> tuple[str, str | None, str | None]:
    """Programme, item and code of the right that a row is about; the item follows from the code."""
    item = catalogue.item_of(row.code) if row.code else row.item
    return row.programme or "", item, row.code

"""What the kinds of rows need, and which facts in one row contradict each other."""

from collections.abc import Set as AbstractSet

from services.kernel.ids import Contradiction
from services.kernel.period import Period
from services.reference.programmes import ITEMS, Programme
from services.registry.headings import (
    AMOUNT,
    BIRTH,
    CITIZEN_ID,
    CODE,
    FROM,
    ITEM,
    KIND,
    NAME,
    PAYEE,
    PROGRAMME,
    REASON,
    RELATION,
    SEX,
)
from services.registry.row import Kind, Problem

NEEDED: dict[Kind, tuple[str, ...]] = {
    "INCREASE": (NAME, BIRTH, SEX, FROM),
    "DECREASE": (NAME, FROM, REASON),
    "ADJUST": (NAME, FROM),
}
"""Besides these an increase needs a right, the others a citizen id or a birth."""

_LONG_AGO = 12
_MISSING = {
    KIND: (
        "Dòng có nội dung nhưng chưa ghi Loại. Ghi TĂNG, GIẢM, ĐIỀU CHỈNH; nếu là tổng cộng hay chữ ký, xóa dòng.",
        "The row has content but no kind. Write TĂNG, GIẢM or ĐIỀU CHỈNH; delete rows of totals and signatures.",
    ),
    CITIZEN_ID: (
        "Chưa có Số định danh lẫn Ngày sinh nên không xác định được người. Ghi ít nhất một trong hai.",
        "There is neither citizen id nor birth to find the person by. Write at least one of them.",
    ),
    CODE: (
        "Chưa ghi Mã chế độ. Ghi mã theo danh mục, ví dụ BTXH.05C.",
        "The benefit code is lacking. Write a code of the catalogue, such as BTXH.05C.",
    ),
    PAYEE: (
        "Có Quan hệ hoặc số định danh người nhận thay nhưng chưa ghi Người nhận thay. Ghi họ tên, hoặc xóa ô kia.",
        "There is a relation or an id of a payee but no payee. Write the name, or clear the other cells.",
    ),
    RELATION: (
        "Có Người nhận thay nhưng chưa ghi Quan hệ. Ghi GIÁM HỘ hoặc ỦY QUYỀN.",
        "There is a payee but no relation. Write GIÁM HỘ or ỦY QUYỀN.",
    ),
}


def missing(heading: str) -> Problem:
    """A needed cell that is empty."""
    vi, en = _MISSING.get(
        heading,
        (f"Chưa ghi {heading}. Điền ô này rồi gửi lại.", f"“{heading}” is lacking. Fill in the cell."),
    )
    return Problem("cell-missing", vi, en)


def claims_missing(programme: Programme | None, present: AbstractSet[str]) -> list[str]:
    """The headings of a right that are not filled: programme; code for BTXH and NCC; item and amount for KHAC."""
    if programme is None:
        return [PROGRAMME]
    needed = (ITEM, AMOUNT) if programme == "KHAC" else (CODE,)
    return [heading for heading in needed if heading not in present]


def contradiction(code: Contradiction, citizen_id: str) -> Problem:
    """The id's digits say another sex or year than the row."""
    mark = int(citizen_id[3])
    sex_vi, sex_en = ("Nam", "male") if mark % 2 == 0 else ("Nữ", "female")
    year = 1900 + 100 * (mark // 2) + int(citizen_id[4:6])
    if code == "citizen-id-sex":
        vi, en = f"là của {sex_vi}, khác Giới tính trong dòng", f"is of a {sex_en}, other than the row says"
    else:
        vi, en = f"là của người sinh năm {year}, khác Ngày sinh trong dòng", f"says born {year}, other than the row"
    return Problem(
        code,
        f"Số định danh {citizen_id} {vi}. Đối chiếu với CCCD hoặc giấy khai sinh và sửa ô sai.",
        f"The id {citizen_id} {en}. Compare with the card or birth certificate and mend what is wrong.",
    )


def item_problem(programme: Programme | None, item: str) -> Problem | None:
    """Whether the item is one of the programme's (of any, where the row names none)."""
    if programme == "BTXH":
        return Problem(
            "item-not-of-programme",
            "Bảo trợ xã hội không có Mục trong Biểu 2. Để trống ô này.",
            "Social assistance has no items in Form 2. Leave the cell empty.",
        )
    items = ITEMS[programme] if programme else tuple(item for items in ITEMS.values() for item in items)
    if item in items:
        return None
    shown = f"{items[0]}–{items[-1]}" if programme else "1–12, 16–18"
    return Problem(
        "item-not-of-programme",
        f"Mục {item} không thuộc chương trình {programme or 'nào'}. Ghi một trong các mục {shown}.",
        f"Item {item} is not of programme {programme or '(any)'}. Write one of {shown}.",
    )


def starts_long_ago(start: Period, period: Period) -> Problem | None:
    """An increase more than 12 months back is doubtful: its arrears want a human's word."""
    if period.months_since(start) <= _LONG_AGO:
        return None
    return Problem(
        "month-long-ago",
        f"Tháng bắt đầu {start[5:]}/{start[:4]} trước kỳ của danh sách hơn 12 tháng: sẽ truy lĩnh từ đó. Kiểm tra lại; "
        "nếu đúng, xác nhận khi duyệt.",
        f"The right starts {start}, more than 12 months before the list's period, with arrears from there. Check it; "
        "if it is right, accept it on approval.",
        needs_acceptance=True,
    )


def no_citizen_id() -> Problem:
    """A person without citizen id is registered all the same, and paid in cash."""
    return Problem(
        "citizen-id-none",
        "Người này chưa có số định danh: vẫn ghi danh, chi tiền mặt và đưa vào danh sách gửi Công an. Bổ sung sau.",
        "The person has no citizen id: registered all the same, paid in cash, listed for the police. Add it later.",
    )

"""What is wrong or doubtful about rows beyond the row itself, in words that say what to do."""

from dataclasses import dataclass

from services.kernel.decider import Rejected
from services.registry.headings import AMOUNT, CITIZEN_ID, CODE, NAME, PROGRAMME
from services.registry.row import Finding, ReasonKind, Row


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, and whether it is an error (else a warning)."""

    severe: bool
    finding: Finding


def error(row: Row, column: str, code: str, vi: str, en: str) -> Judged:
    return Judged(True, Finding(row.number, column, code, vi, en))


def doubt(row: Row, column: str, code: str, vi: str, en: str) -> Judged:
    return Judged(False, Finding(row.number, column, code, vi, en, needs_acceptance=True))


def person_column(row: Row) -> str:
    """Where an error about the person stands: the citizen id if given, else the name."""
    return CITIZEN_ID if row.citizen_id else NAME


def right_column(row: Row) -> str:
    """Where an error about the right stands: the code if given, else the programme."""
    return CODE if row.code else PROGRAMME


_WORDS = {
    "right-runs-already": (
        "Người này đang hưởng chế độ này. Bỏ dòng, hoặc dùng ĐIỀU CHỈNH nếu muốn sửa.",
        "The person has this right already. Take the row out, or use ĐIỀU CHỈNH to change it.",
    ),
    "right-unknown": (
        "Người này không có chế độ như dòng này nêu. Kiểm tra Chương trình, Mục và Mã chế độ.",
        "The person has no such right. Check programme, item and code.",
    ),
    "right-ambiguous": (
        "Người này có nhiều chế độ mà dòng này có thể nói đến. Ghi rõ Mã chế độ.",
        "The row may mean several rights of this person. Write the code.",
    ),
    "suspended-already": (
        "Chế độ này đang tạm dừng rồi. Bỏ dòng này.",
        "The right is suspended already. Take the row out.",
    ),
    "not-suspended": (
        "Chế độ này không bị tạm dừng nên không thể tiếp tục. Bỏ dòng, hoặc ghi TĂNG với lý do khác.",
        "The right is not suspended and cannot be resumed. Take the row out, or give another reason.",
    ),
    "amount-needed": (
        "Danh mục không có mức của mã này cho tháng đó. Ghi mức hưởng.",
        "The catalogue has no amount of this code for the month. Write the amount.",
    ),
    "lives-there-already": (
        "Người này đã đăng ký ở xã này. Bỏ dòng “Chuyển đến”.",
        "The person is registered in this commune already. Take the row out.",
    ),
}
_OF_PERSON = frozenset({"right-runs-already", "lives-there-already"})


def refused(row: Row, why: Rejected) -> Judged:
    """The error of a row whose command the rules refuse."""
    vi, en = _WORDS[why.code]
    column = AMOUNT if why.code == "amount-needed" else right_column(row)
    if why.code in _OF_PERSON or (row.reason_kind is ReasonKind.MOVE_OUT and why.code == "right-unknown"):
        column = person_column(row)
    return error(row, column, why.code, vi, en)


def registered_elsewhere(row: Row) -> Judged:
    return error(
        row,
        CITIZEN_ID,
        "registered-elsewhere",
        "Số định danh này đã đăng ký ở nơi khác. Nếu người này chuyển đến, ghi TĂNG với lý do “Chuyển đến”.",
        "This citizen id is registered elsewhere. If the person moved here, write TĂNG with the reason “Chuyển đến”.",
    )


def id_of_another(row: Row) -> Judged:
    return error(
        row,
        CITIZEN_ID,
        "citizen-id-of-another",
        "Số định danh này đã đăng ký ở nơi khác với họ tên khác. Đối chiếu CCCD và sửa số hoặc họ tên.",
        "This citizen id is registered elsewhere under another name. Compare the card and mend it.",
    )


def nobody(row: Row) -> Judged:
    return error(
        row,
        person_column(row),
        "person-unknown",
        "Không tìm thấy người này trong sổ của xã. Kiểm tra số định danh, họ tên và ngày sinh.",
        "Nobody in the commune's register fits. Check the citizen id, the name and the birth.",
    )


def several(row: Row) -> Judged:
    return error(
        row,
        person_column(row),
        "person-ambiguous",
        "Có nhiều người cùng họ tên và ngày sinh trong xã. Bổ sung số định danh cho một người rồi gửi lại.",
        "Several people of this name and birth live in the commune. Bring the citizen id of one of them first.",
    )


def possible_double(row: Row) -> Judged:
    return doubt(
        row,
        NAME,
        "possible-double",
        "Trong xã đã có người cùng họ tên và ngày sinh. Kiểm tra có trùng người không; nếu không, xác nhận khi duyệt.",
        "The commune has a person of this name and birth. If it is another one, accept it on approval.",
    )


def taken_for_known(row: Row) -> Judged:
    return doubt(
        row,
        NAME,
        "taken-for-known-person",
        "Dòng không có số định danh được hiểu là của người cùng họ tên, ngày sinh đã có trong xã. Xác nhận khi duyệt.",
        "The row has no citizen id and is taken for the person of this name and birth in the commune. Accept it.",
    )


def reported_dead(row: Row, month: str) -> Judged:
    return doubt(
        row,
        person_column(row),
        "reported-dead",
        f"Người này đã được báo chết trong tháng {month[5:]}/{month[:4]}. Nếu báo nhầm, xác nhận khi duyệt.",
        f"The person was reported dead in {month}. If that was a mistake, accept it on approval.",
    )


def amount_differs(row: Row, figure: int) -> Judged:
    return doubt(
        row,
        AMOUNT,
        "amount-differs",
        f"Mức hưởng khác danh mục ({dong(figure)} đồng). Sửa lại, hoặc nêu lý do khi duyệt.",
        f"The amount is not the catalogue's ({figure} đồng). Mend it, or give a reason on approval.",
    )


def dong(amount: int) -> str:
    """An amount as people write it: `1.234.567`."""
    return f"{amount:,}".replace(",", ".")

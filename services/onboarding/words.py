"""What people read: why a row or a call was not taken, in Vietnamese and English."""

from collections.abc import Mapping

from services.kernel.web.service_app import Words

OF_ROWS: dict[str, tuple[str, str]] = {
    "accepted": ("Đã nhận.", "Taken in."),
    "repeated": ("Đã nhận trước đó, không thay đổi gì.", "Said before; nothing changes."),
    "name-differs": (
        "Đã nhận, nhưng tên tài khoản khác tên chủ tài khoản đã đăng ký; chưa chi trả đến khi phòng xác nhận.",
        "Kept, but the account's name is not the registered holder's; not paid to until the office confirms.",
    ),
    "unknown-person": (
        "Không có đối tượng này trong sổ; kiểm tra lại mã đối tượng hoặc số định danh.",
        "No such beneficiary; check the beneficiary id or citizen id.",
    ),
    "citizen-id-differs": (
        "Số định danh không phải của đối tượng này; kiểm tra lại hồ sơ.",
        "The citizen id is not this person's; check the dossier.",
    ),
    "holder-differs": (
        "Chủ tài khoản không phải người đã đăng ký nhận; xã cần cập nhật người nhận thay, hoặc sửa chủ tài khoản.",
        "The holder is not the one registered; the commune has to update the payee, or the row its holder.",
    ),
    "no-such-account": (
        "Đối tượng không có tài khoản số này; kiểm tra lại số tài khoản.",
        "The person has no account of this number; check the number.",
    ),
    "row-not-object": (
        "Dòng không đọc được: không phải một đối tượng JSON, hoặc thừa ô so với tiêu đề.",
        "The row can't be read: not a JSON object, or more cells than headings.",
    ),
    "field-missing": ("Thiếu {column}; điền rồi gửi lại dòng này.", "{column} is missing; fill it in and send again."),
    "field-not-text": (
        "{column} phải là chữ, không phải số (số làm mất các số 0 ở đầu); định dạng ô là Văn bản.",
        "{column} must be text, not a number, which loses leading zeros; format the cell as text.",
    ),
    "cell-error": (
        "{column} là ô lỗi hoặc công thức chưa có giá trị {word}; gõ giá trị vào ô rồi gửi lại.",
        "{column} is an error or a formula without a value {word}; type the value and send it again.",
    ),
    "field-too-long": ("{column} dài quá 500 chữ.", "{column} has over 500 letters."),
    "word-unknown": ("{column} phải là một trong: {known}.", "{column} must be one of: {known}."),
    "number-unreadable": (
        "{column} không đọc được là một số hiệu.",
        "{column} is not a number of its kind.",
    ),
    "day-unreadable": (
        "{column} không phải một ngày có thật (năm-tháng-ngày).",
        "{column} is not a day that exists (YYYY-MM-DD).",
    ),
    "day-in-future": ("{column} là một ngày chưa đến.", "{column} is a day to come."),
    "opened-before-closing": (
        "Tài khoản này đã đóng ngày {closed_on}; ngày mở lại không được trước ngày đó.",
        "The account was closed on {closed_on}; it cannot be opened again before that.",
    ),
    "account-exists": (
        "Tài khoản này đã mở; muốn thôi dùng hãy gửi CLOSED.",
        "The account was opened; send CLOSED to end it.",
    ),
    "closed-before-opening": (
        "Ngày đóng trước ngày mở {opened_on}.",
        "The closing day is before the opening on {opened_on}.",
    ),
    "bank-code-needed": (
        "Đối tượng có tài khoản cùng số ở nhiều ngân hàng; điền bank_code.",
        "The person has this number at several banks; fill in bank_code.",
    ),
}

WORDS: Words = {
    "no-such-account": (404, "Không có tài khoản này.", "There is no such account."),
    "account-not-open": (
        409,
        "Tài khoản đã đóng hoặc bị ngân hàng từ chối, không xác nhận được.",
        "The account is closed or was refused by the bank; it cannot be confirmed.",
    ),
    "nothing-to-confirm": (
        409,
        "Tài khoản đang dùng được, không có gì cần xác nhận.",
        "The account can be paid to; there is nothing to confirm.",
    ),
}


def sentence(code: str, context: Mapping[str, object], language: str) -> str:
    """The message of a row's outcome."""
    vi, en = OF_ROWS[code]
    return (en if language == "en" else vi).format_map(context)

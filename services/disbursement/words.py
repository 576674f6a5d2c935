"""What disbursement says to people: code → (status,) Vietnamese, English."""

from collections.abc import Mapping

WORDS: dict[str, tuple[int, str, str]] = {
    "run-state": (
        409,
        "Đợt chi trả đang ở trạng thái {status}, không làm được việc này. Tải lại để xem trạng thái mới.",
        "The run is {status}; this cannot be done now. Load it again.",
    ),
    "own-entry": (
        403,
        "Người lập đợt chi trả không được phê duyệt hoặc gửi. Nhờ người thứ hai.",
        "Whoever prepared a run may not approve or send it. Ask a second person.",
    ),
    "answer-decided": (
        409,
        "Tin này đã được xử lý, không xử lý lần nữa. Tải lại danh sách chưa khớp.",
        "This answer was decided before. Load the list again.",
    ),
    "answer-has-payment": (
        409,
        "Tin này đã gắn với một khoản chi; chỉ ghép tin chưa khớp. Ghi nhận hoặc bỏ qua tin này.",
        "The answer has its payment; only unmatched ones are matched. Book it or dismiss it.",
    ),
    "answer-unmatched": (
        409,
        "Chưa biết tin này của khoản chi nào. Ghép với khoản chi trước.",
        "Nobody knows yet whose answer this is. Match it to a payment first.",
    ),
    "answer-incomplete": (
        409,
        "Tin thiếu số tiền đồng Việt Nam hoặc ngày giá trị nên không ghi nhận được. Đề nghị ngân hàng gửi lại tin đủ,"
        " rồi bỏ qua tin này.",
        "The answer lacks an amount in đồng or a value date and can't count. Have the bank send a whole one, then"
        " dismiss this.",
    ),
    "amount-differs": (
        409,
        "Tin báo {said} đồng, khoản chi là {instructed} đồng: một khoản chỉ thành công hay bị trả lại cả khoản, nên"
        " không ghi nhận được. Đề nghị ngân hàng chuyển bù hoặc gửi lại tin đúng số tiền, rồi bỏ qua tin này.",
        "The answer says {said} đồng, the payment is {instructed}: a payment settles or returns whole, so this can't"
        " count. Have the bank move the rest or send the right amount, then dismiss this.",
    ),
    "payment-not-sent": (
        409,
        "Khoản chi chưa gửi cho ngân hàng. Gửi đợt chi trả rồi ghi nhận; nếu đợt đã hủy, bỏ qua tin này.",
        "The payment was not sent to the bank. Send its run, then book; if the run was dropped, dismiss this.",
    ),
    "not-settled-yet": (
        409,
        "Khoản chi chưa có tin chuyển thành công nên chưa có tiền để trả lại. Chờ tin SETTLED, tin này sẽ có hiệu lực"
        " sau đó.",
        "The payment has not settled, so nothing can come back yet. Wait for SETTLED.",
    ),
    "settled-already": (
        409,
        "Khoản chi đã thành công ngày {value_date}; không ghi nhận lần thứ hai. Nếu ngân hàng đã chuyển hai lần,"
        " đề nghị thu hồi lần sau; nếu chỉ khác ngày, bỏ qua tin này.",
        "The payment settled on {value_date} and can't settle twice. If the bank moved it twice, have it take the"
        " second back; if only the day differs, dismiss this.",
    ),
    "second-transfer": (
        409,
        "Tin này nói lại điều đã ghi nhận dưới số tham chiếu khác: có thể đã chuyển hai lần. Đề nghị ngân hàng đối"
        " chiếu và thu hồi nếu đúng, rồi bỏ qua tin này.",
        "This says again, under another reference, what was taken before: the money may have moved twice. Have the"
        " bank check and take it back, then dismiss this.",
    ),
    "nothing-to-book": (
        409,
        "Khoản chi đang ở trạng thái {status}, tiền không ở người nhận: ghi nhận tin này không đổi gì. Bỏ qua tin này.",
        "The payment is {status}, its money is not with the payee: booking changes nothing. Dismiss this.",
    ),
    "payment-not-of-the-bank": (
        409,
        "Khoản chi này không đi qua ngân hàng (tiền mặt hoặc đã bù trừ hết). Chọn một khoản chuyển khoản.",
        "This payment does not go through the bank (cash or netted). Choose one to an account.",
    ),
    "value-date-outside": (
        409,
        "Ngày giá trị {day} nằm ngoài khoảng {first} đến {last} của khoản chi này. Chọn khoản khác hoặc bỏ qua tin.",
        "The value date {day} lies outside {first} to {last} of this payment. Choose another or dismiss the answer.",
    ),
    "password-again": (
        403,
        "Mật khẩu nhập đã quá 5 phút. Nhập lại mật khẩu rồi bấm lần nữa.",
        "The password was typed over five minutes ago. Type it again, then press once more.",
    ),
    "reason-missing": (422, "Chưa ghi lý do.", "Give a reason."),
    "file-missing": (422, "Chưa chọn tệp nào.", "Choose a file."),
    "month-wrong": (422, "Kỳ phải có dạng năm-tháng, ví dụ 2023-11.", "The month must look like 2023-11."),
    "no-programme": (
        422,
        "Chưa đánh dấu chương trình nào. Đánh dấu ít nhất một.",
        "Tick at least one programme.",
    ),
    "nobody-ticked": (422, "Chưa đánh dấu người nào.", "Nobody is ticked."),
    "day-to-come": (422, "Ngày nhận ở tương lai. Ghi ngày đã ký nhận.", "The day is still to come."),
    "no-payment": (422, "Chưa chọn khoản nào. Chọn một khoản hoặc ghi mã khoản.", "Choose a payment or give its code."),
    "no-such-payment": (422, "Không có khoản nào mang mã này.", "No payment bears this code."),
    "not-sent-yet": (
        404,
        "Đợt này chưa chuyển lệnh nên chưa có danh sách tiền mặt.",
        "The run is not sent yet and has no cash list.",
    ),
    "not-of-the-area": (404, "Không có đối tượng này trong địa bàn.", "There is no such person in the area."),
    "only-an-approver-books": (
        403,
        "Chỉ lãnh đạo phòng được ghi nhận tin trái ngược.",
        "Only an approver books an answer.",
    ),
}

OF_ROWS: dict[str, tuple[str, str]] = {
    "applied": ("Đã ghi nhận.", "Taken in."),
    "repeated": ("Đã có từ trước, không thay đổi gì.", "Said before; nothing changes."),
    "repeated-reference": (
        "Đã có từ trước dưới số tham chiếu khác: có thể đã chuyển hai lần; chờ cán bộ xem.",
        "Said before under another reference: the money may have moved twice; an officer will look.",
    ),
    "waiting": (
        "Giữ lại, có hiệu lực khi có tin chuyển thành công.",
        "Kept; takes effect when the settlement comes.",
    ),
    "unmatched": (
        "Không có khoản chuyển khoản nào mang mã này; chờ cán bộ xem.",
        "No account payment bears this reference; an officer will look.",
    ),
    "conflict": (
        "Trái với điều đã biết của khoản chi; chờ cán bộ xem.",
        "Contradicts what is known of the payment; an officer will look.",
    ),
    "noted": ("Chưa phải kết quả cuối; đã ghi lại.", "Not a final result; noted."),
    "cash-conflict": (
        "Trái với điều đã biết: khoản này không nằm trong danh sách tiền mặt đang chờ, hoặc đã ghi nhận ngày khác.",
        "Contradicts what is known: the payment is on no cash list that waits, or was collected on another day.",
    ),
    "cash-unknown": (
        "Không có khoản tiền mặt này trong đợt và địa bàn của bạn.",
        "There is no such cash payment in this run and your area.",
    ),
    "cash-word-missing": (
        "Cần một trong hai: collected_on (YYYY-MM-DD), hoặc uncollected: true.",
        "One of two is needed: collected_on (YYYY-MM-DD), or uncollected: true.",
    ),
    "collected-in-future": (
        "collected_on nằm ở tương lai; ghi ngày đã nhận tiền.",
        "collected_on is a day to come; give the day of collection.",
    ),
    "row-not-object": (
        "Dòng không phải một đối tượng JSON, hoặc thừa ô so với tiêu đề.",
        "Not a JSON object, or more cells than headings.",
    ),
    "result-unknown": (
        "result phải là SETTLED, REJECTED hoặc RETURNED, viết đúng chữ hoa.",
        "result must be SETTLED, REJECTED or RETURNED, as written here.",
    ),
    "field-not-text": (
        "{column} phải là chữ; sửa rồi gửi lại dòng này.",
        "{column} must be text; mend the row and send it again.",
    ),
    "amount-missing": ("Thiếu amount; điền số đồng rồi gửi lại.", "amount is missing; fill in whole đồng."),
    "amount-unreadable": (
        "amount phải là số đồng nguyên, không có phần lẻ.",
        "amount must be whole đồng, without a fraction.",
    ),
    "amount-too-large": ("amount lớn quá mức có thể.", "amount is too large to be one."),
    "value-date-missing": ("Thiếu value_date; điền ngày giá trị.", "value_date is missing."),
    "value-date-unreadable": (
        "value_date phải là ngày có thật, dạng YYYY-MM-DD (trong bảng cũng ngày/tháng/năm).",
        "value_date must be a day that exists, YYYY-MM-DD (in tables also dd/mm/yyyy).",
    ),
    "value-date-outside": (
        "value_date {day} nằm ngoài khoảng {first} đến {last}.",
        "value_date {day} lies outside {first} to {last}.",
    ),
}


def sentence(code: str, context: Mapping[str, str], language: str) -> str:
    """The message of a row."""
    vi, en = OF_ROWS[code]
    return (en if language == "en" else vi).format_map(context)

"""What the refusals of the registry's deciders say to people: code → status, Vietnamese, English."""

WORDS: dict[str, tuple[int, str, str]] = {
    "list-state": (
        409,
        "Danh sách đang ở trạng thái {status}, không làm được việc này. Tải lại trang để xem trạng thái mới.",
        "The list is {status}; this cannot be done now. Load it again.",
    ),
    "list-has-errors": (
        409,
        "Danh sách còn {count} lỗi. Sửa từng ô theo hướng dẫn rồi làm lại.",
        "The list has {count} errors. Mend them first.",
    ),
    "own-entry": (
        403,
        "Người nhập, sửa hoặc nộp danh sách không được phê duyệt. Nhờ người khác phê duyệt.",
        "Whoever entered, changed or submitted a list may not approve it. Ask somebody else.",
    ),
    "warnings-not-accepted": (
        409,
        "Danh sách có {count} cảnh báo cần chấp nhận kèm lý do. Xem từng cảnh báo rồi phê duyệt lại.",
        "The list has {count} warnings to be accepted with a reason. Look at them and approve again.",
    ),
    "person-known": (409, "Người này đã có trong sổ.", "The person is registered already."),
    "person-unknown": (404, "Không có người này trong sổ.", "There is no such person."),
    "right-runs-already": (409, "Người này đang hưởng chế độ này.", "The person has this right already."),
}

"""What the refusals of disbursement's deciders say to people: code → status, Vietnamese, English."""

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
}

"""The headings of the change list, in the contract's order."""

KIND = "Loại"
NAME = "Họ và tên"
BIRTH = "Ngày sinh"
SEX = "Giới tính"
CITIZEN_ID = "Số định danh"
OLD_ID = "Số CMND"
PHONE = "Điện thoại"
ADDRESS = "Địa chỉ"
PROGRAMME = "Chương trình"
ITEM = "Mục"
CODE = "Mã chế độ"
AMOUNT = "Mức hưởng"
FROM = "Từ tháng"
REASON = "Lý do"
PAYEE = "Người nhận thay"
PAYEE_ID = "Số định danh người nhận thay"
RELATION = "Quan hệ"
WISH = "Hình thức"
DECISION_NUMBER = "Số quyết định"
DECISION_DATE = "Ngày quyết định"

REQUIRED = (
    *(KIND, NAME, BIRTH, SEX, CITIZEN_ID, OLD_ID, PHONE, ADDRESS, PROGRAMME, ITEM, CODE, AMOUNT, FROM, REASON),
    *(PAYEE, PAYEE_ID, RELATION, WISH),
)
OPTIONAL = (DECISION_NUMBER, DECISION_DATE)
HEADINGS = REQUIRED + OPTIONAL

CLEARABLE = frozenset({OLD_ID, PHONE, ADDRESS, PAYEE, PAYEE_ID, RELATION, WISH})
"""Where a lone dash in an adjustment takes away what was known."""

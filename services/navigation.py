"""What each role sees in the head of every page: its entries, its own name, its unit."""

import os
from collections.abc import Mapping, Sequence

from services.kernel import settings
from services.kernel.web.auth import Caller
from services.kernel.web.pages.render import Entry, Site
from services.reference import access, areas

HOME = Entry("/", "Việc cần làm", "To do")
LISTS = Entry("/danh-sach", "Danh sách", "Change lists")
PEOPLE = Entry("/doi-tuong", "Đối tượng", "Beneficiaries")
REVIEWS = Entry("/ra-soat", "Rà soát", "Reviews")
VERIFICATION = Entry("/xac-thuc", "Xác thực", "Verification")
ACCOUNTS = Entry("/tai-khoan", "Tài khoản", "Accounts")
SHARE = Entry("/tai-khoan/ty-le", "Tỷ lệ tài khoản", "Share with account")
PAYMENTS = Entry("/chi-tra", "Chi trả", "Payments")
CASH = Entry("/tien-mat", "Tiền mặt", "Cash")
ORDERS = Entry("/lenh-chi", "Lệnh chi", "Payment orders")
BUDGET = Entry("/du-toan", "Dự toán", "Budget")
REPORTS = Entry("/bao-cao", "Báo cáo", "Reports")
LOOKS = Entry("/so-ghi", "Sổ ghi", "Record")
USERS = Entry("/nguoi-dung", "Người dùng", "Users")
LEVELS = Entry("/danh-muc", "Danh mục", "Catalogue")
SETTINGS = Entry("/thiet-lap", "Thiết lập", "Settings")
OPERATIONS = Entry("/van-hanh", "Vận hành", "Operations")

ENTRIES: Mapping[str, Sequence[Entry]] = {
    access.DISTRICT_OFFICER: (HOME, LISTS, PEOPLE, REVIEWS, ACCOUNTS, PAYMENTS, REPORTS),
    access.DISTRICT_APPROVER: (HOME, LISTS, PEOPLE, PAYMENTS, REPORTS),
    access.COMMUNE_OFFICER: (HOME, LISTS, PEOPLE, REVIEWS, ACCOUNTS, CASH, REPORTS),
    access.POLICE: (HOME, VERIFICATION, REVIEWS, PEOPLE),
    access.FINANCE: (HOME, PAYMENTS, BUDGET, REPORTS),
    access.TREASURY: (HOME, ORDERS),
    access.OUTREACH: (HOME, SHARE, REPORTS),
    access.BANK: (HOME, ACCOUNTS, PAYMENTS),
    access.AUDITOR: (HOME, LISTS, PEOPLE, ACCOUNTS, PAYMENTS, REPORTS, LOOKS),
    access.ADMIN: (HOME, USERS, LEVELS, SETTINGS, OPERATIONS),
}
ROLE_NAMES: Mapping[str, tuple[str, str]] = {
    access.DISTRICT_OFFICER: ("Chuyên viên phòng", "District officer"),
    access.DISTRICT_APPROVER: ("Lãnh đạo phòng", "District approver"),
    access.COMMUNE_OFFICER: ("Công chức xã", "Commune officer"),
    access.POLICE: ("Công an", "Police"),
    access.FINANCE: ("Phòng Tài chính – Kế hoạch", "Finance office"),
    access.TREASURY: ("Kho bạc", "State Treasury"),
    access.OUTREACH: ("Trung tâm VH-TT&TT", "Outreach centre"),
    access.BANK: ("Ngân hàng", "Bank"),
    access.AUDITOR: ("Kiểm tra", "Auditor"),
    access.ADMIN: ("Quản trị", "Administrator"),
}
SERVICE_NAMES: Mapping[str, tuple[str, str]] = {
    "registry": ("Đối tượng", "Beneficiaries"),
    "onboarding": ("Tài khoản", "Accounts"),
    "disbursement": ("Chi trả", "Payments"),
    "reporting": ("Báo cáo", "Reports"),
    "portal": ("Cổng", "Portal"),
}
UNIT_SETTING = "ANSINH_UNIT"
UNIT = "Phòng Lao động – Thương binh và Xã hội huyện Thanh Oai"
"""The unit that pays (the plan, 23/10/2023); another office says its own by the setting."""
SEARCHERS = (*access.SEES_ALL, access.COMMUNE_OFFICER, access.POLICE)


def _role_name(role: str, language: str) -> str:
    vi, en = ROLE_NAMES[role]
    return en if language == "en" else vi


def _service_name(service: str, language: str) -> str:
    vi, en = SERVICE_NAMES[service]
    return en if language == "en" else vi


def _unit(caller: Caller, period: str) -> str:
    area = areas.find(caller.area, period) if caller.area else None
    if area is not None and area.level == "commune":
        return f"Ủy ban nhân dân {area.name[:1].lower()}{area.name[1:]}"
    return settings.read(UNIT_SETTING, os.environ) or UNIT


SITE = Site(
    entries=lambda role: ENTRIES[role],
    role_name=_role_name,
    unit=_unit,
    may_search=lambda role: role in SEARCHERS,
    service_name=_service_name,
)

"""What made-up people are called and known by: names as they are given in the Red River delta, numbers, addresses.

Every draw comes from the caller's generator, so that the same seed gives the same people.
"""

import random
import unicodedata
from functools import cache
from itertools import accumulate
from typing import Literal

Sex = Literal["M", "F"]

OLD_BEFORE = 1962
MODERN_FROM = 1992

_FAMILIES = {
    "Nguyễn": 380, "Trần": 90, "Lê": 90, "Phạm": 65, "Vũ": 38, "Hoàng": 34, "Đỗ": 34, "Bùi": 26, "Đặng": 20, "Ngô": 18,
    "Phan": 15, "Dương": 15, "Đào": 14, "Trịnh": 14, "Lưu": 12, "Tạ": 11, "Đinh": 10, "Đoàn": 10, "Hà": 10, "Vương": 9,
    "Cao": 8, "Chu": 7, "Phùng": 7, "Mai": 6, "Kiều": 6, "Lương": 6, "Lý": 5, "Hồ": 5, "Quách": 4, "Nhữ": 4, "Tống": 3,
    "Bạch": 3, "Khuất": 2, "Thái": 2,
}  # fmt: skip

# By sex and age (0 = old): middle names with their weights, and given names.
_MIDDLES: dict[tuple[Sex, int], dict[str, int]] = {
    ("M", 0): {"Văn": 70, "Đình": 9, "Đức": 6, "Hữu": 5, "Xuân": 4, "Bá": 3, "Công": 3, "Trọng": 2, "Duy": 2},
    ("M", 1): {"Văn": 48, "Đình": 8, "Đức": 9, "Hữu": 6, "Xuân": 6, "Quang": 5, "Ngọc": 5, "Mạnh": 4, "Thanh": 4},
    ("M", 2): {"Văn": 12, "Minh": 16, "Đức": 14, "Gia": 12, "Quang": 9, "Tuấn": 8, "Hải": 8, "Bảo": 8, "Anh": 6},
    ("F", 0): {"Thị": 96, "Thúy": 1, "Ngọc": 1, "Thanh": 1, "Bích": 1},
    ("F", 1): {"Thị": 80, "Thị Thu": 5, "Thị Thanh": 4, "Thị Hồng": 4, "Thúy": 2, "Ngọc": 2, "Thị Bích": 3},
    ("F", 2): {"Thị": 26, "Thị Ngọc": 9, "Ngọc": 14, "Bảo": 11, "Khánh": 9, "Phương": 9, "Thùy": 8, "Minh": 7},
}  # fmt: skip

_GIVEN: dict[tuple[Sex, int], str] = {
    ("M", 0): """
        An Ba Bảng Bền Bính Bình Can Canh Cát Cẩn Chanh Chất Chiến Chính Chúc Chước Cương Dần Dậu Du Dũng Đa
        Đại Đạt Đắc Điền Đính Định Độ Đông Đương Giang Giáp Hải Hanh Hạnh Hiển Hiệp Hinh Hòa Hoan Hợi Hợp Hội
        Huấn Huy Hùng Kế Khang Khánh Khiêm Khoát Kiểm Kỳ Lãm Lân Lập Lễ Liêm Liễn Lộc Long Luân Luyện Lực
        Lượng Mão Mạnh Mậu Mùi Nam Nghĩa Nghiêm Ngọ Nhạ Nhâm Nhân Ninh Phát Phấn Phú Phúc Quế Quý Quyết Quỳnh
        Sáng Sắc Sâm Sơn Sửu Tài Tân Thái Thạch Thân Thắng Thế Thìn Thịnh Thọ Thuần Thuận Thức Thường Tín Toàn
        Tỵ Tý Tuất Tước Tường Ước Uyển Vấn Vị Viễn Vĩnh Vọng Xứng""",
    ("M", 1): """
        Anh Bằng Bình Chiến Chung Chương Công Cường Dũng Duy Đại Đạo Đạt Điệp Đoàn Đông Đức Giang Hà Hải Hào
        Hậu Hiếu Hòa Hoàn Hoạt Hùng Huy Hưng Khải Khánh Khoa Kiên Lâm Linh Long Lợi Luân Lương Mạnh Minh Nam
        Nghĩa Ngọc Phong Phúc Phương Quân Quang Quyền Quyết Sáng Sơn Tài Tấn Thái Thành Thắng Thế Thiện Thịnh
        Thọ Thuận Thủy Tiến Toàn Toản Trung Trường Tú Tuấn Tùng Tuyên Việt Vinh Vượng""",
    ("M", 2): """
        An Anh Bách Bảo Bình Công Cường Duy Dương Đăng Đạt Đức Hải Hiếu Hiệp Hoàng Hùng Huy Hưng Khang Khánh
        Khoa Khôi Kiên Lâm Long Lộc Minh Nam Nghĩa Nguyên Nhật Phát Phong Phúc Quân Quang Quốc Quý Sơn Tài
        Thành Thiên Thịnh Tiến Toàn Trí Trung Tuấn Tùng Việt Vinh Vũ""",
    ("F", 0): """
        An Bưởi Ca Canh Cải Cam Cát Cần Chanh Chín Chúc Cúc Dần Dâu Dậu Diện Dung Duyên Đào Định Độ Gái Gấm
        Giang Hảo Hạnh Hậu Hiên Hiền Hoa Hòa Hoan Hợi Hồi Hồng Huê Huệ Hường Khang Khuyên Kim La Lan Lành Lịch
        Liên Liễu Loan Lụa Lừng Lương Lý Lựu Mai Mão Mận Mến Miền Minh Mỳ Mùi Mừng Na Năm Nga Ngàn Ngát Ngân
        Nghĩa Ngọ Nguyệt Nhàn Nhài Nhâm Nhàng Nhiên Nho Nhung Nụ Oanh Phấn Phương Phượng Quế Quy Quyên Quýt
        Sang Sâm Sen Sinh Soạn Sửu Tam Tâm Thanh Thân Thảo Thạch Thêu Thìn Thinh Thoa Thoan Thơ Thơm Thu Thuận
        Thục Thược Tính Tình Tỵ Tý Tuất Tuyết Tư Vân Vinh Xuân Xuyến Ước Yên Yến""",
    ("F", 1): """
        Anh Bích Bình Chi Chinh Dung Duyên Điệp Đào Giang Hà Hải Hạnh Hảo Hằng Hiên Hiền Hiệp Hoa Hòa Hoài
        Hoàn Hồng Huế Huệ Huyền Hương Hường Lan Liên Liễu Linh Loan Luyến Lương Lý Mai Miên Minh Nga Ngân Ngọc
        Nguyệt Nhàn Nhung Oanh Phương Phượng Quyên Quỳnh Tâm Thanh Thảo Thắm Thêm Thoa Thơm Thu Thúy Thủy Thùy
        Thương Tình Trang Tuyến Tuyết Vân Vui Xuân Yên Yến""",
    ("F", 2): """
        An Anh Châu Chi Diệp Dương Giang Hà Hân Hoa Huyền Hương Khuê Lan Linh Ly Mai My Nga Ngân Ngọc Nguyên
        Nguyệt Nhi Nhung Như Oanh Phương Quỳnh Tâm Thảo Thơ Thu Thư Thúy Thủy Trà Trang Trâm Trinh Tú Tuệ Uyên
        Vân Vy Xuân Yến""",
}

# Provinces of birth registration other than Hà Nội (001), neighbours mostly.
_OTHER_PROVINCES = (
    "017", "019", "024", "025", "026", "027", "030", "031", "033", "034", "035", "036", "037", "038", "040",
)  # fmt: skip
_MOBILE = (
    "032", "033", "034", "035", "036", "037", "038", "039", "086", "096", "097", "098", "088", "091", "094", "083",
    "084", "085", "089", "090", "093", "070", "078", "079", "092", "056", "058",
)  # fmt: skip
_VILLAGES = (
    "Trung", "Thượng", "Hạ", "Đông", "Đoài", "Nội", "Ngoại", "Tiền", "Phú Thọ", "Minh Khai", "Mùi",
)  # fmt: skip
_HAMLETS = ("1", "2", "3", "4", "5", "6", "7", "8", "Đình", "Chùa", "Chợ", "Mới", "Cầu")


def _era(birth_year: int) -> int:
    return 0 if birth_year < OLD_BEFORE else 1 if birth_year < MODERN_FROM else 2


@cache
def _weighted(sex: Sex, era: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    middles = _MIDDLES[sex, era]
    return tuple(middles), tuple(accumulate(middles.values()))


@cache
def _given(sex: Sex, era: int) -> tuple[str, ...]:
    return tuple(_GIVEN[sex, era].split())


_FAMILY_NAMES = tuple(_FAMILIES)
_FAMILY_WEIGHTS = tuple(accumulate(_FAMILIES.values()))


def family_name(rng: random.Random) -> str:
    """A family name, as frequent as it is around Hà Nội."""
    return rng.choices(_FAMILY_NAMES, cum_weights=_FAMILY_WEIGHTS)[0]


def full_name(rng: random.Random, family: str, sex: Sex, birth_year: int) -> str:
    """A full name (NFC) as parents gave it in that year."""
    era = _era(birth_year)
    middles, weights = _weighted(sex, era)
    given = rng.choice(_given(sex, era))
    while True:
        middle = rng.choices(middles, cum_weights=weights)[0]
        if not middle.endswith(given):
            return f"{family} {middle} {given}"


@cache
def plain(text: str) -> str:
    """The word without diacritics, as banks carry it: upper case, Đ → D."""
    letters = unicodedata.normalize("NFD", text.upper().replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def bank_name(name: str) -> str:
    """The name in the bank's style: `NGUYEN VAN AN`."""
    return " ".join(plain(word) for word in name.split())


@cache
def _distance(one: str, other: str) -> int:
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, against in enumerate(other, 1):
            change = previous[column - 1] + (letter != against)
            current.append(min(previous[column] + 1, current[-1] + 1, change))
        previous = current
    return previous[-1]


def near_equal(one: str, other: str) -> bool:
    """Whether two names could be the same one written differently: at most two letters apart, diacritics aside."""
    ours, theirs = one.split(), other.split()
    if len(ours) != len(theirs):
        return False
    apart = 0
    for word, against in zip(ours, theirs, strict=True):
        if word != against:
            apart += _distance(plain(word), plain(against))
            if apart > 2:
                return False
    return True


def citizen_id(rng: random.Random, sex: Sex, birth_year: int, taken: set[str]) -> str:
    """A citizen id that nobody has yet: province, century and sex, year, six digits (NĐ 137/2015, Điều 13)."""
    province = "001" if rng.random() < 0.93 else rng.choice(_OTHER_PROVINCES)
    century = 2 * (birth_year // 100 - 19) + (sex == "F")
    return _new_number(rng, f"{province}{century}{birth_year % 100:02d}", 6, taken)


def old_id(rng: random.Random, taken: set[str]) -> str:
    """An identity card number of nine digits that nobody has yet, of the former Hà Tây."""
    return _new_number(rng, "11", 7, taken)


def account_number(rng: random.Random, taken: set[str]) -> str:
    """An account number of 13 digits that nobody has yet."""
    return _new_number(rng, "2200", 9, taken)


def _new_number(rng: random.Random, prefix: str, digits: int, taken: set[str]) -> str:
    while True:
        number = f"{prefix}{int(rng.random() * 10**digits):0{digits}d}"
        if number not in taken:
            taken.add(number)
            return number


def phone(rng: random.Random) -> str:
    """A mobile number of ten digits with a prefix in use since 2018."""
    return f"{rng.choice(_MOBILE)}{int(rng.random() * 10**7):07d}"


def address(rng: random.Random, commune_name: str) -> str:
    """A place in the commune: `Xóm 3, thôn Trung, xã Cự Khê`; a town has tổ dân phố."""
    place = commune_name[0].lower() + commune_name[1:]
    village = rng.choice(_VILLAGES)
    if place.startswith("thị trấn"):
        return f"Tổ dân phố {village}, {place}"
    if rng.random() < 0.4:
        return f"Thôn {village}, {place}"
    return f"Xóm {rng.choice(_HAMLETS)}, thôn {village}, {place}"

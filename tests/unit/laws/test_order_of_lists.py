"""Lists of one month give the same people, rolls and dues in whatever order the office approves them."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.catalogue import load
from services.registry.due import due_changed
from services.registry.events import DueChanged
from tests.examples.story import CU_KHE, KIM_BAI, OLD_AGE, SICK, Story, row

NAMES = {"Hồ Thị Vân": "001143186310", "Lý Thị Bạch": "001143217986", "Mai Thị Xuân": "001143194229"}
PEOPLE = [
    {"Họ và tên": name, "Ngày sinh": "1943", "Giới tính": "Nữ", "Số định danh": number}
    for name, number in NAMES.items()
]
SEVERE = {"Chương trình": "BTXH", "Mã chế độ": "BTXH.06.SEVERE"}
BTXH, NCC = {"Chương trình": "BTXH"}, {"Chương trình": "NCC"}
FAMILY = {"Người nhận thay": "Hồ Văn Sơn", "Quan hệ": "ỦY QUYỀN"}
Sent = tuple[str, dict[str, Any]]
# Rows of one person that lists of one month may bring, of which none builds on another: each in a list of its own.
APART: tuple[tuple[Any, ...], ...] = (
    (("GIẢM", "Hết điều kiện", BTXH), ("GIẢM", "Tạm dừng", NCC)),
    (("GIẢM", "Tạm dừng", BTXH), ("ĐIỀU CHỈNH", "Đổi hình thức", {"Hình thức": "TÀI KHOẢN"})),
    (("ĐIỀU CHỈNH", "Khuyết tật", SEVERE), ("GIẢM", "Hết điều kiện", NCC)),
    (
        ("ĐIỀU CHỈNH", "Mức khác", {**BTXH, "Mức hưởng": 450_000}),
        ("ĐIỀU CHỈNH", "Số máy", {"Điện thoại": "0912345678"}),
    ),
    (("TĂNG", "Thêm chế độ", SEVERE), ("GIẢM", "Tạm dừng", NCC)),
    (("GIẢM", "Chết", FAMILY),),
    (("GIẢM", "Chuyển đi xã Cự Khê", {}), ("TĂNG", "Chuyển đến", {"Hình thức": "TIỀN MẶT"})),
    (("GIẢM", "Chuyển đi xã Cự Khê", {}),),
)
MONTHS = st.sampled_from(["10/2023", "11/2023", "12/2023", "01/2024", "03/2024"])


def lists_of(person: dict[str, Any], rows: tuple[Any, ...], months: list[str]) -> list[Sent]:
    """The lists, each with its commune: an arrival comes from the new one."""
    return [
        (CU_KHE if reason == "Chuyển đến" else KIM_BAI, row(kind, month, reason, of=person, more=cells))
        for (kind, reason, cells), month in zip(rows, months, strict=False)
    ]


def told(sent: list[Sent], lates: dict[int, bool]) -> dict[tuple[str, str], DueChanged]:
    """What is due to everybody after the lists, by name and programme."""
    story = Story()
    joined = [row("TĂNG", "11/2023", of=one, more=right) for one in PEOPLE for right in (OLD_AGE, SICK)]
    assert not story.send("2023-11", *joined)
    for commune, one in sent:
        assert not story.send("2023-12", one, commune=commune, late=lates[id(one)])
    return {
        (state.personal.name, programme): due_changed(state, programme, load())
        for state in story.people.values()
        if state.personal
        for programme in ("BTXH", "NCC")
    }


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.sampled_from(APART), min_size=3, max_size=3),
    months=st.lists(MONTHS, min_size=6, max_size=6),
    late=st.lists(st.booleans(), min_size=6, max_size=6),
    random=st.randoms(use_true_random=False),
)
def test_the_order_of_approval_changes_nothing(
    rows: list[tuple[Any, ...]], months: list[str], late: list[bool], random: Any
) -> None:
    sent = [
        one
        for number, (person, apart) in enumerate(zip(PEOPLE, rows, strict=True))
        for one in lists_of(person, apart, months[2 * number :])
    ]
    lates = {id(one): said for (_, one), said in zip(sent, late, strict=False)}
    shuffled = list(sent)
    random.shuffle(shuffled)
    assert told(sent, lates) == told(shuffled, lates)

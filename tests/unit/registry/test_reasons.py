"""What `Lý do` means by its beginning, and which reasons a human must accept."""

import pytest

from services.kernel.period import Period
from services.registry.reasons import read_reason
from services.registry.row import Kind, ReasonKind

NOVEMBER = Period("2023-11")


@pytest.mark.parametrize(
    "text",
    ["Chết ngày 02/10/2023", "Đã chết", "TỪ TRẦN", "tu vong", "Qua đời tại nhà", "Mất ngày 5/11", "đã mất", "Chet"],
)
def test_a_decrease_that_begins_with_a_death_is_one(text: str) -> None:
    reason = read_reason("DECREASE", text, NOVEMBER)
    assert (reason.kind, reason.doubt) == (ReasonKind.DEATH, None)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("DECREASE", "Tạm dừng: đi chấp hành án", ReasonKind.SUSPEND),
        ("DECREASE", "Chuyển khỏi huyện từ 10/2023", ReasonKind.LEAVE_DISTRICT),
        ("DECREASE", "Hết điều kiện: hưởng lương hưu", ReasonKind.ORDINARY),
        ("INCREASE", "Tiếp tục hưởng, đã về địa phương", ReasonKind.RESUME),
        ("INCREASE", "Hưởng mới", ReasonKind.ORDINARY),
        ("INCREASE", "Tạm dừng", ReasonKind.ORDINARY),
        ("ADJUST", "Đính chính họ tên", ReasonKind.CORRECTION),
        ("ADJUST", "dinh chinh nam sinh", ReasonKind.CORRECTION),
        ("ADJUST", "Đổi sang nhận tiền mặt", ReasonKind.ORDINARY),
        ("ADJUST", "Doi sang nhan tien mat", ReasonKind.ORDINARY),
        ("DECREASE", "Matxa", ReasonKind.ORDINARY),
    ],
)
def test_the_beginning_gives_the_kind_without_doubt(kind: Kind, text: str, expected: ReasonKind) -> None:
    reason = read_reason(kind, text, NOVEMBER)
    assert (reason.kind, reason.doubt) == (expected, None)


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("Chuyển đi xã Bích Hòa", "10126"),
        ("Đã chuyển đi xã Bích Hoà", "10126"),
        ("CHUYỂN ĐI TT KIM BÀI", "10114"),
        ("Chuyen di xa Cao Vien", "10132"),
        ("Chuyển đi từ xã Thanh Mai, đến xã Thanh Cao", "10141"),
    ],
)
def test_a_move_out_names_its_commune(text: str, commune: str) -> None:
    reason = read_reason("DECREASE", text, NOVEMBER)
    assert (reason.kind, reason.commune, reason.doubt) == (ReasonKind.MOVE_OUT, commune, None)


@pytest.mark.parametrize("text", ["Chuyển đi", "Chuyển đi tỉnh Hòa Bình", "Chuyển đi ở với con là Nguyễn Thanh Vân"])
def test_a_move_out_that_names_no_commune_of_the_district_wants_acceptance(text: str) -> None:
    reason = read_reason("DECREASE", text, NOVEMBER)
    assert (reason.kind, reason.commune) == (ReasonKind.MOVE_OUT, None)
    assert reason.doubt is not None
    assert reason.doubt.code == "reason-no-commune"
    assert reason.doubt.needs_acceptance


def test_communes_are_those_of_the_month() -> None:
    assert read_reason("DECREASE", "Chuyển đi xã Xuân Dương", Period("2024-12")).commune == "10177"
    assert read_reason("DECREASE", "Chuyển đi xã Xuân Dương", Period("2025-08")).commune is None
    assert read_reason("DECREASE", "Chuyển đi xã Thanh Oai", Period("2025-08")).commune == "10114"


def test_a_move_in_may_name_where_from() -> None:
    reason = read_reason("INCREASE", "Chuyển đến từ thị trấn Kim Bài", NOVEMBER)
    assert (reason.kind, reason.commune, reason.doubt) == (ReasonKind.MOVE_IN, "10114", None)
    assert read_reason("INCREASE", "Chuyển đến", NOVEMBER).doubt is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("DECREASE", "Hết điều kiện do đã chết"),
        ("DECREASE", "Bà cụ mất hôm 5/11"),
        ("DECREASE", "ba cu da mat"),
        ("DECREASE", "Cụ đã từ trần"),
        ("DECREASE", "Gia đình báo qua đời"),
        ("DECREASE", "Không còn ở địa phương, chuyển đi nơi khác"),
        ("DECREASE", "Chuyển khỏi xã"),
        ("DECREASE", "Chuyển đến xã Cao Viên"),
        ("DECREASE", "Tạm dừng do chuyển đi nơi khác"),
        ("INCREASE", "Chết ngày 02/10/2023"),
        ("INCREASE", "Vợ liệt sĩ, chồng đã tử vong"),
        ("ADJUST", "Người giám hộ đã chết, thay người nhận"),
    ],
)
def test_words_of_a_death_or_move_elsewhere_want_acceptance(kind: Kind, text: str) -> None:
    doubt = read_reason(kind, text, NOVEMBER).doubt
    assert doubt is not None
    assert doubt.code == "reason-doubtful"
    assert doubt.needs_acceptance

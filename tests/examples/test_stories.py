"""Sentences of the rules as stories on the pure rules: what a row means and what the runs then pay."""

from typing import Any

import pytest

from services.kernel.period import Period
from tests.examples.story import CU_KHE, OLD_AGE, SICK, VAN, Story, row

PAYEE = {"Người nhận thay": "Hồ Văn Sơn", "Quan hệ": "ỦY QUYỀN"}
NO_ID = {**VAN, "Số định danh": None}
JOINS = row("TĂNG", "11/2023", more=OLD_AGE)


def joined(*more: dict[str, Any]) -> Story:
    """Vân joined in November 2023 and that month reached her."""
    story = Story()
    assert not story.send("2023-11", JOINS, *more)
    story.pay("2023-11")
    story.answer("paid")
    return story


def regular(programme: str = "BTXH", amount: int = 440_000) -> dict[str, list[tuple[str, int]]]:
    return {programme: [("REGULAR", amount)]}


def test_joins_mid_month_the_whole_month_is_due() -> None:
    story = Story()
    story.send("2023-11", JOINS)
    assert story.pay("2023-11") == regular()
    assert story.pay("2023-11") == {}


def test_no_id_and_only_a_year_of_birth_cash_until_the_number_is_brought() -> None:
    story = Story()
    story.send("2023-11", row("TĂNG", "11/2023", of=NO_ID, more=OLD_AGE))
    state = story.people[story.only]
    assert state.personal is not None
    assert state.personal.citizen_id is None
    assert not story.send("2023-12", row("ĐIỀU CHỈNH", "12/2023", "Bổ sung số"))
    state = story.people[story.only]
    assert state.personal is not None
    assert state.personal.citizen_id == "001143186310"


def test_two_of_one_name_without_id_a_decrease_that_could_be_either_is_an_error() -> None:
    story = Story()
    story.send("2023-11", row("TĂNG", "11/2023", of=NO_ID, more=OLD_AGE))
    assert not story.send("2023-11", row("TĂNG", "11/2023", of=NO_ID, more=OLD_AGE))
    assert story.findings[-1] >= {(1, "Họ và tên")}
    assert len(story.people) == 2
    assert story.send("2023-12", row("GIẢM", "12/2023", "Hết hưởng", of=NO_ID)) == {(1, "Họ và tên")}


def test_citizen_id_of_another_persons_is_an_error() -> None:
    story = joined()
    other = {**VAN, "Họ và tên": "Lý Thị Bạch"}
    assert story.send("2023-12", row("TĂNG", "12/2023", of=other, more=SICK)) == {(1, "Số định danh")}


def test_same_person_in_two_communes_lists_the_second_is_an_error() -> None:
    story = joined()
    elsewhere = row("TĂNG", "12/2023", more=SICK)
    assert story.send("2023-12", elsewhere, commune=CU_KHE) == {(1, "Số định danh")}


def test_rejoins_elsewhere_as_the_same_person_in_the_new_commune() -> None:
    story = joined()
    story.send("2023-12", row("GIẢM", "12/2023", "Hết điều kiện"))
    assert not story.send("2024-02", row("TĂNG", "02/2024", more=OLD_AGE), commune=CU_KHE)
    assert story.lives("2024-01", "2024-02") == ["10114", CU_KHE]
    assert story.standings("BTXH", "2023-12", "2024-02") == ["ENDED", "ACTIVE"]


def test_removed_by_mistake_and_put_back_brings_arrears() -> None:
    story = joined()
    story.send("2023-12", row("GIẢM", "12/2023", "Hết điều kiện"))
    assert story.pay("2023-12") == {}
    story.send("2024-01", row("TĂNG", "12/2023", more=OLD_AGE))
    assert story.pay("2024-01") == {"BTXH": [("REGULAR", 440_000), ("ARREARS", 440_000)]}
    assert story.standings("BTXH", "2023-12", "2024-01") == ["ENDED", "ACTIVE"]


def test_a_late_decrease_counts_for_money_at_once_and_on_the_roll_from_the_next_period() -> None:
    story = joined()
    story.send("2023-12", row("GIẢM", "12/2023", "Hết điều kiện"), late=True)
    assert story.pay("2023-12") == {}
    assert story.standings("BTXH", "2023-12", "2024-01") == ["ACTIVE", "ENDED"]


def test_death_reported_two_months_late_is_recovered_from_the_grant() -> None:
    story = joined()
    for period in ("2023-12", "2024-01"):
        story.pay(period)
        story.answer("paid")
    story.send("2024-02", row("GIẢM", "12/2023", "Chết ngày 20/11/2023", more=PAYEE))
    assert story.pay("2024-02") == {"BTXH": [("RECOVERY", -880_000), ("FUNERAL", 8_800_000)]}
    assert story.pay("2024-02") == {}


def test_death_with_nobody_named_brings_the_grant_when_an_adjustment_names_somebody() -> None:
    story = joined()
    story.send("2023-12", row("GIẢM", "12/2023", "Qua đời"))
    assert story.pay("2023-12") == {}
    assert not story.send("2024-01", row("ĐIỀU CHỈNH", "01/2024", "Bổ sung thân nhân", more=PAYEE))
    assert story.pay("2024-01") == {"BTXH": [("FUNERAL", 8_800_000)]}
    [paid] = [one for one in story.payments.values() if one.prepared.payment.period == "2024-01"]
    assert paid.prepared.payee.payee_name == "Hồ Văn Sơn"


def test_death_with_merit_beside_brings_no_grant_by_itself_and_ends_both_programmes() -> None:
    story = joined(row("TĂNG", "11/2023", more=SICK))
    story.send("2023-12", row("GIẢM", "12/2023", "Từ trần", more={"Chương trình": "BTXH", **PAYEE}))
    assert story.pay("2023-12") == {}
    assert story.standings("NCC", "2023-12") == ["ENDED"]


def test_a_death_by_mistake_put_back_pays_no_grant() -> None:
    story = joined()
    story.send("2023-12", row("GIẢM", "12/2023", "Chết", more=PAYEE))
    story.send("2023-12", row("TĂNG", "12/2023", more=OLD_AGE))
    assert story.pay("2023-12") == regular()
    [paid] = [one for one in story.payments.values() if one.prepared.payment.period == "2023-12"]
    assert paid.prepared.payee.payee_name == "Hồ Thị Vân"


def test_suspended_then_resumed_with_arrears() -> None:
    story = joined()
    story.send("2023-12", row("GIẢM", "12/2023", "Tạm dừng, đi vắng", more={"Chương trình": "BTXH"}))
    assert story.pay("2023-12") == {}
    assert not story.send("2024-02", row("TĂNG", "01/2024", "Tiếp tục hưởng"))
    assert story.pay("2024-02") == {"BTXH": [("REGULAR", 440_000), ("ARREARS", 440_000)]}
    assert story.standings("BTXH", "2024-01", "2024-02") == ["SUSPENDED", "ACTIVE"]


def test_ended_while_suspended_nothing_is_paid_by_itself() -> None:
    story = Story()
    story.send("2023-11", JOINS)
    story.pay("2023-11")
    story.answer("failed")
    story.send("2023-12", row("GIẢM", "12/2023", "Tạm dừng"))
    story.send("2023-12", row("GIẢM", "12/2023", "Hết điều kiện"))
    assert story.pay("2023-12") == {}
    story.send("2024-01", row("TĂNG", "12/2023", "Tiếp tục, theo quyết định"))
    assert story.pay("2024-01") == {"BTXH": [("REPEAT", 440_000)]}


def test_a_resumption_by_another_commune_is_allowed_and_moves_nobody() -> None:
    story = joined()
    story.send("2023-12", row("GIẢM", "12/2023", "Tạm dừng"))
    assert not story.send("2024-01", row("TĂNG", "01/2024", "Tiếp tục"), commune=CU_KHE)
    assert story.pay("2024-01") == regular()
    assert story.lives("2024-01") == ["10114"]


@pytest.mark.parametrize("departure_first", [True, False])
def test_moves_mid_month_in_either_order_is_no_end_and_no_start(departure_first: bool) -> None:
    story = joined(row("TĂNG", "11/2023", more=SICK))
    halves = [
        ("10114", [row("GIẢM", "12/2023", "Chuyển đi xã Cự Khê", more=right) for right in (OLD_AGE, SICK)]),
        (CU_KHE, [row("TĂNG", "12/2023", "Chuyển đến", more=right) for right in (OLD_AGE, SICK)]),
    ]
    for commune, rows in halves if departure_first else halves[::-1]:
        assert not story.send("2023-12", *rows, commune=commune)
    assert story.lives("2023-11", "2023-12") == ["10114", CU_KHE]
    assert story.pay("2023-12") == regular() | regular("NCC", 2_145_000)
    assert {one.prepared.payment.commune for one in story.payments.values()} == {"10114", CU_KHE}


def test_a_departure_alone_is_an_end_once_the_roll_of_l_and_two_is_closed() -> None:
    story = joined()
    story.send("2023-12", row("GIẢM", "12/2023", "Chuyển đi xã Cự Khê"))
    assert [story.pay(period) for period in ("2023-12", "2024-01")] == [regular(), regular()]
    story.answer("paid")
    assert story.pay("2024-02") == {}
    assert story.standings("BTXH", "2024-01", "2024-02") == ["ACTIVE", "ENDED"]
    assert sorted(month for *_, month in story.claims({"BTXH": Period("2024-02")})) == ["2023-12", "2024-01"]


def test_an_arrival_alone_lapses_once_the_roll_of_l_and_two_is_closed() -> None:
    story = joined()
    story.send("2023-12", row("TĂNG", "12/2023", "Chuyển đến", more=OLD_AGE), commune=CU_KHE)
    for period in ("2023-12", "2024-01", "2024-02"):
        assert story.pay(period) == regular()
    assert not story.people[story.only].halves
    story.send("2024-03", row("GIẢM", "03/2024", "Chuyển đi xã Cự Khê"))
    assert story.lives("2024-03") == ["10114"]


def test_an_adjustment_replaces_the_only_right_and_a_death_still_ends_all() -> None:
    story = joined()
    severe = {"Chương trình": "BTXH", "Mã chế độ": "BTXH.06.SEVERE"}
    story.send("2023-12", row("ĐIỀU CHỈNH", "11/2023", "Khuyết tật nặng", more=severe))
    assert story.pay("2023-12") == {"BTXH": [("REGULAR", 660_000), ("ARREARS", 220_000)]}
    story.answer("paid")
    story.send("2024-01", row("GIẢM", "12/2023", "Chết"))
    assert story.pay("2024-01") == {}
    assert story.claims({"BTXH": Period("2024-01")}) == {(story.only, "BTXH", None, "2023-12"): 660_000}


def test_a_correction_brings_the_right_id_and_keeps_the_person() -> None:
    story = joined()
    right_id = {**VAN, "Số định danh": "001143999999"}
    assert not story.send("2023-12", row("ĐIỀU CHỈNH", "12/2023", "Đính chính số định danh", of=right_id))
    assert story.send("2023-12", row("GIẢM", "12/2023", "Hết hưởng")) == {(1, "Số định danh")}
    assert not story.send("2023-12", row("GIẢM", "12/2023", "Hết hưởng", of=right_id))


def test_cash_uncollected_three_months_is_suspended_and_ends_from_the_third_after() -> None:
    story = Story()
    story.send("2023-11", JOINS)
    for period in ("2023-11", "2023-12", "2024-01"):
        story.pay(period)
        story.answer("failed")
    periods = ("2024-02", "2024-03", "2024-04", "2024-05")
    assert [story.pay(period) for period in periods] == [{}] * 4
    assert story.standings("BTXH", "2024-01", *periods) == ["ACTIVE", "SUSPENDED", "SUSPENDED", "SUSPENDED", "ENDED"]


def test_one_month_collected_between_keeps_the_person_on_the_roll() -> None:
    story = Story()
    story.send("2023-11", JOINS)
    for period, word in (("2023-11", "failed"), ("2023-12", "paid"), ("2024-01", "failed"), ("2024-02", "failed")):
        story.pay(period)
        story.answer(word)
    assert story.pay("2024-03") == {"BTXH": [("REGULAR", 440_000), ("REPEAT", 880_000)]}


def test_a_newcomer_s_arrival_from_outside_with_two_rights_is_two_increases() -> None:
    story = Story()
    rows = [row("TĂNG", "11/2023", "Chuyển đến từ Hà Đông", more=right) for right in (OLD_AGE, SICK)]
    assert not story.send("2023-11", *rows)
    assert story.pay("2023-11") == regular() | regular("NCC", 2_145_000)

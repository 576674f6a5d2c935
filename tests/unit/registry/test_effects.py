"""What rows make of money, by hand: this month's amount, arrears and recoveries, one row after the other."""

from dataclasses import replace

from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import load
from services.registry.effects import Effect, effects
from services.registry.following import Part, follow
from services.registry.register import Known
from services.registry.row import ReasonKind, Row
from tests.unit.registry.histories import (
    ADDED,
    CU_KHE,
    DECEMBER,
    JANUARY,
    KIM_BAI,
    NOVEMBER,
    OCTOBER,
    ROW,
    granted,
    listed,
    merit,
)

NEW = replace(ROW, from_period=JANUARY)
ENDS = replace(NEW, kind="DECREASE", code=None, programme=None, amount=None)


def of(*rows: Row, period: Period = JANUARY, history: tuple[Event, ...] = (), commune: str = KIM_BAI) -> list[Effect]:
    """The effects of one person's rows in a list that takes effect in `period`."""
    state = beneficiary.fold([ADDED, *history])
    known = Known("van", KIM_BAI, "001143186310", "Hồ Thị Vân", "1943-11-15", state, 1) if history else None
    frame = listed(period, commune)
    found = effects([follow(Part("van", known, list(rows)), load(), frame)], load(), frame)
    return [found[row.number] for row in rows]


def test_who_is_new_comes_on_the_roll_with_the_amount_of_the_month() -> None:
    [one] = of(NEW)
    assert (one.is_new, one.people, one.before, one.after, one.difference) == (True, 1, 0, 440_000, 440_000)
    assert (one.arrears, one.recoveries) == ({}, {})


def test_a_right_that_began_earlier_brings_arrears_of_each_month_gone_by() -> None:
    [one] = of(replace(NEW, from_period=NOVEMBER))
    assert (one.after, one.arrears) == (440_000, {NOVEMBER: 440_000, DECEMBER: 440_000})


def test_an_end_that_comes_late_takes_the_months_gone_by_back() -> None:
    [one] = of(replace(ENDS, from_period=DECEMBER, reason="Thoát nghèo"), history=(granted(),))
    assert (one.is_new, one.people, one.difference) == (False, -1, -440_000)
    assert (one.arrears, one.recoveries) == ({}, {DECEMBER: 440_000})


def test_a_death_takes_all_pairs_off_and_tells_of_the_grant() -> None:
    row = replace(ENDS, reason="Từ trần", reason_kind=ReasonKind.DEATH, payee_name="Hồ Văn Sơn")
    [one] = of(row, history=(granted(),))
    assert (one.people, one.before, one.after) == (-1, 440_000, 0)
    # 20 × 440,000, the standard level of December 2023 in Hà Nội (NĐ 20/2021 Đ11).
    assert [change["amount"] for change in one.changes if change["kind"] == "funeral-granted"] == [8_800_000]


def test_of_two_rows_of_one_person_each_has_its_own_part_and_the_parts_add_up() -> None:
    adjusted = replace(NEW, number=3, kind="ADJUST", code="BTXH.06.SEVERE.CHILD_OR_OLD", amount=880_000)
    first, second = of(NEW, adjusted)
    assert (first.people, first.difference) == (1, 440_000)
    assert (second.people, second.before, second.after, second.difference) == (0, 440_000, 880_000, 440_000)


def test_pairs_of_another_programme_stay_and_are_counted_once() -> None:
    row = replace(ENDS, programme="BTXH", reason="Thoát nghèo")
    [one] = of(row, history=(granted(), merit()))
    assert (one.people, one.before, one.after) == (-1, 2_585_000, 2_145_000)


def test_money_of_somebody_who_lives_elsewhere_in_the_month_is_not_this_communes() -> None:
    row = replace(ENDS, reason="Thoát nghèo", from_period=OCTOBER)
    [one] = of(row, history=(granted(),), commune=CU_KHE)
    assert (one.people, one.before, one.after) == (0, 0, 0)

"""The one rule of money: what a run pays, month by month and item by item, after what earlier payments did."""

from collections.abc import Mapping, Sequence

from services.disbursement.events import Line, MonthAmount, Purpose
from services.disbursement.money_rule import (
    NOTHING,
    Bill,
    Cell,
    Due,
    Earlier,
    Fate,
    covered_beyond_due,
)
from services.disbursement.money_rule import bill as bill_of
from services.kernel.period import Period

Said = tuple[Purpose, str | None, tuple[tuple[str, int], ...]]
OCTOBER, NOVEMBER, DECEMBER, JANUARY, FEBRUARY = (
    Period(month) for month in ("2023-10", "2023-11", "2023-12", "2024-01", "2024-02")
)


def due(amount: int, *months: Period, item: str | None = None) -> dict[Cell, int]:
    return {(item, month): amount for month in months}


def bill(months: Mapping[Cell, int], earlier: Sequence[Earlier], period: Period) -> Bill:
    """Of somebody with nothing but rights that run."""
    return bill_of(Due(months), earlier, period)


def line(purpose: Purpose, item: str | None, months: Sequence[tuple[str, int]]) -> Line:
    parts = tuple(MonthAmount(month=Period(month), amount=amount) for month, amount in months)
    return Line(purpose=purpose, item=item, months=parts, amount=sum(amount for _, amount in months))


def paid(name: str, fate: Fate, month: Period, amount: int, item: str | None = None, replaced: bool = False) -> Earlier:
    """An earlier payment of one regular month."""
    return Earlier(name, fate, replaced, [line("REGULAR", item, [(month, amount)])])


def became(name: str, fate: Fate, earlier: Bill, replaced: bool = False) -> Earlier:
    """An earlier payment as an earlier run billed it."""
    return Earlier(name, fate, replaced, earlier.lines)


def said(result: Bill) -> set[Said]:
    return {(one.purpose, one.item, tuple((part.month, part.amount) for part in one.months)) for one in result.lines}


def test_the_month_of_the_run_is_regular() -> None:
    result = bill(due(440_000, NOVEMBER), [], NOVEMBER)
    assert said(result) == {("REGULAR", None, (("2023-11", 440_000),))}
    assert (result.amount, result.replaces, result.owed) == (440_000, (), {})


def test_a_right_that_began_before_its_list_brings_arrears() -> None:
    result = bill(due(440_000, NOVEMBER, DECEMBER), [], DECEMBER)
    assert said(result) == {
        ("REGULAR", None, (("2023-12", 440_000),)),
        ("ARREARS", None, (("2023-11", 440_000),)),
    }
    assert result.amount == 880_000


def test_a_month_that_a_run_skipped_is_caught_up_as_arrears() -> None:
    earlier = [paid("R1", Fate.REACHED, OCTOBER, 440_000)]
    result = bill(due(440_000, OCTOBER, NOVEMBER, DECEMBER), earlier, DECEMBER)
    assert said(result) == {
        ("REGULAR", None, (("2023-12", 440_000),)),
        ("ARREARS", None, (("2023-11", 440_000),)),
    }


def test_items_of_one_programme_stand_in_lines_of_their_own() -> None:
    result = bill(due(4_016_000, NOVEMBER, item="5") | due(2_055_000, NOVEMBER, item="11"), [], NOVEMBER)
    assert said(result) == {
        ("REGULAR", "5", (("2023-11", 4_016_000),)),
        ("REGULAR", "11", (("2023-11", 2_055_000),)),
    }
    assert result.amount == 6_071_000


def test_a_second_run_pays_nothing_that_is_on_its_way() -> None:
    assert bill(due(440_000, NOVEMBER), [paid("R1", Fate.OPEN, NOVEMBER, 440_000)], NOVEMBER) == NOTHING


def test_a_second_run_pays_nothing_that_arrived() -> None:
    assert bill(due(440_000, NOVEMBER), [paid("R1", Fate.REACHED, NOVEMBER, 440_000)], NOVEMBER) == NOTHING


def test_a_second_run_pays_a_rejected_payment_again() -> None:
    result = bill(due(440_000, NOVEMBER), [paid("R1", Fate.DEAD, NOVEMBER, 440_000)], NOVEMBER)
    assert said(result) == {("REPEAT", None, (("2023-11", 440_000),))}
    assert result.replaces == ("R1",)


def test_the_next_run_pays_a_returned_payment_with_its_own_month() -> None:
    result = bill(due(440_000, NOVEMBER, DECEMBER), [paid("R1", Fate.DEAD, NOVEMBER, 440_000)], DECEMBER)
    assert said(result) == {
        ("REGULAR", None, (("2023-12", 440_000),)),
        ("REPEAT", None, (("2023-11", 440_000),)),
    }
    assert (result.amount, result.replaces) == (880_000, ("R1",))


def test_two_dead_payments_are_repeated_in_one_line_that_names_both() -> None:
    earlier = [paid("R1", Fate.DEAD, NOVEMBER, 440_000), paid("R2", Fate.DEAD, DECEMBER, 440_000)]
    result = bill(due(440_000, NOVEMBER, DECEMBER, JANUARY), earlier, JANUARY)
    assert said(result) == {
        ("REGULAR", None, (("2024-01", 440_000),)),
        ("REPEAT", None, (("2023-11", 440_000), ("2023-12", 440_000))),
    }
    assert (result.amount, result.replaces) == (1_320_000, ("R1", "R2"))


def test_a_payment_that_died_twice_is_repeated_once_and_names_the_last_only() -> None:
    first = bill(due(440_000, NOVEMBER), [], NOVEMBER)
    second = bill(due(440_000, NOVEMBER, DECEMBER), [became("R1", Fate.DEAD, first)], DECEMBER)
    earlier = [became("R1", Fate.DEAD, first, replaced=True), became("R2", Fate.DEAD, second)]
    result = bill(due(440_000, NOVEMBER, DECEMBER), earlier, DECEMBER)
    assert said(result) == {("REPEAT", None, (("2023-11", 440_000), ("2023-12", 440_000)))}
    assert (result.amount, result.replaces) == (880_000, ("R2",))
    next_month = bill(
        due(440_000, NOVEMBER, DECEMBER, JANUARY),
        [earlier[0], became("R2", Fate.DEAD, second, replaced=True), became("R3", Fate.REACHED, result)],
        JANUARY,
    )
    assert said(next_month) == {("REGULAR", None, (("2024-01", 440_000),))}
    assert next_month.replaces == ()


def test_a_payment_of_two_items_that_came_back_is_repeated_item_by_item() -> None:
    first = bill(due(4_016_000, NOVEMBER, item="5") | due(2_055_000, NOVEMBER, item="11"), [], NOVEMBER)
    both = due(4_016_000, NOVEMBER, DECEMBER, item="5") | due(2_055_000, NOVEMBER, DECEMBER, item="11")
    result = bill(both, [became("R1", Fate.DEAD, first)], DECEMBER)
    assert said(result) == {
        ("REGULAR", "5", (("2023-12", 4_016_000),)),
        ("REGULAR", "11", (("2023-12", 2_055_000),)),
        ("REPEAT", "5", (("2023-11", 4_016_000),)),
        ("REPEAT", "11", (("2023-11", 2_055_000),)),
    }
    assert result.amount == 12_142_000


def test_a_dead_payment_that_is_no_longer_due_is_not_paid_again() -> None:
    assert bill({}, [paid("R1", Fate.DEAD, NOVEMBER, 440_000)], DECEMBER) == NOTHING


def test_a_dead_payment_is_repeated_only_as_far_as_it_is_still_due() -> None:
    result = bill(due(300_000, NOVEMBER), [paid("R1", Fate.DEAD, NOVEMBER, 440_000)], NOVEMBER)
    assert said(result) == {("REPEAT", None, (("2023-11", 300_000),))}


def test_a_raise_of_a_paid_month_pays_the_difference_as_arrears() -> None:
    earlier = [paid("R1", Fate.REACHED, NOVEMBER, 440_000)]
    result = bill(due(660_000, NOVEMBER, DECEMBER), earlier, DECEMBER)
    assert said(result) == {
        ("REGULAR", None, (("2023-12", 660_000),)),
        ("ARREARS", None, (("2023-11", 220_000),)),
    }


def test_a_raise_within_the_month_pays_the_difference_as_regular() -> None:
    result = bill(due(660_000, NOVEMBER), [paid("R1", Fate.OPEN, NOVEMBER, 440_000)], NOVEMBER)
    assert said(result) == {("REGULAR", None, (("2023-11", 220_000),))}


def test_a_raise_of_a_dead_month_is_a_repeat_and_arrears() -> None:
    result = bill(due(660_000, NOVEMBER), [paid("R1", Fate.DEAD, NOVEMBER, 440_000)], DECEMBER)
    assert said(result) == {
        ("REPEAT", None, (("2023-11", 440_000),)),
        ("ARREARS", None, (("2023-11", 220_000),)),
    }
    assert result.amount == 660_000


def test_an_item_that_ended_late_is_taken_back_from_another_item() -> None:
    months = (OCTOBER, NOVEMBER)
    earlier = [paid(f"5 {one}", Fate.REACHED, one, 4_016_000, "5") for one in months]
    earlier += [paid(f"11 {one}", Fate.REACHED, one, 2_055_000, "11") for one in months]
    now = due(4_016_000, OCTOBER, NOVEMBER, DECEMBER, item="5") | due(2_055_000, OCTOBER, item="11")
    result = bill(now, earlier, DECEMBER)
    assert said(result) == {
        ("REGULAR", "5", (("2023-12", 4_016_000),)),
        ("RECOVERY", "11", (("2023-11", -2_055_000),)),
    }
    assert (result.amount, result.owed) == (1_961_000, {})


def test_a_recovery_takes_no_more_than_is_paid_and_the_oldest_month_first() -> None:
    earlier = [paid("R1", Fate.REACHED, OCTOBER, 1_100_000), paid("R2", Fate.REACHED, NOVEMBER, 1_100_000)]
    third = bill(due(660_000, OCTOBER, NOVEMBER, DECEMBER), earlier, DECEMBER)
    assert said(third) == {
        ("REGULAR", None, (("2023-12", 660_000),)),
        ("RECOVERY", None, (("2023-10", -440_000), ("2023-11", -220_000))),
    }
    assert (third.amount, third.owed) == (0, {(None, "2023-11"): 220_000})
    fourth = bill(
        due(660_000, OCTOBER, NOVEMBER, DECEMBER, JANUARY), [*earlier, became("R3", Fate.REACHED, third)], JANUARY
    )
    assert said(fourth) == {
        ("REGULAR", None, (("2024-01", 660_000),)),
        ("RECOVERY", None, (("2023-11", -220_000),)),
    }
    assert (fourth.amount, fourth.owed) == (440_000, {})


def test_a_debt_without_anything_to_pay_stays_owed_and_makes_no_payment() -> None:
    earlier = [paid("R1", Fate.REACHED, OCTOBER, 660_000), paid("R2", Fate.REACHED, NOVEMBER, 660_000)]
    assert bill(due(660_000, OCTOBER), earlier, DECEMBER) == Bill((), (), {(None, NOVEMBER): 660_000})


def test_a_debt_is_taken_back_when_the_person_joins_again() -> None:
    earlier = [paid("R1", Fate.REACHED, OCTOBER, 660_000), paid("R2", Fate.REACHED, NOVEMBER, 660_000)]
    result = bill(due(660_000, OCTOBER) | due(880_000, FEBRUARY), earlier, FEBRUARY)
    assert said(result) == {
        ("REGULAR", None, (("2024-02", 880_000),)),
        ("RECOVERY", None, (("2023-11", -660_000),)),
    }
    assert result.amount == 220_000


def test_money_that_reached_on_the_second_try_is_taken_back_once() -> None:
    first = bill(due(880_000, NOVEMBER), [], NOVEMBER)
    second = bill(due(880_000, NOVEMBER, DECEMBER), [became("R1", Fate.DEAD, first)], DECEMBER)
    history = [became("R1", Fate.DEAD, first, replaced=True), became("R2", Fate.REACHED, second)]
    third = bill(due(440_000, NOVEMBER, DECEMBER, JANUARY), history, JANUARY)
    assert said(third) == {
        ("REGULAR", None, (("2024-01", 440_000),)),
        ("RECOVERY", None, (("2023-11", -440_000),)),
    }
    assert (third.amount, third.owed) == (0, {(None, "2023-12"): 440_000})
    history.append(became("R3", Fate.REACHED, third))
    fourth = bill(due(440_000, NOVEMBER, DECEMBER, JANUARY, FEBRUARY), history, FEBRUARY)
    assert said(fourth) == {
        ("REGULAR", None, (("2024-02", 440_000),)),
        ("RECOVERY", None, (("2023-12", -440_000),)),
    }
    history.append(became("R4", Fate.REACHED, fourth))
    march = Period("2024-03")
    fifth = bill(due(440_000, NOVEMBER, DECEMBER, JANUARY, FEBRUARY, march), history, march)
    assert said(fifth) == {("REGULAR", None, (("2024-03", 440_000),))}


def test_open_money_is_not_taken_back_before_it_arrived() -> None:
    result = bill(due(440_000, DECEMBER), [paid("R1", Fate.OPEN, NOVEMBER, 440_000)], DECEMBER)
    assert said(result) == {("REGULAR", None, (("2023-12", 440_000),))}
    assert result.owed == {}


def test_a_recovery_on_its_way_is_not_taken_a_second_time() -> None:
    earlier = [paid("R1", Fate.REACHED, NOVEMBER, 440_000)]
    second = bill(due(660_000, DECEMBER), earlier, DECEMBER)
    assert second.amount == 220_000
    result = bill(due(660_000, DECEMBER, JANUARY), [*earlier, became("R2", Fate.OPEN, second)], JANUARY)
    assert said(result) == {("REGULAR", None, (("2024-01", 660_000),))}


def test_a_recovery_in_a_payment_that_died_is_taken_again() -> None:
    earlier = [paid("R1", Fate.REACHED, NOVEMBER, 440_000)]
    second = bill(due(660_000, DECEMBER), earlier, DECEMBER)
    result = bill(due(660_000, DECEMBER), [*earlier, became("R2", Fate.DEAD, second)], DECEMBER)
    assert said(result) == {
        ("REPEAT", None, (("2023-12", 660_000),)),
        ("RECOVERY", None, (("2023-11", -440_000),)),
    }
    assert (result.amount, result.replaces) == (220_000, ("R2",))


def test_what_was_taken_back_of_money_that_then_came_back_is_paid_out_again() -> None:
    taking = Earlier(
        "R2",
        Fate.REACHED,
        False,
        [line("REGULAR", None, [("2023-12", 220_000)]), line("RECOVERY", None, [("2023-10", -220_000)])],
    )
    result = bill(due(220_000, DECEMBER), [paid("R1", Fate.DEAD, OCTOBER, 220_000), taking], JANUARY)
    assert said(result) == {("REPEAT", None, (("2023-10", 220_000),))}


def test_a_month_for_which_0_is_due_makes_no_line() -> None:
    assert bill(due(0, NOVEMBER), [], NOVEMBER) == NOTHING


def test_a_month_paid_beyond_what_is_due_is_found_by_counting_anew() -> None:
    open_money = [paid("R1", Fate.OPEN, NOVEMBER, 440_000)]
    too_much = [line("REGULAR", None, [("2023-11", 1)])]
    assert covered_beyond_due(due(440_000, NOVEMBER), open_money, too_much) == [(None, "2023-11")]
    assert covered_beyond_due(due(440_001, NOVEMBER), open_money, too_much) == []

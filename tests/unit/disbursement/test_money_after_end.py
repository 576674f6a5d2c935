"""The rule of money for those who are suspended, who ended or died: what waits, what is repeated once, the grant."""

from collections.abc import Sequence

from services.disbursement.events import Line, MonthAmount, Purpose
from services.disbursement.money_rule import NOTHING, Bill, Cell, Due, Earlier, Fate, bill, due_until
from services.kernel.period import Period
from services.registry.events import DueSpan

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER, JANUARY, FEBRUARY = (
    Period(month) for month in ("2023-09", "2023-10", "2023-11", "2023-12", "2024-01", "2024-02")
)
GRANT = 8_800_000
IN_NOVEMBER: dict[Cell, int] = {(None, NOVEMBER): 440_000}


def line(purpose: Purpose, months: Sequence[tuple[Period, int]], item: str | None = None) -> Line:
    parts = tuple(MonthAmount(month=month, amount=amount) for month, amount in months)
    return Line(purpose=purpose, item=item, months=parts, amount=sum(amount for _, amount in months))


def paid(name: str, fate: Fate, *lines: Line, replaced: bool = False) -> Earlier:
    return Earlier(name, fate, replaced, lines)


def became(name: str, fate: Fate, made: Bill, replaced: bool = False) -> Earlier:
    return Earlier(name, fate, replaced, made.lines)


def grant_line() -> Line:
    return Line(purpose="FUNERAL", item=None, months=(), amount=GRANT)


def said(made: Bill) -> list[tuple[Purpose, str | None, int]]:
    return [(one.purpose, one.item, one.amount) for one in made.lines]


REGULAR = line("REGULAR", [(NOVEMBER, 440_000)])
BOTH_ITEMS = (line("REGULAR", [(NOVEMBER, 2_000_000)], "5"), line("REGULAR", [(NOVEMBER, 1_000_000)], "11"))
DUE_BOTH: dict[Cell, int] = {("5", NOVEMBER): 2_000_000, ("11", NOVEMBER): 1_000_000}


def test_what_is_suspended_gets_nothing_not_even_repeated_money() -> None:
    came_back = [paid("R1", Fate.DEAD, REGULAR)]
    assert bill(Due(IN_NOVEMBER, suspended=frozenset({None})), came_back, DECEMBER) == NOTHING


def test_repeated_money_comes_with_the_resumption() -> None:
    made = bill(Due(IN_NOVEMBER | {(None, JANUARY): 440_000}), [paid("R1", Fate.DEAD, REGULAR)], JANUARY)
    assert said(made) == [("REGULAR", None, 440_000), ("REPEAT", None, 440_000)]
    assert made.replaces == ("R1",)


def test_one_item_suspended_is_left_out_and_repeated_later_though_the_payment_was_replaced_for_the_other() -> None:
    """Items 5 and 11 came back together; item 5 is suspended in December and resumed in January."""
    first = paid("R1", Fate.DEAD, *BOTH_ITEMS)
    december = bill(Due(DUE_BOTH, suspended=frozenset({"5"})), [first], DECEMBER)
    assert said(december) == [("REPEAT", "11", 1_000_000)]
    assert december.replaces == ("R1",)
    first = paid("R1", Fate.DEAD, *BOTH_ITEMS, replaced=True)
    january = bill(Due(DUE_BOTH), [first, became("R2", Fate.REACHED, december)], JANUARY)
    assert said(january) == [("REPEAT", "5", 2_000_000)]
    assert january.replaces == ("R1",)


def test_a_dead_payment_that_was_replaced_is_not_named_for_what_came_back_after() -> None:
    """220.000 arrived and 440.000 (a raise) did not; the second was repeated before the first came back too."""
    history = [
        paid("R1", Fate.DEAD, line("REGULAR", [(NOVEMBER, 220_000)])),
        paid("R2", Fate.DEAD, line("REGULAR", [(NOVEMBER, 440_000)]), replaced=True),
        paid("R3", Fate.REACHED, line("REPEAT", [(NOVEMBER, 440_000)])),
    ]
    made = bill(Due({(None, NOVEMBER): 660_000}), history, DECEMBER)
    assert said(made) == [("REPEAT", None, 220_000)]
    assert made.replaces == ("R1",)


def test_a_debt_of_a_suspended_item_is_taken_from_another() -> None:
    """Item 5 is suspended from November, which had reached the person."""
    made = bill(
        Due({("11", NOVEMBER): 1_000_000, ("11", DECEMBER): 1_000_000}, suspended=frozenset({"5"})),
        [paid("R1", Fate.REACHED, *BOTH_ITEMS)],
        DECEMBER,
    )
    assert said(made) == [("REGULAR", "11", 1_000_000), ("RECOVERY", "5", -1_000_000)]
    assert (made.amount, made.owed) == (0, {("5", NOVEMBER): 1_000_000})


def test_money_of_someone_who_ended_that_came_back_is_repeated_once_then_the_office_decides() -> None:
    first = paid("R1", Fate.DEAD, REGULAR)
    second = bill(Due(IN_NOVEMBER, ended=True), [first], DECEMBER)
    assert said(second) == [("REPEAT", None, 440_000)]
    assert not second.for_office
    replaced = paid("R1", Fate.DEAD, REGULAR, replaced=True)
    assert bill(Due(IN_NOVEMBER, ended=True), [replaced, became("R2", Fate.OPEN, second)], JANUARY) == NOTHING
    third = bill(Due(IN_NOVEMBER, ended=True), [replaced, became("R2", Fate.DEAD, second)], JANUARY)
    assert third == Bill((), (), {}, for_office=True)


def test_money_that_came_back_twice_before_the_end_is_still_repeated_once_to_the_family() -> None:
    """November came back, was repeated with December, both came back; then the death is reported from January."""
    months: dict[Cell, int] = IN_NOVEMBER | {(None, DECEMBER): 440_000}
    second = bill(Due(months), [paid("R1", Fate.DEAD, REGULAR)], DECEMBER)
    history = [paid("R1", Fate.DEAD, REGULAR, replaced=True), became("R2", Fate.DEAD, second)]
    third = bill(Due(months, ended=True), history, JANUARY)
    assert said(third) == [("REPEAT", None, 880_000)]
    assert (third.replaces, third.for_office) == (("R2",), False)
    history[1] = became("R2", Fate.DEAD, second, replaced=True)
    fourth = bill(Due(months, ended=True), [*history, became("R3", Fate.DEAD, third)], FEBRUARY)
    assert (fourth.lines, fourth.for_office) == ((), True)


def test_a_month_that_came_back_after_the_one_that_is_given_up_is_still_repeated() -> None:
    months: dict[Cell, int] = {(None, OCTOBER): 440_000, (None, NOVEMBER): 440_000}
    history = [
        paid("R1", Fate.DEAD, line("REGULAR", [(OCTOBER, 440_000)]), replaced=True),
        paid("R2", Fate.DEAD, REGULAR),
        paid("R3", Fate.DEAD, line("REPEAT", [(OCTOBER, 440_000)])),
    ]
    made = bill(Due(months, ended=True), history, JANUARY)
    assert [tuple(part.month for part in one.months) for one in made.lines] == [(NOVEMBER,)]
    assert made.for_office


def test_arrears_of_someone_who_ended_are_paid() -> None:
    made = bill(Due(IN_NOVEMBER, ended=True), [], DECEMBER)
    assert said(made) == [("ARREARS", None, 440_000)]


def test_the_grant_is_a_line_of_its_own_without_months_and_paid_once() -> None:
    first = bill(Due({}, ended=True, funeral=GRANT), [], DECEMBER)
    assert first.lines == (grant_line(),)
    for fate in (Fate.OPEN, Fate.REACHED):
        assert bill(Due({}, ended=True, funeral=GRANT), [became("R1", fate, first)], JANUARY) == NOTHING


def test_recoveries_may_be_taken_from_the_grant() -> None:
    """October and November reached somebody who died in September."""
    history = [
        paid("R1", Fate.REACHED, line("REGULAR", [(OCTOBER, 440_000)])),
        paid("R2", Fate.REACHED, line("REGULAR", [(NOVEMBER, 440_000)])),
    ]
    made = bill(Due({}, ended=True, funeral=GRANT), history, DECEMBER)
    assert said(made) == [("RECOVERY", None, -880_000), ("FUNERAL", None, GRANT)]
    assert (made.amount, made.owed) == (7_920_000, {})


def test_a_grant_that_came_back_is_paid_a_second_time_and_then_the_office_decides() -> None:
    first = paid("R1", Fate.DEAD, grant_line())
    second = bill(Due({}, ended=True, funeral=GRANT), [first], JANUARY)
    assert (second.lines, second.replaces, second.for_office) == ((grant_line(),), ("R1",), False)
    history = [paid("R1", Fate.DEAD, grant_line(), replaced=True), became("R2", Fate.DEAD, second)]
    assert bill(Due({}, ended=True, funeral=GRANT), history, FEBRUARY) == Bill((), (), {}, for_office=True)


def test_a_grant_and_the_last_month_that_came_back_go_to_the_family_together() -> None:
    made = bill(Due(IN_NOVEMBER, ended=True, funeral=GRANT), [paid("R1", Fate.DEAD, REGULAR)], DECEMBER)
    assert said(made) == [("REPEAT", None, 440_000), ("FUNERAL", None, GRANT)]
    assert made.replaces == ("R1",)


def test_a_grant_raised_afterwards_pays_the_difference_and_a_lowered_one_takes_nothing_back() -> None:
    had = [paid("R1", Fate.REACHED, grant_line())]
    assert said(bill(Due({}, ended=True, funeral=10_000_000), had, JANUARY)) == [("FUNERAL", None, 1_200_000)]
    assert bill(Due({}, ended=True, funeral=7_200_000), had, JANUARY) == NOTHING


def test_the_grant_of_someone_who_died_while_suspended_waits_for_the_office() -> None:
    assert bill(Due({}, suspended=frozenset({None}), ended=True, funeral=GRANT), [], DECEMBER) == NOTHING


def test_due_months_end_with_the_run_and_with_the_span_and_codes_of_an_item_add_up() -> None:
    spans = [
        DueSpan(item="5", first=OCTOBER, last=None, amount=100),
        DueSpan(item="5", first=NOVEMBER, last=NOVEMBER, amount=20),
        DueSpan(item="11", first=JANUARY, last=None, amount=7),
    ]
    assert due_until(spans, DECEMBER) == {("5", "2023-10"): 100, ("5", "2023-11"): 120, ("5", "2023-12"): 100}
    assert due_until(spans, SEPTEMBER) == {}

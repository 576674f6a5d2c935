"""Births, first months and days of decisions, as people and spreadsheets write them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from services.kernel.period import Period
from services.kernel.tables.table import Cell
from services.registry import days
from services.registry.cells import BadCell

TODAY = date(2023, 11, 2)
NOVEMBER = Period("2023-11")


def code(reader: Callable[[], object]) -> str:
    with pytest.raises(BadCell) as bad:
        reader()
    return bad.value.problem.code


@pytest.mark.parametrize(
    ("cell", "birth"),
    [
        ("1938", "1938"),
        (1938, "1938"),
        ("12/03/1941", "1941-03-12"),
        ("2/3/1941", "1941-03-02"),
        (" 12 / 03 / 1941 ", "1941-03-12"),
        ("1941-03-12", "1941-03-12"),
        ("1941-03-12 00:00:00", "1941-03-12"),
        (date(1941, 3, 12), "1941-03-12"),
        ("29/02/1940", "1940-02-29"),
        ("01/05/1905", "1905-05-01"),
        ("02/11/2023", "2023-11-02"),
    ],
)
def test_a_birth_is_a_day_or_a_year(cell: Cell, birth: str) -> None:
    assert days.read_birth(cell, TODAY) == (birth, None)


@pytest.mark.parametrize("cell", ["00/00/1938", "0/0/1938"])
def test_a_birth_of_noughts_is_the_year_with_a_warning(cell: Cell) -> None:
    birth, warning = days.read_birth(cell, TODAY)
    assert birth == "1938"
    assert warning is not None
    assert warning.code == "birth-year-only"


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("12/03/41", "birth-short-year"),
        ("41", "birth-short-year"),
        (41, "birth-short-year"),
        ("29/02/1941", "day-does-not-exist"),
        ("3/25/1941", "day-does-not-exist"),
        ("00/03/1941", "day-does-not-exist"),
        ("1941-13-01", "day-does-not-exist"),
        ("03/11/2023", "birth-in-future"),
        (date(2023, 11, 3), "birth-in-future"),
        (2024, "birth-in-future"),
        ("03/1941", "birth-month-only"),
        ("1941-03", "birth-month-only"),
        (15047, "birth-serial"),
        ("15047", "birth-serial"),
        (Decimal("15047.5"), "birth-serial"),
        ("01/01/1899", "birth-too-early"),
        ("khoảng 1940", "birth-unreadable"),
        ("１９４０", "birth-unreadable"),
    ],
)
def test_anything_else_is_no_birth(cell: Cell, wrong: str) -> None:
    assert code(lambda: days.read_birth(cell, TODAY)) == wrong


@pytest.mark.parametrize("cell", [date(1905, 3, 14), date(1905, 5, 1), date(1905, 10, 1)])
def test_a_year_typed_into_a_date_cell_is_an_error(cell: Cell) -> None:
    assert code(lambda: days.read_birth(cell, TODAY)) == "year-in-date-cell"


def test_the_message_names_the_year_that_was_typed() -> None:
    with pytest.raises(BadCell) as bad:
        days.read_birth(date(1905, 5, 1), TODAY)
    assert "1948" in bad.value.problem.vi


def test_days_beside_that_range_are_days() -> None:
    assert days.read_birth(date(1905, 3, 13), TODAY) == ("1905-03-13", None)
    assert days.read_birth(date(1905, 10, 2), TODAY) == ("1905-10-02", None)


@pytest.mark.parametrize("cell", ["12/2023", "2023-12", date(2023, 12, 1), "01/12/2023", "2023-12-01", " 12 / 2023"])
def test_a_month_is_read_in_every_usual_writing(cell: Cell) -> None:
    assert days.read_month(cell, NOVEMBER) == "2023-12"


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        (date(2023, 12, 2), "month-other-day"),
        ("02/12/2023", "month-other-day"),
        ("12/23", "month-unreadable"),
        ("13/2023", "month-unreadable"),
        ("0/2023", "month-unreadable"),
        (2023, "month-unreadable"),
        (12, "month-unreadable"),
        (45261, "month-unreadable"),
        (Decimal("12.2023"), "month-unreadable"),
        ("tháng 12", "month-unreadable"),
        ("31/11/2023", "day-does-not-exist"),
    ],
)
def test_anything_else_is_no_month(cell: Cell, wrong: str) -> None:
    assert code(lambda: days.read_month(cell, NOVEMBER)) == wrong


def test_a_month_lies_at_most_12_months_after_the_period() -> None:
    assert days.read_month("11/2024", NOVEMBER) == "2024-11"
    assert code(lambda: days.read_month("12/2024", NOVEMBER)) == "month-too-late"
    assert days.read_month("01/2010", NOVEMBER) == "2010-01"


def test_the_day_of_a_decision_is_a_whole_day() -> None:
    assert days.read_day("05/11/2023") == date(2023, 11, 5)
    assert days.read_day(date(2023, 11, 5)) == date(2023, 11, 5)
    assert code(lambda: days.read_day("11/2023")) == "day-unreadable"
    assert code(lambda: days.read_day("31/11/2023")) == "day-does-not-exist"

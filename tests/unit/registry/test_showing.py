"""A right as it is shown in a month."""

import pytest

from services.registry import showing
from services.registry.catalogue import load


def _kept(**other: object) -> dict[str, object]:
    right = {"programme": "BTXH", "item": None, "code": "BTXH.05C", "from": "2023-11", "to": None, "status": "ACTIVE"}
    return {**right, "terms": [["2023-11", 440_000, True, 1]], **other}


def _amount(month: str, **other: object) -> object:
    return showing._right(_kept(**other), month, load())["amount"]


@pytest.mark.parametrize(
    ("month", "amount"),
    [
        ("2023-10", 440_000),
        ("2023-11", 440_000),
        ("2024-06", 440_000),
        ("2024-07", 500_000),
        ("2024-12", 500_000),
        ("2025-01", 650_000),
    ],
)
def test_a_right_is_shown_with_the_amount_of_the_month(month: str, amount: int) -> None:
    assert _amount(month) == amount


def test_a_right_that_begins_later_is_shown_with_the_amount_of_its_first_month() -> None:
    assert _amount("2023-11", **{"from": "2024-07", "terms": [["2024-07", 500_000, True, 1]]}) == 500_000


def test_a_multiple_is_shown_as_so_many_times_the_figure() -> None:
    assert _amount("2025-01", code="BTXH.04", terms=[["2023-11", 1_320_000, True, 3]]) == 1_950_000


def test_an_accepted_amount_is_shown_as_the_list_said() -> None:
    assert _amount("2025-01", terms=[["2023-11", 450_000, False, 1]]) == 450_000


@pytest.mark.parametrize(("month", "amount"), [("2023-12", 440_000), ("2024-01", 450_000)])
def test_an_amount_that_was_adjusted_is_shown_from_its_month_on(month: str, amount: int) -> None:
    assert _amount(month, terms=[["2023-11", 440_000, True, 1], ["2024-01", 450_000, False, 1]]) == amount


def test_how_an_amount_comes_about_is_not_shown() -> None:
    assert "terms" not in showing._right(_kept(), "2023-11", load())


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("1940-03-01T00:00:00", "01/03/1940"),
        ("1940-03-01", "1940-03-01"),
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        (440_000, 440_000),
        ("#N/A", "#N/A"),
    ],
    ids=["a date cell", "a day as text", "a name", "a number", "an error value"],
)
def test_cells_are_shown_as_people_write_them(kept: str | int, shown: str | int) -> None:
    assert showing._as_people_write(kept) == shown

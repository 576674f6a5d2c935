"""Whom the registry knows in a commune: its names in time, and births that agree."""

import pytest

from services.kernel.period import Period
from services.registry.register import bearing, births_agree

NOVEMBER, NOVEMBER_2026 = Period("2023-11"), Period("2026-11")


def test_after_a_merger_the_people_of_all_its_parts_live_there() -> None:
    codes, firsts, lasts = bearing(["10144"], NOVEMBER_2026)

    assert sorted(zip(codes, firsts, lasts, strict=True)) == [
        ("10129", "0001-01", "2025-06"),
        ("10138", "0001-01", "2025-06"),
        ("10144", "0001-01", "2025-06"),
        ("10144", "2025-07", "9999-12"),
        ("10150", "0001-01", "2025-06"),
    ]


def test_a_number_used_again_is_not_that_of_the_later_commune_in_an_earlier_month() -> None:
    assert bearing(["10144"], NOVEMBER) == (["10144"], ["0001-01"], ["2025-06"])


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("1943", "1943", True),
        ("1943-11-15", "1943-11-15", True),
        ("1943-11-15", "1943", True),
        ("1943", "1943-11-15", True),
        ("1943-11-15", "1943-11-16", False),
        ("1943", "1944", False),
        ("1943", None, False),
    ],
)
def test_births_agree_by_day_or_by_year_where_one_is_only_a_year(one: str, other: str | None, agree: bool) -> None:
    assert births_agree(one, other) == agree

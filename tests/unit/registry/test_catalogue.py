"""What a code is worth in a month, by the decrees' own figures, and how many units an amount is."""

import pytest

from services.reference.programmes import Programme
from services.registry.catalogue import Level, entries, load, unit_of, with_levels

CATALOGUE = load()


@pytest.mark.parametrize(
    ("month", "level"),
    [
        ("2021-06", None),
        ("2021-07", 360_000),
        ("2021-12", 360_000),
        ("2022-01", 440_000),
        ("2023-11", 440_000),
        ("2024-06", 440_000),
        ("2024-07", 500_000),
        ("2024-12", 500_000),
        ("2025-01", 650_000),
        ("2026-11", 650_000),
    ],
)
def test_the_standard_level_is_the_higher_of_the_nations_and_the_provinces(month: str, level: int | None) -> None:
    assert CATALOGUE.standard_level(month) == level


def national(amount: int, since: str) -> Level:
    return Level("BTXH", "national", None, amount, since, "NĐ")


def test_a_national_rise_that_stays_below_the_province_changes_nothing() -> None:
    assert with_levels((national(400_000, "2023-07"),)).standard_level("2023-11") == 440_000


def test_a_level_entered_later_counts_from_its_month_and_of_two_for_one_month_the_later_word() -> None:
    raised = with_levels((national(480_000, "2023-12"), national(470_000, "2023-12")))
    assert [raised.standard_level(month) for month in ("2023-11", "2023-12")] == [440_000, 470_000]
    assert raised.amount("BTXH.06.SEVERE", "2023-12") == 705_000


def test_an_amount_of_a_code_entered_later_counts_for_that_code_alone() -> None:
    raised = with_levels((Level("NCC", None, "NCC.06.41-50", 2_200_000, "2023-12", "NĐ"),))
    assert [raised.amount("NCC.06.41-50", month) for month in ("2023-11", "2023-12")] == [2_145_000, 2_200_000]
    assert raised.amount("NCC.03", "2023-12") == 6_165_000


@pytest.mark.parametrize(
    ("code", "month", "amount"),
    [
        ("BTXH.05C", "2023-11", 440_000),
        ("BTXH.05C", "2024-07", 500_000),
        ("BTXH.05C", "2025-01", 650_000),
        ("BTXH.06.SEVERE", "2023-11", 660_000),
        ("BTXH.06.SEVERE.CHILD_OR_OLD", "2023-11", 880_000),
        ("BTXH.06.EXTREME.CHILD_OR_OLD", "2024-07", 1_250_000),
        ("BTXH.01.U4", "2023-11", 1_100_000),
        ("BTXH.05D", "2025-01", 1_950_000),
        ("BTXH.08", "2025-01", 975_000),
    ],
)
def test_a_social_code_is_worth_the_level_times_its_coefficient(code: str, month: str, amount: int) -> None:
    assert CATALOGUE.amount(code, month) == amount


@pytest.mark.parametrize(
    ("code", "month", "amount"),
    [
        ("NCC.06.41-50", "2023-07", 2_145_000),
        ("NCC.06.41-50", "2024-06", 2_145_000),
        ("NCC.06.41-50", "2024-07", 2_911_000),
        ("NCC.03", "2023-11", 6_165_000),
        ("NCC.05.INVALID.100", "2023-11", 6_589_000),
        ("NCC.05.INVALID.100", "2024-07", 8_941_000),
        ("NCC.01.SUPP.SENIORITY", "2023-11", 390_000),
    ],
)
def test_a_code_of_merit_is_worth_what_the_decree_of_the_month_says(code: str, month: str, amount: int) -> None:
    assert CATALOGUE.amount(code, month) == amount


def test_there_is_no_figure_of_merit_before_the_first_decree() -> None:
    assert CATALOGUE.amount("NCC.06.41-50", "2023-06") is None


def test_an_unknown_code_has_no_figure_no_item_and_no_changes() -> None:
    assert not CATALOGUE.knows("BTXH.99")
    assert CATALOGUE.amount("BTXH.99", "2023-11") is None
    assert CATALOGUE.item_of("BTXH.99") is None
    assert list(CATALOGUE.changes("BTXH.99")) == []


@pytest.mark.parametrize(
    ("code", "programme", "item"),
    [("BTXH.05C", "BTXH", None), ("NCC.06.41-50", "NCC", "6"), ("NCC.12.MOTHER", "NCC", "12")],
)
def test_a_code_gives_its_programme_and_its_item(code: str, programme: Programme, item: str | None) -> None:
    assert CATALOGUE.knows(code)
    assert (CATALOGUE.programme_of(code), CATALOGUE.item_of(code)) == (programme, item)


def test_a_social_code_changes_whenever_the_level_does() -> None:
    assert list(CATALOGUE.changes("BTXH.05C")) == ["2021-07", "2022-01", "2024-07", "2025-01"]


def test_a_code_of_merit_changes_with_its_decrees() -> None:
    assert list(CATALOGUE.changes("NCC.06.41-50")) == ["2023-07", "2024-07"]


@pytest.mark.parametrize(
    ("code", "amount", "figure", "units"),
    [
        ("BTXH.05C", 440_000, 440_000, 1),
        ("BTXH.05C", 880_000, 440_000, None),
        ("BTXH.05C", 500_000, 440_000, None),
        ("BTXH.04", 440_000, 440_000, 1),
        ("BTXH.04", 1_320_000, 440_000, 3),
        ("BTXH.04", 660_000, 440_000, None),
        ("NCC.01.SUPP.SENIORITY", 780_000, 390_000, 2),
        ("NCC.01.SUPP.SENIORITY", 780_001, 390_000, None),
        ("NCC.06.41-50", 4_290_000, 2_145_000, None),
        ("NCC.06.41-50", 2_145_000, None, None),
        (None, 440_000, 440_000, None),
        ("BTXH.05C", 220_000, 440_000, None),
    ],
)
def test_an_amount_is_so_many_units_of_the_figure_where_the_code_allows_it(
    code: str | None, amount: int, figure: int | None, units: int | None
) -> None:
    assert unit_of(code, amount, figure) == units


def test_the_catalogue_is_shown_with_its_basis() -> None:
    shown = entries([national(520_000, "2025-03")])
    assert shown[-1] == {
        "programme": "BTXH",
        "scope": "national",
        "amount": 520_000,
        "valid_from": "2025-03-01",
        "basis": "NĐ",
    }
    assert {
        "programme": "BTXH",
        "scope": "national",
        "amount": 500_000,
        "valid_from": "2024-07-01",
        "basis": "NĐ 76/2024/NĐ-CP",
    } in shown
    assert {
        "programme": "NCC",
        "code": "NCC.06.41-50",
        "item": "6",
        "amount": 2_145_000,
        "valid_from": "2023-07-01",
        "basis": "NĐ 55/2023/NĐ-CP, PL I",
    } in shown


def test_the_codes_to_choose_from_are_those_of_both_programmes_once_each() -> None:
    codes = CATALOGUE.codes()

    assert {"BTXH.05C", "BTXH.CARE.EXTREME_DISABLED_HOUSEHOLD", "NCC.02", "NCC.01.SUPP.SENIORITY"} <= set(codes)
    assert len(codes) == len(set(codes))

"""A row held against the catalogue: its code, item and amount."""

from dataclasses import replace

import pytest

from services.kernel.period import Period
from services.registry.catalogue import load
from services.registry.findings import Judged
from services.registry.headings import AMOUNT, CODE, ITEM
from services.registry.row import Kind, ReasonKind, Row
from services.registry.row_against_catalogue import check

NOVEMBER = Period("2023-11")
ROW = Row(
    number=4,
    kind="INCREASE",
    name="Hồ Thị Vân",
    birth="1943",
    sex="F",
    citizen_id="001143186310",
    programme="BTXH",
    code="BTXH.05C",
    amount=440_000,
    from_period=NOVEMBER,
)


def found(row: Row, period: Period = NOVEMBER) -> list[Judged]:
    return list(check(row, load(), period))


def assert_found(row: Row, column: str, code: str, severe: bool, period: Period = NOVEMBER) -> None:
    one = [(each.severe, each.finding) for each in found(row, period)]
    assert [(wrong, finding.row, finding.column, finding.code) for wrong, finding in one] == [(severe, 4, column, code)]
    assert one[0][1].needs_acceptance == (not severe)


def assert_nothing(row: Row, period: Period = NOVEMBER) -> None:
    assert found(row, period) == []


def test_the_amount_of_the_catalogue_is_right() -> None:
    assert_nothing(ROW)


@pytest.mark.parametrize("kind", ["INCREASE", "DECREASE", "ADJUST"])
def test_a_code_that_the_catalogue_lacks_is_an_error(kind: Kind) -> None:
    assert_found(replace(ROW, kind=kind, code="BTXH.99"), CODE, "code-unknown", True)


def test_a_code_of_another_programme_is_an_error() -> None:
    assert_found(replace(ROW, code="NCC.06.41-50", amount=2_145_000), CODE, "code-of-other-programme", True)


def test_an_item_that_is_not_the_codes_is_an_error() -> None:
    row = replace(ROW, programme="NCC", code="NCC.06.41-50", item="5", amount=2_145_000)
    assert_found(row, ITEM, "item-contradicts-code", True)


@pytest.mark.parametrize("item", [None, "6"])
def test_an_item_may_be_empty_or_the_codes_own(item: str | None) -> None:
    assert_nothing(replace(ROW, programme="NCC", code="NCC.06.41-50", item=item, amount=2_145_000))


def test_a_code_without_programme_is_right_where_the_row_needs_none() -> None:
    assert_nothing(replace(ROW, kind="DECREASE", programme=None))


def test_the_amount_may_be_left_to_the_catalogue() -> None:
    assert_nothing(replace(ROW, amount=None))


def test_the_amount_is_needed_where_the_catalogue_has_no_figure() -> None:
    before_the_decree = Period("2023-06")
    row = replace(ROW, programme="NCC", code="NCC.06.41-50", amount=None, from_period=before_the_decree)
    assert_found(row, AMOUNT, "amount-needed", True, before_the_decree)


def test_any_amount_is_taken_where_the_catalogue_has_no_figure() -> None:
    before_the_decree = Period("2023-06")
    row = replace(ROW, programme="NCC", code="NCC.06.41-50", amount=2_000_000, from_period=before_the_decree)
    assert_nothing(row, before_the_decree)


def test_an_amount_other_than_the_catalogues_must_be_accepted() -> None:
    assert_found(replace(ROW, amount=500_000), AMOUNT, "amount-differs", False)


def test_the_doubt_about_an_amount_names_the_figure_of_the_catalogue() -> None:
    [doubt] = found(replace(ROW, amount=500_000))
    assert "(440.000 đồng)" in doubt.finding.message("vi")
    assert "(440000 đồng)" in doubt.finding.message("en")


def test_the_amount_is_compared_with_the_figure_of_the_list_where_the_right_is_older() -> None:
    assert_nothing(replace(ROW, amount=500_000, from_period=Period("2024-06")), Period("2024-08"))


def test_the_amount_is_compared_with_the_figure_of_its_first_month_where_that_is_later() -> None:
    assert_nothing(replace(ROW, amount=500_000, from_period=Period("2024-07")), Period("2024-06"))


def test_a_single_parent_may_have_a_multiple_of_the_figure() -> None:
    assert_nothing(replace(ROW, code="BTXH.04", amount=1_320_000))


def test_seniority_may_be_a_multiple_and_nothing_but_a_multiple() -> None:
    figure = load().amount("NCC.01.SUPP.SENIORITY", NOVEMBER)
    assert figure is not None
    seniority = replace(ROW, programme="NCC", code="NCC.01.SUPP.SENIORITY")
    assert_nothing(replace(seniority, amount=7 * figure))
    assert_found(replace(seniority, amount=7 * figure + 1), AMOUNT, "amount-differs", False)


def test_a_multiple_of_any_other_code_must_be_accepted() -> None:
    assert_found(replace(ROW, amount=880_000), AMOUNT, "amount-differs", False)


def test_a_right_of_no_code_is_not_held_against_the_catalogue() -> None:
    assert_nothing(replace(ROW, programme="KHAC", item="16", code=None, amount=123_456))


@pytest.mark.parametrize("kind", [ReasonKind.MOVE_IN, ReasonKind.RESUME])
def test_the_amount_of_a_move_or_a_resumption_does_not_count(kind: ReasonKind) -> None:
    assert_nothing(replace(ROW, amount=999_999, reason_kind=kind))

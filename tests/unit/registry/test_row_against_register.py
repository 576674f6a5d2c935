"""A row held against the catalogue and against the people whom the registry knows."""

from dataclasses import replace

import pytest

from services.kernel.names import fold
from services.kernel.period import Period
from services.registry.catalogue import load
from services.registry.headings import AMOUNT, CITIZEN_ID, CODE, ITEM, KIND, NAME
from services.registry.register import Known, Register, Right
from services.registry.row import Finding, Kind, Row
from services.registry.row_against_register import check, right_of

NOVEMBER = Period("2023-11")
NOBODY = Register()
OLD_AGE: Right = ("BTXH", None, "BTXH.05C")
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
WITHOUT_ID = replace(ROW, citizen_id=None)


def knows(
    *rights: Right, citizen_id: str | None = "001143186310", commune: str = "10114", name: str = "Hồ Thị Vân"
) -> Register:
    """A register of one person born in 1943."""
    person = Known("van", commune, citizen_id, name, "1943", frozenset(rights))
    return Register(
        {citizen_id: person} if citizen_id else {},
        {(fold(name), "1943"): [person]} if commune == "10114" else {},
    )


def found(row: Row, register: Register = NOBODY, period: Period = NOVEMBER) -> tuple[list[Finding], list[Finding]]:
    return check([row], register, load(), "10114", period)


def assert_error(row: Row, column: str, code: str, register: Register = NOBODY) -> None:
    errors, warnings = found(row, register)
    assert [(one.row, one.column, one.code, one.needs_acceptance) for one in errors] == [(4, column, code, False)]
    assert warnings == []


def assert_doubt(row: Row, column: str, code: str, register: Register = NOBODY) -> None:
    errors, warnings = found(row, register)
    assert errors == []
    assert [(one.row, one.column, one.code, one.needs_acceptance) for one in warnings] == [(4, column, code, True)]


def assert_nothing(row: Row, register: Register = NOBODY, period: Period = NOVEMBER) -> None:
    assert found(row, register, period) == ([], [])


def test_a_new_person_with_the_amount_of_the_catalogue_is_right() -> None:
    assert_nothing(ROW)


def test_findings_come_in_the_order_of_the_rows() -> None:
    rows = [replace(ROW, number=2, code="BTXH.99"), ROW, replace(ROW, number=9, amount=500_000)]
    errors, warnings = check([*rows, replace(rows[0], number=10)], NOBODY, load(), "10114", NOVEMBER)
    assert [one.row for one in errors] == [2, 10]
    assert [one.row for one in warnings] == [9]


@pytest.mark.parametrize("kind", ["DECREASE", "ADJUST"])
def test_other_kinds_than_an_increase_are_not_taken_yet(kind: Kind) -> None:
    assert_error(replace(ROW, kind=kind, code="BTXH.99"), KIND, "kind-not-yet", knows(OLD_AGE))


def test_a_code_that_the_catalogue_lacks_is_an_error() -> None:
    assert_error(replace(ROW, code="BTXH.99"), CODE, "code-unknown")


def test_a_code_of_another_programme_is_an_error() -> None:
    assert_error(replace(ROW, code="NCC.06.41-50", amount=2_145_000), CODE, "code-of-other-programme")


def test_an_item_that_is_not_the_codes_is_an_error() -> None:
    row = replace(ROW, programme="NCC", code="NCC.06.41-50", item="5", amount=2_145_000)
    assert_error(row, ITEM, "item-contradicts-code")


@pytest.mark.parametrize("item", [None, "6"])
def test_an_item_may_be_empty_or_the_codes_own(item: str | None) -> None:
    assert_nothing(replace(ROW, programme="NCC", code="NCC.06.41-50", item=item, amount=2_145_000))


def test_the_amount_may_be_left_to_the_catalogue() -> None:
    assert_nothing(replace(ROW, amount=None))


def test_the_amount_is_needed_where_the_catalogue_has_no_figure() -> None:
    before_the_decree = Period("2023-06")
    row = replace(ROW, programme="NCC", code="NCC.06.41-50", amount=None, from_period=before_the_decree)
    errors, warnings = found(row, period=before_the_decree)
    assert [(one.column, one.code) for one in errors] == [(AMOUNT, "amount-needed")]
    assert warnings == []


def test_any_amount_is_taken_where_the_catalogue_has_no_figure() -> None:
    before_the_decree = Period("2023-06")
    row = replace(ROW, programme="NCC", code="NCC.06.41-50", amount=2_000_000, from_period=before_the_decree)
    assert_nothing(row, period=before_the_decree)


def test_an_amount_other_than_the_catalogues_must_be_accepted() -> None:
    assert_doubt(replace(ROW, amount=500_000), AMOUNT, "amount-differs")


def test_the_doubt_about_an_amount_names_the_figure_of_the_catalogue() -> None:
    _, warnings = found(replace(ROW, amount=500_000))
    assert "(440.000 đồng)" in warnings[0].message("vi")
    assert "(440000 đồng)" in warnings[0].message("en")


def test_the_amount_is_compared_with_the_figure_of_the_list_where_the_right_is_older() -> None:
    row = replace(ROW, amount=500_000, from_period=Period("2024-06"))
    assert_nothing(row, period=Period("2024-08"))


def test_the_amount_is_compared_with_the_figure_of_its_first_month_where_that_is_later() -> None:
    assert_nothing(replace(ROW, amount=500_000, from_period=Period("2024-07")), period=Period("2024-06"))


def test_a_single_parent_may_have_a_multiple_of_the_figure() -> None:
    assert_nothing(replace(ROW, code="BTXH.04", amount=1_320_000))


def test_a_multiple_of_any_other_code_must_be_accepted() -> None:
    assert_doubt(replace(ROW, amount=880_000), AMOUNT, "amount-differs")


def test_a_right_of_no_code_is_not_held_against_the_catalogue() -> None:
    assert_nothing(replace(ROW, programme="KHAC", item="16", code=None, amount=123_456))


def test_a_citizen_id_of_somebody_with_another_name_is_an_error() -> None:
    assert_error(ROW, CITIZEN_ID, "citizen-id-of-another", knows(name="Lý Thị Bạch"))


def test_a_name_written_in_another_way_is_the_same_name() -> None:
    assert_nothing(replace(ROW, name="HỒ THỊ  VÂN"), knows())


def test_somebody_with_a_right_in_another_commune_is_an_error() -> None:
    other: Right = ("NCC", "6", "NCC.06.41-50")
    assert_error(ROW, CITIZEN_ID, "registered-elsewhere", knows(other, commune="10117"))


def test_somebody_of_another_commune_without_any_right_is_right() -> None:
    assert_nothing(ROW, knows(commune="10117"))


def test_a_right_that_runs_already_is_an_error() -> None:
    assert_error(ROW, CITIZEN_ID, "right-runs-already", knows(OLD_AGE))


def test_a_right_of_merit_runs_already_though_the_row_leaves_out_its_item() -> None:
    row = replace(ROW, programme="NCC", code="NCC.06.41-50", amount=2_145_000)
    assert_error(row, CITIZEN_ID, "right-runs-already", knows(("NCC", "6", "NCC.06.41-50")))


def test_a_further_right_of_a_known_person_is_right() -> None:
    assert_nothing(replace(ROW, code="BTXH.06.SEVERE", amount=660_000), knows(OLD_AGE))


def test_a_new_id_beside_somebody_of_that_name_without_id_must_be_accepted() -> None:
    assert_doubt(ROW, NAME, "possible-double", knows(citizen_id=None))


def test_a_new_id_beside_somebody_of_that_name_with_another_id_is_another_person() -> None:
    assert_nothing(ROW, knows(OLD_AGE, citizen_id="001143999999"))


@pytest.mark.parametrize("known_id", [None, "001143999999"], ids=["known without id", "known with an id"])
@pytest.mark.parametrize("rights", [(), (OLD_AGE,)], ids=["lacks the right", "has the right"])
def test_a_row_without_id_beside_somebody_of_that_name_must_be_accepted(
    known_id: str | None, rights: tuple[Right, ...]
) -> None:
    assert_doubt(WITHOUT_ID, NAME, "possible-double", knows(*rights, citizen_id=known_id))


@pytest.mark.parametrize("row", [replace(WITHOUT_ID, birth="1944"), replace(WITHOUT_ID, name="Hồ Thị Vấn")])
def test_a_row_without_id_of_another_birth_or_name_is_a_new_person(row: Row) -> None:
    assert_nothing(row, knows(citizen_id=None))


def test_the_right_of_a_row_takes_its_item_from_the_code() -> None:
    assert right_of(replace(ROW, programme="NCC", code="NCC.06.41-50"), load()) == ("NCC", "6", "NCC.06.41-50")


def test_the_right_of_a_row_without_code_has_the_rows_item() -> None:
    assert right_of(replace(ROW, programme="KHAC", item="16", code=None), load()) == ("KHAC", "16", None)

"""From measures to cells: programmes and items to their places, sums, rounding. Figures are worked out by hand."""

import pytest

from services.reporting.cells import sources_of
from services.reporting.forms import assemble, differences, thousands
from services.reporting.read_model import Measure

KIM_BAI, BICH_HOA = "10114", "10126"


@pytest.mark.parametrize(
    ("dong", "printed"),
    [(-1_540_500, -1_541), (1_540_500, 1_541), (1_540_499, 1_540), (-1_540_499, -1_540), (499, 0), (-499, 0), (0, 0)],
)
def test_a_half_thousand_is_rounded_away_from_zero(dong: int, printed: int) -> None:
    assert thousands(dong) == printed


def test_people_on_the_roll_stand_in_their_programme_and_column_4_adds_5_7_and_9() -> None:
    form = assemble(
        "form-1",
        [
            Measure("I", KIM_BAI, "BTXH", "*", 10, 2),
            Measure("I", KIM_BAI, "NCC", "*", 5, 1),
            Measure("I", KIM_BAI, "KHAC", "*", 3, 0),
            Measure("I", KIM_BAI, "NCC", "5", 5, 1),
        ],
        [KIM_BAI],
    )
    assert form.rows["I"] == {"4": 18, "5": 10, "6": 2, "7": 5, "8": 1, "9": 3, "10": 0}
    assert form.rows["I.1"] == {"4": 10, "5": 10, "6": 2}
    assert form.rows["I.2"] == {"4": 5, "7": 5, "8": 1}
    assert form.rows["I.3"] == {"4": 3, "9": 3, "10": 0}
    assert form.rows["II"] == {}
    assert form.rows["II.1"] == {"4": 0, "5": 0, "6": 0, "7": 0, "8": 0, "9": 0, "10": 0}


def test_column_4_of_money_adds_what_is_printed_and_not_the_dong() -> None:
    money = [Measure("III.2", KIM_BAI, programme, "*", 1_500, 0) for programme in ("BTXH", "NCC", "KHAC")]
    form = assemble("form-1", money, [KIM_BAI])
    assert form.rows["III.2"]["5"] == form.rows["III.2"]["7"] == form.rows["III.2"]["9"] == 2
    assert form.rows["III.2"]["4"] == 6
    assert form.dong["III.2"]["4"] == 4_500


def test_a_district_adds_the_dong_of_its_communes_before_rounding() -> None:
    money = [
        Measure("III.2", KIM_BAI, "NCC", "*", 400, -1_540_400),
        Measure("III.2", BICH_HOA, "NCC", "*", 400, -100),
    ]
    district = assemble("form-1", money, [KIM_BAI, BICH_HOA])
    assert district.rows["III.2"]["7"] == 1
    assert district.rows["III.2"]["8"] == -1_541
    assert district.dong["III.2"]["8"] == -1_540_500
    assert assemble("form-1", money, [KIM_BAI]).rows["III.2"]["7"] == 0


def test_another_commune_does_not_count() -> None:
    assert assemble("form-1", [Measure("I", BICH_HOA, "NCC", "*", 7, 7)], [KIM_BAI]).rows["I"]["7"] == 0


def test_form_2_counts_by_item_and_its_bold_rows_add_their_items() -> None:
    form = assemble(
        "form-2",
        [
            Measure("I", KIM_BAI, "NCC", "5", 4, 1),
            Measure("I", KIM_BAI, "NCC", "12", 3, 0),
            Measure("I", KIM_BAI, "NCC", "*", 6, 1),
            Measure("I", KIM_BAI, "KHAC", "16", 2, 2),
            Measure("II.1", KIM_BAI, "NCC", "5", 2, 1),
            Measure("II.2", KIM_BAI, "NCC", "5", 3, 1),
            Measure("III.1", KIM_BAI, "NCC", "5", 3, 2),
            Measure("I", KIM_BAI, "BTXH", "*", 9, 9),
        ],
        [KIM_BAI],
    )
    assert form.rows["5"] == {"3": 4, "4": 1, "5": 2, "6": 3, "7": 3, "8": 2}
    assert form.rows["12"] == {"3": 3, "4": 0, "5": 0, "6": 0, "7": 0, "8": 0}
    assert form.rows["I"] == {"3": 7, "4": 1, "5": 2, "6": 3, "7": 3, "8": 2}
    assert form.rows["II"]["3"] == 2
    assert form.rows["II"]["4"] == 2
    assert "13" not in form.rows


def test_differences_name_only_the_cells_that_are_other_now() -> None:
    frozen = {"I": {"4": 3, "5": 2}, "II": {}, "III.2": {"5": 440}}
    now = {"I": {"4": 3, "5": 2}, "II": {}, "III.2": {"5": 0}}
    assert differences(frozen, now) == [{"row": "III.2", "column": "5", "frozen": 440, "now": 0}]


def test_a_cell_without_meaning_has_no_sources_and_a_sum_has_those_of_its_parts() -> None:
    assert sources_of("form-1", "I.1", "7") is None
    assert sources_of("form-1", "II", "4") is None
    assert sources_of("form-1", "I.1", "9") is None
    column_4 = sources_of("form-1", "III.2", "4") or ()
    assert [(one.programme, one.in_period) for one in column_4] == [("BTXH", False), ("NCC", False), ("KHAC", False)]
    assert len(sources_of("form-2", "I", "3") or ()) == 12

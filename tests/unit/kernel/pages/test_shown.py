"""How figures, days and words are written on a page."""

from datetime import UTC, date, datetime

import pytest

from services.kernel.web.pages import shown
from services.kernel.web.pages.amount_words import in_words


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (0, "0"), (999, "999"), (1_234_567, "1.234.567"), (-440_000, "\u2212440.000")]
)
def test_a_figure_has_dots_a_true_minus_and_nothing_where_it_has_no_meaning(value: int | None, text: str) -> None:
    assert shown.number(value) == text


def test_what_is_more_has_a_plus_and_zero_stands_alone() -> None:
    assert [shown.signed(value) for value in (5_000, 0, -5_000)] == ["+5.000", "0", "\u22125.000"]


def test_days_and_instants_are_those_of_viet_nam() -> None:
    assert shown.day(date(2023, 11, 5)) == shown.day("2023-11-05") == "05/11/2023"
    assert shown.day("1941") == "1941"
    assert shown.instant(datetime(2023, 11, 13, 18, 5, tzinfo=UTC)) == "14/11/2023 01:05"
    assert shown.period("2023-11") == "11/2023"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng."),
        (5, "Năm đồng."),
        (15, "Mười lăm đồng."),
        (21, "Hai mươi mốt đồng."),
        (105, "Một trăm linh năm đồng."),
        (1_011, "Một nghìn, không trăm mười một đồng."),
        (440_000, "Bốn trăm bốn mươi nghìn đồng."),
        (12_802_350_000, "Mười hai tỷ, tám trăm linh hai triệu, ba trăm năm mươi nghìn đồng."),
        (1_000_000_001, "Một tỷ, không trăm linh một đồng."),
        (2_000_000_000_000, "Hai nghìn tỷ đồng."),
        (-660_000, "Âm sáu trăm sáu mươi nghìn đồng."),
    ],
)
def test_an_amount_in_words(amount: int, words: str) -> None:
    assert in_words(amount) == words

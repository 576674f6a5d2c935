"""Days as people type them."""

from datetime import date

import pytest

from services.kernel.web.pages.typed import day_typed
from services.kernel.web.problems import Problem


@pytest.mark.parametrize("text", ["5/11/2023", "05-11-2023", "5.11.2023", "5112023", "05112023", " 2023-11-05 "])
def test_a_day_is_read_in_each_way_of_writing_it(text: str) -> None:
    assert day_typed(text) == date(2023, 11, 5)


@pytest.mark.parametrize("text", ["", "5/11/23", "31/11/2023", "2023", "0/1/2023", "mai"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="no-day"):
        day_typed(text)

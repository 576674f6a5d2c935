"""When attempts are barred: after the fifth failure for 15 minutes, then twice as long each time."""

from datetime import UTC, datetime, timedelta

import pytest

from services.kernel.decider import Rejected
from services.portal.attempts import Attempts, claim

NINE = datetime(2023, 11, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def after(failures: int, *, barred_until: datetime | None = None) -> Attempts:
    return Attempts(failures, NINE, barred_until)


def test_four_failures_bar_nothing() -> None:
    assert claim(after(3), NINE + MINUTE, 5) == Attempts(4, NINE + MINUTE, None)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(4, 15), (5, 30), (6, 60), (9, 480), (10, 960), (11, 1440), (40, 1440)]
)
def test_the_bar_doubles_up_to_a_day(failures: int, minutes: int) -> None:
    assert claim(after(failures), NINE, 5).barred_until == NINE + minutes * MINUTE


def test_while_barred_nothing_is_let_through_and_the_minutes_left_are_told() -> None:
    barred = after(5, barred_until=NINE + 15 * MINUTE)
    with pytest.raises(Rejected) as refused:
        claim(barred, NINE + timedelta(minutes=4, seconds=30), 5)
    assert (refused.value.code, refused.value.context) == ("barred", {"minutes": 11})
    assert claim(barred, NINE + 15 * MINUTE, 5).failures == 6


def test_a_day_after_the_bar_all_is_forgotten() -> None:
    barred = after(9, barred_until=NINE + 480 * MINUTE)
    assert claim(barred, NINE + 480 * MINUTE + timedelta(hours=24), 5).failures == 10
    assert claim(barred, NINE + 481 * MINUTE + timedelta(hours=24), 5) == Attempts(
        1, NINE + 481 * MINUTE + timedelta(hours=24), None
    )

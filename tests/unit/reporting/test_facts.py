"""Which instant a form looks from, who may see it, and what stands before the date."""

from datetime import UTC, datetime

import pytest

from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem
from services.reference import areas
from services.reference.areas import Area
from services.reporting.reports import place_of
from services.reporting.sight import instant, require_form, require_persons

NOVEMBER = Period("2023-11")


def area(code: str) -> Area:
    found = areas.find(code, NOVEMBER)
    assert found
    return found


def test_a_bare_day_is_its_end_in_viet_nam() -> None:
    assert instant("2023-12-04") == datetime(2023, 12, 4, 16, 59, 59, 999_999, UTC)


def test_an_instant_with_a_plus_that_was_not_encoded_is_read() -> None:
    assert instant("2023-12-04T10:00:00 07:00") == datetime(2023, 12, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2023-12-04T10:00:00", "2023-13-04", "9999-12-31", "today", ""])
def test_an_instant_without_a_zone_or_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        instant(text)
    assert refused.value.status == 422


def test_an_officer_of_a_commune_sees_its_form_and_the_districts_but_no_neighbours() -> None:
    officer = Caller("Lan", "commune-officer", "10114")
    require_form(officer, area("10114"), NOVEMBER)
    require_form(officer, area("278"), NOVEMBER)
    for code in ("10126", "01"):
        with pytest.raises(Problem):
            require_form(officer, area(code), NOVEMBER)


def test_an_officer_of_a_commune_sees_no_persons_of_the_district() -> None:
    officer = Caller("Lan", "commune-officer", "10114")
    require_persons(officer, area("10114"), NOVEMBER)
    with pytest.raises(Problem):
        require_persons(officer, area("278"), NOVEMBER)
    require_persons(Caller("Hoa", "district-officer", None), area("278"), NOVEMBER)


@pytest.mark.parametrize(
    ("name", "place"),
    [("Thị trấn Kim Bài", "Kim Bài"), ("Xã Bích Hòa", "Bích Hòa"), ("Huyện Thanh Oai", "Thanh Oai")],
)
def test_the_place_is_the_name_without_the_kind_of_unit(name: str, place: str) -> None:
    assert place_of(name) == place

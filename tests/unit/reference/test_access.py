"""Whose things a caller sees: the own commune's and those of the communes that it took over, or those of an area."""

from datetime import date

from services.kernel import clock
from services.kernel.web.auth import Caller
from services.reference import access, areas

OFFICER = Caller("lan", "commune-officer", "10174")


def test_the_office_is_bound_to_no_commune() -> None:
    assert access.communes_ever(Caller("minh", "district-officer", None)) is None


def test_before_the_merger_a_commune_sees_its_own_only() -> None:
    clock.set_today(date(2024, 12, 31))
    assert access.communes_ever(OFFICER) == ["10174"]


def test_after_the_merger_it_sees_what_it_took_over() -> None:
    clock.set_today(date(2025, 1, 1))
    assert access.communes_ever(OFFICER) == ["10174", "10177"]


def test_the_last_successor_sees_all_before_it() -> None:
    clock.set_today(date(2025, 7, 1))
    officer = Caller("lan", "commune-officer", "10180")
    assert access.communes_ever(officer) == ["10165", "10168", "10171", "10174", "10177", "10180"]


def test_police_of_the_district_see_all_its_communes_also_after_it_is_gone() -> None:
    for day in (date(2023, 11, 2), date(2025, 8, 2)):
        clock.set_today(day)
        seen = access.communes_ever(Caller("dung", "police", "278"))
        assert seen is not None
        assert {"10114", "10174"} <= set(seen)
        assert all(areas.within(one, "278", "2023-11") for one in seen)

"""Whose payments a caller sees: the own commune's and those of the communes that it took over."""

from datetime import date

import pytest

from services.disbursement.sight import communes_asked, communes_seen
from services.kernel import clock
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem

OFFICER = Caller("lan", "commune-officer", "10174")


def test_the_office_is_bound_to_no_commune() -> None:
    assert communes_seen(Caller("minh", "district-officer", None)) is None


def test_before_the_merger_a_commune_sees_its_own_only() -> None:
    clock.set_today(date(2024, 12, 31))
    assert communes_seen(OFFICER) == ["10174"]


def test_after_the_merger_it_sees_what_it_took_over() -> None:
    clock.set_today(date(2025, 1, 1))
    assert communes_seen(OFFICER) == ["10174", "10177"]


def test_the_last_successor_sees_all_before_it() -> None:
    clock.set_today(date(2025, 7, 1))
    officer = Caller("lan", "commune-officer", "10180")
    assert communes_seen(officer) == ["10165", "10168", "10171", "10174", "10177", "10180"]


def test_one_commune_is_asked_for_within_what_is_seen() -> None:
    clock.set_today(date(2025, 1, 1))
    assert communes_asked(OFFICER, "10177") == ["10177"]
    assert communes_asked(OFFICER, None) == ["10174", "10177"]
    for commune, status in (("10114", 403), ("99999", 422)):
        with pytest.raises(Problem) as refusal:
            communes_asked(OFFICER, commune)
        assert refusal.value.status == status

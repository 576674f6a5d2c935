"""Whose payments a call is about."""

from datetime import date

import pytest

from services.disbursement.sight import communes_asked
from services.kernel import clock
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem

OFFICER = Caller("lan", "commune-officer", "10174")


def test_one_commune_is_asked_for_within_what_is_seen() -> None:
    clock.set_today(date(2025, 1, 1))
    assert communes_asked(OFFICER, "10177") == ["10177"]
    assert communes_asked(OFFICER, None) == ["10174", "10177"]
    for commune, status in (("10114", 403), ("99999", 422)):
        with pytest.raises(Problem) as refusal:
            communes_asked(OFFICER, commune)
        assert refusal.value.status == status

"""A session: twelve hours at most, an hour without a renewal, and tokens of ten minutes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt

from services.kernel.web.auth import Caller, new_key, private_key, verify
from services.portal.sessions import Session

NINE = datetime(2023, 11, 2, 9, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HA = Session("s", "u", "Lê Thị Hà", "commune-officer", "10114", "mark", False, NINE, NINE, NINE)


def test_an_hour_without_a_renewal_ends_it() -> None:
    assert HA.is_alive(NINE + 59 * MINUTE)
    assert not HA.is_alive(NINE + 60 * MINUTE)


def test_twelve_hours_end_it_however_often_it_was_renewed() -> None:
    busy = replace(HA, seen_at=NINE + 12 * HOUR - MINUTE)
    assert busy.is_alive(NINE + 12 * HOUR - MINUTE)
    assert not busy.is_alive(NINE + 12 * HOUR)


def test_its_token_lasts_ten_minutes_and_says_when_the_person_last_proved_who_they_are() -> None:
    key = private_key(new_key())
    token = HA.token(key)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 600
    assert verify(key.public_key(), token) == Caller(
        "Lê Thị Hà", "commune-officer", "10114", "mark", int(NINE.timestamp())
    )

"""Tokens: signed, checked offline, for 12 hours."""

import jwt
import pytest

from services.kernel.web.auth import Caller, issue, new_key, private_key, verify
from services.kernel.web.problems import Problem

LAN = Caller("Lan", "commune-officer", "10114")


def test_a_token_speaks_for_the_person_role_and_area_it_was_issued_to() -> None:
    key = private_key(new_key())
    assert verify(key.public_key(), issue(key, LAN, 60)) == LAN


@pytest.mark.parametrize("lifetime", [-1, -3600])
def test_an_expired_token_is_refused(lifetime: int) -> None:
    key = private_key(new_key())
    with pytest.raises(Problem) as refused:
        verify(key.public_key(), issue(key, LAN, lifetime))
    assert refused.value.status == 401


def test_a_token_of_another_key_or_without_a_signature_is_refused() -> None:
    key, other = private_key(new_key()), private_key(new_key())
    unsigned = jwt.encode({"iss": "ansinh-portal", "sub": "Lan", "role": "admin", "exp": 9e9}, "", algorithm="none")
    for token in (issue(other, LAN, 60), unsigned, "x", "a.b.c"):
        with pytest.raises(Problem) as refused:
            verify(key.public_key(), token)
        assert refused.value.status == 401

"""What the provider's answer must be: every claim that is not as it should be, one at a time."""

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from services.kernel import clock
from services.kernel.decider import Rejected
from services.kernel.web.auth import new_key, private_key
from services.portal.oidc import Flow, Provider
from services.portal.oidc_settings import OidcMisconfigured, OidcSettings, oidc_settings
from services.portal.sign_in import Vouched

SETTINGS = OidcSettings("https://id.example", "ansinh", "secret", "preferred_username", "role", "area")
KEY = rsa.generate_private_key(65537, 2048)


def now() -> int:
    """Asked by each test, for the whole suite takes longer than a flow may."""
    return int(clock.now().timestamp())


def begun() -> Flow:
    return Flow("state", "nonce", "verifier", "/", again=False, begun_at=now())


def claims(**other: Any) -> dict[str, Any]:
    good = {
        "iss": "https://id.example",
        "aud": "ansinh",
        "sub": "77",
        "iat": now(),
        "exp": now() + 60,
        "nonce": "nonce",
        "preferred_username": "Lê Thị Hà",
        "role": "commune-officer",
        "area": "10114",
    }
    return {name: value for name, value in (good | other).items() if value is not None}


def keys(key: rsa.RSAPrivateKey = KEY) -> dict[str, Any]:
    own = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {"keys": [own | {"kid": "1", "alg": "RS256", "use": "sig"}]}


def checked(token: str, flow: Flow | None = None) -> dict[str, Any]:
    return Provider(SETTINGS)._checked(token, keys(), flow or begun())


def signed(**other: Any) -> str:
    return jwt.encode(claims(**other), KEY, "RS256", {"kid": "1"})


def test_a_good_answer_is_taken() -> None:
    assert checked(signed())["sub"] == "77"


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://other.example"},
        {"aud": "another"},
        {"azp": "another"},
        {"nonce": "of another flow"},
        {"nonce": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"sub": None},
    ],
)
def test_an_answer_of_another_provider_client_flow_or_time_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises((jwt.PyJWTError, ValueError)):
        checked(signed(**other))


def test_an_answer_that_the_provider_did_not_sign_is_refused() -> None:
    strange = rsa.generate_private_key(65537, 2048)
    for token in (
        jwt.encode(claims(), strange, "RS256", {"kid": "1"}),
        jwt.encode(claims(), "", "none", {"kid": "1"}),
        jwt.encode(claims(), "s" * 40, "HS256", {"kid": "1"}),
        jwt.encode(claims(), KEY, "RS256", {"kid": "2"}),
    ):
        with pytest.raises((jwt.PyJWTError, KeyError)):
            checked(token)


def test_proving_again_needs_an_authentication_since_the_flow_began() -> None:
    again = Flow("state", "nonce", "verifier", "/", again=True, begun_at=now())
    assert checked(signed(auth_time=now()), again)
    with pytest.raises(ValueError, match="another"):
        checked(signed(auth_time=now() - 3600), again)
    with pytest.raises(KeyError):
        checked(signed(), again)


def test_the_person_has_name_role_and_area_of_the_claims() -> None:
    person = Provider(SETTINGS)._person(claims())
    assert person == Vouched("77", "Lê Thị Hà", "commune-officer", "10114")
    assert Provider(SETTINGS)._person(claims(role=["x", "bank"], area=None)).role == "bank"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"role": None}, "oidc-claim-missing"),
        ({"role": ["bank", "admin"]}, "oidc-claim-missing"),
        ({"preferred_username": None}, "oidc-claim-missing"),
        ({"role": "boss"}, "no-such-role"),
        ({"area": None}, "area-needed"),
        ({"area": "278"}, "area-not-commune"),
    ],
)
def test_claims_that_make_no_user_of_ours_are_refused(other: dict[str, Any], why: str) -> None:
    with pytest.raises(Rejected) as refused:
        Provider(SETTINGS)._person(claims(**other))
    assert refused.value.code == why


def test_a_flow_is_known_by_its_own_browser_only() -> None:
    key, other = private_key(new_key()), private_key(new_key())
    flow = begun()
    assert Flow.opened(key, flow.sealed(key), "state") == flow
    old = Flow("state", "nonce", "verifier", "/", again=False, begun_at=now() - 601)
    for cookie, state in (
        (flow.sealed(key), "x"),
        (flow.sealed(other), "state"),
        ("", "state"),
        (old.sealed(key), "state"),
    ):
        with pytest.raises(Rejected, match="oidc-refused"):
            Flow.opened(key, cookie, state)


def test_the_settings_name_what_is_missing() -> None:
    named = {"ANSINH_OIDC_ISSUER": "https://id.example", "ANSINH_OIDC_CLIENT_ID": "ansinh"}
    assert oidc_settings({}) is None
    assert oidc_settings(named | {"ANSINH_OIDC_CLIENT_SECRET": "secret"}) == SETTINGS
    with pytest.raises(OidcMisconfigured, match="ANSINH_OIDC_CLIENT_SECRET"):
        oidc_settings(named)
    with pytest.raises(OidcMisconfigured, match="https://"):
        oidc_settings(named | {"ANSINH_OIDC_ISSUER": "http://id.example"})

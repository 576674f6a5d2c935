"""Sign-in at an identity provider: authorization code with PKCE (RFC 7636), state and nonce (OpenID Connect Core)."""

import hmac
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import quote_plus

import httpx
import jwt
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.kernel import clock, text
from services.kernel.decider import Rejected
from services.kernel.telemetry import logger
from services.kernel.web.auth import ALGORITHM
from services.portal.oidc_settings import OidcSettings
from services.portal.roles import check_name, check_role
from services.portal.sign_in import Vouched
from services.reference import access

FLOW_SECONDS = 600
# What the provider may sign with: never a shared secret, never nothing.
SIGNED_WITH = ("RS256", "PS256", "ES256", "EdDSA")
_FLOW_ISSUER = "ansinh-portal-oidc"
_SKEW_SECONDS = 30
_TIMEOUT_SECONDS = 10.0
log = logger("oidc")


@dataclass(frozen=True, slots=True)
class Flow:
    """One sign-in under way: what the browser keeps until it comes back, signed by us.

    `again`: the person proves anew who they are; `ve`: where they go on; `begun_at`: Unix seconds.
    """

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    ve: str
    again: bool
    begun_at: int

    def sealed(self, key: Ed25519PrivateKey) -> str:
        """The value of the browser's cookie."""
        claims = asdict(self) | {"iss": _FLOW_ISSUER, "exp": self.begun_at + FLOW_SECONDS}
        return jwt.encode(claims, key, algorithm=ALGORITHM)

    @classmethod
    def opened(cls, key: Ed25519PrivateKey, cookie: str, state: str) -> "Flow":
        """The flow of this browser that `state` answers. Raises Rejected."""
        try:
            claims = jwt.decode(cookie, key.public_key(), algorithms=[ALGORITHM], issuer=_FLOW_ISSUER)
        except jwt.PyJWTError as why:
            raise Rejected("oidc-refused") from why
        flow = cls(**{name: claims[name] for name in cls.__slots__})
        if not hmac.compare_digest(flow.state.encode(), state.encode()):
            raise Rejected("oidc-refused")
        return flow


class Provider:
    """The identity provider of this installation."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings

    async def begin(self, redirect_uri: str, ve: str, *, again: bool) -> tuple[str, Flow]:
        """Where the browser goes to sign in, and what it keeps meanwhile. Raises Rejected."""
        flow = Flow(
            clock.new_secret(),
            clock.new_secret(),
            clock.new_secret() + clock.new_secret(),
            ve,
            again,
            int(clock.now().timestamp()),
        )
        more = {"max_age": "0", "prompt": "login"} if again else {}
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
            document = await self._metadata(client)
        address: str = prepare_grant_uri(
            document["authorization_endpoint"],
            self.settings.client_id,
            "code",
            redirect_uri=redirect_uri,
            scope="openid profile",
            state=flow.state,
            nonce=flow.nonce,
            code_challenge=create_s256_code_challenge(flow.verifier),
            code_challenge_method="S256",
            **more,
        )
        return address, flow

    async def finish(self, redirect_uri: str, flow: Flow, code: str) -> Vouched:
        """Whom the provider vouches for. Raises Rejected."""
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
            document = await self._metadata(client)
            try:
                answer = await self._exchanged(client, document["token_endpoint"], redirect_uri, flow, code)
                keys = (await client.get(document["jwks_uri"])).raise_for_status().json()
                claims = self._checked(answer["id_token"], keys, flow)
            except httpx.TransportError as why:
                raise _away(why) from why
            except (httpx.HTTPStatusError, jwt.PyJWTError, KeyError, ValueError, TypeError) as why:
                log.warning("sign-in not confirmed", reason=type(why).__name__)
                raise Rejected("oidc-refused") from why
        return self._person(claims)

    async def _exchanged(
        self, client: httpx.AsyncClient, address: str, redirect_uri: str, flow: Flow, code: str
    ) -> dict[str, Any]:
        """What the provider gives for the code (RFC 6749, 4.1.3); id and secret go as 2.3.1 has them."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": flow.verifier,
        }
        own = quote_plus(self.settings.client_id), quote_plus(self.settings.client_secret)
        answer: dict[str, Any] = (await client.post(address, data=fields, auth=own)).raise_for_status().json()
        return answer

    async def _metadata(self, client: httpx.AsyncClient) -> dict[str, Any]:
        """The provider's own description; asked each time, so that a change there needs nothing here."""
        address = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            document: dict[str, Any] = (await client.get(address)).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as why:
            raise _away(why) from why
        if document.get("issuer") != self.settings.issuer:
            log.error("the provider calls itself otherwise than ANSINH_OIDC_ISSUER says")
            raise Rejected("oidc-refused")
        return document

    def _checked(self, id_token: str, keys: dict[str, Any], flow: Flow) -> dict[str, Any]:
        """The claims of an ID token that is this provider's, for us, of this flow (Core 3.1.3.7)."""
        key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(id_token)["kid"]]
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key,
            algorithms=list(SIGNED_WITH),
            audience=self.settings.client_id,
            issuer=self.settings.issuer,
            leeway=_SKEW_SECONDS,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
        is_ours = claims.get("azp", self.settings.client_id) == self.settings.client_id
        of_flow = hmac.compare_digest(str(claims.get("nonce", "")).encode(), flow.nonce.encode())
        is_fresh = not flow.again or int(claims["auth_time"]) >= flow.begun_at - _SKEW_SECONDS
        if not (is_ours and of_flow and is_fresh):
            raise ValueError("the token is of another client, flow or sign-in")
        return claims

    def _person(self, claims: dict[str, Any]) -> Vouched:
        name, area = claims.get(self.settings.name_claim), claims.get(self.settings.area_claim)
        role = _role_in(claims.get(self.settings.role_claim))
        for claim, value in ((self.settings.name_claim, name), (self.settings.role_claim, role)):
            if not isinstance(value, str) or not value:
                raise Rejected("oidc-claim-missing", claim=claim)
        person = Vouched(str(claims["sub"]), text.clean(str(name)), str(role), str(area) if area else None)
        check_name(person.name)
        check_role(person.role, person.area)
        return person


def _role_in(claim: object) -> object:
    """A role, also where the provider tells all roles of a person and one of them is ours."""
    if not isinstance(claim, list):
        return claim
    ours = [one for one in claim if one in access.ROLES]
    return ours[0] if len(ours) == 1 else None


def _away(why: Exception) -> Rejected:
    log.warning("the provider is away", reason=type(why).__name__)
    return Rejected("oidc-away")

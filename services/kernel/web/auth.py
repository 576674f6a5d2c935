"""Who calls: bearer tokens signed with EdDSA (RFC 8037), checked offline with the public key."""

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from services.kernel import clock
from services.kernel.web.problems import Problem

ALGORITHM = "EdDSA"
ISSUER = "ansinh-portal"
TOKEN_COOKIE = "ansinh_token"  # noqa: S105 - the cookie's name
SAFE = ("GET", "HEAD", "OPTIONS")
# Names the token in the OpenAPI document; what is sent is read by `caller_of`.
BEARER = Depends(HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT"))


@dataclass(frozen=True, slots=True)
class Caller:
    """The person (`name`), whatever role they use; `area` is the code they are bound to, None for everywhere.

    Of a session of the pages also: `csrf`, the mark that its forms carry, and `auth_at`, the second (Unix time) in
    which the person last proved who they are.
    """

    name: str
    role: str
    area: str | None
    csrf: str = field(default="", repr=False)
    auth_at: int = 0


def private_key(text: str) -> Ed25519PrivateKey:
    """The signing key from its 32 bytes in base64."""
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text))


def new_key() -> str:
    """A new signing key: 32 bytes in base64."""
    return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def issue(key: Ed25519PrivateKey, caller: Caller, lifetime_seconds: int) -> str:
    """A token for that person in that role, valid from now."""
    now = int(clock.now().timestamp())
    claims = {
        "iss": ISSUER,
        "sub": caller.name,
        "role": caller.role,
        "area": caller.area,
        "iat": now,
        "exp": now + lifetime_seconds,
    }
    if caller.csrf:
        claims |= {"csrf": caller.csrf, "auth_at": caller.auth_at}
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def verify(key: Ed25519PublicKey, token: str) -> Caller:
    """The caller a token speaks for; raises Problem 401."""
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM], issuer=ISSUER, options={"verify_exp": False})
        expires = datetime.fromtimestamp(claims["exp"], UTC)
        caller = Caller(
            claims["sub"], claims["role"], claims.get("area"), claims.get("csrf", ""), int(claims.get("auth_at", 0))
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError) as why:
        raise Problem(401, "no-token", "Mã truy cập không hợp lệ.", "The token is not valid.") from why
    if expires < clock.now():
        raise Problem(401, "no-token", "Mã truy cập đã hết hạn, hãy đăng nhập lại.", "The token has expired.")
    return caller


def caller_of(request: Request) -> Caller:
    """The caller of a request, by bearer token or by the pages' session; raises Problem 401 or 403.

    Of a session, a call that writes must bring the session's mark (`X-CSRF-Token`): a cookie comes by itself, also
    with what another site's page sends.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return verify(request.app.state.public_key, token.strip())
    kept = request.cookies.get(TOKEN_COOKIE)
    if not kept:
        raise Problem(401, "no-token", "Cần mã truy cập (bearer token).", "A bearer token is needed.")
    caller = verify(request.app.state.public_key, kept)
    mark = request.headers.get("x-csrf-token", "")
    if request.method not in SAFE and not (caller.csrf and hmac.compare_digest(mark.encode(), caller.csrf.encode())):
        raise Problem(
            403, "not-allowed", "Thiếu dấu của phiên (X-CSRF-Token).", "The session's mark is missing (X-CSRF-Token)."
        )
    return caller


def allowed(*roles: str) -> Callable[[Request], Caller]:
    """A dependency: the caller, if their role is one of these; raises Problem 401 or 403."""

    def check(request: Request, _described: object = BEARER) -> Caller:
        caller = caller_of(request)
        if roles and caller.role not in roles:
            raise Problem(403, "not-allowed", "Vai trò của bạn không làm được việc này.", "Your role may not do this.")
        return caller

    return check

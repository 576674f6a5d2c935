"""Words of a search that may stand in an address: sealed, so that no address book, log or shoulder reads a name."""

import base64
import hashlib

import orjson
from cryptography.fernet import Fernet, InvalidToken
from fastapi import Request

from services.kernel.web.auth import Caller
from services.kernel.web.writes import running_of

LIFETIME_SECONDS = 12 * 3600


def seal(request: Request, caller: Caller, words: str) -> str:
    """The words as an opaque key, good for the same person and half a day."""
    return _box(request).encrypt(orjson.dumps([caller.name, words])).decode()


def unseal(request: Request, caller: Caller, key: str) -> str:
    """The words of a key; "" for what is none, is old or another's."""
    try:
        name, words = orjson.loads(_box(request).decrypt(key.encode(), ttl=LIFETIME_SECONDS))
    except (InvalidToken, UnicodeEncodeError):
        return ""
    return str(words) if name == caller.name else ""


def _box(request: Request) -> Fernet:
    key = hashlib.sha256(b"words of a search\x00" + running_of(request).settings.token_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))

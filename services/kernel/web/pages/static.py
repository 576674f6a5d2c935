"""The files that pages load: named by their content, so that a browser keeps them for good."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from services.kernel.web.problems import Problem

PREFIX = "tinh"
HTMX = "htmx.min.js"
"""Put here at install (`python -m infra.htmx`); where it lacks, pages work without it."""
_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
router = APIRouter()


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_content(name), mtime=0)


@cache
def address_of(name: str) -> str:
    """The address of a static file, "" where it is not there."""
    if not (_FOLDER / name).is_file():
        return ""
    return f"/{PREFIX}/{hashlib.sha256(_content(name)).hexdigest()[:12]}/{name}"


@router.get(f"/{PREFIX}/{{digest}}/{{name}}")
async def static_file(request: Request, name: str) -> Response:
    """A static file; the digest in its address is that of its content."""
    known = name in {one.name for one in _FOLDER.iterdir()} and Path(name).suffix in _TYPES
    if not known or request.url.path != address_of(name):
        raise Problem(404, "not-found")
    headers = {
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        "vary": "Accept-Encoding",
    }
    # Only what holds no secret is packed: how well a page packs would tell of the mark of the session in it (BREACH).
    packs = "gzip" in request.headers.get("accept-encoding", "")
    headers |= {"content-encoding": "gzip"} if packs else {}
    content = _packed(name) if packs else _content(name)
    return Response(content, media_type=_TYPES[Path(name).suffix], headers=headers)

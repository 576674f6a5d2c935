"""The body of a request: read with a bound, as JSON, as a raw file, or as a form with one file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from services.kernel.web.problems import Problem

FILE_BYTES_MAX = 20 * 1024 * 1024
BODY_BYTES_MAX = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent: the file or raw content, its media type, and the form's other fields."""

    content: bytes
    media_type: str
    fields: Mapping[str, str] = field(default_factory=dict)
    file_name: str = ""

    def identity(self) -> tuple[bytes, ...]:
        """The parts that make two bodies the same (a form's boundary does not)."""
        return (self.content, *(f"{key}={value}".encode() for key, value in sorted(self.fields.items())))

    def json(self) -> Any:
        """The JSON value; raises Problem 422 for what is none (doubled keys and NaN included)."""
        return parse_json(self.content)


def parse_json(content: bytes) -> Any:
    """A JSON value, strictly: raises Problem 422 naming the fault."""

    def no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key stands twice in one object")
        return found

    def no_constants(text: str) -> Any:
        raise ValueError(f"{text} is not JSON")

    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=no_doubles, parse_constant=no_constants)
    except (ValueError, RecursionError) as why:
        raise Problem(
            422,
            "input-wrong",
            "Nội dung không phải JSON đúng chuẩn (UTF-8, không trùng khóa, không NaN).",
            "The body is not proper JSON (UTF-8, no doubled keys, no NaN).",
        ) from why


async def read_body(request: Request) -> Body:
    """The request's body, at most BODY_BYTES_MAX; raises Problem 413 or 422."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await _bounded(request)
    if media_type != "multipart/form-data":
        return Body(content, media_type)
    request._body = content  # Starlette reads a form from the body once it has it
    try:
        async with request.form(max_files=1, max_fields=20) as form:
            upload = form.get("file")
            fields = {key: value for key, value in form.items() if isinstance(value, str)}
            if not isinstance(upload, UploadFile):
                raise Problem(422, "input-wrong", "Thiếu tệp trong trường file.", "The field file is missing.")
            data = await upload.read()
            if len(data) > FILE_BYTES_MAX:
                raise _too_large()
            return Body(data, upload.content_type or "", fields, upload.filename or "")
    except (MultiPartException, ValueError) as why:
        raise Problem(422, "input-wrong", "Biểu mẫu gửi lên bị hỏng, hãy gửi lại.", "The form is malformed.") from why


async def _bounded(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_BYTES_MAX:
            raise _too_large()
        parts.append(part)
    return b"".join(parts)


def _too_large() -> Problem:
    return Problem(
        413,
        "too-large",
        "Tệp lớn hơn 20 MB. Hãy chia nhỏ tệp rồi gửi lại.",
        "The file is over 20 MB; split it and send it again.",
    )

"""The body of a request: read with a bound, as JSON, as a raw file, or as a form with one file."""

import json
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from services.kernel.web.problems import Problem

FILE_BYTES_MAX = 20 * 1024 * 1024
BODY_BYTES_MAX = 40 * 1024 * 1024
FIELDS_MAX = 40
# Ticks beside the people of a commune are one each.
PAIRS_MAX = 20_000
UNNAMED = "file"
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent: the file or raw content, its media type, and the form's other fields.

    `file_name` is empty unless a form brought a file.
    """

    content: bytes
    media_type: str
    fields: Mapping[str, str] = field(default_factory=dict)
    file_name: str = ""

    def identity(self) -> tuple[bytes, ...]:
        """The parts that make two bodies the same (a form's boundary does not)."""
        return (self.content, *(f"{key}={value}".encode() for key, value in sorted(self.fields.items())))

    def json(self) -> Any:
        """The JSON value; raises Problem 415 for another media type, 413, or 422 for what is none (doubled keys and
        NaN included).
        """
        if self.media_type not in ("", "application/json"):
            raise Problem(
                415,
                "media-type",
                "Gửi JSON với Content-Type: application/json.",
                "Send JSON as Content-Type: application/json.",
            )
        return parse_json(self.content)


def parse_json(content: bytes) -> Any:
    """A JSON value, strictly: raises Problem 413, or 422 naming the fault."""
    if len(content) > FILE_BYTES_MAX:
        raise _too_large()

    def no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a key stands twice in one object")
        return found

    def no_constants(text: str) -> Any:
        raise ValueError(f"{text} is not JSON")

    try:
        text = content.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=no_doubles, parse_constant=no_constants)
        return _without_halves(value) if _HALF.search(text) else value
    except (ValueError, RecursionError) as why:
        raise Problem(
            422,
            "input-wrong",
            "Nội dung không phải JSON đúng chuẩn (UTF-8, không trùng khóa, không NaN).",
            "The body is not proper JSON (UTF-8, no doubled keys, no NaN).",
        ) from why


def _without_halves(value: Any) -> Any:
    """The value with U+FFFD where half of a surrogate pair stood: nothing could store or answer that."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, list):
        return [_without_halves(one) for one in value]
    if isinstance(value, dict):
        return {_without_halves(key): _without_halves(one) for key, one in value.items()}
    return value


async def read_body(request: Request) -> Body:
    """The request's body, at most BODY_BYTES_MAX; raises Problem 413 or 422."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await _bounded(request)
    if media_type != "multipart/form-data":
        return Body(content, media_type)
    form = await _form(request.headers, content)
    try:
        upload = form.get("file")
        if not isinstance(upload, UploadFile):
            raise Problem(422, "input-wrong", "Thiếu tệp trong trường file.", "The field file is missing.")
        data = await upload.read()
        if len(data) > FILE_BYTES_MAX:
            raise _too_large()
        fields = {key: value for key, value in form.items() if isinstance(value, str)}
        return Body(data, upload.content_type or "", fields, upload.filename or UNNAMED)
    finally:
        await form.close()


async def read_fields(request: Request) -> tuple[Mapping[str, Sequence[str]], bytes, str]:
    """The fields of a page's form with all their values, its file's content and name; raises Problem 413 or 422."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    content = await _bounded(request)
    if media_type != "multipart/form-data":
        return _pairs(content), b"", ""
    form = await _form(request.headers, content)
    try:
        fields = {name: [one for one in form.getlist(name) if isinstance(one, str)] for name in form}
        upload = form.get("file")
        if not isinstance(upload, UploadFile):
            return fields, b"", ""
        data = await upload.read()
        if len(data) > FILE_BYTES_MAX:
            raise _too_large()
        return fields, data, upload.filename or ""
    finally:
        await form.close()


def _pairs(content: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(content.decode(), keep_blank_values=True, max_num_fields=PAIRS_MAX, errors="strict")
    except ValueError as why:
        raise Problem(422, "input-wrong", "Biểu mẫu gửi lên bị hỏng, hãy gửi lại.", "The form is malformed.") from why


class _FormParser(MultiPartParser):
    """Takes the part `file` for a file however its name is written: some programs send none, or only `filename*`
    (RFC 5987), which is no part of forms (RFC 7578, 4.2).
    """

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._current_part.content_disposition)
        if options.get(b"name") == b"file" and b"filename" not in options:
            self._current_part.content_disposition = b'form-data; name="file"; filename=""'
        super().on_headers_finished()


async def _form(headers: Headers, content: bytes) -> FormData:
    async def whole() -> AsyncGenerator[bytes, None]:
        yield content

    try:
        return await _FormParser(headers, whole(), max_files=1, max_fields=FIELDS_MAX).parse()
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

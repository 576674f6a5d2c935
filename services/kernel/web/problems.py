"""Problem documents (RFC 9457), in Vietnamese or English by `Accept-Language`."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
TITLES: dict[str, tuple[str, str]] = {
    "no-token": ("Chưa đăng nhập", "Not signed in"),
    "not-allowed": ("Không có quyền", "Not allowed"),
    "not-found": ("Không tìm thấy", "Not found"),
    "input-wrong": ("Dữ liệu nhập chưa đúng", "The input is wrong"),
    "too-large": ("Tệp quá lớn", "Too large"),
    "media-type": ("Không nhận định dạng này", "Media type not supported"),
    "state-conflict": ("Trạng thái hiện tại không cho phép", "The present state does not allow it"),
    "key-used": ("Khóa chống lặp đã dùng cho nội dung khác", "Idempotency key used for another input"),
    "not-ready": ("Dịch vụ đang khởi động", "The service is starting"),
    "unavailable": ("Tạm thời không phục vụ được", "Temporarily unavailable"),
    "try-again": ("Dữ liệu vừa được người khác thay đổi, hãy thử lại", "Changed by somebody else, try again"),
}


class Problem(Exception):
    """An answer that is not a success: HTTP status, slug, and the words for people in both languages."""

    def __init__(self, status: int, slug: str, vi: str = "", en: str = "", **more: Any) -> None:
        super().__init__(slug)
        self.status = status
        self.slug = slug
        self.detail = {"vi": vi, "en": en or vi}
        self.more = more


def language(request: Request) -> str:
    """`vi`, unless the caller prefers English."""
    wanted = request.headers.get("accept-language", "")[:100].lower()
    return "en" if wanted.startswith("en") else "vi"


def respond(request: Request, problem: Problem) -> Response:
    """The problem document in the caller's language."""
    spoken = language(request)
    vi, en = TITLES.get(problem.slug, ("", ""))
    title = (en if spoken == "en" else vi) or problem.detail[spoken] or problem.slug
    body = {"type": f"/problems/{problem.slug}", "title": title, "status": problem.status, **problem.more}
    if problem.detail[spoken]:
        body["detail"] = problem.detail[spoken]
    if "errors" in body:
        body["errors"] = [_said(error, spoken) for error in body["errors"]]
    return Response(orjson.dumps(body, default=str), problem.status, media_type=MEDIA_TYPE)


def _said(error: Mapping[str, Any], spoken: str) -> dict[str, Any]:
    """An error whose message may stand in two languages (`vi`, `en`), in one."""
    told = {key: value for key, value in error.items() if key not in ("vi", "en")}
    return told | ({"message": error[spoken]} if spoken in error else {})


def from_validation(errors: Sequence[Any]) -> Problem:
    """What FastAPI found wrong with parameters or a body, without the values themselves."""
    found = [
        {"row": None, "column": ".".join(str(part) for part in one["loc"]), "code": one["type"], "message": one["msg"]}
        for one in errors
    ]
    return Problem(
        422,
        "input-wrong",
        "Có tham số thiếu hoặc sai, xem từng mục trong errors.",
        "Parameters are missing or wrong, see errors.",
        errors=found,
    )


async def on_problem(request: Request, why: Exception) -> Response:
    assert isinstance(why, Problem)  # noqa: S101 - registered for this class only
    return respond(request, why)


async def on_validation(request: Request, why: Exception) -> Response:
    assert isinstance(why, RequestValidationError)  # noqa: S101 - registered for this class only
    return respond(request, from_validation(why.errors()))


async def on_http(request: Request, why: Exception) -> Response:
    assert isinstance(why, HTTPException)  # noqa: S101 - registered for this class only
    if why.status_code == 400:
        # The framework's word for a body that it cannot read; the contract has one status for wrong input.
        unread = "Không đọc được nội dung gửi lên, hãy gửi lại.", "The body cannot be read; send it again."
        return respond(request, Problem(422, "input-wrong", *unread))
    slug = {401: "no-token", 403: "not-allowed", 404: "not-found", 413: "too-large", 415: "media-type"}
    return respond(request, Problem(why.status_code, slug.get(why.status_code, "input-wrong"), "", str(why.detail)))

"""The OpenAPI document of a service, whole: problems, files and bodies that FastAPI does not see by itself."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Response

from services.kernel.web.problems import MEDIA_TYPE, TITLES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
CSV = "text/csv"
JSON = "application/json"
FORM = "multipart/form-data"
BINARY: Mapping[str, Any] = {"type": "string", "format": "binary"}
ANY_OBJECT: Mapping[str, Any] = {"type": "object"}

_PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "a fixed slug, e.g. /problems/input-wrong"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
# Status → the slug whose title describes it.
_OF_INPUT = {404: "not-found", 422: "input-wrong"}
_OF_CALLER = {401: "no-token", 403: "not-allowed"}
_OF_WRITE = {409: "state-conflict", 413: "too-large", 415: "media-type"}
_WRITES = frozenset({"post", "put", "patch", "delete"})


class Workbook(Response):
    """An answer that is an XLSX file (as `response_class` of a route)."""

    media_type = XLSX


def answers(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """`responses` of a route that answers with a file in one of these forms (with `response_class=Response`)."""
    return {200: {"description": "The file", "content": {one: {"schema": dict(BINARY)} for one in media_types}}}


def takes(content: Mapping[str, Mapping[str, Any]], required: bool = True) -> dict[str, Any]:
    """`openapi_extra` of a route that reads its body itself: media type → schema."""
    described = {media_type: {"schema": dict(schema)} for media_type, schema in content.items()}
    return {"requestBody": {"required": required, "content": described}}


def form(**fields: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a form with one file and these fields."""
    return {"type": "object", "required": ["file"], "properties": {"file": dict(BINARY), **fields}}


def rows(**fields: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a JSON array of objects with these fields."""
    return {"type": "array", "items": {"type": "object", "properties": fields}}


class DocumentedApi(FastAPI):
    """An application whose document also names every problem that its routes answer."""

    def openapi(self) -> dict[str, Any]:
        """The document; made once."""
        if self.openapi_schema is None:
            self.openapi_schema = with_problems(super().openapi())
        return self.openapi_schema


def with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the problem documents of every call that needs a token."""
    for methods in document["paths"].values():
        for method, operation in methods.items():
            # FastAPI's own description of wrong input is not what we answer.
            operation["responses"].pop("422", None)
            if "security" in operation:
                found = _OF_CALLER | _OF_INPUT | (_OF_WRITE if method in _WRITES else {})
                operation["responses"] |= {str(status): problem(slug) for status, slug in sorted(found.items())}
    for unused in ("HTTPValidationError", "ValidationError"):
        document.get("components", {}).get("schemas", {}).pop(unused, None)
    return document


def problem(slug: str) -> dict[str, Any]:
    """How a document describes a problem (RFC 9457)."""
    vi, en = TITLES[slug]
    return {"description": f"{vi} / {en}", "content": {MEDIA_TYPE: {"schema": dict(_PROBLEM)}}}

"""The OpenAPI document: who needs a token, which problems a call answers, what bodies and files look like."""

from typing import Any

import pytest
from fastapi import Depends, Response

from services.kernel.web.auth import Caller, allowed
from services.kernel.web.documented import FORM, JSON, PDF, XLSX, DocumentedApi, Workbook, answers, form, rows, takes

ANYBODY = Depends(allowed())


@pytest.fixture
def document() -> dict[str, Any]:
    app = DocumentedApi()

    @app.get("/open")
    async def open_to_all() -> dict[str, str]:
        return {}

    @app.get("/things")
    async def things(limit: int, _caller: Caller = ANYBODY) -> dict[str, str]:
        return {}

    @app.post("/things", openapi_extra=takes({JSON: rows(number={"type": "integer"}), FORM: form()}))
    async def add_things(_caller: Caller = ANYBODY) -> Response:
        return Response()

    @app.get("/things.xlsx", response_class=Workbook)
    async def things_workbook(_caller: Caller = ANYBODY) -> Response:
        return Workbook()

    @app.get("/form.{suffix}", response_class=Response, responses=answers(XLSX, PDF))
    async def printed(suffix: str, _caller: Caller = ANYBODY) -> Response:
        return Response()

    return app.openapi()


def test_a_call_that_needs_a_token_says_so_and_names_its_problems(document: dict[str, Any]) -> None:
    read, write = document["paths"]["/things"]["get"], document["paths"]["/things"]["post"]
    assert read["security"] == write["security"] == [{"bearer": []}]
    assert sorted(read["responses"]) == ["200", "401", "403", "404", "422"]
    assert sorted(write["responses"]) == ["200", "401", "403", "404", "409", "413", "415", "422"]
    assert list(read["responses"]["422"]["content"]) == ["application/problem+json"]


def test_an_open_call_has_no_problems_of_callers(document: dict[str, Any]) -> None:
    assert list(document["paths"]["/open"]["get"]["responses"]) == ["200"]


def test_bodies_that_routes_read_themselves_are_described(document: dict[str, Any]) -> None:
    body = document["paths"]["/things"]["post"]["requestBody"]
    assert body["required"]
    assert body["content"]["application/json"]["schema"]["items"]["properties"] == {"number": {"type": "integer"}}
    assert body["content"]["multipart/form-data"]["schema"]["required"] == ["file"]


def test_files_are_described_by_their_media_types(document: dict[str, Any]) -> None:
    workbook = document["paths"]["/things.xlsx"]["get"]["responses"]["200"]
    printed = document["paths"]["/form.{suffix}"]["get"]["responses"]["200"]
    assert list(workbook["content"]) == [XLSX]
    assert list(printed["content"]) == [XLSX, PDF]


def test_what_fastapi_says_of_wrong_input_is_gone(document: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in document.get("components", {}).get("schemas", {})

"""Hands files in over HTTP and holds the answers to what every answer must be."""

import re
from dataclasses import dataclass
from typing import Any

import httpx

from infra.sandbox.client import Client
from services.registry.headings import HEADINGS
from tests.files.lists import COMMUNE, OTHER_COMMUNE, PERIOD

Finding = tuple[int, str, str]
"""Row, column and code of an error or warning."""
OFFICER = "commune-officer"
_REMEDY = re.compile(
    "(?i)ghi|gõ|sửa|xóa|điền|mở|lưu|để trống|kiểm tra|đối chiếu|giữ|viết|bỏ|gửi|thêm|chỉ để|dùng|bổ sung|chọn"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A list that was kept: its rows by number, and its findings."""

    list_id: str
    rows: dict[int, dict[str, Any]]
    errors: list[Finding]
    warnings: list[Finding]
    messages: dict[Finding, str]


class Office:
    """A commune's officer."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def ask(
        self, method: str, path: str, home: str = COMMUNE, role: str = OFFICER, **more: Any
    ) -> httpx.Response:
        """Any call, whatever comes of it; never a 5xx, and after a write the service is well."""
        headers = {"Authorization": f"Bearer {self.client._token(role, home or None)}", **more.pop("headers", {})}
        response = await self.client.http.request(method, path, headers=headers, **more)
        assert response.status_code < 500, response.text
        if method != "GET":
            ready = await self.client.http.get(f"/{path.split('/')[1]}/health/ready")
            assert ready.status_code == 200, ready.text
        return response

    async def hand_in(self, content: bytes, name: str = "danh-sach.xlsx", home: str = COMMUNE) -> httpx.Response:
        fields = {"commune": home, "period": PERIOD}
        return await self.ask("POST", "/registry/change-lists", home, files={"file": (name, content)}, data=fields)

    async def take(self, content: bytes, name: str = "danh-sach.xlsx") -> Taken:
        """A list that must be kept, read back."""
        response = await self.hand_in(content, name)
        assert response.status_code == 201, response.text
        return await self.look_at(response.json()["id"])

    async def look_at(self, list_id: str) -> Taken:
        """A kept list as it is shown; every finding in it says where it stands and what to do."""
        shown = (await self.ask("GET", f"/registry/change-lists/{list_id}")).json()
        findings = {kind: [_checked(one) for one in shown[kind]] for kind in ("errors", "warnings")}
        rows = {one.pop("row"): one for one in shown["rows"]}
        messages = {_place(one): one["message"] for kind in findings.values() for one in kind}
        errors, warnings = (list(map(_place, found)) for found in findings.values())
        return Taken(list_id, rows, errors, warnings, messages)

    async def refuse(self, content: bytes, name: str = "danh-sach.xlsx") -> dict[str, Any]:
        """A file that must be refused whole: the problem, in Vietnamese with a remedy; nothing is kept."""
        before = await self._lists(OTHER_COMMUNE)
        response = await self.hand_in(content, name, OTHER_COMMUNE)
        assert response.status_code in (413, 422), response.text
        problem: dict[str, Any] = response.json()
        assert problem["status"] == response.status_code
        assert response.headers["content-type"] == "application/problem+json"
        assert _REMEDY.search(problem["detail"]), problem
        assert await self._lists(OTHER_COMMUNE) == before
        return problem

    async def _lists(self, home: str) -> list[str]:
        listed = await self.ask("GET", "/registry/change-lists", home, params={"commune": home, "limit": 1000})
        return [one["id"] for one in listed.json()["items"]]


def _place(finding: dict[str, Any]) -> Finding:
    return finding["row"], finding["column"], finding["code"]


def _checked(finding: dict[str, Any]) -> dict[str, Any]:
    assert isinstance(finding["row"], int)
    assert finding["column"] in HEADINGS
    assert re.search("[ăâđêôơưáàảãạ]", finding["message"]), finding
    assert _REMEDY.search(finding["message"]), finding
    return finding

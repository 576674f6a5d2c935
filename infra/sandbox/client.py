"""A caller of the public interfaces, as any person of the plan: tokens, one-shot writes, waiting until all is quiet."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping
from typing import Any, TypeVar

import httpx
import orjson

from services.kernel import clock
from services.portal.tokens import issue_token

SERVICES = ("registry", "onboarding", "disbursement", "reporting")
PAGE = 1_000
TIMEOUT_SECONDS = 600.0
QUIET_SECONDS = 120.0
Json = Any


AT_ONCE = 4
T = TypeVar("T")


async def few_at_once(calls: Iterable[Awaitable[T]], at_once: int = AT_ONCE) -> list[T]:
    """What the calls answer, in their order; so many of them are under way at a time."""
    gate = asyncio.Semaphore(at_once)

    async def one(call: Awaitable[T]) -> T:
        async with gate:
            return await call

    return list(await asyncio.gather(*map(one, calls)))


class Refused(Exception):
    """A call that did not succeed; the message has the method, address, status and the problem's words."""


class Client:
    """Calls one system at `base` in any role."""

    def __init__(self, base: str, key: str) -> None:
        self.http = httpx.AsyncClient(base_url=base, timeout=TIMEOUT_SECONDS)
        self.key = key
        self._tokens: dict[tuple[str, str | None], str] = {}

    def _token(self, role: str, home: str | None) -> str:
        if (role, home) not in self._tokens:
            self._tokens[role, home] = issue_token(self.key, role, home, None)
        return self._tokens[role, home]

    async def call(self, method: str, path: str, role: str, home: str | None = None, **more: Any) -> httpx.Response:
        """One call that must succeed, by a person bound to `home`; every write has its own key. Raises Refused."""
        headers = {"Authorization": f"Bearer {self._token(role, home)}", **more.pop("headers", {})}
        if method != "GET":
            headers["Idempotency-Key"] = clock.new_id()
        response = await self.http.request(method, path, headers=headers, **more)
        if response.is_error:
            raise Refused(f"{method} {path} ({role}): {response.status_code} {response.text[:600]}")
        return response

    async def get(self, path: str, role: str, home: str | None = None, **query: Any) -> Json:
        return orjson.loads((await self.call("GET", path, role, home, params=query)).content)

    async def post(self, path: str, role: str, home: str | None = None, body: Json = None, **more: Any) -> Json:
        if body is not None:
            more["content"] = orjson.dumps(body)
            more["headers"] = {"Content-Type": "application/json", **more.get("headers", {})}
        return orjson.loads((await self.call("POST", path, role, home, **more)).content)

    async def upload(self, path: str, role: str, home: str, file: tuple[str, bytes], fields: Mapping[str, str]) -> Json:
        """Posts a form with one file."""
        return (await self.call("POST", path, role, home, files={"file": file}, data=dict(fields))).json()

    async def items(self, path: str, role: str, **query: Any) -> AsyncIterator[Json]:
        """All items of a list, page by page."""
        cursor: str | None = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = await self.get(path, role, limit=PAGE, **query, **more)
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if not cursor:
                return

    async def quiet(self) -> None:
        """Until no service has anything unsent or unread, twice in a row; raises TimeoutError if it gets no less."""
        calm, left, since = 0, 0, clock.monotonic()
        while calm < 2:
            lags = await asyncio.gather(*(self.get(f"/{name}/lag", "auditor") for name in SERVICES))
            behind = sum(lag["unpublished"] + lag["events_behind"] for lag in lags)
            calm = 0 if behind else calm + 1
            if behind != left:
                left, since = behind, clock.monotonic()
            if behind and clock.monotonic() - since > QUIET_SECONDS:
                raise TimeoutError(f"no progress for {QUIET_SECONDS:.0f} s: {lags}")
            if not calm:
                await asyncio.sleep(0.05)

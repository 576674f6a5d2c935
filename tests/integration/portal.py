"""The portal alone on a schema of its own, and browsers that come to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx
from fastapi import FastAPI

from infra.stack import Connections
from services.kernel.settings import KafkaSettings, ServiceSettings
from services.kernel.web.auth import TOKEN_COOKIE, Caller, new_key, private_key, verify
from services.portal import user_handlers
from services.portal.tokens import issue_token
from services.site import site

ADMIN = "Lý Văn Tài"
OWN = "trâu vàng ăn rạ non"


@dataclass
class Portal:
    """A running portal: its application, its key, and its tables."""

    app: FastAPI
    key: str
    pool: asyncpg.Pool

    def browser(self, scheme: str = "http", address: str = "203.0.113.7") -> httpx.AsyncClient:
        """A browser without cookies at a network address; it follows no redirect by itself."""
        transport = httpx.ASGITransport(self.app, client=(address, 50_000))
        return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://ansinh.test")

    def program(self, role: str, name: str | None = None) -> httpx.AsyncClient:
        """A caller of the API with a bearer token."""
        client = self.browser()
        client.headers["authorization"] = f"Bearer {issue_token(self.key, role, None, name)}"
        return client

    async def add(self, name: str, login: str, role: str = "bank", area: str | None = None) -> str:
        """A new user; gives the first password."""
        async with self.pool.acquire() as connection, connection.transaction():
            return (await user_handlers.add(connection, ADMIN, name, login, role, area)).password

    async def add_working(self, name: str, login: str, role: str = "bank") -> httpx.AsyncClient:
        """A new user who has set OWN as the password and is signed in; gives the browser."""
        first, browser = await self.add(name, login, role), self.browser()
        await enter(browser, login, first)
        await browser.post("/dang-nhap/mat-khau", data={"present": first, "new": OWN, "repeated": OWN})
        return browser

    def caller(self, browser: httpx.AsyncClient) -> Caller | None:
        """Whom the browser's token speaks for."""
        token = browser.cookies.get(TOKEN_COOKIE)
        return verify(private_key(self.key).public_key(), token) if token else None

    async def log(self) -> list[tuple[str | None, str]]:
        """Whom and what the record of the door has, oldest first."""
        rows = await self.pool.fetch("select name, what from sign_in_log order by number")
        return [(row["name"], row["what"]) for row in rows]


async def enter(browser: httpx.AsyncClient, login: str, password: str, ve: str = "/") -> httpx.Response:
    """Fills in the form of the door."""
    return await browser.post("/dang-nhap", data={"login": login, "password": password, "ve": ve})


@asynccontextmanager
async def portal_on(stack: Connections, schema: str) -> AsyncIterator[Portal]:
    """The portal as it runs, its schema made from nothing."""
    key = new_key()
    kafka = KafkaSettings(stack.kafka_bootstrap, stack.kafka_security)
    settings = ServiceSettings(schema, stack.dsn["portal"], stack.owner_dsn["portal"], kafka, key)
    app = site({"portal": settings})
    async with app.router.lifespan_context(app):
        [mounted] = [route.app for route in app.routes if getattr(route, "path", "") == "/portal"]
        yield Portal(app, key, mounted.state.running.pool)

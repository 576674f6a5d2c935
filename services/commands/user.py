"""`ansinh user`: users for operators, also while nobody can sign in yet."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import asyncpg
import typer

from services.commands.terminal import DATA, Data, out, servers
from services.kernel.database import migrate, role_of
from services.kernel.decider import Rejected
from services.portal import store, user_handlers
from services.portal.app import MIGRATIONS
from services.portal.oidc_settings import OidcMisconfigured, oidc_settings
from services.portal.store import in_portal
from services.portal.user_handlers import First
from services.portal.users import typed_login
from services.portal.words import in_both
from services.reference.access import ROLES

app = typer.Typer(
    no_args_is_help=True,
    help="Người dùng: thêm, cấp lại mật khẩu lần đầu, liệt kê. / Users: add, reset, list.",
)
BY = "ansinh user"
USERS_MAX = 10_000
Act = Callable[[asyncpg.Connection], Awaitable[list[str]]]


@app.command("add")
def add(
    login: Annotated[str, typer.Argument(help="Tên đăng nhập / login")],
    name: Annotated[str, typer.Option(help="Họ và tên, không đổi được / the person's name, for good")],
    role: Annotated[str, typer.Option(help=" | ".join(ROLES))],
    area: Annotated[str | None, typer.Option(help="Mã đơn vị hành chính / area code, e.g. 10114")] = None,
    data: Data = DATA,
) -> None:
    """Thêm người dùng, in mật khẩu lần đầu một lần. / Adds a user and prints the first password, once."""

    async def act(connection: asyncpg.Connection) -> list[str]:
        return [_told(await user_handlers.add(connection, BY, name, login, role, area))]

    _run(data, act)


@app.command("reset")
def reset(login: Annotated[str, typer.Argument(help="Tên đăng nhập / login")], data: Data = DATA) -> None:
    """Cấp lại mật khẩu lần đầu, bỏ tạm ngừng. / A new first password; lifts the bar after wrong attempts."""

    async def act(connection: asyncpg.Connection) -> list[str]:
        found = await store.user_by_login(connection, typed_login(login))
        if found is None:
            raise Rejected("no-such-user")
        return [_told(await user_handlers.reset(connection, BY, found[0].id))]

    _run(data, act)


@app.command("list")
def everybody(data: Data = DATA) -> None:
    """Liệt kê người dùng. / Lists the users."""

    async def act(connection: asyncpg.Connection) -> list[str]:
        rows = await store.users(connection, "", USERS_MAX)
        return [
            f"{row['login']}\t{row['name']}\t{row['role']}\t{row['area'] or ''}\t{'LOCKED' if row['locked'] else ''}"
            for row in rows
        ]

    _run(data, act)


def _told(first: First) -> str:
    return f"{first.user.login}\t{first.password}"


def _run(data: Data, act: Act) -> None:
    try:
        if oidc_settings():
            raise typer.BadParameter(in_both(Rejected("oidc-is-on")))
        with servers(data) as connections:
            said = asyncio.run(_act(connections.dsn["portal"], connections.owner_dsn["portal"], act))
    except OidcMisconfigured as why:
        raise typer.BadParameter(str(why)) from why
    except Rejected as why:
        raise typer.BadParameter(in_both(why)) from why
    for line in said:
        out.print(line, markup=False, soft_wrap=True)


async def _act(dsn: str, owner_dsn: str, act: Act) -> list[str]:
    await migrate(owner_dsn, "portal", role_of(dsn), [MIGRATIONS])
    async with in_portal(dsn) as connection:
        return await act(connection)

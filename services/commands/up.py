"""`ansinh up` and `ansinh serve`: the services run until they are told to stop."""

from datetime import date
from typing import Annotated

import typer

from infra.sandbox import made_up
from infra.stack import Connections
from services import host
from services.commands.terminal import DATA, Data, out, tell
from services.kernel import clock
from services.portal import samples
from services.portal.oidc_settings import OidcMisconfigured, OidcSettings, oidc_settings
from services.portal.sample_months import Step
from services.portal.store import in_portal
from services.portal.tokens import token_key

Today = Annotated[str | None, typer.Option(help="Ngày làm việc YYYY-MM-DD / business day (default: the real day)")]


def _set_today(today: str | None) -> None:
    if today:
        try:
            clock.set_today(date.fromisoformat(today))
        except ValueError as why:
            raise typer.BadParameter(f"{today}: cần ngày dạng YYYY-MM-DD / a day YYYY-MM-DD") from why


def _provider() -> OidcSettings | None:
    try:
        return oidc_settings()
    except OidcMisconfigured as why:
        raise typer.BadParameter(str(why)) from why


def up(
    data: Data = DATA,
    port: Annotated[int, typer.Option(help="Cổng / port")] = 8000,
    today: Today = None,
) -> None:
    """Chạy toàn bộ hệ thống trên một cổng đến khi bấm Ctrl-C. / Everything on one port until Ctrl-C.

    Lần chạy sau trên cùng thư mục dữ liệu sẽ tiếp tục. / A second `up` on the same data continues.
    """
    _set_today(today)
    provider = _provider()

    async def ready(connections: Connections) -> None:
        out.print(f"An Sinh: [bold]http://127.0.0.1:{port}[/bold]")
        out.print("Dữ liệu ở chế độ thử (made-up): chưa niêm phong dữ liệu cá nhân, không nhập người thật.")
        if provider:
            out.print(f"Đăng nhập qua cổng định danh / sign-in at {provider.issuer}")
            return
        async with in_portal(connections.dsn["portal"]) as connection:
            for line in await samples.prepare(connection, data / samples.FILE):
                out.print(line)
        out.print(f"Hai tháng mẫu / two made-up months: http://127.0.0.1:{port}/thiet-lap (admin)")

    async def fill(step: Step) -> None:
        await made_up.two_months(f"http://127.0.0.1:{port}", token_key(data), step)

    host.serve(host.Site(host.ALL, data, "127.0.0.1", port, fill), tell, ready)


def serve(
    service: Annotated[list[str], typer.Argument(help="registry | onboarding | disbursement | reporting | portal")],
    data: Data = DATA,
    bind: Annotated[str, typer.Option(help="Địa chỉ / address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng / port")] = 8000,
    today: Today = None,
) -> None:
    """Chạy một hay vài dịch vụ trên máy chủ, không có người dùng mẫu. / One service or several, on a server.

    Mỗi container một dịch vụ; không dùng container thì nêu cả năm. / One a container; without containers, all five.
    """
    for unknown in (one for one in service if one not in host.ALL):
        raise typer.BadParameter(
            f"không có dịch vụ {unknown}; chọn: {', '.join(host.ALL)}"
            f" / there is no service {unknown}; choose: {', '.join(host.ALL)}"
        )
    _set_today(today)
    _provider()
    where = host.Site(tuple(service), data, bind, port)

    async def ready(_connections: Connections) -> None:
        for one in service:
            out.print(f"{one}: http://{bind}:{port}/{one}")

    host.serve(where, tell, ready)

"""`ansinh audit`: nothing in the stores was changed since it was appended, and no đồng is missing."""

import asyncio

import asyncpg
import typer
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from infra.accounts import SERVICES
from infra.stack import Connections
from services.commands.terminal import DATA, Data, bar, out, servers
from services.disbursement.audit import SERVICE as DISBURSEMENT
from services.disbursement.audit import check_money
from services.disbursement.conservation import Sums
from services.kernel.audit import Broken, Sealed, check_seals
from services.reporting.layout import number


def audit(data: Data = DATA) -> None:
    """Kiểm tra niêm phong các kho và bảo toàn tiền; dừng ở chỗ sai đầu tiên. / Checks the seals and the money."""
    with servers(data) as connections:
        raise typer.Exit(asyncio.run(_audit(connections)))


async def _audit(connections: Connections) -> int:
    sealed: dict[str, Sealed] = {}
    money = Sums()
    try:
        with bar() as progress:
            for service in SERVICES:
                found, sums = await check_store(service, connections.dsn[service], progress)
                sealed[service] = found
                money = sums or money
    except Broken as why:
        where = why.found
        out.print(f"[bold red]SAI[/bold red] {where.service}: {escape(where.vi)}", soft_wrap=True)
        out.print(f"[bold red]BROKEN[/bold red] {where.service}: {escape(where.en)}", soft_wrap=True)
        return 1
    out.print(_table(sealed))
    _tell(money)
    return 0


async def check_store(service: str, dsn: str, progress: Progress) -> tuple[Sealed, Sums | None]:
    """Checks one store in one snapshot, so beside running services too; raises Broken."""
    connection = await asyncpg.connect(dsn, server_settings={"search_path": service})
    try:
        if not await connection.fetchval("select to_regclass('events') is not null"):
            return Sealed(0, ""), None  # nothing has run on these servers yet
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            total = await connection.fetchval("select count(*) from events")
            task = progress.add_task(f"Niêm phong / seals: {service}", total=total)
            sealed = await check_seals(connection, service, lambda more: progress.advance(task, more))
            if service != DISBURSEMENT:
                return sealed, None
            task = progress.add_task("Bảo toàn tiền / money", total=None)
            return sealed, await check_money(connection, lambda more: progress.advance(task, more))
    finally:
        await connection.close()


def _table(sealed: dict[str, Sealed]) -> Table:
    table = Table(title="Niêm phong nguyên vẹn / seals intact")
    table.add_column("Kho / store")
    table.add_column("Sự kiện / events", justify="right")
    table.add_column("Niêm phong cuối / last seal", no_wrap=True)
    for service, one in sealed.items():
        table.add_row(service, number(one.events), one.digest)
    return table


def _tell(money: Sums) -> None:
    out.print(
        f"Chuyển khoản {number(money.instructed)} = thành công {number(money.settled)}"
        f" + từ chối {number(money.rejected)} + chưa trả lời {number(money.open)}"
    )
    out.print(f"Thành công {number(money.settled)} = giữ lại {number(money.kept)} + hoàn trả {number(money.returned)}")
    out.print(
        f"Tiền mặt {number(money.listed)} = đã nhận {number(money.collected)}"
        f" + không nhận {number(money.uncollected)} + chưa báo {number(money.cash_open)}"
    )
    out.print("[bold green]Khớp đến từng đồng[/bold green] (seals intact, reconciled to the đồng)")

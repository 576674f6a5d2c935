"""`ansinh rebuild reporting`: the projection made anew from the topics, compared, and switched to."""

import asyncio
from typing import Annotated

import typer
from rich.markup import escape

from infra import topics
from infra.stack import Connections
from services.commands.terminal import DATA, Data, bar, err, out, servers
from services.host import settings_of
from services.kernel.projection import Projection, RebuildRunning, Rebuilt
from services.kernel.projection import rebuild as rebuild_projection
from services.reporting.app import PROJECTION as REPORTING
from services.reporting.layout import number

PROJECTIONS: dict[str, Projection] = {"reporting": REPORTING}


def rebuild(
    service: Annotated[str, typer.Argument(help=" | ".join(PROJECTIONS))],
    compare: Annotated[bool, typer.Option("--compare", help="Chỉ so sánh / only compare with the live one")] = False,
    data: Data = DATA,
) -> None:
    """Dựng lại bảng số liệu từ Kafka. / Rebuilds the projection from the topics."""
    if service not in PROJECTIONS:
        raise typer.BadParameter(f"không có / no such projection: {service}; chọn / choose: {', '.join(PROJECTIONS)}")
    with servers(data) as connections:
        try:
            done = asyncio.run(_rebuild(connections, service, switch=not compare))
        except RebuildRunning as why:
            err.print("Đang có một lần dựng lại khác, hãy chờ. / Another rebuild is running, wait for it.")
            raise typer.Exit(1) from why
    _tell(done, compare)
    raise typer.Exit(1 if compare and done.differences else 0)


async def _rebuild(connections: Connections, service: str, switch: bool) -> Rebuilt:
    settings = settings_of(connections, (service,), key="")[service]
    await topics.ensure(settings.kafka.bootstrap, **settings.kafka.security)
    with bar() as progress:
        task = progress.add_task(f"Dựng lại / rebuilding {service}", total=None)

        def seen(read: int, total: int) -> None:
            progress.update(task, completed=read, total=total)

        return await rebuild_projection(settings, PROJECTIONS[service], switch, seen)


def _tell(done: Rebuilt, compare: bool) -> None:
    rows = ", ".join(f"{table} {number(count)}" for table, count in done.rows.items())
    out.print(f"Dựng lại từ Kafka / rebuilt from the topics: {rows}")
    if done.dead_letters:
        out.print(f"Bản ghi không áp dụng được / records that could not be applied: {done.dead_letters}")
    for one in done.differences:
        out.print(f"[bold red]KHÁC[/bold red] {one.table}: chỉ có trong / only in {one.only_in}: {number(one.count)}")
        for example in one.examples:
            out.print(f"  {escape(example)}", soft_wrap=True)
    if not done.differences:
        out.print("[bold green]Khớp từng dòng với bản đang dùng[/bold green] (equal to the live one, row for row)")
    if not compare:
        out.print(f"Đã chuyển sang bản dựng lại, phiên bản {done.version}. / Switched over, version {done.version}.")

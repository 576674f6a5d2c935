"""`ansinh bench NAME`: one JSON line on standard output, progress on standard error."""

from pathlib import Path
from typing import Annotated

import typer

from infra.bench import append as appending
from infra.bench import month as payments
from infra.bench import pages as visits
from infra.bench import readers as reading
from infra.bench import rules as money_rules
from infra.bench.report import say, watching
from infra.bench.servers import on_servers

app = typer.Typer(
    help="Đo tốc độ trên máy chủ nhúng, trong thư mục tạm. / Benchmarks on embedded servers in a temporary folder.",
    no_args_is_help=True,
)
Profile = Annotated[bool, typer.Option("--profile", help="Số giây từng bước / seconds by stage")]
Data = Annotated[Path | None, typer.Option(help="Đĩa cần đo: thư mục tạm nằm ở đây / where the temporary folder lies")]


@app.command()
def append(
    n: Annotated[int, typer.Option("--n", min=1, help="Số sự kiện / events")] = 40_000,
    profile: Profile = False,
    data: Data = None,
) -> None:
    """Ghi sự kiện hàng loạt, so với COPY. / Bulk append against plain COPY and the library eventsourcing."""
    with watching() as watch:
        result = on_servers(lambda servers, seen: appending.measure(servers, seen, n), watch, data)
    say(result, profile)


@app.command()
def month(
    n: Annotated[int, typer.Option("--n", min=1, help="Số khoản chi / payments")] = 13_463,
    profile: Profile = False,
    data: Data = None,
) -> None:
    """Khoản chi từ lệnh đến báo cáo, so với COPY và Kafka trần. / Payments from order to report, against bare I/O."""
    with watching() as watch:
        result = on_servers(lambda servers, seen: payments.measure(servers, seen, n), watch, data)
    say(result, profile)


@app.command()
def readers(
    n: Annotated[int, typer.Option("--n", min=1, help="Số sự kiện / events")] = 100_000,
    profile: Profile = False,
    data: Data = None,
) -> None:
    """Bộ đọc của báo cáo trên topic đầy, so với getmany. / Reporting's reader on a full topic, against getmany."""
    with watching() as watch:
        result = on_servers(lambda servers, seen: reading.measure(servers, seen, n), watch, data)
    say(result, profile)


@app.command()
def rules(
    people: Annotated[int, typer.Option(min=1, help="Số người / people")] = 130_000,
    profile: Profile = False,
) -> None:
    """Quy tắc tiền, trong bộ nhớ, không cần máy chủ. / The pure money rule, in memory, no servers."""
    with watching() as watch:
        result = money_rules.measure(watch, people)
    say(result, profile)


@app.command()
def pages(
    people: Annotated[int, typer.Option(min=100, help="Số người / people")] = 13_463,
    data: Data = None,
) -> None:
    """Thời gian chờ trang khi 50 người cùng làm. / Waits for the pages opened most, 50 people at work."""
    with watching() as watch:
        result = on_servers(lambda servers, seen: visits.measure(servers, seen, people), watch, data)
    say(result, profile=False)

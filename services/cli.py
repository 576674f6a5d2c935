"""The `ansinh` command: bring the system up, make tokens, make a made-up population, play a month."""

import signal
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from infra.errors import StackError
from infra.sandbox import demo as sandbox_demo
from infra.sandbox import population, workbooks
from services import host
from services.kernel import clock, telemetry
from services.kernel.period import Period
from services.portal.tokens import TokenRefused, issue_token, token_key
from services.reference.access import ROLES

app = typer.Typer(
    help="An Sinh: chi trả an sinh xã hội không dùng tiền mặt. / Pays social welfare without cash.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
)
# A pipe has no width of its own: wide enough for Form 1 with its labels on few lines.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
err = Console(stderr=True, highlight=False)

SAMPLES = ("district-officer", "district-approver", "commune-officer --area 10114", "bank", "auditor")

Data = Annotated[Path, typer.Option(help="Thư mục dữ liệu / data folder")]
Today = Annotated[str | None, typer.Option(help="Ngày làm việc YYYY-MM-DD / business day (default: the real day)")]


def _set_today(today: str | None) -> None:
    if today:
        try:
            clock.set_today(date.fromisoformat(today))
        except ValueError as why:
            raise typer.BadParameter(f"{today}: cần ngày dạng YYYY-MM-DD / a day YYYY-MM-DD") from why


def _progress(text: str) -> None:
    err.print(f"[dim]{text}[/dim]")


@app.command()
def up(
    data: Data = Path(".data"),
    port: Annotated[int, typer.Option(help="Cổng / port")] = 8000,
    today: Today = None,
) -> None:
    """Chạy toàn bộ hệ thống trên một cổng đến khi bấm Ctrl-C. / Everything on one port until Ctrl-C.

    Lần chạy sau trên cùng thư mục dữ liệu sẽ tiếp tục. / A second `up` on the same data continues.
    """
    _set_today(today)

    def ready() -> None:
        out.print(f"An Sinh: [bold]http://127.0.0.1:{port}[/bold]")
        out.print("Dữ liệu ở chế độ thử (made-up): chưa niêm phong dữ liệu cá nhân, không nhập người thật.")
        for sample in SAMPLES:
            out.print(f"  mã truy cập / token: ansinh token {sample} --data {data}")

    host.serve(host.Site(host.ALL, data, "127.0.0.1", port), _progress, ready)


@app.command()
def serve(
    service: Annotated[str, typer.Argument(help="registry | onboarding | disbursement | reporting | portal")],
    data: Data = Path(".data"),
    bind: Annotated[str, typer.Option(help="Địa chỉ / address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng / port")] = 8000,
    today: Today = None,
) -> None:
    """Chạy một dịch vụ riêng, ví dụ trong container. / One service alone, for containers."""
    if service not in host.ALL:
        raise typer.BadParameter(f"không có dịch vụ {service}; chọn: {', '.join(host.ALL)}")
    _set_today(today)
    where = host.Site((service,), data, bind, port)
    host.serve(where, _progress, lambda: out.print(f"{service}: http://{bind}:{port}/{service}"))


@app.command()
def token(
    role: Annotated[str, typer.Argument(help=" | ".join(ROLES))],
    area: Annotated[str | None, typer.Option(help="Mã đơn vị hành chính / area code, e.g. 10114")] = None,
    name: Annotated[str | None, typer.Option(help="Người dùng / the person (default: one per role and area)")] = None,
    data: Data = Path(".data"),
) -> None:
    """In mã truy cập 12 giờ cho một người trong một vai trò. / Prints a bearer token, valid for 12 hours."""
    try:
        sys.stdout.write(issue_token(token_key(data), role, area, name) + "\n")
    except TokenRefused as why:
        raise typer.BadParameter(str(why)) from why


@app.command()
def synth(
    folder: Annotated[Path, typer.Argument(help="Nơi ghi các tệp / where the workbooks go")],
    people: Annotated[int, typer.Option(min=20, help="Số người / how many people")] = population.PLAN_TOTAL,
    seed: Annotated[int, typer.Option(help="Cùng số, cùng tệp / same seed, same files")] = 1,
    period: Annotated[str, typer.Option(help="Kỳ YYYY-MM / month")] = population.OPENING,
) -> None:
    """Ghi một dân số giả định thành các danh sách Excel của 21 xã. / Writes a made-up population as workbooks."""
    month = Period(period)
    with err.status("Đang tạo người… / making people…"):
        made = population.make(people, seed, month)
        files = workbooks.write(folder, made, month)
    out.print(f"{len(made)} người, {len(files)} tệp trong {folder}")


@app.command()
def demo(
    people: Annotated[int, typer.Option(min=20, help="Số người / how many people")] = population.PLAN_TOTAL,
    period: Annotated[str, typer.Option(help="Kỳ YYYY-MM / month")] = population.OPENING,
    target: Annotated[Path, typer.Option("--out", help="Nơi ghi biểu / where the forms go")] = Path("out"),
    seed: Annotated[int, typer.Option(help="Cùng số, cùng dân số / same seed, same people")] = 1,
) -> None:
    """Chạy trọn một tháng chi trả trên hệ thống thật. / Runs a whole month on the real stack, made-up people."""
    raise typer.Exit(sandbox_demo.run(sandbox_demo.Plan(people, Period(period), target, seed), out, err))


def main() -> None:
    """The entry point: words for people instead of a traceback where a server or the network is at fault."""
    telemetry.configure()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        app()
    except StackError as why:
        err.print(str(why))
        sys.exit(1)

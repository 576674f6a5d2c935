"""`ansinh synth` and `ansinh demo`: a made-up district, as files or as whole months."""

from pathlib import Path
from typing import Annotated

import typer

from infra.sandbox import demo as sandbox_demo
from infra.sandbox import population, workbooks
from services.commands.terminal import err, out
from services.kernel.period import Period

People = Annotated[int, typer.Option(min=20, help="Số người / how many people")]
Seed = Annotated[int, typer.Option(help="Cùng số, cùng người, cùng tệp / same seed, same people, same files")]
Month = Annotated[str, typer.Option(help="Kỳ YYYY-MM / month")]


def synth(
    folder: Annotated[Path, typer.Argument(help="Nơi ghi các tệp / where the workbooks go")],
    people: People = population.PLAN_TOTAL,
    seed: Seed = 1,
    period: Month = population.OPENING,
) -> None:
    """Ghi một dân số giả định thành các danh sách Excel của 21 xã. / Writes a made-up population as workbooks."""
    month = Period(period)
    with err.status("Đang tạo người… / making people…"):
        made = population.make(people, seed, month)
        files = workbooks.write(folder, made, month)
    out.print(f"{len(made)} người, {len(files)} tệp trong {folder}")


def demo(
    people: People = population.PLAN_TOTAL,
    period: Month = population.OPENING,
    target: Annotated[Path, typer.Option("--out", help="Nơi ghi biểu / where the forms go")] = Path("out"),
    seed: Seed = 1,
) -> None:
    """Chạy trọn các tháng chi trả trên hệ thống thật. / Runs whole months on the real stack, made-up people."""
    raise typer.Exit(sandbox_demo.run(sandbox_demo.Plan(people, Period(period), target, seed), out, err))

"""`ansinh demo`: two months of a made-up district on the real stack, and the proof that no đồng is missing."""

import resource
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from infra.sandbox import population
from infra.sandbox.client import Client
from infra.sandbox.month import AUDITOR, Step
from infra.sandbox.two_months import TwoMonths
from infra.stack import Connections, connect
from services.host import hosted
from services.kernel import clock
from services.kernel.period import Period
from services.portal.tokens import token_key
from services.reporting.layout import layout, number

PURPOSES = {
    "REGULAR": "trong kỳ",
    "ARREARS": "truy lĩnh",
    "REPEAT": "chi lại",
    "RECOVERY": "truy thu",
    "FUNERAL": "mai táng phí",
}


@dataclass(frozen=True, slots=True)
class Money:
    """Đồng of both runs by what became of it, counted from the list of payments alone."""

    instructed: int
    settled: int
    rejected: int
    open: int
    returned: int
    cash_listed: int
    cash_collected: int
    cash_uncollected: int
    cash_open: int
    by_purpose: Mapping[str, int]

    @property
    def kept(self) -> int:
        return self.settled - self.returned

    def breaks(self, printed: int) -> list[str]:
        """The equations that do not hold; `printed` is the district's III.2, column 4, before rounding."""
        equations = {
            "chuyển khoản = thành công + từ chối + chưa trả lời": (
                self.instructed,
                self.settled + self.rejected + self.open,
            ),
            "thành công = giữ lại + hoàn trả": (self.settled, self.kept + self.returned),
            "giữ lại = Biểu 1, dòng III.2, cột 4": (self.kept, printed),
            "tiền mặt = đã nhận + không nhận + chưa báo": (
                self.cash_listed,
                self.cash_collected + self.cash_uncollected + self.cash_open,
            ),
            "chuyển khoản + tiền mặt = tổng các dòng chi": (
                self.instructed + self.cash_listed,
                sum(self.by_purpose.values()),
            ),
        }
        return [f"{name}: {left} ≠ {right}" for name, (left, right) in equations.items() if left != right]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play: how many people, from which month on, where the forms go, which made-up population."""

    people: int
    period: Period
    target: Path
    seed: int


def run(plan: Plan, out: Console, err: Console) -> int:
    """Plays both months; the exit status: 0, or 1 if a single đồng does not reconcile."""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    data = Path(tempfile.mkdtemp(prefix="ansinh-demo-"))
    began = clock.monotonic()
    bar = Progress(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err)
    try:
        with bar:
            task = bar.add_task("Khởi động Kafka và PostgreSQL", total=None)

            def step(text: str) -> None:
                bar.update(task, description=text)

            connections = connect(data, step)
            try:
                broken = uvloop.run(_play(plan, connections, data, step, out))
            finally:
                connections.stop()
        out.print(
            f"Toàn bộ: {clock.monotonic() - began:.1f} giây; bộ nhớ lớn nhất {_peak_mb()} MB; biểu ở {plan.target}/"
        )
        return 1 if broken else 0
    finally:
        shutil.rmtree(data, ignore_errors=True)


async def _play(plan: Plan, connections: Connections, data: Path, step: Step, out: Console) -> bool:
    made = population.make(plan.people, plan.seed, plan.period)
    key = token_key(data)
    async with hosted(connections, key) as base:
        client = Client(base, key)
        story = TwoMonths(made, plan.period, plan.seed, data / "lists", step)
        await story.play(client, plan.target)
        forms = [
            await client.get("/reporting/forms/form-1", AUDITOR, period=month.period, area=month.district)
            for month in story.months
        ]
        money = await _money(client, [month.run_id for month in story.months])
        await client.http.aclose()
    broken = [*money.breaks(forms[-1]["dong"]["III.2"]["4"]), *_carried(*(form["dong"]["III.2"] for form in forms))]
    for form in forms:
        out.print(_table(form))
    _tell(sum((month.outcomes for month in story.months), Counter()), money, broken, out)
    for month, took in zip(story.months, story.took, strict=True):
        out.print(f"Một tháng ({month.period}), từ danh sách đến biểu: {took:.1f} giây, {len(made)} người")
    return bool(broken)


def _carried(first: dict[str, int], second: dict[str, int]) -> list[str]:
    """What the second month's cumulative columns do not carry over from the first."""
    return [
        f"lũy kế cột {cumulative}: {first[cumulative]} + {second[in_period]} ≠ {second[cumulative]}"
        for cumulative, in_period in (("5", "6"), ("7", "8"), ("9", "10"))
        if first[cumulative] + second[in_period] != second[cumulative]
    ]


async def _money(client: Client, runs: Sequence[str]) -> Money:
    sums: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for run_id in runs:
        async for payment in client.items("/disbursement/payments", AUDITOR, run=run_id):
            sums[payment["status"]] += payment["amount"]
            for line in payment["lines"]:
                lines[line["purpose"]] += line["amount"]
    return Money(
        instructed=sums["INSTRUCTED"] + sums["SETTLED"] + sums["RETURNED"] + sums["REJECTED"],
        settled=sums["SETTLED"] + sums["RETURNED"],
        rejected=sums["REJECTED"],
        open=sums["INSTRUCTED"],
        returned=sums["RETURNED"],
        cash_listed=sums["CASH_LISTED"] + sums["CASH_PAID"] + sums["CASH_UNCOLLECTED"],
        cash_collected=sums["CASH_PAID"],
        cash_uncollected=sums["CASH_UNCOLLECTED"],
        cash_open=sums["CASH_LISTED"],
        by_purpose=dict(lines),
    )


def _table(form: dict[str, Any]) -> Table:
    shape = layout("form-1")
    columns = [str(column) for column in range(4, 11)]
    table = Table(title=f"Biểu 1, kỳ {form['period']}, mã đơn vị {form['area']}")
    for heading in ("TT", "Nội dung", *columns):
        table.add_column(heading, justify="right" if heading in columns else "left")
    for row in shape.rows:
        cells = form["rows"][row.id]
        figures = [number(cells.get(column)) for column in columns]
        table.add_row(row.tt, row.label, *figures, style="bold" if row.bold else "")
    return table


def _tell(outcomes: Counter[str], money: Money, broken: list[str], out: Console) -> None:
    said = ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items()))
    out.print(f"Kết quả từng dòng gửi vào: {said}")
    out.print(
        f"Chuyển khoản {number(money.instructed)} = thành công {number(money.settled)}"
        f" + từ chối {number(money.rejected)} + chưa trả lời {number(money.open)}"
    )
    words = ", ".join(f"{PURPOSES[one]} {number(amount)}" for one, amount in sorted(money.by_purpose.items()))
    out.print(f"Trong đó: {words}")
    out.print(f"Thành công {number(money.settled)} = giữ lại {number(money.kept)} + hoàn trả {number(money.returned)}")
    if broken:
        out.print("[bold red]KHÔNG KHỚP[/bold red] " + "; ".join(broken))
    else:
        out.print("[bold green]Khớp đến từng đồng[/bold green] (reconciled to the đồng)")


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

"""What waits for somebody, as the home page says it: lines in three groups, dues in words. Pure.

Words stand in `texts/home.toml` under the kind's name; here stand where each kind's work is done and how it is urgent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.kernel.period import Period
from services.kernel.tasks import Task
from services.portal.tasks import Counted

Group = Literal["overdue", "next", "watch"]
GROUPS: tuple[Group, ...] = ("overdue", "next", "watch")
LAST_DAY = 4
"""A commune's list and forms are in time to the end of the 4th ("trước ngày 05", the plan)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Where a kind of work is done, and whether it holds up the next step of the month (next) or not (watch)."""

    address: str
    group: Group


# `{period}`: the month of the task.
KINDS: Mapping[str, Kind] = {
    "list-due": Kind("/danh-sach?period={period}", "next"),
    "list-returned": Kind("/danh-sach?period={period}", "next"),
    "lists-outstanding": Kind("/danh-sach?period={period}", "next"),
    "lists-to-approve": Kind("/danh-sach?period={period}&status=SUBMITTED", "next"),
    "lists-returned": Kind("/danh-sach?period={period}&status=RETURNED", "next"),
    "roll-to-close": Kind("/danh-sach/khoa-so?period={period}", "next"),
    "roll-to-close-again": Kind("/danh-sach/khoa-so?period={period}", "next"),
    "run-to-prepare": Kind("/chi-tra?period={period}", "next"),
    "run-returned": Kind("/chi-tra?period={period}", "next"),
    "run-to-approve": Kind("/chi-tra?period={period}", "next"),
    "run-to-send": Kind("/chi-tra?period={period}", "next"),
    "form-due": Kind("/bao-cao?period={period}", "next"),
    "forms-outstanding": Kind("/bao-cao?period={period}", "watch"),
    "forms-differ": Kind("/bao-cao/da-chot?period={period}", "watch"),
    "payments-to-repeat": Kind("/chi-tra?period={period}", "watch"),
    "answers-unmatched": Kind("/chi-tra/chua-khop", "watch"),
    "answers-conflicting": Kind("/chi-tra/chua-khop", "watch"),
    "cash-uncollected-thrice": Kind("/chi-tra?period={period}", "watch"),
    "cash-unsigned": Kind("/tien-mat?period={period}", "watch"),
    "account-lacking": Kind("/tai-khoan?period={period}", "watch"),
    "account-name-differs": Kind("/tai-khoan/ket-qua", "watch"),
    "payments-unanswered": Kind("/chi-tra?period={period}", "watch"),
    "review-due": Kind("/ra-soat?period={period}", "watch"),
    "citizen-id-lacking": Kind("/doi-tuong?period={period}", "watch"),
    "funeral-payee-lacking": Kind("/doi-tuong?period={period}", "watch"),
    "funeral-office-decides": Kind("/doi-tuong?period={period}", "watch"),
    "ended-while-suspended": Kind("/doi-tuong?period={period}", "watch"),
    "move-half-open": Kind("/danh-sach?period={period}", "watch"),
    "dead-letters": Kind("/van-hanh/{service}", "next"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: `kind` names its words; `due` is its deadline if it has one; `amount` is đồng, `people` of how
    many; `named`: codes of communes, programmes, forms."""

    kind: str
    number: int
    address: str
    group: Group
    period: str
    service: str
    due: date | None = None
    oldest: date | None = None
    amount: int = 0
    people: int = 0
    named: Sequence[str] = ()


def lines(counted: Iterable[Counted], today: date, period: Period) -> dict[Group, list[Line]]:
    """The lines of the page by group, in order: those with a deadline first, then the oldest."""
    found: dict[Group, list[Line]] = {group: [] for group in GROUPS}
    for one in counted:
        if one.task.kind in KINDS and one.task.number > 0:
            line = _line(one, today, period)
            found[line.group].append(line)
    for some in found.values():
        some.sort(key=lambda line: (line.due or date.max, line.oldest or date.max, line.kind))
    return found


def _line(one: Counted, today: date, period: Period) -> Line:
    task, kind = one.task, KINDS[one.task.kind]
    due = _due(task)
    month = task.period or period
    return Line(
        kind=task.kind,
        number=task.number,
        address=kind.address.format(period=month, service=one.service),
        group="overdue" if due and due < today else kind.group,
        period=month,
        service=one.service,
        due=due,
        oldest=task.oldest,
        amount=_figure(task, "amount"),
        people=_figure(task, "people"),
        named=_named(task),
    )


def _figure(task: Task, key: str) -> int:
    value = task.detail.get(key)
    return value if isinstance(value, int) else 0


def _due(task: Task) -> date | None:
    """The last day in time, of what has one."""
    if last := task.detail.get("last_day"):
        return date.fromisoformat(str(last))
    if task.kind in ("form-due", "forms-outstanding") and task.period:
        return Period(task.period).plus(1).first_day.replace(day=LAST_DAY)
    return None


def _named(task: Task) -> Sequence[str]:
    """The codes that a task names: communes, areas, programmes, forms, or what dossiers lack."""
    for key in ("communes", "areas", "programmes", "forms"):
        value = task.detail.get(key)
        if isinstance(value, list):
            return [str(one) for one in value]
    return []


def days_left(due: date, today: date) -> tuple[str, int]:
    """The words for a deadline and their number: `left` days, `today`, or `over` since so many days."""
    days = (due - today).days
    return ("left", days + 1) if days > 0 else ("today", 0) if days == 0 else ("over", -days)


def last_working_day(due: date, holidays: Iterable[date]) -> date:
    """The last day on or before a deadline on which an office works: no Saturday, Sunday or holiday."""
    closed = frozenset(holidays)
    day = due
    while day.weekday() >= 5 or day in closed:
        day = date.fromordinal(day.toordinal() - 1)
    return day


def by_section(counted: Iterable[Counted], entries: Sequence[str]) -> dict[str, int]:
    """How many things wait behind each entry of the navigation: the longest address with which the page begins."""
    found: dict[str, int] = {}
    for one in counted:
        kind = KINDS.get(one.task.kind)
        if kind is None or one.task.number <= 0:
            continue
        path = kind.address.partition("?")[0]
        fitting = [entry for entry in entries if entry != "/" and (path + "/").startswith(entry + "/")]
        if fitting:
            entry = max(fitting, key=len)
            found[entry] = found.get(entry, 0) + one.task.number
    return found

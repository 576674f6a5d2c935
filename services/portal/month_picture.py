"""The month as a picture: six stations from the communes' lists to the two forms. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.kernel.tasks import Task
from services.reference import areas

# Station → the kind of count that tells of it, and its page.
STATIONS = (
    ("lists", "station-lists", "/danh-sach"),
    ("approvals", "station-approvals", "/danh-sach"),
    ("run", "station-run", "/chi-tra"),
    ("treasury", "station-treasury", "/chi-tra"),
    ("bank", "station-bank", "/chi-tra"),
    ("forms", "station-forms", "/bao-cao"),
)
_CELL = {"done": "done", "pending": "half", "stuck": "stuck"}


@dataclass(frozen=True, slots=True)
class Station:
    """One station. Of communes: `cells` in their order and how many are done. Of money: đồng by what became of it.

    `state`: done, now (in hand) or ahead. `before`: the day on which the month before passed here.
    """

    name: str
    address: str
    state: str
    cells: Sequence[str] = ()
    done: int = 0
    stuck: Sequence[str] = ()
    money: Mapping[str, int] = field(default_factory=dict)
    on: date | None = None
    before: date | None = None

    @property
    def total(self) -> int:
        return len(self.cells)

    @property
    def half(self) -> int:
        """How many communes are under way here."""
        return list(self.cells).count("half")


def stations(tasks: Iterable[Task], period: str, before: str) -> list[Station]:
    """The six stations of a month; the first that is not done is the one in hand."""
    told = {(task.kind, task.period): task.detail for task in tasks}
    communes = areas.everywhere(period)
    found = []
    in_hand = False
    for name, kind, page in STATIONS:
        detail = told.get((kind, period), {})
        cells = [str(_part(detail, "communes").get(commune, "empty")) for commune in communes]
        money = {key: value for key, value in detail.items() if isinstance(value, int)}
        done = _is_done(name, cells, money)
        state = "done" if done else "ahead" if in_hand else "now"
        in_hand = in_hand or not done
        found.append(
            Station(
                name=name,
                address=f"{page}?period={period}",
                state=state,
                cells=[_CELL.get(cell, "empty") for cell in cells] if name in ("lists", "approvals", "forms") else (),
                done=cells.count("done"),
                stuck=[commune for commune, cell in zip(communes, cells, strict=True) if cell == "stuck"],
                money=money,
                on=_day(detail),
                before=_day(told.get((kind, before), {})),
            )
        )
    return found


def _part(detail: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = detail.get(key)
    return found if isinstance(found, Mapping) else {}


def _day(detail: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(str(detail["on"])) if "on" in detail else None


def _is_done(name: str, cells: Sequence[str], money: Mapping[str, int]) -> bool:
    if name in ("lists", "approvals", "forms"):
        return bool(cells) and all(cell == "done" for cell in cells)
    if name == "run":
        return money.get("sent", 0) > 0 and not money.get("prepared", 0) and not money.get("approved", 0)
    if name == "treasury":
        return money.get("ordered", 0) > 0
    return money.get("ordered", 0) > 0 and not money.get("open", 0)


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune on the office's home: its list's status, share with an account, cash not signed for."""

    code: str
    name: str
    status: str
    late: bool
    wish: int
    open: int
    cash: int


def communes(tasks: Iterable[Task], period: str) -> list[CommuneRow]:
    """The table of the communes, in their order."""
    told = {task.kind: _part(task.detail, "communes") for task in tasks if task.period == period}
    lists, accounts, cash = (told.get(f"communes-{kind}", {}) for kind in ("lists", "accounts", "cash"))
    rows = []
    for code in areas.everywhere(period):
        area = areas.find(code, period)
        of_list, of_accounts = lists.get(code, {}), accounts.get(code, {})
        rows.append(
            CommuneRow(
                code=code,
                name=area.name if area else code,
                status=of_list.get("status", ""),
                late=bool(of_list.get("late")),
                wish=of_accounts.get("wish", 0),
                open=of_accounts.get("open", 0),
                cash=cash.get(code, {}).get("number", 0),
            )
        )
    return rows

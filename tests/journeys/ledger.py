"""A clerk's ledger: what the communes' workbooks say of people and their rights. Shares nothing with the services."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

STANDARD_LEVEL = 440_000
DEATHS = ("Chết", "Đã chết", "Từ trần", "Qua đời")
Key = tuple[str, str]
"""A programme and an item of Form 2 ("" for BTXH)."""
Payee = tuple[str, str, str]
"""Name, citizen id, relation."""


@dataclass
class Right:
    """One right; `ends` and `pauses`: the month from which it has none, L, and whether money minds it at once."""

    programme: str
    item: str
    code: str
    amount: int
    since: str
    effective: str
    ends: list[tuple[str, str, bool]] = field(default_factory=list)
    pauses: list[tuple[str, str]] = field(default_factory=list)
    resumed: list[tuple[str, str]] = field(default_factory=list)

    def ended(self) -> bool:
        return bool(self.ends)

    def on_roll(self, month: str) -> bool:
        begun = max(self.since, self.effective) <= month
        ended = any(max(end, effective) <= month for end, effective, _ in self.ends)
        paused = any(max(pause, effective) <= month for pause, effective in self.pauses)
        back = any(max(since, effective) <= month for since, effective in self.resumed)
        return begun and not ended and (back or not paused)

    def due(self, month: str, run: str) -> int:
        """Đồng of a month as a run of another month sees it."""
        begun = self.since <= month and self.effective <= run
        ended = any(end <= month and (at_once or effective <= run) for end, effective, at_once in self.ends)
        return self.amount if begun and not ended and not self.paused(month, run) else 0

    def paused(self, month: str, run: str) -> bool:
        paused = any(pause <= month for pause, _ in self.pauses)
        return paused and not any(since <= month and effective <= run for since, effective in self.resumed)


@dataclass
class Person:
    """A person on the papers. Lists hold (month from which it holds, what)."""

    name: str
    birth: str
    citizen_id: str | None
    homes: list[tuple[str, str]]
    rights: list[Right] = field(default_factory=list)
    wishes: list[tuple[str, str]] = field(default_factory=list)
    payees: list[tuple[str, Payee | None]] = field(default_factory=list)
    heir: Payee | None = None
    died: bool = False
    grant: tuple[str, int] | None = None
    halves: dict[str, tuple[str, str]] = field(default_factory=dict)

    def home(self, month: str) -> str:
        return [place for since, place in self.homes if since <= month or since == self.homes[0][0]][-1]

    def wish(self, month: str) -> str:
        return next((wish for since, wish in reversed(self.wishes) if since <= month), "")

    def payee(self, month: str) -> Payee | None:
        return next((payee for since, payee in reversed(self.payees) if since <= month), None)

    def on_roll(self, month: str) -> set[Key]:
        return {(right.programme, right.item) for right in self.rights if right.on_roll(month)}


class Ledger:
    """Everybody, as the lists leave them."""

    def __init__(self, tables: Path) -> None:
        self.people: list[Person] = []
        self.catalogue = dict(_catalogue(tables))

    def take(self, file: Path, commune: str, effective: str, wrong_rows: int = 0) -> None:
        """One workbook that takes effect in month `effective`; its last `wrong_rows` rows were taken out."""
        lines = list(_rows(file))
        for row in lines[: len(lines) - wrong_rows]:
            getattr(self, {"TĂNG": "_increase", "GIẢM": "_decrease", "ĐIỀU CHỈNH": "_adjust"}[row["Loại"]])(
                row, commune, effective
            )

    def _find(self, row: dict[str, str], commune: str | None = None) -> Person | None:
        if numbered := self._numbered(row):
            return numbered
        number = row["Số định danh"]
        named = [
            one
            for one in self.people
            if (one.name, one.birth) == (row["Họ và tên"], row["Ngày sinh"])
            and commune in (None, one.homes[-1][1])
            and (one.citizen_id is None or not number)
        ]
        return named[0] if named else None

    def _numbered(self, row: dict[str, str]) -> Person | None:
        number = row["Số định danh"]
        return next((one for one in self.people if number and one.citizen_id == number), None)

    def _increase(self, row: dict[str, str], commune: str, effective: str) -> None:
        month, reason = row["Từ tháng"], row["Lý do"]
        if reason.startswith("Chuyển đến"):
            person = self._find(row)
            assert person
            self._half(person, "in", max(month, effective), commune)
            return
        if reason.startswith("Tiếp tục"):
            person = self._find(row, commune)
            assert person
            for right in person.rights:
                right.resumed.append((month, effective))
            return
        person = self._numbered(row) if row["Số định danh"] else self._same_without_number(row, commune)
        if person is None:
            home = max(month, effective), commune
            person = Person(row["Họ và tên"], row["Ngày sinh"], row["Số định danh"] or None, [home])
            self.people.append(person)
        person.rights.append(self._right(row, month, effective))
        self._choose(person, row, max(month, effective))

    def _same_without_number(self, row: dict[str, str], commune: str) -> Person | None:
        """Rows without a number are one person if they name another right."""
        found = self._find(row, commune)
        return found if found and all(right.code != row["Mã chế độ"] for right in found.rights) else None

    def _right(self, row: dict[str, str], month: str, effective: str) -> Right:
        item, amount = self.catalogue.get(row["Mã chế độ"], (row["Mục"], 0))
        stated = int(row["Mức hưởng"]) if row["Mức hưởng"] else amount
        return Right(row["Chương trình"], item, row["Mã chế độ"], stated, month, effective)

    def _choose(self, person: Person, row: dict[str, str], month: str) -> None:
        if row["Hình thức"]:
            person.wishes.append((month, row["Hình thức"]))
        if row["Người nhận thay"] == "-":
            person.payees.append((month, None))
        elif row["Người nhận thay"]:
            payee = row["Người nhận thay"], row["Số định danh người nhận thay"], row["Quan hệ"]
            person.payees.append((month, payee))

    def _decrease(self, row: dict[str, str], commune: str, effective: str) -> None:
        month, reason = row["Từ tháng"], row["Lý do"]
        person = self._find(row, commune)
        assert person, row
        if reason.startswith("Chuyển đi"):
            self._half(person, "out", max(month, effective), "")
        elif reason.startswith("Tạm dừng"):
            for right in person.rights:
                right.pauses.append((month, effective))
        else:
            dead = reason.startswith(DEATHS)
            if dead:
                self._bury(person, row, month, effective)
            for right in person.rights:
                if dead or row["Mã chế độ"] in ("", right.code):
                    right.ends.append((month, effective, True))

    def _bury(self, person: Person, row: dict[str, str], month: str, effective: str) -> None:
        """20 standard levels to whom the family names, if there was a right of assistance in the month of death."""
        before = f"{int(month[:4]) - (month[5:] == '01')}-{(int(month[5:]) + 10) % 12 + 1:02d}"
        alive = [right for right in person.rights if right.since <= before and not right.ended()]
        assistance = [one for one in alive if one.programme == "BTXH" and not one.code.startswith("BTXH.CARE")]
        merit = [one for one in alive if one.programme == "NCC" and one.item != "12"]
        person.died = True
        if row["Người nhận thay"]:
            person.heir = row["Người nhận thay"], row["Số định danh người nhận thay"], row["Quan hệ"]
            person.payees.append((max(month, effective), person.heir))
            if assistance and not merit:
                person.grant = effective, 20 * STANDARD_LEVEL

    def _half(self, person: Person, which: str, month: str, place: str) -> None:
        person.halves[which] = month, place
        if len(person.halves) == 2:
            person.homes.append((max(person.halves["in"][0], person.halves["out"][0]), person.halves["in"][1]))

    def _adjust(self, row: dict[str, str], commune: str, effective: str) -> None:
        month = row["Từ tháng"]
        person = self._find(row, commune)
        assert person, row
        if row["Lý do"].startswith("Đính chính"):
            person.name = row["Họ và tên"]
        person.citizen_id = row["Số định danh"] or person.citizen_id
        if code := row["Mã chế độ"]:
            (old,) = (right for right in person.rights if right.programme == row["Chương trình"])
            old.ends.append((month, effective, False))
            person.rights.append(self._right(row, month, effective))
            assert old.code != code
        self._choose(person, row, max(month, effective))


def _catalogue(tables: Path) -> Iterator[tuple[str, tuple[str, int]]]:
    """Code → item and amount of the winter of 2023."""
    with (tables / "social_assistance_coefficients.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield row["code"], ("", int(Decimal(row["coefficient"]) * STANDARD_LEVEL))
    with (tables / "benefit_levels.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["valid_from"] <= "2023-11-01" and row["amount_vnd"]:
                yield row["code"], (row["form2_item"], int(row["amount_vnd"]))


def _rows(file: Path) -> Iterable[dict[str, str]]:
    lines = openpyxl.load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True)
    headings = [str(one) for one in next(lines)]
    for line in lines:
        row = {heading: _text(cell) for heading, cell in zip(headings, line, strict=True)}
        month = row["Từ tháng"]
        yield row | {"Từ tháng": f"{month[3:]}-{month[:2]}"}


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell)

"""A short way to tell a story on the district in memory: rows of lists, runs and answers, and what comes of them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.disbursement.payment import Answer, Collect, Leave
from services.kernel.period import Period
from services.reference.programmes import PROGRAMMES, Programme
from tests.examples.pure import Paid, World

KIM_BAI, CU_KHE = "10114", "10120"
VAN = {
    "Họ và tên": "Hồ Thị Vân",
    "Ngày sinh": "1943",
    "Giới tính": "Nữ",
    "Số định danh": "001143186310",
}
OLD_AGE = {"Chương trình": "BTXH", "Mã chế độ": "BTXH.05C"}
SICK = {"Chương trình": "NCC", "Mã chế độ": "NCC.06.41-50"}
DAY = date(2023, 12, 8)


def row(kind: str, month: str, reason: str = "", **cells: Any) -> dict[str, Any]:
    """A row about Vân (`of` another person) from that month (mm/yyyy); further cells by `more`."""
    who = cells.pop("of", VAN)
    told = {"Loại": kind, **who, "Từ tháng": month, "Lý do": reason or "Hưởng mới", **cells.pop("more", {})}
    return {heading: value for heading, value in told.items() if value is not None}


@dataclass
class Story(World):
    """The months of one district; lists get their ids by themselves."""

    told: int = 0
    findings: list[set[tuple[int, str]]] = field(default_factory=list)

    def send(
        self, period: str, *rows: dict[str, Any], commune: str = KIM_BAI, late: bool = False
    ) -> set[tuple[int, str]]:
        """Errors by row (1 is the first) and column; without any, the list takes effect."""
        self.told += 1
        step = {"id": f"L{self.told}", "commune": commune, "period": period, "late": late, "rows": list(rows)}
        _, errors, warnings = self.take_list({**step, "submitted_on": f"{period}-{'06' if late else '02'}"})
        self.findings.append(warnings)
        return errors

    def pay(self, period: str, *programmes: Programme) -> dict[str, list[tuple[str, int]]]:
        """A run: purpose and đồng of each line, by programme, of whoever is alone in the district."""
        name = f"R{period}-{self.told}-{len(self.payments)}"
        self.run(name, Period(period), programmes or PROGRAMMES, DAY)
        return {
            paid.prepared.payment.programme: [(line.purpose, line.amount) for line in paid.prepared.payment.lines]
            for paid in self.payments.values()
            if paid.run == name
        }

    def answer(self, word: str) -> None:
        """The bank or the commune says this of every payment that has no answer."""
        for paid in self.payments.values():
            if paid.state.status == "INSTRUCTED":
                self.bank(paid, "REJECTED" if word == "failed" else "SETTLED")
            elif paid.state.status == "CASH_LISTED":
                self.collect(paid, word != "failed")

    def collect(self, paid: Paid, collected: bool) -> str:
        return self.say(paid, Collect(DAY) if collected else Leave())

    def bank(self, paid: Paid, result: Any) -> str:
        payment = paid.prepared.payment
        return self.say(paid, Answer(payment.end_to_end_id, result, payment.amount, DAY))

    @property
    def only(self) -> str:
        """The id of the only person."""
        [person] = self.people
        return person

    def standings(self, programme: str, *months: str) -> list[str]:
        return [self.standing(self.only, programme, Period(month)) for month in months]

    def lives(self, *months: str) -> list[str]:
        return [self.commune(self.people[self.only], Period(month)) for month in months]

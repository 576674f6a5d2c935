"""What happens to the people in the month after the opening, as rows of their communes' lists, of every kind. Pure.

Of a thousand people about forty are told of.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from infra.sandbox import names, population
from infra.sandbox.papers import Chooser, Opening, Paper, by_commune, suspension
from infra.sandbox.population import Payee, Person
from infra.sandbox.workbooks import WISH, Cells, increase, month_cell, payee_cells, who
from services.kernel.period import Period
from services.reference.areas import commune_in, find

# People of a thousand by what happens to them; at least one of each as far as the people reach.
_PER_THOUSAND = {
    "death": 5.0, "death, nobody named": 2.0, "death told late": 1.0, "death in a late list": 0.5, "end": 3.0,
    "end of one right": 0.5, "suspension": 2.0, "move": 4.0, "move, one half": 0.5, "wish": 3.0, "payee": 1.5,
    "no payee": 0.5, "another code": 1.0, "lower code told late": 0.5, "citizen id": 2.0, "no phone": 1.0, "name": 1.0,
}  # fmt: skip
_NEW = 6.0
_ARREARS = 0.3
_WORSE = {
    "BTXH.06.SEVERE": "BTXH.06.EXTREME",
    "BTXH.06.SEVERE.CHILD_OR_OLD": "BTXH.06.EXTREME.CHILD_OR_OLD",
}
_BETTER = {worse: code for code, worse in _WORSE.items()}
Row = tuple[str, Cells]
_NONE: Cells = {}


@dataclass(slots=True)
class Changes:
    """The lists of the month, and the people as they are after it where a bank has to open an account anew."""

    papers: list[Paper] = field(default_factory=list)
    newcomers: list[Person] = field(default_factory=list)
    wanting_account: list[Person] = field(default_factory=list)
    heirs: list[Person] = field(default_factory=list)


def changes(people: Sequence[Person], opened: Opening, seed: int, period: Period) -> Changes:
    """What happens in `period` to `people`, who were registered by `opened` from the month before on."""
    teller = _Teller(people, opened, random.Random(seed + 1), period)  # noqa: S311 - made-up choice
    return teller.tell(seed)


class _Teller:
    def __init__(self, people: Sequence[Person], opened: Opening, rng: random.Random, period: Period) -> None:
        away = {id(one) for one in opened.suspended}
        listed = [one for one in opened.listed if id(one) not in away]
        self.rng, self.period = rng, period
        self.people = self._now(people)
        self.suspended = self._now(opened.suspended)
        self.chooser = Chooser(self._now(listed), rng)
        self.taken = set(population.numbers_of(people))
        self.found = Changes()
        self.rows: list[Row] = []
        self.late: list[Row] = []

    def _now(self, people: Sequence[Person]) -> list[Person]:
        """The people by the communes of the month, merged ones together."""
        before = self.period.plus(-1)
        return [replace(one, commune=commune_in(one.commune, before, self.period)) for one in people]

    def tell(self, seed: int) -> Changes:
        self._deaths()
        self._ends()
        self._moves()
        self._adjustments()
        self._newcomers(seed)
        told = by_commune(self.rows)
        communes = sorted({one.commune for one in self.people})
        self.found.papers = [Paper(commune, told.get(commune, ())) for commune in communes]
        self.found.papers += [Paper(commune, rows, "LATE") for commune, rows in by_commune(self.late).items()]
        return self.found

    def _some(self, kind: str, fits: Callable[[Person], bool] = lambda _: True) -> list[Person]:
        count = max(1, round(len(self.people) * _PER_THOUSAND[kind] / 1_000))
        return self.chooser.some(count, fits)

    def _say(self, person: Person, kind: str, reason: str, more: Cells = _NONE, since: Period | None = None) -> None:
        self.rows.append((person.commune, self._row(person, kind, reason, more, since)))

    def _row(self, person: Person, kind: str, reason: str, more: Cells = _NONE, since: Period | None = None) -> Cells:
        return {"Loại": kind, **who(person), "Từ tháng": month_cell(since or self.period), "Lý do": reason, **more}

    def _deaths(self) -> None:
        before = self.period.plus(-1)
        for person in self._some("death", _of_assistance):
            self._say(person, "GIẢM", "Chết do bệnh", self._heir(person))
        for person in self._some("death, nobody named", _known):
            self._say(person, "GIẢM", "Từ trần")
        for person in self._some("death told late", _known):
            self._say(person, "GIẢM", "Đã chết, gia đình báo muộn", self._heir(person), before)
        for person in self._some("death in a late list", _of_assistance):
            self.late.append((person.commune, self._row(person, "GIẢM", "Qua đời", self._heir(person))))

    def _heir(self, person: Person) -> Cells:
        """Who receives after the death, as the family names them."""
        heir = self._payee(person.name.split()[0])
        self.found.heirs.append(replace(person, payee=heir))
        return payee_cells(heir)

    def _payee(self, family: str) -> Payee:
        sex: names.Sex = "F" if self.rng.random() < 0.5 else "M"
        year = int(self.period[:4]) - self.rng.randint(30, 60)
        number = names.citizen_id(self.rng, sex, year, self.taken)
        return Payee(names.full_name(self.rng, family, sex, year), number, "AUTHORISED")

    def _ends(self) -> None:
        for person in self._some("end"):
            self._say(person, "GIẢM", "Hết điều kiện hưởng")
        for person in self._some("end of one right", lambda one: len(one.rights) > 1):
            right = person.rights[1]
            named = {"Chương trình": right.programme, "Mã chế độ": right.code or ""}
            self._say(person, "GIẢM", "Thôi hưởng một chế độ từ tháng trước", named, self.period.plus(-1))
        for person in self._some("suspension", _known):
            self.rows.append((person.commune, suspension(person, self.period)))
        back = self.suspended[: (len(self.suspended) + 1) // 2]
        for person in back:
            self._say(person, "TĂNG", "Tiếp tục hưởng, đã trở về", since=self.period.plus(-1))

    def _moves(self) -> None:
        communes = sorted({one.commune for one in self.people})
        for number, kind in enumerate(("move", "move, one half")):
            for person in self._some(kind, lambda one: _known(one) and len(communes) > 1):
                home = self.rng.choice([one for one in communes if one != person.commune])
                self._say(person, "GIẢM", f"Chuyển đi {_name(home, self.period)}")
                if number == 0:
                    arrival = self._row(person, "TĂNG", f"Chuyển đến từ {_name(person.commune, self.period)}")
                    self.rows.append((home, arrival))

    def _adjustments(self) -> None:
        for person in self._some("wish", lambda one: _known(one) and one.payee is None and one.wish is not None):
            wish = "CASH" if person.wish == "ACCOUNT" else "ACCOUNT"
            self._adjust(person, {"Hình thức": WISH[wish]})
            if wish == "ACCOUNT":
                self.found.wanting_account.append(replace(person, wish="ACCOUNT"))
        for person in self._some("payee", lambda one: _known(one) and _authorised(one)):
            after = replace(person, payee=self._payee(names.family_name(self.rng)))
            self._adjust(person, payee_cells(after.payee))
            self.found.wanting_account.append(after)
        for person in self._some("no payee", lambda one: _known(one) and _authorised(one)):
            self._adjust(person, {"Người nhận thay": "-"})
            self.found.wanting_account.append(replace(person, payee=None))
        for person in self._some("another code", lambda one: _only_code(one) in _WORSE):
            code = _WORSE[_only_code(person)]
            self._adjust(person, {"Chương trình": "BTXH", "Mã chế độ": code})
        for person in self._some(
            "lower code told late", lambda one: len(one.rights) == 1 and one.rights[0].code in _BETTER
        ):
            named = {"Chương trình": "BTXH", "Mã chế độ": _BETTER[_only_code(person)]}
            self._say(person, "ĐIỀU CHỈNH", "Theo kết quả xác định lại", named, self.period.plus(-1))
        for person in self._some("citizen id", lambda one: one.citizen_id is None):
            number = names.citizen_id(self.rng, person.sex, int(person.birth[:4]), self.taken)
            self._adjust(person, {"Số định danh": number})
            self.found.wanting_account.append(replace(person, citizen_id=number))
        for person in self._some("no phone", lambda one: _known(one) and one.phone is not None):
            self._adjust(person, {"Điện thoại": "-"})
        for person in self._some("name", lambda one: _known(one) and one.wish != "ACCOUNT"):
            right = names.full_name(self.rng, person.name.split()[0], person.sex, int(person.birth[:4]))
            self._say(person, "ĐIỀU CHỈNH", "Đính chính họ tên theo CCCD", {"Họ và tên": right})

    def _adjust(self, person: Person, more: Cells) -> None:
        self._say(person, "ĐIỀU CHỈNH", "Theo đề nghị của gia đình", more)

    def _newcomers(self, seed: int) -> None:
        count = max(3, round(len(self.people) * _NEW / 1_000))
        made = population.make(count, seed + 1, self.period, self.taken)
        homes = {one.commune for one in self.people}
        self.found.newcomers = [one for one in made if _known(one) and one.commune in homes]
        for person in self.found.newcomers:
            since = self.period.plus(-1) if self.rng.random() < _ARREARS else self.period
            self.rows += [(person.commune, increase(person, right, since)) for right in person.rights]


def _known(person: Person) -> bool:
    return person.citizen_id is not None


def _only_code(person: Person) -> str:
    """The code of someone with one right."""
    return (person.rights[0].code or "") if len(person.rights) == 1 else ""


def _authorised(person: Person) -> bool:
    return person.payee is not None and person.payee.relation == "AUTHORISED"


def _of_assistance(person: Person) -> bool:
    return _known(person) and all(right.programme == "BTXH" for right in person.rights)


@cache
def _name(code: str, period: Period) -> str:
    area = find(code, period)
    return area.name if area else code

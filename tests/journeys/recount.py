"""Payments and both forms counted from the papers by plain Python: shares nothing with the services.

Only what a clerk would do with the communes' workbooks (`ledger`), the bank's letters and the communes' notes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from tests.journeys.ledger import Key, Person

PROGRAMME_COLUMNS = {"BTXH": ("5", "6"), "NCC": ("7", "8"), "KHAC": ("9", "10")}
OWN_ROW = {"BTXH": "I.1", "NCC": "I.2", "KHAC": "I.3"}
ITEM_ROWS = {"I": [str(n) for n in range(1, 13)], "II": ["16", "17", "18"]}
Cells = dict[str, dict[str, int]]


@dataclass
class Account:
    """An account told by the bank; `name_differs` and not confirmed: never paid to."""

    number: str
    own: bool
    holder_name: str
    holder_id: str
    opened_on: str
    closed_on: str = "9999"
    unconfirmed: bool = False


@dataclass
class Paid:
    """A payment: đồng by (item, month), the funeral grant apart; `told`: (month in which the letter came, its word,
    value date)."""

    run: str
    commune: str
    cells: dict[tuple[str, str], int]
    grant: int
    account: Account | None
    told: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def amount(self) -> int:
        return sum(self.cells.values()) + self.grant

    def by_item(self, item: str) -> int:
        return sum(amount for (one, _), amount in self.cells.items() if one == item)

    def word(self, until: str) -> str:
        """The last word on it in letters that came before month `until`."""
        return next((word for came, word, _ in reversed(self.told) if came < until), "OPEN")

    def day(self, word: str) -> str:
        return next((day for _, said, day in self.told if said == word), "9999")

    def kept_at(self, day: str) -> bool:
        return self.day("SETTLED") <= day < self.day("RETURNED")


@dataclass
class File:
    """All papers of one person: the ledger's page, accounts, days of reviews, payments by programme."""

    person: Person
    accounts: list[Account] = field(default_factory=list)
    reviews: list[str] = field(default_factory=list)
    paid: dict[str, list[Paid]] = field(default_factory=lambda: defaultdict(list))


DEAD = ("REJECTED", "RETURNED", "UNCOLLECTED")
REACHED = ("SETTLED", "COLLECTED")


def account_for(page: File, run: str, day: str) -> Account | None:
    """The account to pay to on that day; None: cash."""
    person = page.person
    if not person.citizen_id or person.wish(run) != "TÀI KHOẢN":
        return None
    failed = {
        paid.account.number
        for payments in page.paid.values()
        for paid in payments
        if paid.account and paid.word(run) in ("REJECTED", "RETURNED")
    }
    usable = [
        one
        for one in page.accounts
        if one.opened_on <= day < one.closed_on and not one.unconfirmed and one.number not in failed
    ]
    payee = person.payee(run)
    if person.died:
        payee = person.heir or (payee if payee and payee[2] == "GIÁM HỘ" else None)
    theirs = [one for one in usable if payee and not one.own and one.holder_id == payee[1]]
    own = [one for one in usable if one.own and not person.died]
    return max(theirs or own, key=lambda one: one.opened_on, default=None)


def pay(page: File, programme: str, run: str, months: Sequence[str], day: str) -> Paid | None:
    """What the run pays the person in the programme: due less covered, less what reached them beyond it."""
    person = page.person
    rights = [right for right in person.rights if right.programme == programme]
    due: dict[tuple[str, str], int] = defaultdict(int)
    for right in rights:
        for month in months:
            due[right.item, month] += right.due(month, run)
    covered: dict[tuple[str, str], int] = defaultdict(int)
    reached: dict[tuple[str, str], int] = defaultdict(int)
    for paid in page.paid[programme]:
        for cell, amount in paid.cells.items():
            covered[cell] += 0 if paid.word(run) in DEAD else amount
            reached[cell] += amount if paid.word(run) in REACHED else 0
    paused = {right.item for right in rights if right.paused(run, run)}
    cells = {cell: due[cell] - covered[cell] for cell in due if due[cell] > covered[cell] and cell[0] not in paused}
    first_of_grant = person.grant and programme == "BTXH" and person.grant[0] == run
    grant = person.grant[1] if first_of_grant and person.grant else 0
    left = sum(cells.values()) + grant
    if not left:
        return None
    for cell in sorted(reached, key=lambda one: (one[1], int(one[0] or 0))):
        taken = min(left, max(0, reached[cell] - due[cell]))
        left -= taken
        if taken:
            cells[cell] = cells.get(cell, 0) - taken
    account = account_for(page, run, day)
    return Paid(run, person.home(run), cells, grant, account)


def thousands(dong: int) -> int:
    """Rounded to 1000, a half away from zero."""
    return int((Decimal(dong) / 1000).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass
class Month:
    """The month of a form: its last day, and the month before it."""

    period: str
    last_day: str
    before: str

    def has(self, day: str) -> bool:
        return day[:7] == self.period


def _registered(page: File, month: Month) -> list[Account]:
    """The accounts that count in II.2, none where the wish is another."""
    if page.person.wish(month.period) != "TÀI KHOẢN":
        return []
    return [one for one in page.accounts if one.opened_on <= month.last_day < one.closed_on and not one.unconfirmed]


def _marks(page: File, month: Month) -> Mapping[str, bool]:
    """What of a person counts in row II, cumulative and in the period."""
    accounts = _registered(page, month)
    return {
        "reviewed": any(day <= month.last_day for day in page.reviews),
        "reviewed now": any(month.has(day) for day in page.reviews),
        "account": bool(accounts),
        "account now": bool(accounts) and month.has(max(one.opened_on for one in accounts)),
    }


def form_1(pages: Iterable[File], month: Month, area: Sequence[str]) -> tuple[Cells, dict[str, int]]:
    """The cells of Form 1 for these communes, and row III.2 before rounding."""
    cells: Cells = {row: {} for row in ("I", "I.1", "I.2", "I.3", "II", "II.1", "II.2", "III", "III.1", "III.2")}
    dong = dict.fromkeys(["5", "6", "7", "8", "9", "10"], 0)
    for columns in PROGRAMME_COLUMNS.values():
        for row in ("I", "II.1", "II.2", "III.1"):
            cells[row] |= dict.fromkeys(columns, 0)
    for page in pages:
        marks = _marks(page, month)
        for programme, (cumulative, in_period) in PROGRAMME_COLUMNS.items():
            here = page.person.home(month.period) in area
            on_roll = any(one == programme for one, _ in page.person.on_roll(month.period))
            was = any(one == programme for one, _ in page.person.on_roll(month.before))
            kept = [one for one in page.paid[programme] if one.account and one.kept_at(month.last_day)]
            now = [one for one in kept if month.has(one.day("SETTLED"))]
            counts = {
                ("I", cumulative): on_roll,
                ("I", in_period): on_roll and not was,
                ("II.1", cumulative): on_roll and marks["reviewed"],
                ("II.1", in_period): on_roll and marks["reviewed now"],
                ("II.2", cumulative): on_roll and marks["account"],
                ("II.2", in_period): on_roll and marks["account now"],
                ("III.1", cumulative): sum(one.amount for one in kept) > 0,
                ("III.1", in_period): sum(one.amount for one in now) > 0,
            }
            for (row, column), counted in counts.items():
                cells[row][column] += here and counted
            for one in page.paid[programme]:
                if one.account and one.commune in area:
                    for word, sign in (("SETTLED", 1), ("RETURNED", -1)):
                        day = one.day(word)
                        dong[cumulative] += sign * one.amount * (day <= month.last_day)
                        dong[in_period] += sign * one.amount * month.has(day)
    return _printed(cells, dong)


def _printed(cells: Cells, dong: dict[str, int]) -> tuple[Cells, dict[str, int]]:
    for programme, columns in PROGRAMME_COLUMNS.items():
        cells[OWN_ROW[programme]] = {column: cells["I"][column] for column in columns}
    cells["III.2"] = {column: thousands(amount) for column, amount in dong.items()}
    for row, columns_of in cells.items():
        if row not in ("II", "III"):
            columns_of["4"] = sum(columns_of.get(column, 0) for column in ("5", "7", "9"))
    dong["4"] = dong["5"] + dong["7"] + dong["9"]
    return cells, dong


def form_2(pages: Iterable[File], month: Month, area: Sequence[str]) -> Cells:
    """The cells of Form 2 for these communes."""
    people = list(pages)
    cells: Cells = {}
    for total, items in ITEM_ROWS.items():
        for item in items:
            cells[item] = _item(people, month, area, ("NCC" if total == "I" else "KHAC", item))
        cells[total] = {column: sum(cells[item][column] for item in items) for column in "345678"}
    return cells


def _item(pages: Iterable[File], month: Month, area: Sequence[str], key: Key) -> dict[str, int]:
    found = dict.fromkeys("345678", 0)
    for page in pages:
        if page.person.home(month.period) not in area:
            continue
        marks = _marks(page, month)
        on_roll, was = key in page.person.on_roll(month.period), key in page.person.on_roll(month.before)
        kept = [one for one in page.paid[key[0]] if one.account and one.kept_at(month.last_day)]
        now = [one for one in kept if month.has(one.day("SETTLED"))]
        found["3"] += on_roll
        found["4"] += on_roll and not was
        found["5"] += on_roll and marks["reviewed"]
        found["6"] += on_roll and marks["account"]
        found["7"] += sum(one.by_item(key[1]) for one in kept) > 0
        found["8"] += sum(one.by_item(key[1]) for one in now) > 0
    return found

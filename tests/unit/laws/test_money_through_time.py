"""A person's money through months of runs, answers, returns, cash results and corrections, against a small model."""

from collections import defaultdict
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.kernel.period import Period
from tests.examples.pure import Paid
from tests.examples.story import OLD_AGE, Story, row

FIRST, LAST = Period("2023-11"), Period("2024-05")
WORTH = {"BTXH.05C": 440_000, "BTXH.06.SEVERE": 660_000}
FAILED = {"REJECTED", "RETURNED", "CASH_UNCOLLECTED"}
OPEN = {"INSTRUCTED", "CASH_LISTED"}
BACK = st.integers(0, 2)


@dataclass
class Kept:
    """What the model expected a payment to be, by month, and the payment itself."""

    parts: dict[Period, int]
    paid: Paid

    @property
    def status(self) -> str:
        return str(self.paid.state.status)


def expected(due: dict[Period, int], history: list[Kept]) -> tuple[dict[Period, int], dict[Period, int]]:
    """The whole rule: what a run pays by month, and what stays owed."""
    covered, reached, owed = defaultdict[Period, int](int), defaultdict[Period, int](int), dict[Period, int]()
    for one in history:
        for month, amount in one.parts.items():
            covered[month] += amount if one.status not in FAILED else 0
            reached[month] += amount if one.status not in FAILED | OPEN or (one.status in OPEN and amount < 0) else 0
    pays = {m: due.get(m, 0) - covered[m] for m in {*due, *covered} if due.get(m, 0) > covered[m]}
    room = sum(pays.values())
    for month in sorted(month for month in reached if reached[month] > due.get(month, 0)):
        taken = min(room, beyond := reached[month] - due.get(month, 0))
        room -= taken
        pays |= {month: -taken} if taken else {}
        owed |= {month: beyond - taken} if beyond > taken else {}
    return pays, owed


class Money(RuleBasedStateMachine):
    """`amounts`: what each month is worth by the lists so far; `off`: months in which the right is suspended."""

    def __init__(self) -> None:
        super().__init__()
        self.story, self.now, self.code = Story(), FIRST, "BTXH.05C"
        self.amounts: dict[Period, int] = {}
        self.off: set[Period] = set()
        self.since: Period | None = None
        self.ended: Period | None = None
        self.history: list[Kept] = []
        self.accounts = 0

    @initialize()
    def joins(self) -> None:
        self._send("TĂNG", FIRST, "Hưởng mới", {**OLD_AGE, "Hình thức": "TÀI KHOẢN"})
        self.amounts = dict.fromkeys(FIRST.through("2025-12"), 440_000)

    def _send(self, kind: str, month: Period, reason: str, cells: dict[str, object]) -> None:
        assert not self.story.send(self.now, row(kind, f"{month[5:]}/{month[:4]}", reason, more=cells))

    def _back(self, months: int) -> Period:
        return max(FIRST, self.now.plus(-months))

    def _due(self) -> dict[Period, int]:
        return {month: self.amounts[month] for month in FIRST.through(self.now) if month not in self.off}

    # What the commune says

    @precondition(lambda self: self.ended is None)
    @rule(back=BACK, code=st.sampled_from(sorted(WORTH)))
    def is_worth_something_else(self, back: int, code: str) -> None:
        month = self._back(back)
        self._send("ĐIỀU CHỈNH", month, "Xét lại", {"Chương trình": "BTXH", "Mã chế độ": code})
        if code != self.code:
            self.code = code
            self.amounts |= dict.fromkeys(month.through("2025-12"), WORTH[code])

    @precondition(lambda self: self.ended is None and self.since is None)
    @rule(back=BACK)
    def ends(self, back: int) -> None:
        self.ended = self._back(back)
        self._send("GIẢM", self.ended, "Hết điều kiện", {})
        self.amounts |= dict.fromkeys(self.ended.through("2025-12"), 0)

    @precondition(lambda self: self.ended is not None)
    @rule()
    def is_put_back(self) -> None:
        assert self.ended is not None
        self._send("TĂNG", self.ended, "Hưởng lại", {"Chương trình": "BTXH", "Mã chế độ": self.code})
        self.amounts |= dict.fromkeys(self.ended.through("2025-12"), WORTH[self.code])
        self.off -= set(self.ended.through("2025-12"))
        self.ended = None

    @precondition(lambda self: self.ended is None and self.since is None)
    @rule()
    def is_suspended(self) -> None:
        self._send("GIẢM", self.now, "Tạm dừng", {})
        self.since = self.now
        self.off |= set(self.now.through("2025-12"))

    @precondition(lambda self: self.since is not None)
    @rule(back=BACK)
    def is_resumed(self, back: int) -> None:
        assert self.since is not None
        month = max(self.since, self._back(back))
        self._send("TĂNG", month, "Tiếp tục", {})
        self.off -= set(month.through("2025-12"))
        self.since = None

    # Runs and what comes back

    @rule()
    def an_account_is_opened(self) -> None:
        self.accounts += 1
        said = {"result": "OPENED", "holder": "OWN", "bank_code": "VBA", "account_number": str(self.accounts)}
        named = {"account_name": "HO THI VAN", "opened_on": "2023-10-01"}
        self.story.take_account(self.story.only, said | named)

    @rule()
    def a_run_pays(self) -> None:
        before = set(self.story.payments)
        pays, owed = expected(self._due(), self.history)
        if self.since is not None or not any(amount > 0 for amount in pays.values()):
            pays = {}
        self.story.pay(self.now, "BTXH")
        made = [paid for payment, paid in self.story.payments.items() if payment not in before]
        found: dict[Period, int] = defaultdict(int)
        for line in (line for paid in made for line in paid.prepared.payment.lines):
            for part in line.months:
                found[part.month] += part.amount
        assert found == pays
        if made:
            self.history.append(Kept(pays, made[0]))
            claims = {month: amount for (*_, month), amount in self.story.claims({"BTXH": self.now}).items()}
            assert claims == owed

    @precondition(lambda self: self.now < LAST)
    @rule()
    def a_month_passes(self) -> None:
        self.now = self.now.plus(1)

    @precondition(lambda self: self.history)
    @rule(which=st.integers(0, 9), good=st.booleans())
    def somebody_answers(self, which: int, good: bool) -> None:
        one = self.history[which % len(self.history)]
        # Money repeated alone may have been for the family of someone who ended: the office decides on that.
        alone = not any(line.purpose == "REGULAR" for line in one.paid.prepared.payment.lines)
        good = good or alone or self._left() >= 2
        if one.status == "INSTRUCTED":
            self.story.bank(one.paid, "SETTLED" if good else "REJECTED")
        elif one.status == "SETTLED" and not good:
            self.story.bank(one.paid, "RETURNED")
        elif one.status == "CASH_LISTED":
            self.story.collect(one.paid, good)

    def _left(self) -> int:
        """Payments whose cash stayed: three periods of these would suspend by themselves."""
        return sum(1 for one in self.history[-4:] if one.status == "CASH_UNCOLLECTED")

    @invariant()
    def every_dong_is_somewhere(self) -> None:
        by_status: dict[str, int] = defaultdict(int)
        for one in self.history:
            by_status[one.status] += one.paid.prepared.payment.amount
        assert sum(by_status.values()) == sum(sum(one.parts.values()) for one in self.history)
        assert by_status["NETTED"] == 0

    @invariant()
    def nothing_is_negative_and_only_the_own_months_are_paid(self) -> None:
        for one in self.history:
            payment = one.paid.prepared.payment
            assert payment.amount >= 0
            assert all(part.month <= payment.period for line in payment.lines for part in line.months)


Money.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestMoneyThroughTime = Money.TestCase

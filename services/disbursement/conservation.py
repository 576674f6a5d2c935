"""No đồng appears or disappears: the events of payments added up, and held against each other. Pure.

What is open or kept is counted payment by payment and not got by subtraction, so that the equations can fail: a
payment answered twice, answered without having been sent, or with another amount makes one side differ.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from services.disbursement.events import (
    CashCollected,
    CashListed,
    CashUncollected,
    Payment,
    PaymentInstructed,
    PaymentNetted,
    PaymentPrepared,
    PaymentRejected,
    PaymentReturned,
    PaymentSettled,
    RejectionWithdrawn,
    RunApproved,
    RunCancelled,
    RunPrepared,
    RunRefused,
)
from services.kernel.event_types import Event


@dataclass(frozen=True, slots=True)
class Move:
    """What an event does: the sum it adds to (or, `sign` -1, takes from) and the status its payment has then."""

    sum: str
    status: str
    sign: int = 1


MOVES: Mapping[type[Event], Move] = {
    PaymentPrepared: Move("prepared", "PREPARED"),
    PaymentInstructed: Move("instructed", "INSTRUCTED"),
    PaymentSettled: Move("settled", "SETTLED"),
    PaymentRejected: Move("rejected", "REJECTED"),
    RejectionWithdrawn: Move("rejected", "INSTRUCTED", -1),
    PaymentReturned: Move("returned", "RETURNED"),
    PaymentNetted: Move("netted", "NETTED"),
    CashListed: Move("listed", "CASH_LISTED"),
    CashCollected: Move("collected", "CASH_PAID"),
    CashUncollected: Move("uncollected", "CASH_UNCOLLECTED"),
}
RUNS: Mapping[type[Event], str | None] = {
    RunPrepared: None,
    RunApproved: "APPROVED",
    RunRefused: "CANCELLED",
    RunCancelled: "CANCELLED",
}
KINDS: tuple[type[Event], ...] = (*MOVES, *RUNS)
READ = tuple(kind.type_name() for kind in KINDS)


@dataclass(slots=True)
class Sums:
    """Đồng of payments by what happened to them. `open`, `kept` and `cash_open`: of payments that have no answer,
    were settled and not returned, are on a list and neither collected nor left.
    """

    prepared: int = 0
    instructed: int = 0
    settled: int = 0
    rejected: int = 0
    returned: int = 0
    netted: int = 0
    listed: int = 0
    collected: int = 0
    uncollected: int = 0
    open: int = 0
    kept: int = 0
    cash_open: int = 0

    def add(self, other: "Sums") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass(frozen=True, slots=True)
class Row:
    """What the table of payments must say of one."""

    run_id: str
    period: str
    beneficiary_id: str
    programme: str
    commune: str
    method: str
    amount: int
    status: str


@dataclass(frozen=True, slots=True)
class Unequal:
    """An equation that does not hold, of which part of the money (`scope`), with both sides in đồng."""

    vi: str
    en: str
    scope: str
    left: int
    right: int


@dataclass(slots=True)
class _Seen:
    payment: Payment
    status: str = ""
    sums: Sums = field(default_factory=Sums)

    def whole(self) -> Sums:
        """The sums with what is open and kept."""
        sums = self.sums
        sums.open = 0 if sums.settled or sums.rejected else sums.instructed
        sums.kept = 0 if sums.returned else sums.settled
        sums.cash_open = 0 if sums.collected or sums.uncollected else sums.listed
        return sums


class Ledger:
    """Takes the events of the store in their order and tells what does not add up."""

    def __init__(self) -> None:
        self._payments: dict[str, _Seen] = {}
        self._runs: dict[str, str | None] = {}
        self._totals: dict[str, int] = {}

    def take(self, event: Event) -> None:
        """Adds an event; those that move no money are passed over."""
        if type(event) in RUNS:
            run_id: str = event.run_id  # type: ignore[attr-defined]
            self._runs[run_id] = RUNS[type(event)]
            if isinstance(event, RunPrepared):
                self._totals[run_id] = event.totals.amount
        elif type(event) in MOVES:
            payment: Payment = event.payment  # type: ignore[attr-defined]
            move = MOVES[type(event)]
            seen = self._payments.setdefault(payment.payment_id, _Seen(payment))
            setattr(seen.sums, move.sum, getattr(seen.sums, move.sum) + move.sign * payment.amount)
            seen.status = move.status
        elif isinstance(event, RejectionWithdrawn):
            seen = self._payments[event.payment.payment_id]
            seen.sums.rejected -= event.payment.amount
            seen.status = "INSTRUCTED"

    def sums(self) -> dict[str, Sums]:
        """Scope → sums: everything, and each programme, commune and run."""
        found: dict[str, Sums] = defaultdict(Sums)
        for seen in self._payments.values():
            whole, payment = seen.whole(), seen.payment
            parts = f"programme {payment.programme}", f"commune {payment.commune}", f"run {payment.run_id}"
            for scope in ("all", *parts):
                found[scope].add(whole)
        return dict(found)

    def breaks(self) -> Iterator[Unequal]:
        """The equations that do not hold: of single payments, of runs, then of every part of the money."""
        for seen in self._payments.values():
            lines = sum(line.amount for line in seen.payment.lines)
            if lines != seen.payment.amount:
                scope = f"payment {seen.payment.payment_id}"
                yield Unequal("số tiền = tổng các dòng", "amount = sum of its lines", scope, seen.payment.amount, lines)
        found = self.sums()
        for run_id, total in self._totals.items():
            prepared = found.get(f"run {run_id}", Sums()).prepared
            if prepared != total:
                vi, en = "tổng của đợt = tổng các khoản", "the run's total = sum of its payments"
                yield Unequal(vi, en, f"run {run_id}", total, prepared)
        for scope, sums in sorted(found.items()):
            yield from _unequal(scope, sums)

    def rows(self) -> dict[str, Row]:
        """What the table of payments must hold, by payment id."""
        return {payment_id: self._row(seen) for payment_id, seen in self._payments.items()}

    def _row(self, seen: _Seen) -> Row:
        payment, status = seen.payment, seen.status
        if status == "PREPARED":
            status = self._runs.get(payment.run_id) or status
        return Row(
            run_id=payment.run_id,
            period=payment.period,
            beneficiary_id=payment.beneficiary_id,
            programme=payment.programme,
            commune=payment.commune,
            method=payment.method,
            amount=payment.amount,
            status=status,
        )


def _unequal(scope: str, of: Sums) -> Iterator[Unequal]:
    equations = (
        (
            "chuyển khoản = thành công + từ chối + chưa trả lời",
            "instructed = settled + rejected + open",
            of.instructed,
            of.settled + of.rejected + of.open,
        ),
        ("thành công = giữ lại + hoàn trả", "settled = kept + returned", of.settled, of.kept + of.returned),
        (
            "tiền mặt = đã nhận + không nhận + chưa báo",
            "cash listed = collected + uncollected + open",
            of.listed,
            of.collected + of.uncollected + of.cash_open,
        ),
    )
    for vi, en, left, right in equations:
        if left != right:
            yield Unequal(vi, en, scope, left, right)

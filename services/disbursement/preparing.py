"""Preparing a run, in memory and set-wise: from the picture to payments, totals and a digest. Pure but for new ids."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.disbursement.events import CountAmount, PayeeAccount, Payment, RunTotals
from services.disbursement.money_rule import Bill, Due, bill, covered_beyond_due, due_until
from services.disbursement.payee import Account, Payee, Receiver, account_for, receiving_name
from services.disbursement.picture import Pair, Picture, commune_in, layer_for, wish_in
from services.kernel import clock
from services.kernel.envelope import canonical
from services.kernel.period import Period
from services.registry.events import DueChanged, DueSpan, OnRoll, SuspendedSpan

Sums = dict[str, dict[str, tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A payment with where its money goes."""

    payment: Payment
    payee: PayeeAccount


@dataclass(frozen=True, slots=True)
class Excluded:
    """A pair that gets nothing though it is on the roll (`nothing-due`), or owes and gets nothing (`owes-only`), or of
    which money came back twice after it had ended (`came-back-twice-after-end`: the office decides)."""

    beneficiary_id: str
    programme: str
    reason: str


@dataclass(frozen=True, slots=True)
class Made:
    """A run's payments, and who gets none and why."""

    payments: list[Prepared]
    excluded: list[Excluded]


def roll_sums(picture: Picture, period: Period) -> Sums:
    """Disbursement's own picture of a roll: commune → programme → pairs on it, đồng due to them for that month."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (_, programme), due in picture.due.items():
        if _on_roll(due, period):
            entry = sums[commune_in(due, period), programme]
            entry[0] += 1
            entry[1] += _due_in(due, period)
    found: Sums = {}
    for (commune, programme), (people, amount) in sums.items():
        found.setdefault(commune, {})[programme] = (people, amount)
    return found


def _holds(span: OnRoll | DueSpan | SuspendedSpan, period: Period) -> bool:
    return span.first <= period and (span.last is None or span.last >= period)


def _on_roll(due: DueChanged, period: Period) -> bool:
    return any(_holds(span, period) for span in due.roll)


def _due_in(due: DueChanged, period: Period) -> int:
    layer = layer_for(due.layers, period)
    return sum(span.amount for span in (layer.spans if layer else ()) if _holds(span, period))


def make(picture: Picture, run_id: str, period: Period, today: date) -> Made:
    """All payments of a run for `period`, by person and programme; raises ValueError if one would pay twice."""
    made = Made([], [])
    for pair, due in picture.due.items():
        paid = _bill(pair, due, picture, period)
        if paid.for_office:
            made.excluded.append(Excluded(*pair, "came-back-twice-after-end"))
        if paid.lines:
            made.payments.append(_payment(pair, due, paid, picture, run_id, period, today))
        elif paid.owed:
            made.excluded.append(Excluded(*pair, "owes-only"))
        elif _on_roll(due, period) and not _due_in(due, period):
            made.excluded.append(Excluded(*pair, "nothing-due"))
    return made


def _bill(pair: Pair, due: DueChanged, picture: Picture, period: Period) -> Bill:
    seen = due_for(due, period)
    earlier = picture.earlier.get(pair, ())
    paid = bill(seen, earlier, period)
    if twice := covered_beyond_due(seen.months, earlier, paid.lines):
        raise ValueError(f"{pair[1]} of {pair[0]} would be paid beyond what is due: {twice}")
    return paid


def due_for(due: DueChanged, period: Period) -> Due:
    """What a run for the period sees as due."""
    layer = layer_for(due.layers, period)
    grant = due.funeral.amount if due.funeral and due.funeral.counts_from <= period else 0
    if layer is None:
        return Due({}, funeral=grant)
    return Due(
        months=due_until(layer.spans, period),
        suspended=frozenset(span.item for span in layer.suspended if _holds(span, period)),
        ended=all(span.last is not None and span.last < period for span in layer.spans),
        funeral=grant,
    )


def _payment(
    pair: Pair, due: DueChanged, paid: Bill, picture: Picture, run_id: str, period: Period, today: date
) -> Prepared:
    person = _receiver(pair[0], due, picture, period)
    account = account_for(person, today)
    payment_id = clock.derived_id(run_id, *pair)
    payment = Payment(
        payment_id=payment_id,
        end_to_end_id=reference(payment_id),
        run_id=run_id,
        period=period,
        beneficiary_id=pair[0],
        programme=due.programme,
        commune=commune_in(due, period),
        amount=paid.amount,
        method="ACCOUNT" if account else "CASH",
        account_id=account.account_id if account else None,
        lines=paid.lines,
        replaces=paid.replaces,
    )
    return Prepared(payment, _payee(person, account))


def _receiver(beneficiary_id: str, due: DueChanged, picture: Picture, period: Period) -> Receiver:
    name, has_citizen_id = picture.people.get(beneficiary_id, ("", False))
    return Receiver(
        name=name,
        has_citizen_id=has_citizen_id,
        wish=wish_in(due, period),
        died=due.died is not None,
        payee=_payee_in(picture.payouts.get(beneficiary_id, ()), period, due.died is not None),
        accounts=picture.accounts.get(beneficiary_id, ()),
        failed=picture.failed,
    )


def _payee_in(payouts: Sequence[tuple[str, Payee | None]], period: str, died: bool) -> Payee | None:
    """Who receives in the person's place in the month; after a death whom its row names, else a guardian."""
    holding = [payee for from_month, payee in payouts if from_month <= period]
    registered = holding[-1] if holding else None
    if not died:
        return registered
    last = payouts[-1][1] if payouts else None
    if last and last.after_death:
        return last
    # An authorisation ends with the death.
    return registered if registered and registered.relation == "GUARDIAN" else None


def _payee(person: Receiver, account: Account | None) -> PayeeAccount:
    return PayeeAccount(
        payee_name=receiving_name(person, account),
        account_number=account.account_number if account else None,
        bank_code=account.bank_code if account else None,
    )


def reference(payment_id: str) -> str:
    """The end-to-end id: 16 letters of A–Z and 2–7, the same for ever (80 bits; bank fields cut longer ones)."""
    return base64.b32encode(bytes.fromhex(payment_id)[:10]).decode()


def totals(prepared: Iterable[Prepared]) -> RunTotals:
    """The sums of a run; raises ValueError if they do not agree with each other."""
    by: dict[str, dict[str, list[int]]] = {name: defaultdict(lambda: [0, 0]) for name in ("p", "c", "m", "u")}
    count = amount = 0
    for payment in (one.payment for one in prepared):
        count += 1
        amount += payment.amount
        for name, key in (("p", payment.programme), ("c", payment.commune), ("m", payment.method)):
            by[name][key][0] += 1
            by[name][key][1] += payment.amount
        for line in payment.lines:
            by["u"][line.purpose][0] += 1
            by["u"][line.purpose][1] += line.amount
    for name, sums in by.items():
        if sum(money for _, money in sums.values()) != amount:
            raise ValueError(f"the totals of a run by {name} do not add up to {amount}")
    return RunTotals(
        count=count,
        amount=amount,
        by_programme=_counted(by["p"]),
        by_commune=_counted(by["c"]),
        by_method=_counted(by["m"]),
        by_purpose=_counted(by["u"]),
    )


def _counted(sums: Mapping[str, Sequence[int]]) -> dict[str, CountAmount]:
    return {key: CountAmount(count=count, amount=amount) for key, (count, amount) in sorted(sums.items())}


def digest(prepared: Sequence[Prepared]) -> str:
    """SHA-256 over all payments, in the order of their ids."""
    whole = hashlib.sha256()
    for one in sorted(prepared, key=lambda one: one.payment.payment_id):
        whole.update(canonical([one.payment.model_dump(mode="json"), one.payee.model_dump(mode="json")]))
    return whole.hexdigest()

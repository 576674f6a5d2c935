"""`ansinh bench rules`: the pure money rule over a made-up picture of everybody, in memory, no servers."""

import gc
from datetime import UTC, date, datetime

from infra.bench import made_up
from infra.bench.report import Result, Stages, Watch, rounds_for
from services.disbursement import preparing
from services.disbursement.money_rule import Earlier, Fate
from services.disbursement.payee import Account
from services.disbursement.picture import Pair, Picture
from services.host import OBJECTS_BETWEEN_COLLECTIONS

WARM_UP = 1_000
DECEMBER = made_up.OPENING.plus(1)
TODAY = date(2023, 12, 8)
VOUCHED = datetime(2023, 11, 2, tzinfo=UTC)
# Of so many people one was paid nothing that reached them in November, one more was paid more than was due.
REJECTED_EACH, OVERPAID_EACH = 50, 40
OVERPAID = 100_000


def measure(watch: Watch, people: int) -> Result:
    """People a second: from what is due in December and what November paid to the payments of a run."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 20, 20)
    watch.step(f"Tạo {people} người / making people")
    preparing.make(picture(WARM_UP), "warm-up", DECEMBER, TODAY)
    known = picture(people)
    rounds = []
    for number in range(1, rounds_for(people) + 1):
        watch.step(f"Tính tiền / the money rule, {number}/{rounds_for(people)}")
        stages = Stages()
        with stages.stage("bills and payments"):
            made = preparing.make(known, f"run {number}", DECEMBER, TODAY)
        if len(made.payments) != people:
            raise RuntimeError(f"{len(made.payments)} payments for {people} people")
        rounds.append(stages)
    return Result("rules", "people/s", people, rounds)


def picture(people: int) -> Picture:
    """Everybody as disbursement knows them before December's run: one in fifty not reached, one in forty overpaid."""
    known = Picture()
    for number in range(people):
        due = made_up.due(number)
        pair: Pair = due.beneficiary_id, due.programme
        known.due[pair] = due
        known.people[due.beneficiary_id] = f"Nguyễn Thị Mẫu {number}", True
        known.accounts[due.beneficiary_id] = [_account(number)]
        known.earlier[pair] = [_earlier(number)]
    return known


def _account(number: int) -> Account:
    opened = made_up.opened(number)
    details = opened.personal
    assert details is not None  # noqa: S101 - made with it
    return Account(
        account_id=opened.account_id,
        holder=opened.holder,
        opened_on=opened.opened_on,
        closed_on=None,
        name_differs=False,
        confirmed=False,
        usable_since=VOUCHED,
        bank_code=details.bank_code,
        account_number=details.account_number,
        holder_name=details.holder_name,
        holder_citizen_id=None,
    )


def _earlier(number: int) -> Earlier:
    fate = Fate.DEAD if number % REJECTED_EACH == 0 else Fate.REACHED
    more = OVERPAID if number % OVERPAID_EACH == 1 else 0
    amount = made_up.AMOUNTS[number % len(made_up.AMOUNTS)] + more
    return Earlier(f"{number:032x}", fate, False, made_up.lines(amount, made_up.OPENING))

"""Which recoveries are still to come, of people who stand alike."""

from typing import Any

import orjson

from services.disbursement.recoveries import claims_of
from services.kernel.period import Period

OCTOBER, NOVEMBER = Period("2023-10"), Period("2023-11")


def _layer(counts_from: Period, last: Period) -> dict[str, Any]:
    span = {"item": None, "first": OCTOBER, "last": last, "amount": 440_000}
    return {"counts_from": counts_from, "spans": [span], "suspended": []}


def _paid(month: Period, amount: int = 440_000) -> str:
    part = {"month": month, "amount": amount}
    return orjson.dumps([{"purpose": "REGULAR", "item": None, "months": [part], "amount": amount}]).decode()


def _alike(people: list[str], layers: list[dict[str, Any]], **paid: str) -> dict[str, Any]:
    """People of whom the same is due and to whom the same was paid: `paid` by its status."""
    told = {"statuses": list(paid), "lines": list(paid.values())}
    return {"programme": "BTXH", "layers": orjson.dumps(layers).decode(), "people": people, **told}


ENDED = [_layer(OCTOBER, OCTOBER)]


def test_a_claim_is_all_that_reached_beyond_what_is_due() -> None:
    row = _alike(["keo"], ENDED, SETTLED=_paid(OCTOBER), CASH_PAID=_paid(NOVEMBER))
    assert claims_of([row], {"BTXH": NOVEMBER}) == [
        {"beneficiary_id": "keo", "programme": "BTXH", "item": None, "month": "2023-11", "amount": 440_000}
    ]


def test_everybody_who_stands_alike_has_the_claim_and_people_come_in_their_order() -> None:
    rows = [
        _alike(["c", "a"], ENDED, SETTLED=_paid(NOVEMBER)),
        _alike(["b"], ENDED, SETTLED=_paid(NOVEMBER, 100_000)),
    ]
    found = claims_of(rows, {"BTXH": NOVEMBER})
    assert [(one["beneficiary_id"], one["amount"]) for one in found] == [("a", 440_000), ("b", 100_000), ("c", 440_000)]


def test_what_counts_after_the_newest_run_is_not_claimed_yet() -> None:
    nothing_from_november = {"counts_from": NOVEMBER, "spans": [], "suspended": []}
    row = _alike(["keo"], [*ENDED, nothing_from_november], SETTLED=_paid(OCTOBER))
    assert not claims_of([row], {"BTXH": OCTOBER})
    assert [one["month"] for one in claims_of([row], {"BTXH": NOVEMBER})] == [OCTOBER]


def test_open_money_and_programmes_of_which_nothing_was_sent_are_not_claimed() -> None:
    assert not claims_of([_alike(["keo"], ENDED, INSTRUCTED=_paid(NOVEMBER))], {"BTXH": NOVEMBER})
    assert not claims_of([_alike(["keo"], ENDED, SETTLED=_paid(NOVEMBER))], {"NCC": NOVEMBER})

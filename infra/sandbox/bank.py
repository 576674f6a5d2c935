"""A made-up bank: answers each payment order, mostly well. Pure; the same seed and payments give the same answers."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

REJECTED_SHARE = 0.02
RETURNED_SHARE = 0.015
UNANSWERED_SHARE = 0.003
REASONS = ("Tài khoản đã đóng", "Sai số tài khoản", "Tài khoản không nhận tiền")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the bank says at once, and what comes back some days later."""

    first: list[dict[str, Any]]
    returned: list[dict[str, Any]]


def answer(payments: Iterable[dict[str, Any]], seed: int, value_date: date, returned_on: date) -> Answers:
    """Answers to instructed payments (as `GET /disbursement/payments` lists them); a few stay unanswered."""
    rng = random.Random(seed)  # noqa: S311 - a made-up bank
    answers = Answers([], [])
    for number, payment in enumerate(sorted(payments, key=lambda one: str(one["end_to_end_id"])), 1):
        fate = rng.random()
        if fate < UNANSWERED_SHARE:
            continue
        rejected = fate < UNANSWERED_SHARE + REJECTED_SHARE
        row = {"end_to_end_id": payment["end_to_end_id"], "amount": payment["amount"]}
        said = {"value_date": value_date.isoformat(), "bank_reference": f"FT{number:08d}"}
        if rejected:
            answers.first.append(row | said | {"result": "REJECTED", "reason": rng.choice(REASONS)})
            continue
        answers.first.append(row | said | {"result": "SETTLED"})
        if rng.random() < RETURNED_SHARE:
            back = {"value_date": returned_on.isoformat(), "bank_reference": f"RT{number:08d}"}
            answers.returned.append(row | back | {"result": "RETURNED", "reason": REASONS[0]})
    return answers

"""A made-up bank: answers payment orders and opens accounts, mostly well. Pure; the same seed, the same answers."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from infra.sandbox import names
from infra.sandbox.population import Person

REJECTED_SHARE = 0.02
RETURNED_SHARE = 0.015
UNANSWERED_SHARE = 0.003
RETURNED_LATE_SHARE = 0.005
REOPENED_SHARE = 0.67
MISNAMED_PER_THOUSAND = 1
REASONS = ("Tài khoản đã đóng", "Sai số tài khoản", "Tài khoản không nhận tiền")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the bank says at once, what comes back some days later, and what it says wrongly."""

    first: list[Row] = field(default_factory=list)
    returned: list[Row] = field(default_factory=list)
    wrong: list[Row] = field(default_factory=list)


def answer(payments: Iterable[Mapping[str, Any]], seed: int, value_date: date, returned_on: date) -> Answers:
    """Answers to instructed payments (as `GET /disbursement/payments` lists them); a few stay unanswered.

    The wrong ones: another amount for the first of them, and a payment that nobody ordered.
    """
    rng = random.Random(seed)  # noqa: S311 - a made-up bank
    answers = Answers()
    for number, payment in enumerate(sorted(payments, key=lambda one: str(one["end_to_end_id"])), 1):
        fate = rng.random()
        row = {"end_to_end_id": payment["end_to_end_id"], "amount": payment["amount"]}
        said = {"value_date": value_date.isoformat(), "bank_reference": f"FT{number:08d}"}
        if number == 1:
            more = {"amount": payment["amount"] + 10_000, "result": "SETTLED"}
            answers.wrong.append(row | said | more)
            answers.wrong.append(row | said | {"end_to_end_id": "KHONGPHAICUATA", "result": "SETTLED"})
        if fate < UNANSWERED_SHARE:
            continue
        rejected = fate < UNANSWERED_SHARE + REJECTED_SHARE
        if rejected:
            answers.first.append(row | said | {"result": "REJECTED", "reason": rng.choice(REASONS)})
            continue
        answers.first.append(row | said | {"result": "SETTLED"})
        if rng.random() < RETURNED_SHARE:
            answers.returned.append(_returned(payment, number, returned_on))
    return answers


def returned_late(payments: Iterable[Mapping[str, Any]], seed: int, value_date: date) -> list[Row]:
    """Settled payments of the month before that come back now."""
    rng = random.Random(seed)  # noqa: S311 - a made-up bank
    ordered = sorted(payments, key=lambda one: str(one["end_to_end_id"]))
    chosen = [one for one in ordered if rng.random() < RETURNED_LATE_SHARE] or ordered[:1]
    return [_returned(one, number, value_date) for number, one in enumerate(chosen, 1)]


def _returned(payment: Mapping[str, Any], number: int, value_date: date) -> Row:
    return {
        "end_to_end_id": payment["end_to_end_id"],
        "amount": payment["amount"],
        "result": "RETURNED",
        "value_date": value_date.isoformat(),
        "bank_reference": f"RT{value_date:%m}{number:08d}",
        "reason": REASONS[0],
    }


def reopened(
    failed: Iterable[Mapping[str, Any]], opened: Iterable[Mapping[str, Any]], seed: int, day: date
) -> Iterator[Row]:
    """For most accounts to which a payment failed: the old one closed, a new one opened, for whom it failed.

    `failed` are payments, `opened` the account results by which the bank told of the accounts.
    """
    rng = random.Random(seed)  # noqa: S311 - a made-up bank
    rows = {str(one["account_number"]): one for one in opened}
    numbers = set(rows)
    anew: dict[str, str | None] = {}
    for payment in sorted(failed, key=lambda one: str(one["end_to_end_id"])):
        old = str(payment["account_number"])
        if old not in anew:
            anew[old] = names.account_number(rng, numbers) if rng.random() < REOPENED_SHARE else None
        if (new := anew[old]) is None:
            continue
        row = {key: rows[old][key] for key in rows[old] if key not in ("citizen_id", "opened_on")}
        row["beneficiary_id"] = payment["beneficiary_id"]
        yield row | {"result": "CLOSED", "closed_on": day.isoformat()}
        yield row | {"account_number": new, "opened_on": day.isoformat()}


def misnamed(people: Sequence[Person], opened: Iterable[Mapping[str, Any]], seed: int, day: date) -> Iterator[Row]:
    """Accounts of people who have none yet, each under a name that is not theirs; the last is refused outright."""
    rng = random.Random(seed)  # noqa: S311 - a made-up bank
    rows = list(opened)
    having = {one.get("citizen_id") for one in rows}
    numbers = {str(one["account_number"]) for one in rows}
    lacking = [
        one
        for one in people
        if one.wish == "ACCOUNT" and one.citizen_id and not one.payee and one.citizen_id not in having
    ]
    chosen = lacking[: max(2, len(people) * MISNAMED_PER_THOUSAND // 1_000)]
    for place, person in enumerate(chosen, 1):
        row = {"citizen_id": person.citizen_id, "holder": "OWN", "bank_code": "VBA"}
        if place == len(chosen):
            yield row | {"result": "REFUSED", "reason": "Giấy tờ hết hạn"}
            continue
        yield row | {
            "account_number": names.account_number(rng, numbers),
            "account_name": f"{names.bank_name(person.name)} B",
            "result": "OPENED",
            "opened_on": day.isoformat(),
        }

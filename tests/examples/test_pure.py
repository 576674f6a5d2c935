"""The worked examples on the pure rules alone: payments, lines, answers, people, claims and findings of lists."""

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.disbursement.payment import Answer, Collect, Leave
from services.kernel.names import fold
from services.kernel.period import Period
from tests.examples.pure import Paid, World

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
Lines = dict[tuple[str, str | None], tuple[frozenset[str], int]]


def merged(lines: Any) -> Lines:
    """Lines added up by purpose and item: union of the months, sum of the amounts."""
    months: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    amounts: dict[tuple[str, str | None], int] = defaultdict(int)
    for line in lines:
        key = line["purpose"], line["item"]
        months[key] |= set(line["months"])
        amounts[key] += line["amount"]
    return {key: (frozenset(months[key]), amounts[key]) for key in amounts}


class Play:
    """One example's steps on a world, and what its handles stand for."""

    def __init__(self, example: dict[str, Any]) -> None:
        self.example, self.world = example, World()
        self.ids: dict[str, str] = {}
        self.answers: dict[str, str] = {}
        self.standings: dict[tuple[str, str, str], tuple[str, str]] = {}
        self.periods: dict[str, Period] = {}

    def person(self, handle: str) -> str:
        if handle not in self.ids:
            who = self.example["people"][handle]
            for person, state in self.world.people.items():
                assert state.personal
                told = state.personal
                if person not in self.ids.values() and (
                    (who.get("citizen_id") and told.citizen_id == who.get("citizen_id"))
                    or (told.citizen_id in (None, who.get("citizen_id")) and fold(told.name) == fold(who["name"]))
                ):
                    self.ids[handle] = person
                    break
        return self.ids.get(handle, f"no-{handle}")

    def play(self) -> None:
        for number, step in enumerate(self.example["given"]):
            getattr(self, step["step"])(step)
            later = {one["period"] for one in self.example["given"][number + 1 :] if one["step"] == "run"}
            if step["step"] == "run" and step["period"] not in later:
                self.look(Period(step["period"]))

    def change_list(self, step: dict[str, Any]) -> None:
        wanted = next((one for one in self.example["then"].get("lists", []) if one["list"] == step["id"]), {})
        effective, errors, warnings = self.world.take_list(step)
        assert errors == {(one["row"], one["column"]) for one in wanted.get("errors", [])}
        assert warnings >= {(one["row"], one["column"]) for one in wanted.get("warnings", [])}
        if errors:
            _, left, _ = self.world.take_list(step, {row for row, _ in errors})
            assert not left
        assert effective == wanted.get("takes_effect", effective)

    def account_result(self, step: dict[str, Any]) -> None:
        for said in step["results"]:
            if said["then"] in ("accepted", "name-differs"):
                self.world.take_account(self.person(said["beneficiary"]), said)

    def review(self, step: dict[str, Any]) -> None:
        """Reviews move no money."""

    def report_submission(self, step: dict[str, Any]) -> None:
        """Reports are read from the projections."""

    def run(self, step: dict[str, Any]) -> None:
        period = Period(step["period"])
        self.world.run(step["id"], period, step["programmes"], date.fromisoformat(step["prepared_on"]))
        self.periods |= dict.fromkeys(step["programmes"], period)

    def look(self, period: Period) -> None:
        for wanted in self.example["then"].get("people", []):
            if wanted["period"] == period:
                person = self.person(wanted["beneficiary"])
                commune = self.world.commune(self.world.people[person], period)
                found = self.world.standing(person, wanted["programme"], period), commune
                self.standings[wanted["beneficiary"], wanted["programme"], period] = found

    def paid(self, run: str, beneficiary: str, programme: str) -> Paid | None:
        return self.world.of_run(run, self.person(beneficiary), programme)

    def bank_answer(self, step: dict[str, Any]) -> None:
        ours = step.get("payment")
        paid = self.paid(ours["run"], ours["beneficiary"], ours["programme"]) if ours else None
        reference = paid.prepared.payment.end_to_end_id if paid else step.get("end_to_end_id")
        day = date.fromisoformat(step["value_date"]) if step.get("value_date") else None
        said = Answer(
            reference, step["result"], step.get("amount"), day, step.get("bank_reference"), step.get("reason")
        )
        self.answers[step["id"]] = self.world.say(paid, said)

    def cash_result(self, step: dict[str, Any]) -> None:
        days = {
            (self.person(one["beneficiary"]), one["programme"]): date.fromisoformat(one["collected_on"])
            for one in step["collected"]
        }
        for paid in list(self.world.payments.values()):
            payment = paid.prepared.payment
            if paid.run == step["run"] and paid.state.status == "CASH_LISTED" and payment.commune == step["commune"]:
                day = days.pop((payment.beneficiary_id, payment.programme), None)
                self.world.say(paid, Collect(day) if day else Leave())
        assert not days


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_example(case: Path) -> None:
    example = json.loads(case.read_text("utf-8"))
    play = Play(example)
    play.play()
    then = example["then"]
    assert play.answers == play.answers | {one["answer"]: one["outcome"] for one in then.get("answers", [])}
    _compare_payments(play, then["payments"])
    for one in then.get("people", []):
        status, commune = play.standings[one["beneficiary"], one["programme"], one["period"]]
        assert (status, commune) == (one["status"], one.get("commune", commune)), one
    wanted = {
        (play.person(one["beneficiary"]), one["programme"], one["item"], one["month"]): one["amount"]
        for one in then.get("claims", [])
    }
    assert play.world.claims(play.periods) == wanted


def _compare_payments(play: Play, wanted: list[dict[str, Any]]) -> None:
    handles = {play.person(handle): handle for handle in play.example["people"]}
    names = {paid.prepared.payment.payment_id: paid.run for paid in play.world.payments.values()}
    found = {}
    for paid in play.world.payments.values():
        payment = paid.prepared.payment
        lines = [{**line.model_dump(), "months": [part.month for part in line.months]} for line in payment.lines]
        key = paid.run, handles[payment.beneficiary_id], payment.programme
        found[key] = (
            payment.commune,
            payment.amount,
            payment.method,
            merged(lines),
            {names[one] for one in payment.replaces},
        )
        status = next((one.get("status_at_end") for one in wanted if _key(one) == key), None)
        assert status in (None, paid.state.status), key
        named = next((one.get("payee_name") for one in wanted if _key(one) == key), None)
        assert named is None or fold(named) == fold(paid.prepared.payee.payee_name), key
    assert found == {
        _key(one): (one["commune"], one["amount"], one["method"], merged(one["lines"]), set(one.get("replaces", [])))
        for one in wanted
    }


def _key(one: dict[str, Any]) -> tuple[str, str, str]:
    return one["run"], one["beneficiary"], one["programme"]

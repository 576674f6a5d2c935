"""What each role sees of a payment and of a run, and which recoveries are still to come."""

from typing import Any

import orjson
import pytest

from services.disbursement.events import Line, MonthAmount
from services.disbursement.money_rule import Earlier, Fate
from services.disbursement.picture import Picture
from services.disbursement.showing import _claims, payment_fields, run_fields
from services.kernel.period import Period
from services.registry.events import DueChanged, DueLayer, DueSpan

OCTOBER, NOVEMBER = Period("2023-10"), Period("2023-11")
PAYMENT: dict[str, Any] = {
    "payment_id": "p1",
    "end_to_end_id": "ABCDEFGHIJKLMN23",
    "run_id": "r1",
    "period": "2023-11",
    "beneficiary_id": "xuan",
    "programme": "BTXH",
    "commune": "10114",
    "amount": 440_000,
    "method": "ACCOUNT",
    "account_number": "2200205002329",
    "payee_name": "Mai Thị Xuân",
    "status": "SETTLED",
    "lines": orjson.dumps(
        [{"purpose": "REGULAR", "item": None, "months": [{"month": "2023-11", "amount": 440_000}], "amount": 440_000}]
    ),
    "replaces": [],
}
RUN: dict[str, Any] = {
    "run_id": "r1",
    "period": "2023-11",
    "programmes": ["BTXH"],
    "status": "SENT",
    "prepared_by": "lan",
    "approved_by": "minh",
    "reason": None,
    "totals": b'{"count":1}',
    "digest": "abc",
    "excluded": b'[{"beneficiary_id":"b","programme":"BTXH","reason":"owes-only"}]',
}


@pytest.mark.parametrize("role", ["district-officer", "district-approver", "auditor", "commune-officer"])
def test_the_office_and_the_commune_see_the_whole_payment(role: str) -> None:
    assert payment_fields(PAYMENT, role) == {
        **PAYMENT,
        "lines": [{"purpose": "REGULAR", "item": None, "months": ["2023-11"], "amount": 440_000}],
    }


def test_finance_sees_amounts_without_accounts() -> None:
    shown = payment_fields(PAYMENT, "finance")
    assert shown["amount"] == 440_000
    assert not {"account_number", "payee_name"} & shown.keys()


def test_the_bank_sees_what_it_pays_and_not_what_for() -> None:
    shown = payment_fields(PAYMENT, "bank")
    assert shown["account_number"] == "2200205002329"
    assert not {"programme", "commune", "lines", "replaces"} & shown.keys()


def test_only_the_office_and_the_auditor_see_who_is_left_out_of_a_run() -> None:
    assert run_fields(RUN, "auditor")["excluded"] == [
        {"beneficiary_id": "b", "programme": "BTXH", "reason": "owes-only"}
    ]
    assert run_fields(RUN, "treasury")["totals"] == {"count": 1}
    assert "excluded" not in run_fields(RUN, "treasury")
    assert run_fields(RUN, "bank") == {"id": "r1", "period": "2023-11", "programmes": ["BTXH"], "status": "SENT"}


def _reached(name: str, month: Period) -> Earlier:
    line = Line(purpose="REGULAR", item=None, months=(MonthAmount(month=month, amount=440_000),), amount=440_000)
    return Earlier(name, Fate.REACHED, False, [line])


def test_a_claim_is_all_that_reached_beyond_what_is_due() -> None:
    due = DueChanged(
        beneficiary_id="keo",
        programme="BTXH",
        residences=(),
        wishes=(),
        roll=(),
        layers=(
            DueLayer(counts_from=OCTOBER, spans=(DueSpan(item=None, first=OCTOBER, last=OCTOBER, amount=440_000),)),
        ),
    )
    pair = ("keo", "BTXH")
    known = Picture(due={pair: due}, earlier={pair: [_reached("R1", OCTOBER), _reached("R2", NOVEMBER)]})
    assert _claims(known, {"BTXH": NOVEMBER}) == [
        {"beneficiary_id": "keo", "programme": "BTXH", "item": None, "month": "2023-11", "amount": 440_000}
    ]

"""What each role sees of a payment and of a run."""

from typing import Any

import orjson
import pytest

from services.disbursement.showing import payment_fields, run_fields

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

"""What waits about payments and runs, from rows made by hand."""

from datetime import UTC, date, datetime
from typing import Any

from services.disbursement.run_tasks import Run, tasks_of_runs
from services.disbursement.tasks import cash_unsigned, stations, tasks_of_answers, to_repeat, unanswered
from services.kernel.period import Period

NOVEMBER = Period("2023-11")


def _paid(commune: str, method: str, status: str, number: int, amount: int, period: str = NOVEMBER) -> dict[str, Any]:
    return {
        "period": period,
        "commune": commune,
        "method": method,
        "status": status,
        "number": number,
        "amount": amount,
    }


def _run(status: str, *programmes: str, period: str = NOVEMBER, amount: int = 1_000, day: int | None = None) -> Run:
    return Run(period, programmes, status, amount, date(2023, 11, day) if day else None)


PAYMENTS = [
    _paid("10114", "ACCOUNT", "SETTLED", 10, 5_000_000),
    _paid("10114", "ACCOUNT", "REJECTED", 1, 360_000),
    _paid("10120", "ACCOUNT", "INSTRUCTED", 2, 720_000),
    _paid("10120", "ACCOUNT", "RETURNED", 1, 900_000),
    _paid("10120", "CASH", "CASH_LISTED", 3, 1_080_000),
    _paid("10120", "CASH", "CASH_PAID", 4, 1_440_000),
    _paid("10120", "CASH", "CASH_LISTED", 1, 360_000, "2023-09"),
]


def test_cash_not_signed_for_by_commune_and_month() -> None:
    found = {(one.area, one.period): (one.number, one.detail) for one in cash_unsigned(PAYMENTS, NOVEMBER)}
    assert found == {("10120", "2023-11"): (3, {"amount": 1_080_000}), ("10120", "2023-09"): (1, {"amount": 360_000})}


def test_cash_lists_of_a_merged_commune_are_its_successors() -> None:
    (task,) = cash_unsigned([_paid("10177", "CASH", "CASH_LISTED", 2, 7, "2024-12")], Period("2025-01"))
    assert (task.area, task.period) == ("10174", "2024-12")


def test_the_bank_owes_answers() -> None:
    (task,) = unanswered(PAYMENTS)
    assert (task.role, task.number, task.period, task.detail) == ("bank", 2, NOVEMBER, {"amount": 720_000})


def test_the_money_stations_of_a_month() -> None:
    runs = [_run("SENT", "BTXH", amount=9_500_000, day=9), _run("PREPARED", "NCC", amount=2_000_000)]
    tasks = {one.kind: one for one in stations(PAYMENTS, runs, NOVEMBER) if one.role == "auditor"}
    assert tasks["station-run"].detail == {"prepared": 2_000_000, "approved": 0, "sent": 9_500_000, "on": "2023-11-09"}
    # 5.000.000 + 360.000 + 720.000 + 900.000
    assert tasks["station-treasury"].detail == {"ordered": 6_980_000, "on": "2023-11-09"}
    assert tasks["station-bank"].number == 12
    assert tasks["station-bank"].detail == {
        "ordered": 6_980_000,
        "open": 720_000,
        "settled": 5_000_000,
        "rejected": 360_000,
        "returned": 900_000,
    }
    assert tasks["communes-cash"].detail == {"communes": {"10120": {"number": 3, "amount": 1_080_000}}}


def test_before_there_is_a_run_there_is_no_station() -> None:
    assert stations(PAYMENTS, [_run("CANCELLED", "BTXH")], NOVEMBER) == []


def test_runs_wait_for_the_approver_then_for_being_sent() -> None:
    tasks = tasks_of_runs([_run("PREPARED", "BTXH", amount=7), _run("APPROVED", "NCC", amount=5)], None)
    assert [(one.role, one.kind, one.number, one.detail) for one in tasks] == [
        ("district-approver", "run-to-approve", 1, {"amount": 7}),
        ("district-approver", "run-to-send", 1, {"amount": 5}),
    ]


def test_a_run_is_to_be_prepared_for_each_programme_of_the_closed_roll() -> None:
    rolled = (NOVEMBER, {"10114": {"BTXH": {}, "NCC": {}}, "10120": {"KHAC": {}}})
    (task,) = tasks_of_runs([_run("SENT", "BTXH"), _run("CANCELLED", "KHAC")], rolled)
    assert (task.kind, task.number, task.detail) == ("run-to-prepare", 2, {"programmes": ["NCC", "KHAC"]})
    (done,) = tasks_of_runs([_run("SENT", "BTXH", "NCC", "KHAC")], rolled)
    assert not done.says_something


def test_a_refused_run_waits_until_it_is_prepared_anew() -> None:
    refused = _run("REFUSED", "BTXH", "NCC", amount=9)
    (task,) = tasks_of_runs([refused], None)
    assert (task.role, task.kind, task.detail) == ("district-officer", "run-returned", {"amount": 9})
    assert [one.kind for one in tasks_of_runs([refused, _run("PREPARED", "NCC")], None)] == ["run-to-approve"]


def test_answers_wait_by_what_they_are() -> None:
    rows = [
        {"outcome": "unmatched", "number": 2, "amount": 800_000},
        {"outcome": "conflict", "number": 1, "amount": 450_000},
        {"outcome": "noted", "number": 3, "amount": 0},
    ]
    assert [(one.kind, one.number, one.detail) for one in tasks_of_answers(rows)] == [
        ("answers-unmatched", 2, {"amount": 800_000}),
        ("answers-conflicting", 1, {"amount": 450_000}),
        ("answers-noted", 3, {"amount": 0}),
    ]


def test_what_came_back_waits_to_be_paid_again() -> None:
    task = to_repeat({"number": 5, "amount": 2_860_000, "oldest": datetime(2023, 11, 12, 1, tzinfo=UTC)})
    assert (task.number, task.oldest, task.detail) == (5, date(2023, 11, 12), {"amount": 2_860_000})
    assert not to_repeat({"number": 0, "amount": 0, "oldest": None}).says_something

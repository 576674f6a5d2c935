"""What waits about accounts, from rows made by hand."""

from datetime import UTC, date, datetime
from typing import Any

from services.kernel.period import Period
from services.onboarding.by_commune import added_up
from services.onboarding.tasks import name_differs, tasks_of_people

NOVEMBER = Period("2023-11")


def _row(commune: str, from_month: str, *figures: int) -> dict[str, Any]:
    names = ("people", "wish", "open", "lacking", "ready", "no_citizen_id", "no_phone", "no_payee_citizen_id")
    return {"commune": commune, "from_month": from_month, **dict(zip(names, figures, strict=True))}


def test_who_lacks_an_account_is_counted_for_the_commune_the_office_and_the_bank() -> None:
    rows = [
        _row("10114", "2023-10", 40, 30, 26, 4, 2, 1, 2, 0),
        _row("10114", "2023-11", 10, 5, 4, 1, 0, 0, 0, 1),
        _row("10120", "2023-11", 7, 7, 7, 0, 0, 0, 0, 0),
    ]
    tasks = tasks_of_people(added_up(rows, NOVEMBER), NOVEMBER)
    lacking = {(one.role, one.area): one for one in tasks if one.kind == "account-lacking"}
    assert lacking["commune-officer", "10114"].number == 5
    assert lacking["commune-officer", "10114"].detail == {"lacks": {"citizen-id": 1, "phone": 2, "payee-citizen-id": 1}}
    assert not lacking["commune-officer", "10120"].says_something
    assert lacking["district-officer", None].number == lacking["bank", None].number == 5
    table = [one for one in tasks if one.kind == "communes-accounts"]
    assert {one.role for one in table} == {"district-officer", "district-approver", "auditor", "outreach"}
    assert table[0].detail == {
        "communes": {
            "10114": {"people": 50, "wish": 35, "open": 30},
            "10120": {"people": 7, "wish": 7, "open": 7},
        }
    }


def test_nobody_known_is_no_task() -> None:
    assert tasks_of_people({}, NOVEMBER) == []


def test_an_account_under_another_name_waits_since_the_bank_told() -> None:
    # 18:30 UTC on the 5th is the 6th in Việt Nam.
    task = name_differs({"number": 2, "oldest": datetime(2023, 11, 5, 18, 30, tzinfo=UTC)})
    assert (task.role, task.number, task.oldest) == ("district-officer", 2, date(2023, 11, 6))
    assert not name_differs({"number": 0, "oldest": None}).says_something

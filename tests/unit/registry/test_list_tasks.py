"""What waits about change lists, by hand: November 2023, the lists of three communes."""

from collections.abc import Iterable
from datetime import date

import pytest

from services.kernel.tasks import Task
from services.registry.list_tasks import ListRow, approved, handed_in, tasks_of_lists

KIM_BAI, CU_KHE, BICH_HOA = "10114", "10120", "10126"
NOVEMBER = "2023-11"


def _list(
    commune: str, status: str, period: str = NOVEMBER, by_office: bool = False, day: int | None = None
) -> ListRow:
    return ListRow(commune, period, status, False, by_office, date(2023, 11, day) if day else None)


def _find(tasks: Iterable[Task], role: str, kind: str, area: str | None = None, period: str = NOVEMBER) -> Task:
    (found,) = [one for one in tasks if (one.role, one.kind, one.area, one.period) == (role, kind, area, period)]
    return found


def test_a_commune_owes_its_list_until_it_is_handed_in() -> None:
    tasks = tasks_of_lists([_list(KIM_BAI, "SUBMITTED", day=2), _list(CU_KHE, "DRAFT")], date(2023, 11, 3))
    owed = {one.area: one.detail for one in tasks if one.kind == "list-due"}
    assert KIM_BAI not in owed
    assert owed[CU_KHE] == {"last_day": "2023-11-04", "begun": True}
    assert owed[BICH_HOA] == {"last_day": "2023-11-04", "begun": False}
    outstanding = _find(tasks, "district-officer", "lists-outstanding")
    assert outstanding.number == 20
    assert KIM_BAI not in outstanding.detail["communes"]


def test_a_returned_list_waits_for_its_commune_whatever_the_month() -> None:
    tasks = tasks_of_lists([_list(KIM_BAI, "RETURNED", day=2), _list(CU_KHE, "RETURNED", "2023-09")], date(2023, 11, 3))
    assert _find(tasks, "commune-officer", "list-returned", KIM_BAI).oldest == date(2023, 11, 2)
    assert _find(tasks, "commune-officer", "list-returned", CU_KHE, "2023-09").number == 1
    assert _find(tasks, "district-officer", "lists-returned").detail == {"communes": [KIM_BAI]}
    assert KIM_BAI not in {one.area for one in tasks if one.kind == "list-due"}


def test_the_approver_has_the_lists_that_an_officer_entered() -> None:
    lists = [
        _list(KIM_BAI, "SUBMITTED", day=3),
        _list(CU_KHE, "SUBMITTED", day=2),
        _list(BICH_HOA, "SUBMITTED", by_office=True, day=4),
    ]
    tasks = tasks_of_lists(lists, date(2023, 11, 4))
    officer = _find(tasks, "district-officer", "lists-to-approve")
    assert (officer.number, officer.oldest) == (3, date(2023, 11, 2))
    approver = _find(tasks, "district-approver", "lists-to-approve")
    assert (approver.number, approver.oldest, approver.detail) == (1, date(2023, 11, 4), {"communes": [BICH_HOA]})


def test_a_list_of_a_merged_commune_waits_for_its_successor() -> None:
    """Xuân Dương (10177) became part of Cao Xuân Dương (10174) on 1 January 2025."""
    tasks = tasks_of_lists([_list("10177", "RETURNED", "2024-12")], date(2025, 1, 10))
    assert _find(tasks, "commune-officer", "list-returned", "10174", "2024-12").number == 1


def test_the_stations_of_the_month_and_the_office_table() -> None:
    lists = [_list(KIM_BAI, "APPROVED"), _list(CU_KHE, "SUBMITTED"), _list(BICH_HOA, "RETURNED")]
    tasks = tasks_of_lists(lists, date(2023, 11, 4))
    for role in ("district-officer", "district-approver", "auditor"):
        handed = _find(tasks, role, "station-lists")
        assert handed.number == 2
        shown = handed.detail["communes"]
        assert [shown[one] for one in (KIM_BAI, CU_KHE, BICH_HOA, "10129")] == ["done", "done", "stuck", "empty"]
        assert len(shown) == 21
    approvals = _find(tasks, "auditor", "station-approvals").detail["communes"]
    assert [approvals[one] for one in (KIM_BAI, CU_KHE, BICH_HOA, "10129")] == ["done", "pending", "stuck", "empty"]
    table = _find(tasks, "district-officer", "communes-lists").detail["communes"]
    assert table == {
        KIM_BAI: {"status": "APPROVED", "late": False},
        CU_KHE: {"status": "SUBMITTED", "late": False},
        BICH_HOA: {"status": "RETURNED", "late": False},
    }


def test_the_month_before_is_shown_only_if_there_were_lists() -> None:
    assert not [one for one in tasks_of_lists([], date(2023, 11, 3)) if one.period == "2023-10"]
    before = tasks_of_lists([_list(KIM_BAI, "APPROVED", "2023-10")], date(2023, 11, 3))
    assert _find(before, "auditor", "station-lists", period="2023-10").number == 1


@pytest.mark.parametrize(
    ("statuses", "overdue", "handed", "effective"),
    [
        (set(), False, "empty", "empty"),
        (set(), True, "stuck", "empty"),
        ({"DRAFT"}, False, "pending", "empty"),
        ({"DRAFT"}, True, "stuck", "empty"),
        ({"SUBMITTED"}, True, "done", "pending"),
        ({"APPROVED"}, True, "done", "done"),
        ({"APPROVED", "SUBMITTED"}, False, "done", "pending"),
        ({"APPROVED", "RETURNED"}, False, "stuck", "stuck"),
        ({"APPROVED", "DRAFT"}, True, "done", "done"),
    ],
)
def test_where_a_commune_stands(statuses: set[str], overdue: bool, handed: str, effective: str) -> None:
    assert (handed_in(statuses, overdue), approved(statuses)) == (handed, effective)

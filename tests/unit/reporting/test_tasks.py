"""What waits about forms, by hand: October's forms in November 2023."""

from datetime import UTC, datetime

from services.kernel.period import Period
from services.reporting.tasks import Submitted, station, tasks_of_forms

OCTOBER = Period("2023-10")
AT = datetime(2023, 11, 16, 20, 0, tzinfo=UTC)
FOUND = [
    Submitted(OCTOBER, "10114", "form-1", AT),
    Submitted(OCTOBER, "10114", "form-2", AT),
    Submitted(OCTOBER, "10120", "form-1", AT),
    Submitted(OCTOBER, "10126", "form-1", AT, differing=3),
    Submitted(OCTOBER, "10126", "form-2", AT),
    Submitted("2023-11", "10129", "form-1", AT),
]


def test_forms_are_owed_by_communes_and_by_the_office() -> None:
    tasks = tasks_of_forms(FOUND, OCTOBER)
    due = {(one.role, one.area): one.detail["forms"] for one in tasks if one.kind == "form-due"}
    assert ("commune-officer", "10114") not in due
    assert due["commune-officer", "10120"] == ["form-2"]
    assert due["commune-officer", "10129"] == ["form-1", "form-2"]
    assert due["district-officer", None] == ["form-1", "form-2"]
    (outstanding,) = [one for one in tasks if one.kind == "forms-outstanding"]
    assert (outstanding.number, outstanding.period) == (19, OCTOBER)
    (differ,) = [one for one in tasks if one.kind == "forms-differ"]
    assert (differ.number, differ.detail) == (1, {"areas": ["10126"], "cells": 3})


def test_after_the_district_ended_only_communes_owe_forms() -> None:
    tasks = tasks_of_forms([], Period("2025-07"))
    assert {one.role for one in tasks if one.kind == "form-due"} == {"commune-officer"}


def test_the_last_station_by_commune() -> None:
    task = station(FOUND, OCTOBER)[0]
    communes = task.detail["communes"]
    assert isinstance(communes, dict)
    assert [communes[one] for one in ("10114", "10120", "10126", "10129")] == ["done", "pending", "stuck", "empty"]
    # 20:00 UTC is the next day in Việt Nam.
    assert (task.number, task.detail["on"]) == (1, "2023-11-17")

"""The lines of the home page and the month as a picture, from counts as services tell them."""

from datetime import date

import pytest

from services.kernel.period import Period
from services.kernel.tasks import Task
from services.portal import home, month_picture
from services.portal.tasks import Counted

JANUARY = Period("2024-01")
THIRD = date(2024, 1, 3)


def _told(kind: str, number: int = 1, service: str = "registry", **more: object) -> Counted:
    return Counted(service, Task.model_validate({"role": "district-officer", "kind": kind, "number": number} | more))


def _kinds(counted: list[Counted], today: date = THIRD) -> dict[str, list[str]]:
    return {group: [line.kind for line in some] for group, some in home.lines(counted, today, JANUARY).items()}


def test_what_has_a_deadline_comes_first_then_the_oldest() -> None:
    told = [
        _told("lists-returned", period="2024-01", oldest="2024-01-02"),
        _told("lists-to-approve", period="2024-01", oldest="2024-01-01"),
        _told("list-due", period="2024-01", detail={"last_day": "2024-01-04", "begun": False}),
        _told("answers-unmatched"),
    ]
    assert _kinds(told) == {
        "overdue": [],
        "next": ["list-due", "lists-to-approve", "lists-returned"],
        "watch": ["answers-unmatched"],
    }


def test_after_the_fourth_a_list_and_the_forms_of_the_month_before_are_overdue() -> None:
    told = [
        _told("list-due", period="2024-01", detail={"last_day": "2024-01-04", "begun": False}),
        _told("form-due", 2, service="reporting", period="2023-12", detail={"forms": ["form-1", "form-2"]}),
    ]
    assert _kinds(told, date(2024, 1, 4))["overdue"] == []
    assert _kinds(told, date(2024, 1, 5))["overdue"] == ["form-due", "list-due"]


def test_a_line_leads_to_the_page_of_its_month_and_says_how_much_money_waits() -> None:
    (line,) = home.lines([_told("run-to-send", period="2023-12", detail={"amount": 12_802_350_000})], THIRD, JANUARY)[
        "next"
    ]
    assert (line.address, line.amount) == ("/chi-tra?period=2023-12", 12_802_350_000)
    (dead,) = home.lines([_told("dead-letters", 3, service="reporting")], THIRD, JANUARY)["next"]
    assert dead.address == "/van-hanh/reporting"


def test_stations_and_what_nobody_waits_for_are_no_lines() -> None:
    assert _kinds([_told("station-lists", 3), _told("lists-to-approve", 0)]) == {"overdue": [], "next": [], "watch": []}


@pytest.mark.parametrize(
    ("today", "words"),
    [(date(2023, 11, 3), ("left", 2)), (date(2023, 11, 4), ("today", 0)), (date(2023, 11, 5), ("over", 1))],
)
def test_days_left_are_counted_to_the_end_of_the_fourth(today: date, words: tuple[str, int]) -> None:
    assert home.days_left(date(2023, 11, 4), today) == words


def test_the_last_working_day_passes_over_weekends_and_holidays() -> None:
    saturday = date(2023, 11, 4)
    assert home.last_working_day(saturday, []) == date(2023, 11, 3)
    assert home.last_working_day(saturday, [date(2023, 11, 3)]) == date(2023, 11, 2)
    assert home.last_working_day(date(2023, 12, 4), []) == date(2023, 12, 4)


def test_the_numbers_of_the_sections_count_each_kind_behind_the_longest_fitting_entry() -> None:
    told = [
        _told("lists-to-approve", 2, period="2024-01"),
        _told("roll-to-close", 1, period="2024-01"),
        _told("account-lacking", 8, service="onboarding"),
        _told("station-lists", 21),
    ]
    assert home.by_section(told, ["/", "/danh-sach", "/tai-khoan", "/tai-khoan/ty-le"]) == {
        "/danh-sach": 3,
        "/tai-khoan": 8,
    }


def _station(kind: str, period: str, **detail: object) -> Task:
    return Task.model_validate(
        {"role": "auditor", "kind": f"station-{kind}", "number": 1, "period": period, "detail": detail}
    )


def test_the_first_station_that_is_not_done_is_in_hand_and_later_ones_say_when_they_came_last_month() -> None:
    codes = [row.code for row in month_picture.communes([], JANUARY)]
    states = dict.fromkeys(codes, "done")
    told = [
        _station("lists", "2024-01", communes=states),
        _station("approvals", "2024-01", communes=states | {codes[2]: "stuck", codes[3]: "pending"}),
        _station("run", "2023-12", sent=5, on="2023-12-09"),
    ]
    found = month_picture.stations(told, "2024-01", "2023-12")
    assert [one.state for one in found] == ["done", "now", "ahead", "ahead", "ahead", "ahead"]
    assert (found[1].done, found[1].half, found[1].total, list(found[1].stuck)) == (19, 1, 21, [codes[2]])
    assert list(found[1].cells)[2:4] == ["stuck", "half"]
    assert found[2].before == date(2023, 12, 9)


def test_money_is_done_when_nothing_of_it_is_open() -> None:
    told = [
        _station("run", "2024-01", prepared=0, approved=0, sent=100),
        _station("bank", "2024-01", ordered=100, open=1, settled=99),
    ]
    by_name = {one.name: one for one in month_picture.stations(told, "2024-01", "2023-12")}
    assert by_name["run"].state == "done"
    assert by_name["bank"].state == "ahead"

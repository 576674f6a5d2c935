"""What waits about the roll and about people, from rows made by hand."""

from datetime import date

from services.kernel.period import Period
from services.registry.list_tasks import ListRow
from services.registry.tasks import matters_open, reviews_due, roll_to_close, roll_to_close_again

NOVEMBER = Period("2023-11")


def test_the_roll_waits_for_those_whose_lists_are_not_approved() -> None:
    lists = [
        ListRow("10114", NOVEMBER, "APPROVED", False, False, None),
        ListRow("10120", NOVEMBER, "SUBMITTED", False, False, None),
        ListRow("10126", "2023-10", "APPROVED", False, False, None),
    ]
    task = roll_to_close(NOVEMBER, lists)
    assert (task.number, task.period, len(task.detail["outstanding"])) == (1, NOVEMBER, 20)  # type: ignore[arg-type]
    assert "10114" not in task.detail["outstanding"]  # type: ignore[operator]


def test_a_closed_roll_is_to_be_closed_again_where_its_sums_are_others() -> None:
    closed = {
        "10114": {"BTXH": {"people": 5, "amount": 1_800_000}},
        "10120": {"NCC": {"people": 1, "amount": 2_055_000}},
    }
    assert not roll_to_close_again(NOVEMBER, closed, closed).says_something
    now = {"10114": {"BTXH": {"people": 4, "amount": 1_440_000}}, "10120": closed["10120"], "10126": closed["10114"]}
    task = roll_to_close_again(NOVEMBER, closed, now)
    assert (task.number, task.detail) == (2, {"communes": ["10114", "10126"]})


def test_people_not_reviewed_this_year_by_commune() -> None:
    rows = [
        {"commune": "10114", "from_month": "2023-10", "people": 30, "number": 4},
        {"commune": "10114", "from_month": "2023-11", "people": 5, "number": 2},
        {"commune": "10120", "from_month": "2023-11", "people": 9, "number": 0},
    ]
    (task,) = reviews_due(rows, NOVEMBER, 2023)
    assert (task.role, task.area, task.number) == ("commune-officer", "10114", 6)
    assert task.detail == {"people": 35, "year": 2023}


def test_matters_wait_for_the_commune_the_police_or_the_office() -> None:
    rows = [
        {"kind": "citizen-id-lacking", "commune": "10114", "from_month": "2023-11", "number": 3, "since": None},
        {"kind": "citizen-id-lacking", "commune": "10120", "from_month": "2023-11", "number": 1, "since": None},
        {"kind": "move-half-open", "commune": "10114", "from_month": "2023-11", "number": 2, "since": "2023-10"},
        {
            "kind": "funeral-office-decides",
            "commune": "10114",
            "from_month": "2023-11",
            "number": 1,
            "since": "2023-09",
        },
    ]
    found = {(one.role, one.kind, one.area): (one.number, one.oldest) for one in matters_open(rows, NOVEMBER)}
    assert found == {
        ("commune-officer", "citizen-id-lacking", "10114"): (3, None),
        ("commune-officer", "citizen-id-lacking", "10120"): (1, None),
        ("police", "citizen-id-lacking", "10114"): (3, None),
        ("police", "citizen-id-lacking", "10120"): (1, None),
        ("police", "citizen-id-lacking", None): (4, None),
        ("commune-officer", "move-half-open", "10114"): (2, date(2023, 10, 1)),
        ("district-officer", "move-half-open", None): (2, date(2023, 10, 1)),
        ("district-officer", "funeral-office-decides", None): (1, date(2023, 9, 1)),
    }

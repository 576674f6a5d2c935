"""What the communes tell beside and after their opening lists: every kind of row, each time the same."""

from collections import Counter
from datetime import date

import pytest

from infra.sandbox import bank
from infra.sandbox.changes import Changes, changes
from infra.sandbox.papers import Opening, opening
from infra.sandbox.population import Person, make, numbers_of
from services.kernel.period import Period
from services.registry.reasons import read_reason
from services.registry.row import ReasonKind

NOVEMBER, DECEMBER = Period("2023-11"), Period("2023-12")


@pytest.fixture(scope="module")
def people() -> list[Person]:
    return make(2_000)


@pytest.fixture(scope="module")
def opened(people: list[Person]) -> Opening:
    return opening(people, 1, NOVEMBER)


@pytest.fixture(scope="module")
def later(people: list[Person], opened: Opening) -> Changes:
    return changes(people, opened, 1, DECEMBER)


def test_everybody_is_told_of_on_an_opening_list_or_on_one_paper(people: list[Person], opened: Opening) -> None:
    beside = {
        row["Số định danh"]
        for paper in opened.papers
        for row in paper.rows
        if row["Loại"] == "TĂNG" and (paper.course != "ROW_DROPPED" or row != paper.rows[-1])
    }
    listed = {person.citizen_id for person in opened.listed if person.citizen_id}
    assert beside | listed == {person.citizen_id for person in people if person.citizen_id}
    assert beside & listed == set()
    assert len(beside) == 10


def test_lists_of_every_course_stand_beside_the_opening(opened: Opening) -> None:
    courses = Counter(paper.course for paper in opened.papers)
    assert courses == {"PLAIN": 2, "ROW_DROPPED": 1, "RETURNED_ONCE": 1, "LET_IN": 1, "LATE": 1}


def test_rows_of_every_kind_come_in_the_month_after(later: Changes) -> None:
    kinds: Counter[tuple[str, str]] = Counter()
    words = {"TĂNG": "INCREASE", "GIẢM": "DECREASE", "ĐIỀU CHỈNH": "ADJUST"}
    for paper in later.papers:
        for row in paper.rows:
            reason = read_reason(words[str(row["Loại"])], str(row["Lý do"]), DECEMBER)  # type: ignore[arg-type]
            assert reason.doubt is None, row
            kinds[str(row["Loại"]), reason.kind] += 1
    assert set(kinds) == {
        ("TĂNG", ReasonKind.ORDINARY),
        ("TĂNG", ReasonKind.MOVE_IN),
        ("TĂNG", ReasonKind.RESUME),
        ("GIẢM", ReasonKind.ORDINARY),
        ("GIẢM", ReasonKind.DEATH),
        ("GIẢM", ReasonKind.SUSPEND),
        ("GIẢM", ReasonKind.MOVE_OUT),
        ("ĐIỀU CHỈNH", ReasonKind.ORDINARY),
        ("ĐIỀU CHỈNH", ReasonKind.CORRECTION),
    }
    assert kinds["GIẢM", ReasonKind.MOVE_OUT] == kinds["TĂNG", ReasonKind.MOVE_IN] + 1
    assert 0.03 < sum(kinds.values()) / 2_000 < 0.05


def test_some_communes_say_no_change_and_every_commune_says_something() -> None:
    few = make(60)
    told = changes(few, opening(few, 1, NOVEMBER), 1, DECEMBER)
    in_time = [paper for paper in told.papers if not paper.is_late]
    assert {paper.commune for paper in in_time} == {person.commune for person in few}
    assert any(paper.rows == () for paper in in_time)


def test_new_numbers_are_nobody_elses(people: list[Person], later: Changes) -> None:
    known = set(numbers_of(people))
    brought = [person.citizen_id for person in (*later.newcomers, *later.wanting_account) if person.citizen_id]
    new = [number for number in brought if number not in known]
    assert len(new) == len(set(new))
    assert len(later.newcomers) > 5
    assert known.isdisjoint(numbers_of(later.newcomers))


def test_the_same_seed_tells_the_same(people: list[Person], opened: Opening, later: Changes) -> None:
    assert opening(people, 1, NOVEMBER) == opened
    assert changes(people, opened, 1, DECEMBER) == later


def _payment(number: int) -> dict[str, object]:
    return {
        "end_to_end_id": f"E{number:04d}",
        "amount": 440_000,
        "account_number": f"22{number:03d}",
        "beneficiary_id": f"b{number}",
    }


def test_the_bank_answers_most_payments_and_says_two_things_wrongly() -> None:
    answers = bank.answer(map(_payment, range(1_000)), 1, date(2023, 11, 10), date(2023, 11, 20))
    results = Counter(row["result"] for row in answers.first)
    assert results["REJECTED"] > 5
    assert 950 < results["SETTLED"] < 990
    settled = {row["end_to_end_id"] for row in answers.first if row["result"] == "SETTLED"}
    assert {row["end_to_end_id"] for row in answers.returned} <= settled
    assert [row["amount"] for row in answers.wrong] == [450_000, 440_000]
    assert answers.wrong[1]["end_to_end_id"] not in {row["end_to_end_id"] for row in answers.first}


def test_an_account_that_failed_is_closed_and_another_opened_for_the_same_holder() -> None:
    opened = [
        {"citizen_id": f"c{number}", "account_number": f"22{number:03d}", "holder": "OWN", "opened_on": "2023-10-20"}
        for number in range(100)
    ]
    rows = list(bank.reopened(map(_payment, range(50)), opened, 1, date(2023, 12, 4)))
    closed, anew = rows[::2], rows[1::2]
    assert 25 < len(closed) == len(anew) < 50
    for old, new in zip(closed, anew, strict=True):
        assert (old["result"], old["closed_on"]) == ("CLOSED", "2023-12-04")
        assert old["beneficiary_id"] == new["beneficiary_id"]
        assert new["opened_on"] == "2023-12-04"
        assert new["account_number"] not in {row["account_number"] for row in opened}
